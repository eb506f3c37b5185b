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
pub mod history;
mod judging;
mod run;
pub mod sql;
pub mod submission;
pub mod transaction;
pub mod verdict;

pub use folder;
pub use program::{sandbox, supervise_if_asked, this_binary};

use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use bench::{Bench, BenchError};
use drill::{Drill, Level};
use evidence::{EvidenceError, Reading};
use judging::{Decided, broken, died, perform};
use run::{Drawn, Run, Scene};
use submission::Submission;
use verdict::{Verdict, examine};

/// What makes a folder a workspace: the drill, its version and the level, as TOML.
pub const WORKSPACE_FILE: &str = "hotseat.toml";
/// The learner's evidence in a run's folder.
pub const EVIDENCE_FILE: &str = "evidence.sqlite";
/// The reference's evidence in a run's folder.
pub const PAR_FILE: &str = "par.sqlite";

/// Whose run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The learner's, with the reference's at the same time.
    Learner,
    /// The learner's, in a drill without a reference.
    Alone,
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
/// The reference, where the level has one, runs at the same time, with the same seed, on copies of its
/// own: it gives `par`, and it is the control that tells the learner's failure from ours.
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
    let scene = Scene { drill, level, bench, seed, drawn: &Drawn::default(), dir };
    let par = reference.as_ref().map(|par| Run::new(&scene, par, Side::Reference)).transpose()?;
    let mine = Run::new(&scene, &whole, if par.is_some() { Side::Learner } else { Side::Alone })?;
    let decided = Decided::new(&scene, &mine, par.as_ref(), caught_by);
    let ended = decided.until_caught(perform(&mine, par.as_ref(), &decided, bench)).await;
    // One side's ruling may have left the other at work.
    for run in [Some(&mine), par.as_ref()].into_iter().flatten() {
        run.end_programs(Duration::ZERO).await?;
    }
    let first_figures_us = decided.first_us.get().map(|us| us.saturating_sub(mine.accepted_us.get()));
    let own_us = mine.own_us.get();
    let findings = decided.findings.into_inner();
    for run in [Some(mine), par].into_iter().flatten() {
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
    let reached = |name: &str| stored.findings.iter().any(|f| f.check == name);
    let level = drill.level(Some(&stored.level)).ok_or_else(|| {
        JudgeError::Drill(format!("`{}` has no level `{}` any more", drill.name, stored.level))
    })?;
    // Where a reference ran, its evidence must be there: without it every check would be void.
    let par = level.par.as_ref().map(|_| dir.join(PAR_FILE));
    let reading = Reading::open(&dir.join(EVIDENCE_FILE), par.as_deref())?;
    let order = drill.phases(level).flat_map(|(_, phase)| &phase.decides);
    let checks = order.filter_map(|name| drill.checks.iter().find(|c| c.name == *name));
    let findings = checks
        .filter(|check| reached(&check.name) || stored.is_complete())
        .map(|check| examine(check, &reading));
    let runs = stored.findings.iter().find(|f| f.check == verdict::RUNS && f.is_broken()).cloned();
    let again =
        Verdict::rule(drill, level, stored.seed, findings.collect(), runs, stored.why_void_of_the_run());
    Ok(Verdict { timing: stored.timing, ..again })
}

/// Opens the evidence in a run's folder for questions of one's own, with the reference's beside it
/// where there is one.
///
/// # Errors
/// When it is missing, broken or of another version.
pub fn open_run(dir: &Path) -> Result<Reading, EvidenceError> {
    let par = dir.join(PAR_FILE);
    Reading::open(&dir.join(EVIDENCE_FILE), par.exists().then_some(&*par))
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
