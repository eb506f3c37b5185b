//! The bench: real components, fresh copies, loads and faults. It records facts and has no opinion.

mod binaries;
mod child;
mod cluster;
mod database;
pub(crate) mod exchange;
pub(crate) mod gateway;
mod interleave;
pub(crate) mod lateness;
pub(crate) mod load;
mod operation;
pub mod recipe;
pub(crate) mod redis;
mod server;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod workshop;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use binaries::{BIN_VARIABLE, Binaries, MAJOR_MIN};
pub(crate) use database::variables;
pub use database::{Database, Template, free_bytes};
pub use redis::find_redis;
pub use server::{bench_dir, server_user};

use crate::drill::Component;
use crate::evidence::Outcome;
use server::Server;
pub use session::Refusal;
use session::Role;

/// What goes on, for a progress bar.
#[derive(Debug)]
pub enum Event<'e> {
    /// Another hotseat uses the bench; this one waits.
    Waiting,
    /// Something that takes a while.
    Doing(&'e str),
    /// The data of a component is made, once for this version of the drill.
    Building {
        /// The component's name.
        component: &'e str,
    },
    /// A phase of the scenario begins.
    Phase {
        /// Its name.
        name: &'e str,
        /// From 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// An operation or an exchange of the learner's run has ended.
    Ended(Outcome),
    /// A fault of the learner's run was armed; its exchange is over.
    Fault {
        /// Its name.
        name: &'e str,
        /// Whether it had its effect.
        landed: bool,
    },
    /// A claim has been examined.
    Finding(&'e crate::verdict::Finding),
}

/// Whoever wants to know what goes on.
pub trait Watcher {
    /// Called as it happens.
    fn event(&self, event: Event<'_>);
}

/// Where drills run: one PostgreSQL server, alive as long as this value.
pub struct Bench {
    home: PathBuf,
    server: RefCell<Server>,
    pub(crate) watcher: Rc<dyn Watcher>,
    /// Held while a template is built, so that it is built once.
    building: tokio::sync::Mutex<()>,
    /// Held while a copy is made.
    copying: tokio::sync::Mutex<()>,
    /// Copies made ahead of their use, by template.
    ready: RefCell<BTreeMap<String, Vec<Database>>>,
    /// The templates that copies were taken of since the last [`Bench::tidy`].
    taken: RefCell<Vec<Template>>,
    number: Cell<u64>,
    version: String,
    socket_dir: PathBuf,
    /// The strongest sandbox that this machine allows, once it was asked.
    sandbox_level: Cell<Option<program::Level>>,
}

/// Why the bench cannot work.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BenchError {
    #[error(
        "PostgreSQL {MAJOR_MIN} or newer is needed, and no server was found on the PATH or in the usual folders"
    )]
    NoPostgres,
    #[error("PostgreSQL {MAJOR_MIN} or newer is needed; found only {found}")]
    TooOld { found: String },
    #[error("{BIN_VARIABLE} names {dir}, which holds no `postgres` and `initdb` of version {MAJOR_MIN} or newer", dir = dir.display())]
    NotInNamedFolder { dir: PathBuf },
    #[error(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody` to run it as"
    )]
    NoServerUser,
    #[error("{path} has {free_mb} MB free, and {needed_mb} MB are needed", path = path.display())]
    NoSpace { path: PathBuf, free_mb: u64, needed_mb: u64 },
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("Redis is needed, and neither redis-server nor valkey-server is on the PATH")]
    NoRedis,
    #[error("PostgreSQL's contrib modules are missing: it has no pg_stat_statements")]
    NoContrib,
    #[error("PostgreSQL did not start; its log {log} ends with:\n{said}", log = log.display())]
    ServerFailed { said: String, log: PathBuf },
    #[error("no session as {role}: {source}")]
    Connect { role: &'static str, source: tokio_postgres::Error },
    #[error("a statement of the judge's failed: {statement}: {} ({})", refusal.message, refusal.sqlstate)]
    Sql { statement: String, refusal: Refusal },
    #[error("{file}{}: {said}", line.map_or_else(String::new, |l| format!(":{l}")))]
    Seed { file: String, line: Option<usize>, said: String },
    #[error("{0}")]
    Ours(String),
}

impl BenchError {
    fn at(path: &Path, source: std::io::Error) -> BenchError {
        BenchError::Io { path: path.to_path_buf(), source }
    }

    fn connect(role: Role, source: &tokio_postgres::Error) -> BenchError {
        // By itself, an error of the server's says no more than "db error".
        let said = source.as_db_error().map_or_else(|| source.to_string(), |db| db.message().to_string());
        BenchError::Ours(format!("no session as {}: {said}", role.name()))
    }

