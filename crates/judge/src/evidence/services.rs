//! Facts about running programs: what was asked of them, what they asked of others, when they ran.

use conformance::{Defect, Deviation};
use rusqlite::params;

use super::{Evidence, EvidenceError, Outcome};

/// One HTTP exchange with a program: a row of `exchanges`.
#[derive(Debug, Clone)]
pub struct ExchangeRecord {
    /// Its number, from 1.
    pub exchange: i64,
    /// The phase's number, from 1.
    pub phase: i64,
    /// Which repetition of the phase, from 1.
    pub tick: i64,
    /// The parameter set that it comes from, and the row there, from 1.
    pub source: String,
    /// See `source`.
    pub no: i64,
    /// The how manieth time this row was sent, from 1.
    pub try_no: i64,
    /// The program, and which of its instances, from 1.
    pub component: String,
    /// See `component`.
    pub instance: i64,
    /// The request.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Its headers, as a JSON list of pairs.
    pub headers: String,
    /// Its body.
    pub body: Option<String>,
    /// When it was due, in a load that has a timetable.
    pub scheduled_us: Option<i64>,
    /// When it was sent.
    pub started_us: i64,
    /// When the whole answer had come, or it was given up.
    pub ended_us: i64,
    /// Done: answered, with whatever status. Refused: it was never sent. Unknown: sent, and not answered.
    pub outcome: Outcome,
    /// The answer's status.
    pub status: Option<i64>,
    /// Its headers, as a JSON list of pairs.
    pub answer_headers: Option<String>,
    /// Its body, as text.
    pub answer: Option<String>,
    /// Why there is no answer.
    pub reason: Option<String>,
}

/// A call that the gateway got: a row of `calls`.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// The phase's number, from 1.
    pub phase: i64,
    /// The instance that called, from 1.
    pub instance: i64,
    /// GET or POST.
    pub method: String,
    /// The path.
    pub path: String,
    /// Its `Idempotency-Key`.
    pub key: Option<String>,
    /// The `reference` in its body.
    pub reference: Option<String>,
    /// When it came.
    pub started_us: i64,
    /// When it was answered or cut.
    pub ended_us: Option<i64>,
    /// What the gateway did: `ok`, a status, `hang`, …
    pub conduct: String,
    /// The status that it answered with.
    pub status: Option<i64>,
    /// The charge that it made at this call.
    pub charge: Option<String>,
}

/// A charge that the gateway made: a row of `charges`.
#[derive(Debug, Clone)]
pub struct ChargeRecord {
    /// Its id.
    pub charge: String,
    /// The phase's number, from 1.
    pub phase: i64,
    /// The `Idempotency-Key` of the call that made it.
    pub key: Option<String>,
    /// What it was for.
    pub reference: String,
    /// In minor units.
    pub amount: i64,
    /// Such as EUR.
    pub currency: String,
    /// When it was made.
    pub at_us: i64,
}

/// What a fault did to a program when it landed: a row of `landings`.
#[derive(Debug, Clone)]
pub struct LandingRecord {
    /// The exchange that it was aimed at.
    pub op: i64,
    /// The fault's name.
    pub kind: String,
    /// `kill`, `terminate`, `freeze`, `cut` or `restart`.
    pub does: String,
    /// Who was killed, told to end, frozen or started again; for a cut, who the connection led to.
    pub victim: String,
    /// The instance (from 1) that was struck, or at whose connection the fault fired.
    pub instance: i64,
    /// When it fired.
    pub at_us: i64,
    /// When all ran again; a cut has no end.
    pub over_us: Option<i64>,
    /// For `terminate` how the instance ended, for `freeze` until when it stood still, in words.
    pub came_to: Option<String>,
}

/// An instance of a program from its start to its end: a row of `lives`.
#[derive(Debug, Clone)]
pub struct LifeRecord {
    /// The program.
    pub component: String,
    /// Which of its instances, from 1.
    pub instance: i64,
    /// When it was started.
    pub started_us: i64,
    /// When it took connections.
    pub ready_us: Option<i64>,
    /// When it had ended.
    pub ended_us: i64,
    /// How, in words.
    pub how: String,
    /// Whether we ended it.
    pub by_us: bool,
    /// The last that it printed.
    pub output: String,
}

