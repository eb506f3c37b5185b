//! The judge: runs what a learner hands in against the real component and rules on the evidence.
//!
//! A run leaves evidence; a check is a query that returns counterexamples. The modules tell the
//! story in order: a [`folder`] is read into a [`drill`], a [`submission`] is run on the [`bench`],
//! which writes [`evidence`]; [`check`]s examine it, and their findings make a [`verdict`].

pub mod bench;
pub mod check;
pub mod debrief;
pub mod drill;
pub mod evidence;
mod run;
pub mod sql;
pub mod submission;
pub mod transaction;
pub mod verdict;

pub use folder;

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::pin::pin;
use std::time::Instant;

use futures_util::future::{Either, select};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use bench::{Bench, BenchError, Event};
use drill::{Drill, Level};
use evidence::{EvidenceError, Reading};
use run::{Blame, Drawn, Halt, Run, Stop};
use submission::Submission;
use verdict::{Finding, Verdict, examine};

/// What makes a folder a workspace: the drill, its version and the level, as TOML.
pub const WORKSPACE_FILE: &str = "hotseat.toml";
/// The learner's evidence in a run's folder.
pub const EVIDENCE_FILE: &str = "evidence.sqlite";
/// The reference's evidence in a run's folder.
pub const PAR_FILE: &str = "par.sqlite";

/// Whose run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Learner,
    Reference,
}

/// We could not judge. What the learner did wrong is a verdict, never this.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The bench.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// The evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The drill contradicts itself, which its author has to mend.
    #[error("the drill is at fault: {0}")]
    Drill(String),
}

/// Judges a submission at a level of a drill. Leaves [`EVIDENCE_FILE`] and [`PAR_FILE`] in `dir`.
///
/// The reference runs at the same time, with the same seed, on copies of its own: it gives `par`,
/// and it is the control that tells the learner's failure from ours.
///
/// # Errors
/// Only when we could not judge; a submission that crashes, hangs or destroys its database is a
/// verdict.
pub async fn judge(
    drill: &Drill,
    level: &Level,
    handed_in: &Submission,
    bench: &Bench,
    seed: u64,
    dir: &Path,
) -> Result<Verdict, JudgeError> {
    judge_until(drill, level, handed_in, bench, seed, dir, None).await
}

/// As [`judge`], but ends as soon as the check `caught_by` is broken: a proof asks no more of a wrong
/// answer. What it did not reach is named in [`Verdict::not_examined`].
///
/// # Errors
/// As [`judge`].
pub async fn judge_until(
    drill: &Drill,
    level: &Level,
    handed_in: &Submission,
    bench: &Bench,
    seed: u64,
    dir: &Path,
    caught_by: Option<&str>,
) -> Result<Verdict, JudgeError> {
    let began = Instant::now();
    bench.reset_roles().await?;
    let whole = drill.complete(handed_in, level);
    let reference = drill.par(level);
    let drawn = Drawn::default();
    let mine = Run::new(drill, bench, &whole, Side::Learner, seed, &drawn, &dir.join(EVIDENCE_FILE))?;
    let par = Run::new(drill, bench, &reference, Side::Reference, seed, &drawn, &dir.join(PAR_FILE))?;
    let decided = Decided { caught_by, ..Decided::new(drill, bench, dir, &mine, &par) };
    let ended = decided.until_caught(side_by_side(&mine, &par, &decided, bench)).await;
    let first_figures_us = decided.first_us.get().map(|us| us.saturating_sub(mine.accepted_us.get()));
    let own_us = mine.own_us.get();
    let findings = decided.findings.into_inner();
    for run in [mine, par] {
        run.evidence.into_inner().finish()?;
    }
    let (stop, why_void) = match ended {
        // Whatever failed, the submission too, failed because the component died by itself.
        _ if !bench.answers().await => (None, Some(died(bench))),
        Ok(stopped) => stopped,
        Err(error) => {
            if matches!(&error, JudgeError::Bench(BenchError::Sql { refusal, .. }) if refusal.is_damage()) {
                bench.distrust();
            }
            return Err(error);
        }
    };
    let mut verdict = Verdict::rule(drill, level, seed, findings, stop.map(broken), why_void);
    verdict.timing.total_ms = began.elapsed().as_millis() as u64;
    verdict.timing.own_ms = own_us / 1000;
    verdict.timing.first_figures_ms = first_figures_us.map(|us| us / 1000);
    Ok(verdict)
}

