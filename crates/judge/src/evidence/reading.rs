//! Evidence while it is asked: read-only, with the reference's beside it and a budget of steps.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::hooks::{AuthAction, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, ErrorCode, OpenFlags, Statement};

use super::tables::{PARAMETERS_KEY, PROBE_KEY, create_table, quoted};
use super::{APPLICATION_ID, CONTRACT, CONTRACT_SQL, EvidenceError, aggregates, plain};
use crate::sql::Value;

/// The most rows that one query hands out; the rest is counted.
pub const ROWS_MAX: usize = 1_000;
/// The most text that one query hands out, in bytes; rows beyond it are counted.
const ROWS_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The budget of one query, in steps of SQLite's virtual machine: some 20 s on a slow core.
pub const STEPS_MAX: u64 = 2_000_000_000;
/// How many steps pass between two looks at the budget.
const STEPS_BETWEEN: i32 = 1_000;
/// The largest text that a query may build, in bytes.
const TEXT_BYTES_MAX: i32 = 64 * 1024 * 1024;

/// A finished run, and the reference's as `par`. Queries cannot change either.
#[derive(Debug)]
pub struct Reading {
    db: Connection,
    path: PathBuf,
    steps_max: Arc<AtomicU64>,
    steps: Arc<AtomicU64>,
    /// When whoever asks has waited long enough; never set for checks, whose answers must not rest on a clock.
    deadline: Arc<OnceLock<(Instant, Duration)>>,
    rows_max: usize,
    /// What the authorizer has refused during the query at hand.
    refused: Arc<Mutex<Option<String>>>,
}

/// What a query has answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The columns' names, each unlike the others: a second `x` is called `x_2`.
    pub columns: Vec<String>,
    /// At most [`ROWS_MAX`] rows.
    pub rows: Vec<Vec<Value>>,
    /// How many more rows there are; a lower bound if the budget ended while they were counted.
    pub more: u64,
}

/// A table that a run will write, as far as it is known before the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShape {
    /// The parameter set's or probe's name.
    pub name: String,
    /// Which of the two it is.
    pub kind: TableKind,
    /// Its own columns; `None` if only the run can tell.
    pub columns: Option<Vec<String>>,
}

/// What writes a table besides the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the tables of drill.toml")]
pub enum TableKind {
    Parameters,
    Probe,
}

