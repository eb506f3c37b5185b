//! What can go wrong with evidence, each with where it happened and what to do next.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Evidence could not be written, read or asked.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum EvidenceError {
    #[error("{}: {source}; check that the folder exists, may be written to and has room", path.display())]
    Io { path: PathBuf, source: std::io::Error },

    #[error("{} exists already; a finished run is never overwritten, so give this one another name", path.display())]
    Exists { path: PathBuf },

    #[error("{} could not be written: {source}; check that the disk has room", path.display())]
    Write { path: PathBuf, source: rusqlite::Error },

    #[error("{} is not evidence of a run: {why}; judge the submission again to get a new file", path.display())]
    NotEvidence { path: PathBuf, why: String },

    #[error(
        "{} has version {found} of the evidence, and this hotseat reads version {known}; \
         judge the submission again, or use the hotseat that wrote it", path.display()
    )]
    Version { path: PathBuf, found: i32, known: i32 },

    #[error(
        "`{table}` cannot be the name of a parameter set or probe, because the evidence has a \
         meaning for it already; choose another"
    )]
    TableName { table: String },

    #[error("column `{column}` of `{table}` {why}; name it with AS")]
    ColumnName { table: String, column: String, why: &'static str },

    #[error("`{table}` had the columns {first} at first and now has {now}; every use must give the same")]
    OtherColumns { table: String, first: String, now: String },

    #[error(
        "the parameter set `{table}` is written for a second time (or a probe has its name); a \
         set is drawn once a run"
    )]
    Twice { table: String },

    #[error("a row of `{table}` has {cells} cells for {columns} columns")]
    RowWidth { table: String, columns: usize, cells: usize },

    #[error("the plan of `{probe}` is not JSON: {source}; ask with FORMAT JSON")]
    Plan { probe: String, source: serde_json::Error },

    /// `offset` is the byte of the query at which SQLite saw the mistake, where it says so.
    #[error("{message}")]
    Sql { message: String, offset: Option<usize> },

    #[error("a query over evidence only reads, and this one wants to {wish}; write one SELECT")]
    Forbidden { wish: String },

    #[error(
        "the query did not end within {steps} steps; join on fewer rows, or materialise the \
         smaller side in a WITH first"
    )]
    Budget { steps: u64 },

    #[error(
        "the query did not end within {seconds} s; join on fewer rows, or materialise the smaller \
         side in a WITH first"
    )]
    Time { seconds: u64 },
}

impl EvidenceError {
    /// The disk is full or may not be written to: something that somebody can mend.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        match self {
            Self::Io { source, .. } => {
                matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem | StorageFull)
            }
            Self::Write { source, .. } => {
                matches!(source.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::ReadOnly))
            }
            _ => false,
        }
    }
}
