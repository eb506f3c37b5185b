//! The facts that the bench records, as plain data. Times are microseconds since the run began.

use crate::sql::Value;

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It happened, and was acknowledged.
    Done,
    /// It certainly did not happen.
    Refused,
    /// It may have happened: the session was lost. Never held against the learner.
    Unknown,
}

impl Outcome {
    /// The word in `ops.outcome`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
        }
    }
}

/// A statement of an `accept` or `run` step: a row of `statements`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRecord {
    /// The phase's number, from 1.
    pub phase: i64,
    /// Which repetition of the phase, from 1.
    pub tick: i64,
    /// The component it ran on.
    pub component: String,
    /// The file, or `slot:<name>` for a handed-in one.
    pub source: String,
    /// The statement's first line in that file, from 1.
    pub line: Option<i64>,
    /// The statement, with its variables filled in.
    pub sql: String,
    /// When it was sent.
    pub started_us: i64,
    /// When it had ended.
    pub ended_us: i64,
    /// Rows returned or affected, where PostgreSQL says.
    pub rows: Option<i64>,
    /// What it failed with; `None` if it ran.
    pub sqlstate: Option<String>,
    /// PostgreSQL's message for that.
    pub message: Option<String>,
}

/// An operation of a load: a row of `ops`.
#[derive(Debug, Clone, PartialEq)]
pub struct OpRecord {
    /// The operation's number, unlike any other of the run.
    pub op: i64,
    /// The phase's number, from 1.
    pub phase: i64,
    /// Which repetition of the phase, from 1.
    pub tick: i64,
    /// The component it ran on.
    pub component: String,
    /// Which session performed it.
    pub client: i64,
    /// The value of the load's `interleave` column; `Value::Null` without one.
    pub grp: Value,
    /// The row of the parameter set, from 1.
    pub no: i64,
    /// That row, as a JSON object.
    pub params: String,
    /// When it was due, in a load that has a timetable.
    pub scheduled_us: Option<i64>,
    /// When its first statement was sent.
    pub started_us: i64,
    /// When it had ended.
    pub ended_us: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// What the last try failed with.
    pub sqlstate: Option<String>,
    /// Why it was refused or is unknown, in words.
    pub reason: Option<String>,
    /// How often it was tried.
    pub tries: i64,
}

/// One operation had to wait for another: a row of `waits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitRecord {
    /// The operation that waited.
    pub op: i64,
    /// The operation that held the lock, where it was one of the load's.
    pub holder: Option<i64>,
    /// The line of the script at which it waited, from 1.
    pub line: Option<i64>,
    /// The kind of lock, as `pg_locks` names it.
    pub lock: Option<String>,
    /// The table, where the lock is on one.
    pub relation: Option<String>,
}

/// A fault: a row of `faults`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRecord {
    /// The operation that it was aimed at.
    pub op: Option<i64>,
    /// What it does: `cut`.
    pub kind: String,
    /// The event at which it was to fire; for a cut, which gate, from 1.
    pub at: i64,
    /// Whether it landed.
    pub effect: bool,
}

/// With which parameters a plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlanMode {
    /// Planned for these very values.
    Custom,
    /// Planned for any, as a prepared statement may be after five uses.
    Generic,
}

impl PlanMode {
    /// The word in `plans.mode`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PlanMode::Custom => "custom",
            PlanMode::Generic => "generic",
        }
    }
}

/// A plan: a row of `plans`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRecord {
    /// The probe that asked for it.
    pub probe: String,
    /// The phase's number, from 1.
    pub phase: i64,
    /// Which repetition of the phase, from 1.
    pub tick: i64,
    /// The component it ran on.
    pub component: String,
    /// The row of the probe's parameter set, from 1.
    pub no: Option<i64>,
    /// With which parameters it was made.
    pub mode: PlanMode,
    /// The whole answer to EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON).
    pub json: String,
}

/// One use of a probe: the columns that all its rows share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeUse {
    /// The phase's number, from 1.
    pub phase: i64,
    /// Which repetition of the phase, from 1.
    pub tick: i64,
    /// The component it ran on.
    pub component: String,
    /// The row of the probe's parameter set, from 1.
    pub no: Option<i64>,
}

/// What a column of a parameter set or probe holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Integers.
    Int,
    /// Floating-point numbers.
    Float,
    /// Text, and everything that is kept as PostgreSQL prints it (times, dates, numerics, …).
    Text,
    /// Truth, kept as 0 and 1.
    Bool,
}

impl ColumnType {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ColumnType::Int => "integer",
            ColumnType::Float => "float",
            ColumnType::Text => "text",
            ColumnType::Bool => "boolean",
        }
    }

    /// How SQLite is to keep it. Text needs its own, or '1.50' would become 1.5.
    pub(super) fn affinity(self) -> &'static str {
        match self {
            ColumnType::Int | ColumnType::Bool => "INTEGER",
            ColumnType::Float => "REAL",
            ColumnType::Text => "TEXT",
        }
    }
}