impl Reading {
    /// Opens a finished run at `path` for queries, with the reference's run attached as `par`.
    /// Without one, `par` has the contract's tables and nothing in them.
    pub fn open(path: &Path, par: Option<&Path>) -> Result<Reading, EvidenceError> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db =
            Connection::open_with_flags(plain(path), flags).map_err(|error| not_evidence(path, &error))?;
        check_contract(&db, "main", path)?;
        match par {
            Some(par) => {
                let file = plain(par);
                let Some(name) = file.to_str() else {
                    let why = "its path is not UTF-8".into();
                    return Err(EvidenceError::NotEvidence { path: par.into(), why });
                };
                db.execute("ATTACH ? AS par", [name]).map_err(|error| not_evidence(par, &error))?;
                check_contract(&db, "par", par)?;
                shadow(&db).map_err(|error| not_evidence(par, &error))?;
            }
            // The mode overrides the connection's, which would make it read-only while empty.
            None => db
                .execute_batch("ATTACH 'file:par?mode=memory' AS par")
                .and_then(|()| db.execute_batch(&contract_in_par()))
                .map_err(|error| not_evidence(path, &error))?,
        }
        Reading::guarded(db, path)
    }

    /// Evidence of a run that never took place, with the tables that it would have. A table whose
    /// columns are unknown has only those that every row gets.
    pub fn empty(tables: &[TableShape]) -> Result<Reading, EvidenceError> {
        let path = Path::new(":memory:");
        let made = Connection::open_in_memory().and_then(|db| {
            db.execute_batch(CONTRACT_SQL)?;
            db.execute_batch("ATTACH ':memory:' AS par")?;
            db.execute_batch(&contract_in_par())?;
            Ok(db)
        });
        let db = made.map_err(|error| not_evidence(path, &error))?;
        for table in tables {
            let key = match table.kind {
                TableKind::Parameters => &PARAMETERS_KEY[..],
                TableKind::Probe => &PROBE_KEY[..],
            };
            let own = table.columns.iter().flatten().cloned();
            let own: Vec<_> = own.map(|name| (name, super::ColumnType::Text)).collect();
            let create = create_table(&table.name, key, &own)?;
            let in_par = create.replacen("CREATE TABLE main.", "CREATE TABLE par.", 1);
            db.execute_batch(&format!("{create};{in_par}")).map_err(|error| {
                let why = format!("table `{}`: {error}", table.name);
                EvidenceError::NotEvidence { path: path.into(), why }
            })?;
        }
        Reading::guarded(db, path)
    }

    /// Sets the budget of each query, in steps of SQLite's virtual machine.
    #[must_use]
    pub fn within(self, steps_max: u64) -> Reading {
        self.steps_max.store(steps_max, Ordering::Relaxed);
        self
    }

    /// Ends every query this long after now: for people who wait, never for checks.
    #[must_use]
    pub fn for_at_most(self, limit: Duration) -> Reading {
        // It is set at most once, because this consumes what it is set in.
        let _ = self.deadline.set((Instant::now() + limit, limit));
        self
    }

    /// Hands out so many rows of each query instead of [`ROWS_MAX`].
    #[must_use]
    pub fn handing_out(self, rows_max: usize) -> Reading {
        Reading { rows_max, ..self }
    }

    /// Asks one query. Endless ones end with [`EvidenceError::Budget`], always at the same step.
    pub fn query(&self, sql: &str) -> Result<Rows, EvidenceError> {
        let mut statement = self.prepare(sql)?;
        let columns = columns_of(&statement);
        let (mut rows, mut bytes, mut more) = (Vec::new(), 0, 0);
        let mut cursor = statement.raw_query();
        loop {
            let row = match cursor.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                // What was handed out stands, however many more there are.
                Err(error) if more > 0 && ended_early(&error) => break,
                Err(error) => return Err(self.explained(error)),
            };
            if more > 0 || rows.len() == self.rows_max || bytes > ROWS_BYTES_MAX {
                more += 1;
                continue;
            }
            let mut cells = Vec::with_capacity(columns.len());
            for column in 0..columns.len() {
                let cell = row.get_ref(column).map_err(|error| self.explained(error))?;
                cells.push(read(cell, &mut bytes));
            }
            rows.push(cells);
        }
        Ok(Rows { columns, rows, more })
    }

    /// The names of the columns that a query would have, without asking it.
    pub fn columns(&self, sql: &str) -> Result<Vec<String>, EvidenceError> {
        self.prepare(sql).map(|statement| columns_of(&statement))
    }

    fn prepare(&self, sql: &str) -> Result<Statement<'_>, EvidenceError> {
        self.steps.store(0, Ordering::Relaxed);
        *self.refusal() = None;
        let plain = |message: &str| EvidenceError::Sql { message: message.into(), offset: None };
        let mut batch = Batch::new(&self.db, sql);
        let first = batch.next().map_err(|error| self.explained(error))?;
        let statement = first.ok_or_else(|| plain("there is no query; write one SELECT"))?;
        if batch.next().map_err(|error| self.explained(error))?.is_some() {
            return Err(plain("there is more than one statement; write one SELECT"));
        }
        if statement.parameter_count() > 0 {
            // SQLite would take an unbound `:seed` for NULL, and the check would hold.
            return Err(plain("there are no variables in a check; the seed is in the table `run`"));
        }
        Ok(statement)
    }

    /// Closes everything but reading, for a connection with `main` and `par`.
    fn guarded(mut db: Connection, path: &Path) -> Result<Reading, EvidenceError> {
        let steps_max = Arc::new(AtomicU64::new(STEPS_MAX));
        let steps = Arc::new(AtomicU64::new(0));
        let refused = Arc::new(Mutex::new(None));
        let deadline = Arc::new(OnceLock::new());
        guard(&mut db, (&steps, &steps_max), &deadline, &refused)
            .map_err(|error| not_evidence(path, &error))?;
        let path = path.into();
        Ok(Reading { db, path, steps_max, steps, deadline, rows_max: ROWS_MAX, refused })
    }

    fn refusal(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.refused.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn explained(&self, error: rusqlite::Error) -> EvidenceError {
        if let Some(wish) = self.refusal().take() {
            return EvidenceError::Forbidden { wish };
        }
        if ended_early(&error) {
            if let Some((_, limit)) = self.deadline.get().filter(|(end, _)| Instant::now() > *end) {
                return EvidenceError::Time { seconds: limit.as_secs() };
            }
            return EvidenceError::Budget { steps: self.steps_max.load(Ordering::Relaxed) };
        }
        match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                EvidenceError::Sql { message: explained(&msg), offset: usize::try_from(offset).ok() }
            }
            rusqlite::Error::SqliteFailure(code, message) => match code.code {
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
                    not_evidence(&self.path, &rusqlite::Error::SqliteFailure(code, message))
                }
                _ => {
                    let message = message.unwrap_or_else(|| code.to_string());
                    EvidenceError::Sql { message: explained(&message), offset: None }
                }
            },
            other => EvidenceError::Sql { message: other.to_string(), offset: None },
        }
    }
}

/// SQLite's words, except for tables: "main." means nothing to a reader.
fn explained(message: &str) -> String {
    if let Some(table) = message.strip_prefix("no such table: main.") {
        format!("no such table: {table} (this run has not written it)")
    } else if let Some(table) = message.strip_prefix("no such table: par.") {
        format!("no such table: par.{table} (the reference's run has not written it)")
    } else {
        message.into()
    }
}

