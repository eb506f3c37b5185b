//! Two runs side by side, or one alone: what stops them, and when their checks are examined.

use std::cell::{Cell, RefCell};
use std::pin::pin;

use futures_util::future::{Either, select};
use tokio::sync::Notify;

use crate::JudgeError;
use crate::bench::{Bench, Event};
use crate::evidence::Reading;
use crate::run::{Blame, Halt, Run, Scene, Stop};
use crate::verdict::{Finding, examine};

/// What stopped the submission, and why the run is void.
pub(crate) type Ended = (Option<Stop>, Option<String>);

/// Runs the submission, with the reference beside it where there is one, and says what stopped the
/// submission, or why the run is void.
pub(crate) async fn perform(
    mine: &Run<'_>,
    par: Option<&Run<'_>>,
    decided: &Decided<'_>,
    bench: &Bench,
) -> Result<Ended, JudgeError> {
    match par {
        Some(par) => side_by_side(mine, par, decided, bench).await,
        None => alone(mine, decided, bench).await,
    }
}

async fn alone(mine: &Run<'_>, decided: &Decided<'_>, bench: &Bench) -> Result<Ended, JudgeError> {
    match mine.perform(&|phase| decided.after(&decided.mine_at, phase)).await {
        Ok(()) => Ok((None, None)),
        Err(Halt::Ours(error)) => Err(error),
        Err(Halt::Stop(stop)) if stop.blame == Blame::Machine => Ok((None, Some(machine(bench, &stop)))),
        Err(Halt::Stop(stop)) => Ok((Some(stop), None)),
    }
}

async fn side_by_side(
    mine: &Run<'_>,
    par: &Run<'_>,
    decided: &Decided<'_>,
    bench: &Bench,
) -> Result<Ended, JudgeError> {
    let after_mine = |phase| decided.after(&decided.mine_at, phase);
    let after_par = |phase| decided.after(&decided.par_at, phase);
    let learner = pin!(mine.perform(&after_mine));
    let reference = pin!(par.perform(&after_par));
    let (mine_ended, par_ended) = match select(learner, reference).await {
        // What is wrong with the submission itself needs no control.
        Either::Left((Err(Halt::Stop(stop)), _)) if stop.blame == Blame::Submission && !stop.is_hang() => {
            return Ok((Some(stop), None));
        }
        Either::Left((ended, reference)) => (ended, reference.await),
        Either::Right((Ok(()), learner)) => (learner.await, Ok(())),
        // Without the reference there is no verdict, and the learner may wait for what it draws.
        Either::Right((failed, _)) => (Ok(()), failed),
    };
    match par_ended {
        Ok(()) => {}
        Err(Halt::Ours(error)) => return Err(error),
        Err(Halt::Stop(stop)) if stop.blame == Blame::Machine => {
            return Ok((None, Some(machine(bench, &stop))));
        }
        Err(Halt::Stop(stop)) if stop.is_hang() => return Ok((None, Some(slow(&stop)))),
        Err(Halt::Stop(stop)) => {
            return Err(JudgeError::Drill(format!("the reference fails: {}", stop.in_words())));
        }
    }
    match mine_ended {
        Ok(()) => Ok((None, None)),
        Err(Halt::Ours(error)) => Err(error),
        Err(Halt::Stop(stop)) if stop.blame == Blame::Machine => Ok((None, Some(machine(bench, &stop)))),
        // If one of the reference's statements needed a tenth of the limit, the machine was too slow.
        Err(Halt::Stop(stop))
            if stop.is_hang() && par.slowest_us.get() > par.hang_limit().as_micros() as u64 / 10 =>
        {
            Ok((None, Some(slow(&stop))))
        }
        Err(Halt::Stop(stop)) => Ok((Some(stop), None)),
    }
}

fn machine(bench: &Bench, stop: &Stop) -> String {
    if stop.refusal.is_damage() {
        bench.distrust();
    }
    format!("PostgreSQL or this machine failed, not the submission: {}", stop.in_words())
}

fn slow(stop: &Stop) -> String {
    format!("this machine was too busy to tell a hang from slowness: {}", stop.in_words())
}

pub(crate) fn died(bench: &Bench) -> String {
    format!("PostgreSQL died by itself; its log is {}", bench.log().display())
}

/// What stopped a run, as a finding about the built-in claim.
pub(crate) fn broken(stop: Stop) -> Finding {
    let aftermath = stop.blame == Blame::Aftermath;
    Finding::does_not_run(&stop.file, stop.line, &stop.refusal.sqlstate, &stop.refusal.message, aftermath)
}

impl Stop {
    fn in_words(&self) -> String {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}: {} ({})", self.file, self.refusal.message, self.refusal.sqlstate)
    }
}

/// Examines checks as soon as both runs are past the phase that decides them.
pub(crate) struct Decided<'r> {
    scene: &'r Scene<'r>,
    mine: &'r Run<'r>,
    par: Option<&'r Run<'r>>,
    /// Phases that each run has ended.
    mine_at: Cell<usize>,
    par_at: Cell<usize>,
    /// Phases whose checks have been examined.
    done: Cell<usize>,
    pub first_us: Cell<Option<u64>>,
    pub findings: RefCell<Vec<Finding>>,
    /// Once this check is broken, nothing more has to run.
    caught_by: Option<&'r str>,
    enough: Notify,
}

impl<'r> Decided<'r> {
    pub(crate) fn new(
        scene: &'r Scene<'r>,
        mine: &'r Run<'r>,
        par: Option<&'r Run<'r>>,
        caught_by: Option<&'r str>,
    ) -> Decided<'r> {
        Decided {
            scene,
            mine,
            par,
            mine_at: Cell::new(0),
            par_at: Cell::new(0),
            done: Cell::new(0),
            first_us: Cell::new(None),
            findings: RefCell::default(),
            caught_by,
            enough: Notify::new(),
        }
    }

    /// Drops the runs once the check that they are for is broken.
    pub(crate) async fn until_caught(
        &self,
        runs: impl Future<Output = Result<Ended, JudgeError>>,
    ) -> Result<Ended, JudgeError> {
        match select(pin!(self.enough.notified()), pin!(runs)).await {
            Either::Left(_) => Ok((None, None)),
            Either::Right((ended, _)) => ended,
        }
    }

    fn after(&self, at: &Cell<usize>, phase: usize) -> Result<(), JudgeError> {
        at.set(phase + 1);
        let both = match self.par {
            Some(_) => self.mine_at.get().min(self.par_at.get()),
            None => self.mine_at.get(),
        };
        let drill = self.scene.drill;
        let done = self.done.replace(both.max(self.done.get()));
        let ended = drill.phases(self.scene.level).filter(|(index, _)| (done..both).contains(index));
        let names: Vec<&String> = ended.flat_map(|(_, phase)| &phase.decides).collect();
        if names.is_empty() {
            return Ok(());
        }
        let mine = self.mine.evidence.borrow_mut().checkpoint()?;
        let par = self.par.map(|par| par.evidence.borrow_mut().checkpoint()).transpose()?;
        let reading = Reading::open(&mine, par.as_deref())?;
        for check in names.iter().filter_map(|name| drill.checks.iter().find(|c| c.name == **name)) {
            let finding = examine(check, &reading);
            self.scene.bench.watcher.event(Event::Finding(&finding));
            if finding.is_broken() && self.caught_by == Some(&*finding.check) {
                self.enough.notify_one();
            }
            self.findings.borrow_mut().push(finding);
            if self.first_us.get().is_none() {
                self.first_us.set(u64::try_from(self.mine.now_us()).ok());
            }
        }
        Ok(())
    }
}
