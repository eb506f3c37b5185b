//! What a run leaves behind: one SQLite file of raw facts, written by the bench and read by checks.

mod aggregates;
mod error;
mod pending;
mod reading;
mod records;
mod services;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, params};

use crate::sql::Value;

use pending::Pending;
use tables::{Known, PARAMETERS_KEY, PROBE_KEY, create_table};

pub use error::EvidenceError;
pub use reading::{ROWS_MAX, Reading, Rows, STEPS_MAX, TableKind, TableShape};
pub use records::{
    ColumnType, FaultRecord, OpRecord, Outcome, PlanMode, PlanRecord, ProbeUse, StatementRecord, WaitRecord,
};
pub use services::{
    CallRecord, ChargeRecord, ExchangeRecord, LandingRecord, LatenessRecord, LifeRecord, MessageCount,
};
pub(crate) use tables::is_table_of_its_own;

/// The version of the contract that `evidence.sql` spells out, kept in the file's `user_version`.
pub const CONTRACT: i32 = 1;
/// "hots", so that some other SQLite file is not taken for evidence.
const APPLICATION_ID: i32 = 0x686f_7473;
/// Columns of `ops`.
const OPS_COLUMNS: usize = 15;
const OPEN: &str = "only finish, which consumes self, closes the file";
/// The contract's tables and views as they are created, with what they mean in comments.
pub const CONTRACT_SQL: &str = include_str!("evidence.sql");

/// A run's evidence while it is written. The file has its own name only once it is complete;
/// until then, and if it is dropped unfinished, there is no more than `<path>.part`.
#[derive(Debug)]
pub struct Evidence {
    /// `None` once the file is closed.
    db: Option<Connection>,
    part: PathBuf,
    path: PathBuf,
    tables: BTreeMap<String, Known>,
    ops: Pending,
}