fn ended_early(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

fn check_contract(db: &Connection, schema: &str, path: &Path) -> Result<(), EvidenceError> {
    let number = |pragma: &str| {
        db.query_row(&format!("PRAGMA {schema}.{pragma}"), [], |row| row.get::<_, i32>(0))
            .map_err(|error| not_evidence(path, &error))
    };
    let found = number("user_version")?;
    if number("application_id")? != APPLICATION_ID {
        let why = "it is some other SQLite file".into();
        return Err(EvidenceError::NotEvidence { path: path.into(), why });
    }
    if found != CONTRACT {
        return Err(EvidenceError::Version { path: path.into(), found, known: CONTRACT });
    }
    Ok(())
}

fn contract_in_par() -> String {
    CONTRACT_SQL.replace("CREATE TABLE ", "CREATE TABLE par.").replace("CREATE VIEW ", "CREATE VIEW par.")
}

/// SQLite looks for a table in `par` if `main` has none of that name. Then a check would take the
/// reference's rows for the learner's, and hold. A view in `temp`, where it looks first, that
/// reads the missing table makes it an error.
fn shadow(db: &Connection) -> rusqlite::Result<()> {
    let only_in_par: Vec<String> = db
        .prepare(
            "SELECT name FROM par.sqlite_schema WHERE type IN ('table', 'view') AND lower(name)
             NOT IN (SELECT lower(name) FROM main.sqlite_schema WHERE type IN ('table', 'view'))",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in only_in_par {
        let name = quoted(&name);
        db.execute_batch(&format!("CREATE TEMP VIEW {name} AS SELECT * FROM main.{name}"))?;
    }
    Ok(())
}

fn guard(
    db: &mut Connection,
    (steps, steps_max): (&Arc<AtomicU64>, &Arc<AtomicU64>),
    deadline: &Arc<OnceLock<(Instant, Duration)>>,
    refused: &Arc<Mutex<Option<String>>>,
) -> rusqlite::Result<()> {
    aggregates::add(db)?;
    db.execute_batch("PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Otherwise "a misspelt column" in double quotes is a text, and compares as one.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, TEXT_BYTES_MAX)?;
    // LIKE runs outside the budget, and its time grows with the wildcards.
    db.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000)?;
    let (steps, steps_max) = (Arc::clone(steps), Arc::clone(steps_max));
    let deadline = Arc::clone(deadline);
    db.progress_handler(
        STEPS_BETWEEN,
        Some(move || {
            let spent = u64::from(STEPS_BETWEEN.unsigned_abs());
            steps.fetch_add(spent, Ordering::Relaxed) + spent > steps_max.load(Ordering::Relaxed)
                || deadline.get().is_some_and(|(end, _)| Instant::now() > *end)
        }),
    )?;
    let refused = Arc::clone(refused);
    db.authorizer(Some(move |asked: rusqlite::hooks::AuthContext<'_>| {
        let Some(wish) = wish(&asked.action) else { return Authorization::Allow };
        *refused.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(wish);
        Authorization::Deny
    }))
}

/// What a statement wants besides reading, in words; `None` if it only reads.
fn wish(action: &AuthAction<'_>) -> Option<String> {
    Some(match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => return None,
        AuthAction::Function { function_name } => match &*function_name.to_ascii_lowercase() {
            "load_extension" | "readfile" | "writefile" | "edit" | "fts3_tokenizer" => {
                format!("call {function_name}()")
            }
            // The same evidence must always get the same verdict.
            "random" | "randomblob" | "current_time" | "current_date" | "current_timestamp" => {
                format!("ask {function_name}, which differs from one judging to the next")
            }
            _ => return None,
        },
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => format!("change `{table_name}`"),
        AuthAction::Attach { .. } => "open another file".into(),
        AuthAction::Pragma { pragma_name, .. } => format!("use the pragma {pragma_name}"),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => "open a transaction".into(),
        _ => "change the tables".into(),
    })
}

fn columns_of(statement: &Statement<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in statement.column_names() {
        let mut unlike = name.to_owned();
        let mut copy = 2;
        while names.contains(&unlike) {
            unlike = format!("{name}_{copy}");
            copy += 1;
        }
        names.push(unlike);
    }
    names
}

/// A cell as a value, its room added to `bytes`. Bytes become text such as `\x00ff`.
fn read(cell: ValueRef<'_>, bytes: &mut usize) -> Value {
    *bytes += 16;
    let text = match cell {
        ValueRef::Null => return Value::Null,
        ValueRef::Integer(number) => return Value::Int(number),
        ValueRef::Real(number) => return Value::Float(number),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(blob) => blob.iter().fold("\\x".to_owned(), |mut hex, byte| {
            hex.push_str(&format!("{byte:02x}"));
            hex
        }),
    };
    *bytes += text.len();
    Value::Text(text)
}

fn not_evidence(path: &Path, error: &rusqlite::Error) -> EvidenceError {
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "it is no SQLite file".into(),
        Some(ErrorCode::DatabaseCorrupt) => "it is damaged or was cut short".into(),
        Some(ErrorCode::CannotOpen) => "it is not there or may not be read".into(),
        _ => error.to_string(),
    };
    EvidenceError::NotEvidence { path: path.into(), why }
}
