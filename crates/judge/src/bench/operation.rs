//! One operation of a load: a transaction script performed in a session, with its retries.

use std::time::Duration;

use tokio::sync::mpsc;

use super::session::{Refusal, Session};
use crate::evidence::Outcome;
use crate::sql::{self, Value, Variables};
use crate::transaction::{Step, Transaction, truthy};

/// An operation is tried at most this often.
const TRIES_MAX: i64 = 20;

/// What is performed.
pub(super) struct Operation<'a> {
    pub script: &'a Transaction,
    pub variables: Variables,
    /// The limit for a statement that hangs.
    pub limit: Duration,
}

/// How it ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub outcome: Outcome,
    pub refusal: Option<Refusal>,
    /// The line of the script at which it ended, from 1.
    pub line: Option<usize>,
    pub tries: i64,
}

/// In an interleaved load, asks for leave before each statement and tells how it goes.
pub(super) struct Turns {
    pub leave: mpsc::UnboundedReceiver<()>,
    pub moved: mpsc::UnboundedSender<Moved>,
}

/// What an operation tells of its moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// The statement on this line is under way.
    Started(usize),
    /// It has ended, and what a failure undid is undone.
    Ended,
}

impl Turns {
    /// Without a scheduler any more, nobody listens, and nobody has to.
    fn tell(turns: Option<&Turns>, moved: Moved) {
        if let Some(turns) = turns {
            let _ = turns.moved.send(moved);
        }
    }
}

/// Why a try ended before the script did.
enum Broke {
    Retry,
    Refused(Refusal, usize),
}

/// Performs the operation; whatever it leaves open is rolled back.
pub(super) async fn perform(
    session: &Session,
    operation: &Operation<'_>,
    mut turns: Option<&mut Turns>,
) -> Ended {
    let mut tries = 0;
    loop {
        tries += 1;
        let mut variables = operation.variables.clone();
        let mut play =
            Play { session, limit: operation.limit, turns: turns.as_deref_mut(), variables: &mut variables };
        let broke = match play.steps(&operation.script.steps).await {
            Ok(()) => return finished(session, tries).await,
            Err(broke) => broke,
        };
        let again = match &broke {
            Broke::Retry => true,
            Broke::Refused(refusal, _) => operation.script.retry_on.contains(&refusal.sqlstate),
        };
        if let Broke::Refused(refusal, line) = &broke
            && refusal.is_loss()
        {
            return Ended {
                outcome: Outcome::Unknown,
                refusal: Some(refusal.clone()),
                line: Some(*line),
                tries,
            };
        }
        if let Err(refusal) = session.run("ROLLBACK").await {
            return Ended { outcome: Outcome::Unknown, refusal: Some(refusal), line: None, tries };
        }
        // Only now has it let go of its locks, so only now the others may move.
        Turns::tell(turns.as_deref(), Moved::Ended);
        if !again || tries == TRIES_MAX {
            return given_up(broke, tries);
        }
        // Gates count anew in each try. If this fails, so will the script's own next statement.
        if turns.is_some() {
            let _ = session.run("SET hotseat.gate_no = 0").await;
        }
    }
}

fn given_up(broke: Broke, tries: i64) -> Ended {
    let (refusal, line) = match broke {
        Broke::Refused(refusal, line) => (refusal, Some(line)),
        Broke::Retry => {
            let message = format!("gave up: `\\retry` was reached in each of {tries} tries");
            (Refusal { sqlstate: "40000".into(), message, position: None }, None)
        }
    };
    Ended { outcome: Outcome::Refused, refusal: Some(refusal), line, tries }
}

/// The script ran to its end. A transaction that is still open would never be committed by anyone,
/// so it is rolled back, and the operation did not happen.
async fn finished(session: &Session, tries: i64) -> Ended {
    match session.query("SELECT pg_current_xact_id_if_assigned() IS NOT NULL; ROLLBACK", 1).await {
        Ok(found) if found.rows.first().is_some_and(|row| row[0].as_deref() == Some("t")) => {
            let message =
                "the script ended with its transaction open, so it was rolled back; add COMMIT".into();
            let refusal = Refusal { sqlstate: "25P01".into(), message, position: None };
            Ended { outcome: Outcome::Refused, refusal: Some(refusal), line: None, tries }
        }
        Ok(_) => Ended { outcome: Outcome::Done, refusal: None, line: None, tries },
        // The script's own work was acknowledged before the session was lost.
        Err(_) => Ended { outcome: Outcome::Done, refusal: None, line: None, tries },
    }
}

/// One try of a script.
struct Play<'p> {
    session: &'p Session,
    limit: Duration,
    turns: Option<&'p mut Turns>,
    variables: &'p mut Variables,
}

impl Play<'_> {
    async fn steps(&mut self, steps: &[Step]) -> Result<(), Broke> {
        for step in steps {
            match step {
                Step::Retry { .. } => return Err(Broke::Retry),
                Step::If { variable, then, otherwise, .. } => {
                    let chosen =
                        if self.variables.get(variable).is_some_and(truthy) { then } else { otherwise };
                    Box::pin(self.steps(chosen)).await?;
                }
                Step::Sql { line, text, capture, prefix } => {
                    self.sql(*line, text, capture.then_some(prefix)).await?
                }
            }
        }
        Ok(())
    }

    async fn sql(&mut self, line: usize, text: &str, capture: Option<&String>) -> Result<(), Broke> {
        if let Some(turns) = &mut self.turns {
            // Without a scheduler any more, nobody waits for a turn.
            let _ = turns.leave.recv().await;
        }
        Turns::tell(self.turns.as_deref(), Moved::Started(line));
        let filled = sql::fill(text, self.variables);
        let done = match capture {
            None => self.session.run_within(&filled, self.limit).await.map(drop),
            Some(prefix) => self.capture(&filled, prefix).await,
        };
        if done.is_ok() {
            Turns::tell(self.turns.as_deref(), Moved::Ended);
        }
        done.map_err(|refusal| Broke::Refused(refusal, line))
    }

    /// As pgbench's `\gset`: exactly one row, whose columns become variables.
    async fn capture(&mut self, text: &str, prefix: &str) -> Result<(), Refusal> {
        let found = self.session.within(self.limit, self.session.query(text, 2)).await?;
        let [row] = found.rows.as_slice() else {
            let message = format!("\\gset needs exactly one row, and got {}", found.rows.len());
            return Err(Refusal { sqlstate: "21000".into(), message, position: None });
        };
        for (name, cell) in found.columns.iter().zip(row) {
            self.variables.insert(format!("{prefix}{name}"), captured(cell.as_deref()));
        }
        Ok(())
    }
}

/// What looks like a number is put back as one, so that `:balance - :amount` stays arithmetic.
fn captured(cell: Option<&str>) -> Value {
    match cell {
        None => Value::Null,
        Some(text) => match text.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Text(text.to_string()),
        },
    }
}
