//! What can go wrong with a store, each with where it happened and what to do next.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

use super::faults::Fault;

/// A learner's store could not be opened, written, read, exported or imported. What was acknowledged
/// before is there still, and nothing of what failed is.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum StoreError {
    #[error("{at} cannot be opened: {why}; check that it may be read and written to, and its folder too")]
    CannotOpen { at: String, why: String },

    #[error("{at} may only be read: {why}; make it and its folder writable")]
    NotWritable { at: String, why: String },

    #[error("the disk of {at} is full; make room and do it again, because nothing of it was kept")]
    DiskFull { at: String },

    #[error(
        "the disk of {at} failed: {why}; see that it has room and is sound, and do it again, because \
         nothing of it was kept"
    )]
    Disk { at: String, why: String },

    #[error("{at} is being written to by somebody else; do it again in a moment")]
    Busy { at: String },

    #[error(
        "{at} was made by a newer hotseat (version {found} of the store; this one knows {known}); \
         update hotseat. Nothing was changed"
    )]
    Newer { at: String, found: i64, known: i64 },

    #[error("{at} is damaged: {why}; put a copy in its place, or move it away and import an export")]
    Damaged { at: String, why: String },

    #[error("{at} holds other things than a store of hotseat; name another file, database or schema")]
    NotAStore { at: String },

    #[error("{at} cannot be reached: {why}; check the address, and that the server runs")]
    Unreachable { at: String, why: String },

    #[error(
        "the card of {name} was reviewed elsewhere in the meantime (it has other than {seen} reviews); \
         read it again and record the answer with its new state"
    )]
    CardMoved { name: String, seen: u32 },

    #[error("{what} cannot be stored: {why}")]
    Invalid { what: &'static str, why: String },

    #[error("{}: {why}; check that it exists, may be read and written to, and has room", path.display())]
    Io { path: PathBuf, why: String, kind: ErrorKind },

    #[error("{} exists already and is not empty; name a folder that does not exist", path.display())]
    Exists { path: PathBuf },

    #[error("{}: {why}; take another copy of the export. Nothing was imported", place(path, *line))]
    DamagedExport { path: PathBuf, line: Option<usize>, why: String },

    #[error(
        "{} was written by a newer hotseat (format {found}; this one reads {known}); update hotseat. \
         Nothing was imported", path.display()
    )]
    NewerExport { path: PathBuf, found: u32, known: u32 },

    #[error(
        "{} has another {what} under the id {id} than the store; they cannot both be right, so \
         nothing was imported", path.display()
    )]
    Conflict { path: PathBuf, what: &'static str, id: String },

    /// Our own fault, or an engine that we do not understand.
    #[error("{at} did not do what was asked: {source}; please report it")]
    Query { at: String, source: sqlx::Error },
}

impl StoreError {
    /// Something that somebody can mend outside of hotseat, such as a full disk.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        match self {
            Self::CannotOpen { .. }
            | Self::NotWritable { .. }
            | Self::DiskFull { .. }
            | Self::Disk { .. }
            | Self::Unreachable { .. } => true,
            Self::Io { kind, .. } => matches!(
                kind,
                ErrorKind::NotFound
                    | ErrorKind::PermissionDenied
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::StorageFull
            ),
            _ => false,
        }
    }

    /// What went wrong with a file of an export, or with the folder of a store.
    pub(super) fn io(path: &Path, source: std::io::Error) -> StoreError {
        StoreError::Io { path: path.to_path_buf(), why: source.to_string(), kind: source.kind() }
    }

    /// What an engine's report means for whoever uses the store.
    pub(super) fn of(at: &str, source: sqlx::Error) -> StoreError {
        let at = at.to_string();
        let why = match &source {
            sqlx::Error::Database(report) => report.message().to_string(),
            other => other.to_string(),
        };
        match &source {
            sqlx::Error::Database(report) => {
                let code = report.code().unwrap_or_default();
                let meaning = if report.try_downcast_ref::<SqliteError>().is_some() {
                    sqlite(code.parse().unwrap_or_default())
                } else if report.try_downcast_ref::<PgDatabaseError>().is_some() {
                    postgres(&code)
                } else {
                    Meaning::Unknown
                };
                meaning.into_error(at, why, source)
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Damaged { at, why },
            sqlx::Error::PoolTimedOut => StoreError::Busy { at },
            sqlx::Error::Configuration(_) | sqlx::Error::Tls(_) => StoreError::Unreachable { at, why },
            sqlx::Error::Io(problem) if problem.kind() == ErrorKind::InvalidData => {
                StoreError::CannotOpen { at, why }
            }
            sqlx::Error::Io(_) => StoreError::Unreachable { at, why },
            _ => StoreError::Query { at, source },
        }
    }
}

impl From<Fault> for StoreError {
    fn from(Fault { what, why }: Fault) -> StoreError {
        StoreError::Invalid { what, why }
    }
}

fn place(path: &Path, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{}:{line}", path.display()),
        None => path.display().to_string(),
    }
}

/// What a code stands for.
enum Meaning {
    CannotOpen,
    NotWritable,
    DiskFull,
    Disk,
    Busy,
    Damaged,
    Unreachable,
    Unknown,
}

impl Meaning {
    fn into_error(self, at: String, why: String, source: sqlx::Error) -> StoreError {
        match self {
            Meaning::CannotOpen => StoreError::CannotOpen { at, why },
            Meaning::NotWritable => StoreError::NotWritable { at, why },
            Meaning::DiskFull => StoreError::DiskFull { at },
            Meaning::Disk => StoreError::Disk { at, why },
            Meaning::Busy => StoreError::Busy { at },
            Meaning::Damaged => StoreError::Damaged { at, why },
            Meaning::Unreachable => StoreError::Unreachable { at, why },
            Meaning::Unknown => StoreError::Query { at, source },
        }
    }
}

/// SQLite's result codes: https://www.sqlite.org/rescode.html
fn sqlite(code: i32) -> Meaning {
    const SHMSIZE: i32 = 4874; // a full disk, seen by what readers and writers share
    match (code, code & 0xff) {
        (SHMSIZE, _) | (_, 13) => Meaning::DiskFull,
        (_, 3 | 8) => Meaning::NotWritable,
        (_, 5 | 6) => Meaning::Busy,
        (_, 10) => Meaning::Disk,
        (_, 11 | 26) => Meaning::Damaged,
        (_, 14 | 23) => Meaning::CannotOpen,
        _ => Meaning::Unknown,
    }
}

/// PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html
fn postgres(code: &str) -> Meaning {
    match code {
        "53100" => Meaning::DiskFull,
        "25006" | "42501" => Meaning::NotWritable,
        "40001" | "40P01" | "55P03" => Meaning::Busy,
        "58030" => Meaning::Disk,
        "XX001" | "XX002" => Meaning::Damaged,
        // No such database or schema; too many connections.
        "3D000" | "3F000" | "53300" => Meaning::CannotOpen,
        _ if code.starts_with("08") || code.starts_with("28") || code.starts_with("57P") => {
            Meaning::Unreachable
        }
        _ => Meaning::Unknown,
    }
}
