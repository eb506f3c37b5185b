//! One session in the server. Everything goes through the simple protocol: any statement may come.

use std::cell::Cell;
use std::path::Path;
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::{CancelToken, Client, NoTls, SimpleQueryMessage, SimpleQueryRow};

use super::BenchError;
use crate::sql::Value;

/// In whose name a session works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The superuser: only before anything handed in has run, or for catalogues.
    Judge,
    /// The judge's reads and writes beside what is handed in.
    App,
    /// What is handed in.
    Learner,
    /// The reference's own run.
    Reference,
}

impl Role {
    /// Its name in the server.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Judge => "judge",
            Role::App => "app",
            Role::Learner => "learner",
            Role::Reference => "reference",
        }
    }
}

/// An open session.
pub(crate) struct Session {
    client: Client,
    cancel: CancelToken,
    /// The process that serves it.
    pub(crate) pid: i32,
    /// The longest that a statement with a limit has taken, in microseconds. Sessions may share it.
    pub(crate) slowest_us: Rc<Cell<u64>>,
}

/// PostgreSQL's refusal of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Five characters; `XXhng` when our hang limit stopped it, `XXrow` when it returned too much,
    /// `XXbig` when its database grew too much, `08006` when the session was lost.
    pub sqlstate: String,
    /// What PostgreSQL says, with detail and hint.
    pub message: String,
    /// The character in the statement, from 1.
    pub position: Option<usize>,
}

/// The SQLSTATEs of our own limits: no server sends them.
pub(crate) const HANG: &str = "XXhng";
/// More rows than a probe takes.
pub(crate) const TOO_MANY_ROWS: &str = "XXrow";
/// The database outgrew its limit.
pub(crate) const TOO_BIG: &str = "XXbig";
/// The session was lost.
pub(crate) const LOST: &str = "08006";

/// Rows as text, with the names of their columns.
#[derive(Debug, Default, Clone)]
pub(crate) struct TextRows {
    /// Names in order.
    pub columns: Vec<String>,
    /// A cell is None for NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows returned or changed.
    pub count: u64,
}

impl Session {
    /// Opens a session.
    pub(crate) async fn open(host: &Path, database: &str, role: Role) -> Result<Session, BenchError> {
        Session::open_for(host, database, role, false).await
    }

    /// Opens a session, for reading only if so wished.
    pub(crate) async fn open_for(
        host: &Path,
        database: &str,
        role: Role,
        read_only: bool,
    ) -> Result<Session, BenchError> {
        let mut config = tokio_postgres::Config::new();
        config.host_path(host).dbname(database).user(role.name()).application_name("hotseat");
        match (role, read_only) {
            // A superuser must not be led to objects that somebody else made: not even a schema further
            // back is safe, because a function there may fit the arguments better than a built-in.
            (Role::Judge, _) => _ = config.options("-c search_path=pg_catalog"),
            (_, true) => _ = config.options("-c default_transaction_read_only=on"),
            _ => {}
        }
        let (client, connection) = config.connect(NoTls).await.map_err(|e| BenchError::connect(role, &e))?;
        tokio::spawn(async move {
            // A lost session shows at its next statement.
            let _ = connection.await;
        });
        let cancel = client.cancel_token();
        let mut session = Session { client, cancel, pid: 0, slowest_us: Rc::default() };
        let pid = session.value("SELECT pg_backend_pid()").await?;
        session.pid = pid.parse().map_err(|_| BenchError::Ours(format!("backend id `{pid}`")))?;
        Ok(session)
    }

    /// Runs one text and keeps at most `rows_max` rows; more is a refusal of ours.
    pub(crate) async fn query(&self, text: &str, rows_max: u64) -> Result<TextRows, Refusal> {
        let mut found = TextRows::default();
        let mut stream = pin!(self.client.simple_query_raw(text).await.map_err(refusal)?);
        while let Some(message) = stream.next().await {
            match message.map_err(refusal)? {
                SimpleQueryMessage::RowDescription(columns) => {
                    found =
                        TextRows { columns: columns.iter().map(|c| c.name().to_string()).collect(), ..found };
                    found.rows.clear();
                }
                SimpleQueryMessage::Row(row) if (found.rows.len() as u64) < rows_max => {
                    found.rows.push(cells(&row))
                }
                SimpleQueryMessage::Row(_) => {
                    self.stop().await;
                    let message = format!("more than {rows_max} rows came back");
                    return Err(Refusal { sqlstate: TOO_MANY_ROWS.into(), message, position: None });
                }
                SimpleQueryMessage::CommandComplete(count) => found.count = count,
                _ => {}
            }
        }
        Ok(found)
    }

    /// Runs one text and throws its rows away.
    pub(crate) async fn run(&self, text: &str) -> Result<u64, Refusal> {
        let mut count = 0;
        let mut stream = pin!(self.client.simple_query_raw(text).await.map_err(refusal)?);
        while let Some(message) = stream.next().await {
            if let SimpleQueryMessage::CommandComplete(n) = message.map_err(refusal)? {
                count = n;
            }
        }
        Ok(count)
    }

