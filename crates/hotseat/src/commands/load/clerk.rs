//! Writes requests down on a thread of its own, so that no disk makes the generator late.

use std::mem;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use judge::evidence::{Evidence, EvidenceError, OpRecord, Outcome};
use judge::sql::Value;
use load::Record;

use crate::failure::Failure;

/// To hand over each by itself would cost a system call each.
const BATCH: usize = 256;

/// The only phase of a load.
pub(super) const PHASE: i64 = 1;
/// Its only round.
pub(super) const TICK: i64 = 1;

pub(super) struct Clerk {
    batch: Vec<Record>,
    desk: Sender<Vec<Record>>,
    thread: JoinHandle<Result<Evidence, EvidenceError>>,
}

impl Clerk {
    /// Begins to write; `component` is the server that takes the load.
    pub(super) fn hire(mut evidence: Evidence, component: &str) -> Result<Clerk, Failure> {
        let (desk, batches) = mpsc::channel::<Vec<Record>>();
        let component = component.to_string();
        let write = move || {
            evidence.phase_started(PHASE, "load", TICK, 0)?;
            for record in batches.iter().flatten() {
                evidence.op(&operation(&record, &component))?;
            }
            Ok(evidence)
        };
        let thread = thread::Builder::new().name("evidence".to_string()).spawn(write);
        let thread = thread.map_err(|e| Failure::missing(format!("no thread for the evidence: {e}")))?;
        Ok(Clerk { batch: Vec::with_capacity(BATCH), desk, thread })
    }

    /// Takes a request; false once nothing can be written any more.
    pub(super) fn takes(&mut self, record: Record) -> bool {
        self.batch.push(record);
        self.batch.len() < BATCH
            || self.desk.send(mem::replace(&mut self.batch, Vec::with_capacity(BATCH))).is_ok()
    }

    /// Gives the evidence back once all is written.
    pub(super) fn dismiss(self) -> Result<Evidence, Failure> {
        // Whoever has gone says why below.
        let _ = self.desk.send(self.batch);
        drop(self.desk);
        let written = self.thread.join().map_err(|_| Failure::bug("the evidence's thread panicked"))?;
        Ok(written?)
    }
}

/// A request as a row of `ops`.
fn operation(record: &Record, component: &str) -> OpRecord {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let status = record.status.map_or_else(|| "null".to_string(), |status| status.to_string());
    OpRecord {
        op: number(record.index) + 1,
        phase: PHASE,
        tick: TICK,
        component: component.to_string(),
        // Connections count from 0, and 0 is the client of a request that never got one.
        client: record.connection.map_or(0, |connection| number(connection) + 1),
        grp: Value::Null,
        no: i64::from(record.tag) + 1,
        params: format!(r#"{{"status":{status},"bytes":{}}}"#, record.bytes),
        scheduled_us: Some(number(record.scheduled_us)),
        // What was never begun was given up at the end of its wait.
        started_us: number(record.started_us.unwrap_or(record.ended_us)),
        ended_us: number(record.ended_us),
        outcome: match record.outcome {
            load::Outcome::Done(_) => Outcome::Done,
            load::Outcome::Refused(_) => Outcome::Refused,
            load::Outcome::Unknown(_) => Outcome::Unknown,
        },
        sqlstate: None,
        reason: record.outcome.failure().map(|failure| failure.name().to_string()),
        tries: i64::from(record.started_us.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_was_never_begun_has_no_client_and_no_try() {
        let record = Record {
            index: 6,
            tag: 0,
            scheduled_us: 1000,
            started_us: None,
            ended_us: 2000,
            connection: None,
            outcome: load::Outcome::Refused(load::Failure::NoConnection),
            status: None,
            bytes: 0,
            response: None,
        };
        let row = operation(&record, "127.0.0.1:80");
        assert_eq!((row.op, row.client, row.tries), (7, 0, 0));
        assert_eq!((row.scheduled_us, row.started_us, row.ended_us), (Some(1000), 2000, 2000));
        assert_eq!(row.params, r#"{"status":null,"bytes":0}"#);
        assert_eq!((row.outcome, row.reason.as_deref()), (Outcome::Refused, Some("no connection free")));
    }
}