    fn seed(component: &Component, line: Option<usize>, said: String) -> BenchError {
        BenchError::Seed { file: component.seed_file.clone(), line, said }
    }

    fn in_seed(self, component: &Component, line: usize) -> BenchError {
        match self {
            BenchError::Sql { refusal, .. } if !refusal.is_the_machines() => {
                BenchError::seed(component, Some(line), refusal.message)
            }
            other => other,
        }
    }

    /// Something that the machine lacks, and that somebody can install or free.
    pub fn is_missing(&self) -> bool {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        match self {
            BenchError::NoPostgres
            | BenchError::TooOld { .. }
            | BenchError::NotInNamedFolder { .. }
            | BenchError::NoServerUser
            | BenchError::NoContrib
            | BenchError::NoRedis
            | BenchError::NoSpace { .. } => true,
            BenchError::Io { source, .. } => {
                matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem | StorageFull)
            }
            BenchError::Sql { refusal, .. } => refusal.sqlstate == "53100",
            BenchError::ServerFailed { said, .. } => said.contains("No space left"),
            _ => false,
        }
    }
}

impl Bench {
    /// Starts the bench of a home folder. Waits while another hotseat uses it.
    ///
    /// # Errors
    /// [`BenchError::is_missing`] tells what somebody can install from what is our own fault.
    pub async fn open(home: &Path, watcher: Rc<dyn Watcher>) -> Result<Bench, BenchError> {
        let server = Server::start(home, &*watcher).await.map_err(|e| match e {
            BenchError::ServerFailed { said, .. } if said.contains("pg_stat_statements") => {
                BenchError::NoContrib
            }
            other => other,
        })?;
        let mut bench = Bench {
            home: bench_dir(home),
            version: server.version(),
            socket_dir: server.socket_dir.clone(),
            server: RefCell::new(server),
            watcher,
            building: tokio::sync::Mutex::default(),
            copying: tokio::sync::Mutex::default(),
            ready: RefCell::default(),
            taken: RefCell::default(),
            number: Cell::new(0),
            sandbox_level: Cell::new(None),
        };
        // What a killed hotseat left.
        bench.clear_programs().await?;
        match bench.prepare_server().await {
            // It starts and does not work: damaged inside.
            Err(error) if !error.is_missing() => {
                let watcher = Rc::clone(&bench.watcher);
                bench.server.get_mut().start_anew(&*watcher).await?;
                bench.prepare_server().await?;
            }
            prepared => prepared?,
        }
        Ok(bench)
    }

    /// The server's version, such as `15.18`.
    pub fn version(&self) -> String {
        self.version.clone()
    }

    /// The server's first process.
    pub(crate) fn server_pid(&self) -> i32 {
        i32::try_from(self.server.borrow().pid()).unwrap_or(i32::MAX)
    }

    /// Whether the server still runs.
    pub fn is_alive(&self) -> bool {
        self.server.borrow_mut().is_alive()
    }

    /// Whether the server still takes sessions. One that crashes may look alive for a moment.
    pub(crate) async fn answers(&self) -> bool {
        self.is_alive() && self.admin("postgres").await.is_ok()
    }

    /// The next start makes its data anew, because files are damaged or missing.
    pub(crate) fn distrust(&self) {
        self.server.borrow().distrust();
    }

    /// Where the server writes what it has to say.
    pub fn log(&self) -> PathBuf {
        self.server.borrow().log()
    }

    pub(crate) fn socket_dir(&self) -> PathBuf {
        self.socket_dir.clone()
    }

    fn next_number(&self) -> u64 {
        self.number.set(self.number.get() + 1);
        self.number.get()
    }

    /// Drops what is left of copies and stops the server in good order.
    pub async fn close(self) -> Result<(), BenchError> {
        // A server that died has nothing to drop; the next start sees to it.
        let dropped = if self.answers().await { self.drop_copies_but(&[]).await } else { Ok(()) };
        // An interrupted judging leaves them.
        let cleared = self.clear_programs().await;
        self.server.into_inner().stop().await?;
        dropped.and(cleared)
    }
}

fn require_space(path: &Path, bytes: u64) -> Result<(), BenchError> {
    let free = free_bytes(path).unwrap_or(u64::MAX);
    if free < bytes {
        let (free_mb, needed_mb) = (free / 1_000_000, bytes / 1_000_000);
        return Err(BenchError::NoSpace { path: path.to_path_buf(), free_mb, needed_mb });
    }
    Ok(())
}