/// Judges a stored run again, offline: the same evidence, the checks of today.
///
/// # Errors
/// When the evidence is missing, broken or of another version.
pub fn judge_again(drill: &Drill, stored: &Verdict, dir: &Path) -> Result<Verdict, JudgeError> {
    let reading = Reading::open(&dir.join(EVIDENCE_FILE), Some(&dir.join(PAR_FILE)))?;
    let reached = |name: &str| stored.findings.iter().any(|f| f.check == name);
    let level = drill.level(Some(&stored.level)).ok_or_else(|| {
        JudgeError::Drill(format!("`{}` has no level `{}` any more", drill.name, stored.level))
    })?;
    let order = drill.scenario.phases.iter().flat_map(|phase| &phase.decides);
    let checks = order.filter_map(|name| drill.checks.iter().find(|c| c.name == *name));
    let findings = checks
        .filter(|check| reached(&check.name) || stored.is_complete())
        .map(|check| examine(check, &reading));
    let runs = stored.findings.iter().find(|f| f.check == verdict::RUNS && f.is_broken()).cloned();
    let again =
        Verdict::rule(drill, level, stored.seed, findings.collect(), runs, stored.why_void_of_the_run());
    Ok(Verdict { timing: stored.timing, ..again })
}

type Ended = (Option<Stop>, Option<String>);

/// Runs the submission and the reference at the same time, and says what stopped the submission, or
/// why the run is void.
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

fn died(bench: &Bench) -> String {
    format!("PostgreSQL died by itself; its log is {}", bench.log().display())
}

/// What stopped a run, as a finding about the built-in claim.
fn broken(stop: Stop) -> Finding {
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
struct Decided<'r> {
    drill: &'r Drill,
    bench: &'r Bench,
    dir: &'r Path,
    mine: &'r Run<'r>,
    par: &'r Run<'r>,
    /// Phases that each run has ended.
    mine_at: Cell<usize>,
    par_at: Cell<usize>,
    /// Phases whose checks have been examined.
    done: Cell<usize>,
    first_us: Cell<Option<u64>>,
    findings: RefCell<Vec<Finding>>,
    /// Once this check is broken, nothing more has to run.
    caught_by: Option<&'r str>,
    enough: Notify,
}

impl<'r> Decided<'r> {
    fn new(
        drill: &'r Drill,
        bench: &'r Bench,
        dir: &'r Path,
        mine: &'r Run<'r>,
        par: &'r Run<'r>,
    ) -> Decided<'r> {
        Decided {
            drill,
            bench,
            dir,
            mine,
            par,
            mine_at: Cell::new(0),
            par_at: Cell::new(0),
            done: Cell::new(0),
            first_us: Cell::new(None),
            findings: RefCell::default(),
            caught_by: None,
            enough: Notify::new(),
        }
    }

    /// Drops the runs once the check that they are for is broken.
    async fn until_caught(
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
        let both = self.mine_at.get().min(self.par_at.get());
        let names: Vec<&String> =
            self.drill.scenario.phases[self.done.get()..both].iter().flat_map(|p| &p.decides).collect();
        self.done.set(both.max(self.done.get()));
        if names.is_empty() {
            return Ok(());
        }
        let mine = self.mine.evidence.borrow_mut().checkpoint()?;
        let par = self.par.evidence.borrow_mut().checkpoint()?;
        debug_assert!(mine.starts_with(self.dir) && par.starts_with(self.dir));
        let reading = Reading::open(&mine, Some(&par))?;
        for check in names.iter().filter_map(|name| self.drill.checks.iter().find(|c| c.name == **name)) {
            let finding = examine(check, &reading);
            self.bench.watcher.event(Event::Finding(&finding));
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

/// A short name for content: the first 16 hexadecimal digits of its SHA-256.
pub fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part.as_bytes());
    }
    sha.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A seed that nobody can foresee, short enough to type.
pub fn fresh_seed() -> u64 {
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    random % 900_000 + 100_000
}
