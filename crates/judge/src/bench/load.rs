//! Loads: one operation for each row of a parameter set.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::future::try_join_all;

use super::operation::{Ended, Operation, perform as perform_operation};
use super::session::Role;
use crate::JudgeError;
use crate::bench::Event;
use crate::bench::session::Refusal;
use crate::drill::{Load, Order, Script, Scripts};
use crate::evidence::{OpRecord, Outcome};
use crate::run::{At, Blame, Halt, Parameters, Run, Stop};
use crate::sql::Value;
use crate::transaction::Transaction;

/// A load made ready: its rows, and the script of each.
pub(super) struct Ready<'r> {
    pub run: &'r Run<'r>,
    pub load: &'r Load,
    pub at: At,
    pub rows: Rc<Parameters>,
    scripts: BTreeMap<String, (Transaction, Role, String)>,
    does: Option<usize>,
}

/// Performs a load, or says what stopped it.
pub(crate) async fn perform(run: &Run<'_>, load: &Load, at: At) -> Result<(), Halt> {
    let ready = Ready::new(run, load, at, run.parameters(&load.each).await?)?;
    let started_us = run.now_us();
    let done = match &load.order {
        Order::Closed { clients } => closed(&ready, *clients).await,
        Order::Interleaved { group, cut } => super::interleave::perform(&ready, group, cut.as_deref()).await,
    };
    run.own_time(started_us);
    done
}

impl<'r> Ready<'r> {
    fn new(run: &'r Run<'r>, load: &'r Load, at: At, rows: Rc<Parameters>) -> Result<Ready<'r>, Halt> {
        let mut scripts = BTreeMap::new();
        let one;
        let by_word: Vec<(&str, &Script)> = match &load.scripts {
            Scripts::One(script) => {
                one = script;
                vec![("", one)]
            }
            Scripts::ByWord(by_word) => {
                by_word.iter().map(|(word, script)| (word.as_str(), script)).collect()
            }
        };
        for (word, script) in by_word {
            let (role, file) = match script {
                Script::Slot(slot) => (run.role(), run.drill.scenario.slots[slot].file.clone()),
                Script::File(source) => (Role::App, source.file.clone()),
            };
            let parsed = run.drill.scenario.transaction(script, run.handed_in).map_err(|e| {
                let refusal = Refusal { sqlstate: "42601".into(), message: e.to_string(), position: None };
                Stop::halt(Blame::Submission, &file, e.line(), refusal)
            })?;
            scripts.insert(word.to_string(), (parsed, role, file));
        }
        let does = match load.scripts {
            Scripts::One(_) => None,
            Scripts::ByWord(_) => Some(rows.column("does").ok_or_else(|| missing(load, "does"))?),
        };
        Ok(Ready { run, load, at, rows, scripts, does })
    }

    /// The script of a row: with whose role, and from which file.
    pub(super) fn script(&self, index: usize) -> Result<&(Transaction, Role, String), JudgeError> {
        let word = match self.does {
            None => String::new(),
            Some(column) => match &self.rows.rows[index][column] {
                Value::Text(word) => word.clone(),
                other => other.raw(),
            },
        };
        self.scripts.get(&word).ok_or_else(|| {
            JudgeError::Drill(format!("parameters `{}`: no script for does = `{word}`", self.load.each))
        })
    }

    /// The place of a column that the load names.
    pub(super) fn column(&self, name: &str) -> Result<usize, JudgeError> {
        self.rows.column(name).ok_or_else(|| missing(self.load, name))
    }

    /// The operation of a row.
    pub(super) fn operation(&self, index: usize) -> Result<Operation<'_>, JudgeError> {
        let (script, _, _) = self.script(index)?;
        let mut variables = self.run.variables(&self.load.on, self.at.tick);
        variables.extend(self.rows.variables(index));
        Ok(Operation { script, variables, limit: self.run.hang_limit() })
    }

    /// Writes down how an operation ended; what shows that the script itself is wrong stops the run.
    pub(super) fn record(
        &self,
        index: usize,
        op: i64,
        client: i64,
        grp: Value,
        started_us: i64,
        ended: &Ended,
    ) -> Result<(), Halt> {
        let (_, _, file) = self.script(index)?;
        let record = OpRecord {
            op,
            phase: self.at.phase,
            tick: self.at.tick,
            component: self.load.on.clone(),
            client,
            grp,
            no: index as i64 + 1,
            params: self.rows.json(index),
            scheduled_us: Some(started_us),
            started_us,
            ended_us: self.run.now_us(),
            outcome: ended.outcome,
            sqlstate: ended.refusal.as_ref().map(|r| r.sqlstate.clone()),
            reason: ended.refusal.as_ref().map(|r| r.message.clone()),
            tries: ended.tries,
        };
        self.run.evidence.borrow_mut().op(&record).map_err(JudgeError::from)?;
        self.run.tell(Event::Ended(ended.outcome));
        match &ended.refusal {
            Some(refusal) if ended.outcome == Outcome::Refused && shows_a_wrong_script(refusal) => {
                Err(Stop::halt(Blame::Submission, file, ended.line, refusal.clone()))
            }
            Some(refusal) if refusal.is_the_machines() && !refusal.is_loss() => {
                Err(Stop::halt(Blame::Machine, file, ended.line, refusal.clone()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn next_op(&self) -> i64 {
        let op = self.run.next_op.get();
        self.run.next_op.set(op + 1);
        op
    }
}

/// Class 42: syntax, unknown names, missing rights. It would be refused each time. Or it hung.
fn shows_a_wrong_script(refusal: &Refusal) -> bool {
    refusal.sqlstate.starts_with("42") || refusal.sqlstate == super::session::HANG
}

fn missing(load: &Load, column: &str) -> JudgeError {
    JudgeError::Drill(format!("parameters `{}`: the load needs a column `{column}`", load.each))
}

/// Sessions that take the next row as soon as they are free.
async fn closed(ready: &Ready<'_>, clients: usize) -> Result<(), Halt> {
    let next = Cell::new(0);
    let next = &next;
    let sessions = (0..clients.min(ready.rows.rows.len())).map(|client| async move {
        let mut session = None;
        loop {
            let index = next.get();
            if index == ready.rows.rows.len() {
                return Ok::<(), Halt>(());
            }
            next.set(index + 1);
            let (_, role, _) = ready.script(index)?;
            let open = match session.take() {
                Some(open) => open,
                None => ready.run.session(&ready.load.on, *role).await?,
            };
            let op = ready.next_op();
            let started_us = ready.run.now_us();
            let ended = perform_operation(&open, &ready.operation(index)?, None).await;
            // A lost session is replaced, as a pool would.
            if ended.outcome != Outcome::Unknown {
                session = Some(open);
            }
            ready.record(index, op, client as i64 + 1, Value::Null, started_us, &ended)?;
        }
    });
    try_join_all(sessions).await.map(drop)
}
