//! All exchanges and calls of a run, for charts; and how rows of the evidence are read.

use std::collections::{BTreeMap, BTreeSet};

use super::{Span, Window};
use crate::evidence::{EvidenceError, ROWS_MAX, Reading};
use crate::sql::Value;

/// One exchange with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// When it was due: by its phase's timetable, or when it was sent if there was none.
    pub due_us: i64,
    /// From then to its end: who had to be sent late waited, too.
    pub latency_us: i64,
    /// Whether it was sent at all.
    pub sent: bool,
    /// The answer's status; none if there was no answer.
    pub status: Option<i64>,
}

/// One call to the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it came.
    pub started_us: i64,
    /// The status that it was answered with, or what the gateway did instead.
    pub end: String,
}

/// A run as points in time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// The phases in which a program was asked, in their order.
    pub phases: Vec<Span>,
    /// In the order in which they were due.
    pub exchanges: Vec<Exchange>,
    /// In the order in which they came.
    pub calls: Vec<Call>,
    /// Every fault that landed.
    pub windows: Vec<Window>,
}

impl Series {
    /// Everything that a run has; none if no program was asked.
    ///
    /// # Errors
    /// When the evidence cannot be read.
    pub fn of(reading: &Reading) -> Result<Option<Series>, EvidenceError> {
        if !programs_were_asked(reading) {
            return Ok(None);
        }
        // A phase that was cut short has no end.
        let phases = "SELECT name, started_us,
                      coalesce(ended_us, (SELECT max(ended_us) FROM exchanges)) AS ended_us
                      FROM phases WHERE phase IN (SELECT phase FROM exchanges) ORDER BY started_us";
        let exchanges = all(
            reading,
            "exchange AS n, coalesce(scheduled_us, started_us) AS due_us,
             ended_us - coalesce(scheduled_us, started_us) AS latency_us, outcome, status FROM exchanges",
        )?;
        let calls = all(reading, "rowid AS n, started_us, status, conduct FROM calls")?;
        let landings = rows(reading, "SELECT * FROM landings ORDER BY at_us")?;
        let mut series = Series {
            phases: rows(reading, phases)?.iter().map(Row::span).collect(),
            exchanges: exchanges.iter().map(exchange).collect(),
            calls: calls.iter().map(call).collect(),
            windows: landings.iter().map(window).collect(),
        };
        series.exchanges.sort_by_key(|it| it.due_us);
        series.calls.sort_by_key(|it| it.started_us);
        Ok(Some(series))
    }
}

fn exchange(it: &Row) -> Exchange {
    Exchange {
        due_us: it.int("due_us"),
        latency_us: it.int("latency_us"),
        sent: it.text("outcome") != "refused",
        status: it.maybe("status"),
    }
}

fn call(it: &Row) -> Call {
    let (conduct, status) = (it.text("conduct"), it.maybe("status"));
    let end = match (status, &*conduct) {
        (Some(status), _) => status.to_string(),
        (None, "ok") => "caller gone".to_owned(),
        (None, conduct) => conduct.to_owned(),
    };
    Call { started_us: it.int("started_us"), end }
}

pub(super) fn window(it: &Row) -> Window {
    Window {
        at_us: it.int("at_us"),
        over_us: it.maybe("over_us"),
        instance: ["kill", "terminate", "freeze"].contains(&&*it.text("does")).then(|| it.int("instance")),
        fault: it.text("kind"),
    }
}

/// Runs of a database alone, and those of an older hotseat, have nothing to tell here.
pub(super) fn programs_were_asked(reading: &Reading) -> bool {
    let asked = |sql| reading.query(sql).is_ok_and(|rows| !rows.rows.is_empty());
    asked("SELECT 1 FROM exchanges LIMIT 1") && reading.columns("SELECT * FROM landings").is_ok()
}

/// A row, by the names of its columns.
pub(super) struct Row(BTreeMap<String, Value>);

impl Row {
    pub(super) fn maybe(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn int(&self, name: &str) -> i64 {
        self.maybe(name).unwrap_or(0)
    }

    pub(super) fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| *value != Value::Null)
    }

    pub(super) fn span(&self) -> Span {
        let (started_us, ended_us) = (self.int("started_us"), self.int("ended_us"));
        Span { name: self.text("name"), started_us, ended_us }
    }
}

pub(super) fn rows(reading: &Reading, sql: &str) -> Result<Vec<Row>, EvidenceError> {
    let answer = reading.query(sql)?;
    let named = |row: Vec<Value>| Row(answer.columns.iter().cloned().zip(row).collect());
    Ok(answer.rows.into_iter().map(named).collect())
}

/// All rows of a table, which has a column `n`, however many there are.
fn all(reading: &Reading, what: &str) -> Result<Vec<Row>, EvidenceError> {
    let mut all: Vec<Row> = Vec::new();
    loop {
        let after = all.last().map_or(i64::MIN, |row| row.int("n"));
        let some = rows(
            reading,
            &format!("SELECT * FROM (SELECT {what}) WHERE n > {after} ORDER BY n LIMIT {ROWS_MAX}"),
        )?;
        let is_last = some.len() < ROWS_MAX;
        all.extend(some);
        if is_last {
            return Ok(all);
        }
    }
}

/// A text as SQL. A NUL would end it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

pub(super) fn in_list(texts: &BTreeSet<String>) -> String {
    let literals: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    format!("({})", literals.join(", "))
}