impl Evidence {
    /// Begins the evidence that will be called `path`. An unfinished `<path>.part` of an earlier
    /// run is overwritten; a finished file never is.
    pub fn create(path: &Path) -> Result<Evidence, EvidenceError> {
        if path.exists() {
            return Err(EvidenceError::Exists { path: path.into() });
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        match std::fs::remove_file(&part) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(EvidenceError::Io { path: part, source });
            }
            _ => {}
        }
        let db =
            open_for_writing(&part).map_err(|source| EvidenceError::Write { path: part.clone(), source })?;
        let ops = Pending::new("ops", OPS_COLUMNS);
        Ok(Evidence { db: Some(db), part, path: path.into(), tables: BTreeMap::new(), ops })
    }

    /// Makes what was written so far readable, for checks that can be examined before the run has
    /// ended, and returns where it lies until then. Nothing may read it while more is written.
    pub fn checkpoint(&mut self) -> Result<PathBuf, EvidenceError> {
        self.write_ops()?;
        self.wrote(self.db().execute_batch("COMMIT; BEGIN"))?;
        Ok(self.part.clone())
    }

    /// Completes the file and gives it its name, in one step that other processes see whole.
    pub fn finish(mut self) -> Result<PathBuf, EvidenceError> {
        self.write_ops()?;
        if let Some(db) = self.db.take() {
            self.wrote(db.execute_batch("COMMIT"))?;
            let closed = db.close().map_err(|(_, source)| source);
            self.wrote(closed)?;
        }
        let named = std::fs::File::open(&self.part)
            // Without this, a power cut could leave the final name on an empty file.
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&self.part, &self.path));
        named.map_err(|source| EvidenceError::Io { path: self.path.clone(), source })?;
        Ok(self.path.clone())
    }

    /// Notes a fact of the whole run (drill, version, level, seed, role, server, …) under `key`.
    /// A key that was noted before gets the new value.
    pub fn note(&mut self, key: &str, value: &Value) -> Result<(), EvidenceError> {
        self.insert("DELETE FROM run WHERE key = ?", params![key])?;
        self.insert("INSERT INTO run VALUES (?, ?)", params![key, ToSqlOutput::Borrowed(cell(value))])
    }

    /// Keeps a handed-in file, or the starter's file that stands in for it.
    pub fn handed_in(&mut self, slot: &str, file: &str, content: &str) -> Result<(), EvidenceError> {
        self.insert("INSERT INTO handed_in VALUES (?, ?, ?)", params![slot, file, content])
    }

    /// Phase number `phase` (from 1, in the order of drill.toml) began its round `tick` (from 1).
    pub fn phase_started(
        &mut self,
        phase: i64,
        name: &str,
        tick: i64,
        started_us: i64,
    ) -> Result<(), EvidenceError> {
        self.insert("INSERT INTO phases VALUES (?, ?, ?, ?, NULL)", params![phase, name, tick, started_us])
    }

    /// The round `tick` of phase `phase` ended. A phase without this row's end was cut short.
    pub fn phase_ended(&mut self, phase: i64, tick: i64, ended_us: i64) -> Result<(), EvidenceError> {
        self.insert(
            "UPDATE phases SET ended_us = ? WHERE phase = ? AND tick = ?",
            params![ended_us, phase, tick],
        )
    }

    /// A statement of an `accept` or `run` step.
    pub fn statement(&mut self, it: &StatementRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                it.phase,
                it.tick,
                it.component,
                it.source,
                it.line,
                it.sql,
                it.started_us,
                it.ended_us,
                it.rows,
                it.sqlstate,
                it.message,
            ],
        )
    }

    /// An operation of a load. `op` numbers must differ, which may be found out only later.
    pub fn op(&mut self, it: &OpRecord) -> Result<(), EvidenceError> {
        let number = |number: i64| ValueRef::Integer(number);
        let row: [_; OPS_COLUMNS] = [
            number(it.op),
            number(it.phase),
            number(it.tick),
            text(&it.component),
            number(it.client),
            cell(&it.grp),
            number(it.no),
            text(&it.params),
            it.scheduled_us.map_or(ValueRef::Null, number),
            number(it.started_us),
            number(it.ended_us),
            text(it.outcome.word()),
            it.sqlstate.as_deref().map_or(ValueRef::Null, text),
            it.reason.as_deref().map_or(ValueRef::Null, text),
            number(it.tries),
        ];
        let db = self.db.as_ref().expect(OPEN);
        let taken = self.ops.push(db, &row);
        self.wrote(taken)
    }

    fn write_ops(&mut self) -> Result<(), EvidenceError> {
        let written = self.ops.write(self.db.as_ref().expect(OPEN));
        self.wrote(written)
    }

    /// One operation of an interleaved load had to wait for another.
    pub fn wait(&mut self, it: &WaitRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO waits VALUES (?, ?, ?, ?, ?)",
            params![it.op, it.holder, it.line, it.lock, it.relation],
        )
    }

    /// Operation `op` came to its `no`-th gate (from 1).
    pub fn gate(&mut self, op: i64, no: i64) -> Result<(), EvidenceError> {
        self.insert("INSERT INTO gates VALUES (?, ?)", params![op, no])
    }

    /// A fault, and whether it landed.
    pub fn fault(&mut self, it: &FaultRecord) -> Result<(), EvidenceError> {
        self.insert("INSERT INTO faults VALUES (?, ?, ?, ?)", params![it.op, it.kind, it.at, it.effect])
    }

    /// A plan. Text that is not JSON is refused here, where it can still be explained.
    pub fn plan(&mut self, it: &PlanRecord) -> Result<(), EvidenceError> {
        serde_json::from_str::<serde::de::IgnoredAny>(&it.json)
            .map_err(|source| EvidenceError::Plan { probe: it.probe.clone(), source })?;
        self.insert(
            "INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![it.probe, it.phase, it.tick, it.component, it.no, it.mode.word(), it.json],
        )
    }

    /// Writes a parameter set, whose rows are numbered from 1 in the column `no`, and returns how
    /// many there were. A set is written once a run, else its numbers would name two rows.
    pub fn parameters(
        &mut self,
        name: &str,
        columns: &[(String, ColumnType)],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, EvidenceError> {
        if self.tables.contains_key(&name.to_ascii_lowercase()) {
            return Err(EvidenceError::Twice { table: name.into() });
        }
        self.table(name, &PARAMETERS_KEY, columns, &[], rows)
    }

    /// Writes what one use of a probe has read, its rows numbered from 1 in the column `row`, and
    /// returns how many there were. The first use decides the columns; call it without rows for
    /// a probe that read nothing, so that a check finds an empty table.
    pub fn probe(
        &mut self,
        name: &str,
        at: &ProbeUse,
        columns: &[(String, ColumnType)],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, EvidenceError> {
        let component = Value::Text(at.component.clone());
        let no = at.no.map_or(Value::Null, Value::Int);
        let place = [Value::Int(at.phase), Value::Int(at.tick), component, no];
        self.table(name, &PROBE_KEY, columns, &place, rows)
    }

    /// Appends rows below the key's columns: `place`, then the row's number, then its own cells.
    fn table(
        &mut self,
        name: &str,
        key: &'static [&'static str],
        columns: &[(String, ColumnType)],
        place: &[Value],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, EvidenceError> {
        let known = match self.tables.remove(&name.to_ascii_lowercase()) {
            Some(known) if known.key == key && known.columns == columns => known,
            Some(known) => {
                let first = known.to_string();
                self.tables.insert(name.to_ascii_lowercase(), known);
                let now = Known { key, columns: columns.to_vec(), insert: String::new() };
                let now = now.to_string();
                return Err(EvidenceError::OtherColumns { table: name.into(), first, now });
            }
            None => {
                let create = create_table(name, key, columns)?;
                self.wrote(self.db().execute_batch(&create))?;
                Known::new(name, key, columns)
            }
        };
        let written = self.append(name, &known, place, rows);
        self.tables.insert(name.to_ascii_lowercase(), known);
        written
    }

    fn append(
        &self,
        name: &str,
        known: &Known,
        place: &[Value],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, EvidenceError> {
        let mut row_no = 0;
        for row in rows {
            if row.len() != known.columns.len() {
                let (columns, cells) = (known.columns.len(), row.len());
                return Err(EvidenceError::RowWidth { table: name.into(), columns, cells });
            }
            row_no += 1;
            let number = [Value::Int(row_no)];
            let cells = place.iter().chain(&number).chain(&row).map(cell);
            self.insert_cells(&known.insert, cells)?;
        }
        Ok(row_no.unsigned_abs())
    }

    fn insert(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), EvidenceError> {
        let done = self.db().prepare_cached(sql).and_then(|mut statement| statement.execute(params));
        self.wrote(done).map(drop)
    }

    /// As [`Evidence::insert`], for tables of any width: NULLs need not be bound.
    fn insert_cells<'c>(
        &self,
        sql: &str,
        cells: impl IntoIterator<Item = ValueRef<'c>>,
    ) -> Result<(), EvidenceError> {
        let insert = |mut statement: CachedStatement<'_>| {
            for (index, cell) in (1..).zip(cells) {
                if cell != ValueRef::Null {
                    statement.raw_bind_parameter(index, ToSqlOutput::Borrowed(cell))?;
                }
            }
            statement.raw_execute()
        };
        self.wrote(self.db().prepare_cached(sql).and_then(insert)).map(drop)
    }

    fn db(&self) -> &Connection {
        self.db.as_ref().expect(OPEN)
    }

    fn wrote<T>(&self, done: rusqlite::Result<T>) -> Result<T, EvidenceError> {
        done.map_err(|source| EvidenceError::Write { path: self.part.clone(), source })
    }
}