/// How many messages of a kind went through a relay: a row of `messages`.
#[derive(Debug, Clone)]
pub struct MessageCount {
    /// The component that is spoken to.
    pub component: String,
    /// The instance whose joint it is, from 1.
    pub instance: i64,
    /// `query`, `execute`, `complete`, `command`, `request`, `response`, …
    pub kind: String,
    /// What names it: the statement's first words, the command, the request line, the status.
    pub label: String,
    /// Since the program was started.
    pub messages: i64,
}

/// How late somebody was in a stretch of a run: a row of `lateness`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatenessRecord {
    /// The program or the database, `judge` or `machine`.
    pub component: String,
    /// The program's instance, from 1.
    pub instance: Option<i64>,
    /// The stretch.
    pub started_us: i64,
    /// See `started_us`.
    pub ended_us: i64,
    /// How much of it was spent waiting for a core; no more than all of it.
    pub late_us: i64,
}

impl Evidence {
    /// How late somebody was, in a stretch that ended in round `tick` of `phase`.
    pub fn late(&mut self, phase: i64, tick: i64, it: &LatenessRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO lateness VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![phase, tick, it.component, it.instance, it.started_us, it.ended_us, it.late_us],
        )
    }

    /// How many messages of a kind had gone through a relay when a phase ended.
    pub fn messages(&mut self, phase: i64, tick: i64, it: &MessageCount) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![phase, tick, it.component, it.instance, it.kind, it.label, it.messages],
        )
    }

    /// An exchange with a program.
    pub fn exchange(&mut self, it: &ExchangeRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                it.exchange,
                it.phase,
                it.tick,
                it.source,
                it.no,
                it.try_no,
                it.component,
                it.instance,
                it.method,
                it.path,
                it.headers,
                it.body,
                it.scheduled_us,
                it.started_us,
                it.ended_us,
                it.outcome.word(),
                it.status,
                it.answer_headers,
                it.answer,
                it.reason,
            ],
        )
    }

    /// A call that the gateway got.
    pub fn call(&mut self, it: &CallRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                it.phase,
                it.instance,
                it.method,
                it.path,
                it.key,
                it.reference,
                it.started_us,
                it.ended_us,
                it.conduct,
                it.status,
                it.charge,
            ],
        )
    }

    /// A charge that the gateway made.
    pub fn charge(&mut self, it: &ChargeRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![it.charge, it.phase, it.key, it.reference, it.amount, it.currency, it.at_us],
        )
    }

    /// An instance that has ended.
    pub fn life(&mut self, it: &LifeRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO lives VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                it.component,
                it.instance,
                it.started_us,
                it.ready_us,
                it.ended_us,
                it.how,
                it.by_us,
                it.output,
            ],
        )
    }

    /// A fault that landed.
    pub fn landing(&mut self, it: &LandingRecord) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO landings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![it.op, it.kind, it.does, it.victim, it.instance, it.at_us, it.over_us, it.came_to],
        )
    }

    /// Something in a handed-in document that is wrong (`defect`) or promises nothing (`vacuity`).
    pub fn document(&mut self, slot: &str, kind: &str, it: &Defect) -> Result<(), EvidenceError> {
        let line = it.line.and_then(|line| i64::try_from(line).ok());
        self.insert(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?)",
            params![slot, kind, it.rule, line, it.place, it.what],
        )
    }

    /// A point in which an exchange differs from what the handed-in document promises.
    pub fn deviation(&mut self, exchange: i64, it: &Deviation) -> Result<(), EvidenceError> {
        self.insert(
            "INSERT INTO deviations VALUES (?, ?, ?, ?, ?)",
            params![exchange, it.rule, it.place, it.expected, it.got],
        )
    }
}
