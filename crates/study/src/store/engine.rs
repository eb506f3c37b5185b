//! The two engines, spoken to in one way: the same query files, the same cells, the same promises.
//! sqlx enters here, and in what it reports as an error.

mod row;
mod session;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Pool, Postgres, Sqlite};

use super::error::StoreError;
use session::Line;

pub(super) use row::Row;
pub(super) use session::{More, Session};

/// Readers of one process do not wait for each other; more than a few never come at once.
const CONNECTIONS_MAX: u32 = 4;
/// Of each connection, in SQLite's own way: 512 KiB, a quarter of the default. The system keeps the file's pages too,
/// so that a miss costs a copy.
const CACHE: &str = "-512";
/// Between two tries where the engine does not wait by itself.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// Where the store lies, and who keeps it.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    pool: Pools,
    /// The file, or the server and the database without the password.
    at: Arc<str>,
    wait: Duration,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite(Pool<Sqlite>),
    Postgres(Pool<Postgres>),
}

impl Engine {
    /// Opens a file, which need not exist yet. Nothing is written to it before the first transaction.
    pub(super) async fn sqlite(path: &Path, wait: Duration) -> Result<Engine, StoreError> {
        let at: Arc<str> = path.display().to_string().into();
        // An absolute path is never taken for one of SQLite's addresses (`file:…`, `:memory:`).
        let absolute = std::path::absolute(path).map_err(|source| StoreError::io(path, source))?;
        if let Some(folder) = absolute.parent() {
            std::fs::create_dir_all(folder).map_err(|source| StoreError::io(folder, source))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&absolute)
            .create_if_missing(true)
            .foreign_keys(true)
            // A power cut must not take back what was acknowledged.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(wait)
            .pragma("cache_size", CACHE)
            .disable_statement_logging();
        let pool = PoolOptions::<Sqlite>::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(wait.max(Duration::from_secs(1)))
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::of(&at, source))?;
        Ok(Engine { pool: Pools::Sqlite(pool), at, wait })
    }

    /// Opens a schema of a PostgreSQL database: the first of the connection's search path.
    pub(super) async fn postgres(address: &str, wait: Duration) -> Result<Engine, StoreError> {
        let options = PgConnectOptions::from_str(address)
            .map_err(|source| StoreError::of("the address of the database", source))?
            .disable_statement_logging();
        let at: Arc<str> = place(&options).into();
        // The pool repeats a refused connection until its time is up; whoever waits wants to know now.
        let first = tokio::time::timeout(wait, options.connect())
            .await
            .map_err(|_| StoreError::Unreachable { at: at.to_string(), why: "no answer".into() })?
            .map_err(|source| StoreError::of(&at, source))?;
        first.close().await.map_err(|source| StoreError::of(&at, source))?;
        let settings = format!(
            "SET lock_timeout = {}; SET synchronous_commit = on; SET client_min_messages = warning",
            wait.as_millis().max(1)
        );
        let pool = PoolOptions::<Postgres>::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(wait.max(Duration::from_secs(1)))
            .after_connect(move |connection, _| {
                // Only a number of ours is put into it.
                let settings = sqlx::AssertSqlSafe(settings.clone());
                Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(|_| ()) })
            })
            .connect_with(options)
            .await
            .map_err(|source| StoreError::of(&at, source))?;
        Ok(Engine { pool: Pools::Postgres(pool), at, wait })
    }

    /// The file, or the server and the database.
    pub(super) fn at(&self) -> &str {
        &self.at
    }

    /// Reads, one query at a time.
    pub(super) async fn read(&self) -> Result<Session, StoreError> {
        let line = match &self.pool {
            Pools::Sqlite(pool) => pool.acquire().await.map(Line::Sqlite),
            Pools::Postgres(pool) => pool.acquire().await.map(Line::Postgres),
        };
        let line = line.map_err(|source| StoreError::of(&self.at, source))?;
        Ok(Session::new(line, self.at.clone()))
    }

    /// Reads with several queries that see the same state.
    pub(super) async fn snapshot(&self) -> Result<Session, StoreError> {
        let mut session = self.read().await?;
        session
            .begin(match self.pool {
                Pools::Sqlite(_) => "BEGIN",
                Pools::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })
            .await?;
        Ok(session)
    }

    /// Begins a transaction that writes, once every other writer has ended.
    pub(super) async fn write(&self) -> Result<Session, StoreError> {
        let mut session = self.read().await?;
        match self.pool {
            // Without IMMEDIATE, two that have read would both wait for the other to end.
            Pools::Sqlite(_) => session.begin("BEGIN IMMEDIATE").await?,
            Pools::Postgres(_) => {
                session.begin("BEGIN").await?;
                session.execute(include_str!("lock_postgres.sql"), &[]).await?;
            }
        }
        Ok(session)
    }

    /// Lets readers of an SQLite file work while somebody writes. The file remembers it.
    pub(super) async fn write_ahead(&self) -> Result<(), StoreError> {
        let Pools::Sqlite(_) = self.pool else { return Ok(()) };
        let mut session = self.read().await?;
        let deadline = Instant::now() + self.wait;
        let mode = |row: &Row<'_>| row.text("journal_mode");
        if session.one("PRAGMA journal_mode", &[], mode).await?.as_deref() == Some("wal") {
            return Ok(());
        }
        loop {
            match session.one("PRAGMA journal_mode = WAL", &[], mode).await {
                // SQLite does not wait here, even where it would elsewhere.
                Err(StoreError::Busy { .. }) if Instant::now() < deadline => {
                    tokio::time::sleep(TRY_AGAIN).await;
                }
                other => return other.map(|_| ()),
            }
        }
    }

    /// The tables of the file, or of the schema.
    pub(super) async fn tables(&self, session: &mut Session) -> Result<Vec<String>, StoreError> {
        let query = match self.pool {
            Pools::Sqlite(_) => include_str!("tables_sqlite.sql"),
            Pools::Postgres(_) => include_str!("tables_postgres.sql"),
        };
        session.all(query, &[], |row| row.text("name")).await
    }

    /// Reads the whole of an SQLite file and looks whether its parts fit together. PostgreSQL looks
    /// after its own files.
    pub(super) async fn examine(&self) -> Result<(), StoreError> {
        let Pools::Sqlite(_) = self.pool else { return Ok(()) };
        let said = |row: &Row<'_>| row.text("quick_check");
        match self.read().await?.one("PRAGMA quick_check(1)", &[], said).await? {
            Some(said) if said != "ok" => Err(StoreError::Damaged { at: self.at.to_string(), why: said }),
            _ => Ok(()),
        }
    }

    /// Ends every conversation; the last one of an SQLite file also folds its `-wal` file into it.
    pub(super) async fn close(&self) {
        match &self.pool {
            Pools::Sqlite(pool) => pool.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Where a database lies, in words that may be printed: without the password.
fn place(options: &PgConnectOptions) -> String {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    format!("PostgreSQL database {database} at {host}")
}