impl Drop for Evidence {
    fn drop(&mut self) {
        drop(self.db.take());
        // After finish() there is nothing left under this name.
        let _ = std::fs::remove_file(&self.part);
    }
}

/// A connection inside a transaction, which only [`Evidence::checkpoint`] and finish() end: a
/// transaction for each fact would take ten times as long.
fn open_for_writing(part: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(plain(part), flags)?;
    db.set_prepared_statement_cache_capacity(64);
    // A file that is not finished is thrown away, so nothing has to survive a crash. The journal
    // in memory keeps a failed statement harmless.
    db.execute_batch(
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
         PRAGMA page_size = 8192; PRAGMA cache_size = -65536;",
    )?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    db.pragma_update(None, "user_version", CONTRACT)?;
    db.execute_batch("BEGIN")?;
    db.execute_batch(CONTRACT_SQL)?;
    Ok(db)
}

fn text(text: &str) -> ValueRef<'_> {
    ValueRef::Text(text.as_bytes())
}

/// SQLite stores a NaN as NULL, so that one is kept as the text that PostgreSQL prints.
fn cell(value: &Value) -> ValueRef<'_> {
    match value {
        Value::Null => ValueRef::Null,
        Value::Int(number) => ValueRef::Integer(*number),
        Value::Float(number) if number.is_nan() => ValueRef::Text(b"NaN"),
        Value::Float(number) => ValueRef::Real(*number),
        Value::Text(it) => text(it),
        Value::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
    }
}

/// SQLite takes a name that begins with `file:` for a URI; an absolute path never does.
fn plain(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}