    /// [`Session::run`], stopped after `limit`.
    pub(crate) async fn run_within(&self, text: &str, limit: Duration) -> Result<u64, Refusal> {
        self.within(limit, self.run(text)).await
    }

    /// Waits for a statement of this session, and stops it after `limit`.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let mut work = pin!(work);
        let began = Instant::now();
        let ended = tokio::time::timeout(limit, &mut work).await;
        let took_us = began.elapsed().as_micros() as u64;
        self.slowest_us.set(self.slowest_us.get().max(took_us));
        if let Ok(done) = ended {
            return done;
        }
        // Our only thread may have been examining checks; what has ended meanwhile has not hung.
        if let Ok(done) = tokio::time::timeout(Duration::from_millis(100), &mut work).await {
            return done;
        }
        self.stop().await;
        // It ends with the cancellation, which we report in our own words.
        let _ = tokio::time::timeout(Duration::from_secs(10), &mut work).await;
        let message =
            format!("still running after {} s, which is the limit for one that hangs", limit.as_secs());
        Err(Refusal { sqlstate: HANG.into(), message, position: None })
    }

    /// Cancels what runs now.
    pub(crate) async fn stop(&self) {
        // If the request itself fails, the session is gone, which stops the statement too.
        let _ = self.cancel.cancel_query(NoTls).await;
    }

    /// The types of a statement's columns, each as `schema.name`, and whether it is a number.
    pub(crate) async fn columns(
        &self,
        text: &str,
    ) -> Result<Vec<(String, tokio_postgres::types::Type)>, Refusal> {
        let statement = self.client.prepare(text).await.map_err(refusal)?;
        Ok(statement.columns().iter().map(|c| (c.name().to_string(), c.type_().clone())).collect())
    }

    /// Ends the session and waits until the client has let go.
    pub(crate) async fn close(self) {
        drop(self.client);
        tokio::task::yield_now().await;
    }

    /// Runs a statement of ours, which must work.
    pub(crate) async fn execute(&self, text: &str) -> Result<(), BenchError> {
        self.run(text)
            .await
            .map(drop)
            .map_err(|refusal| BenchError::Sql { statement: shorten(text), refusal })
    }

    /// The first column of a query of ours.
    pub(crate) async fn column(&self, text: &str) -> Result<Vec<String>, BenchError> {
        let found = self.query(text, 100_000).await;
        let found = found.map_err(|refusal| BenchError::Sql { statement: shorten(text), refusal })?;
        Ok(found.rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    /// The one value of a query of ours.
    pub(crate) async fn value(&self, text: &str) -> Result<String, BenchError> {
        Ok(self.column(text).await?.into_iter().next().unwrap_or_default())
    }
}

fn cells(row: &SimpleQueryRow) -> Vec<Option<String>> {
    (0..row.len()).map(|index| row.get(index).map(str::to_string)).collect()
}

/// The beginning of a statement, for messages.
pub(super) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn refusal(error: tokio_postgres::Error) -> Refusal {
    let Some(db) = error.as_db_error() else {
        return Refusal {
            sqlstate: LOST.into(),
            message: format!("the session was lost ({error})"),
            position: None,
        };
    };
    let mut message = db.message().to_string();
    for more in [db.detail(), db.hint()].into_iter().flatten() {
        message.push_str("; ");
        message.push_str(more);
    }
    let position = match db.position() {
        Some(ErrorPosition::Original(at)) => usize::try_from(*at).ok(),
        _ => None,
    };
    Refusal { sqlstate: db.code().code().to_string(), message, position }
}

impl Refusal {
    /// The server or the machine is at fault, not the statement: too little room or memory, a
    /// shutdown, an internal error.
    pub(crate) fn is_the_machines(&self) -> bool {
        let class = &self.sqlstate[..2];
        let limit = self.sqlstate == "53400"; // temp_file_limit: the learner's own doing
        (class == "53" && !limit)
            || ["57P", "58"].iter().any(|c| self.sqlstate.starts_with(c))
            || self.sqlstate == "XX000"
    }

    /// Files of the server's are damaged or missing.
    pub fn is_damage(&self) -> bool {
        self.sqlstate.starts_with("58") || ["XX001", "XX002"].contains(&&*self.sqlstate)
    }

    /// The session is gone.
    pub(crate) fn is_loss(&self) -> bool {
        self.sqlstate == LOST || self.sqlstate.starts_with("57P")
    }
}

/// A cell of a column of this type as evidence keeps it.
pub(crate) fn typed(cell: Option<&str>, kind: &tokio_postgres::types::Type) -> Value {
    use tokio_postgres::types::Type;
    let Some(text) = cell else { return Value::Null };
    let number = match *kind {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => text.parse().ok().map(Value::Int),
        Type::FLOAT4 | Type::FLOAT8 => text.parse().ok().map(Value::Float),
        Type::BOOL => Some(Value::Bool(text == "t")),
        _ => None,
    };
    number.unwrap_or_else(|| Value::Text(text.to_string()))
}
