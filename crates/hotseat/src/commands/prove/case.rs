//! What a proof judges, and what has to come of each.

use std::path::Path;

use judge::JudgeError;
use judge::bench::Bench;
use judge::drill::{Drill, Level};
use judge::submission::Submission;
use judge::verdict::{RUNS, Ruling, State, Verdict};

/// What is judged, and what has to come of it.
pub(super) struct Case<'d> {
    pub role: &'static str,
    pub name: String,
    pub level: &'d Level,
    pub handed_in: Submission,
    pub expected: Option<Expected>,
}

impl Case<'_> {
    /// Judges it; a wrong answer no further than to the check that catches it.
    pub(super) async fn judge(
        &self,
        drill: &Drill,
        bench: &Bench,
        seed: u64,
        dir: &Path,
    ) -> Result<Verdict, JudgeError> {
        let caught_by = match &self.expected {
            Some(Expected::CaughtBy(check)) => Some(check.as_str()),
            _ => None,
        };
        judge::judge_until(drill, self.level, &self.handed_in, bench, seed, dir, caught_by).await
    }
}

/// The right ruling.
#[derive(Clone)]
pub(super) enum Expected {
    Pass,
    Fail,
    /// Fail, and not only because it does not run: a starter shows what the drill is about.
    FailAClaim,
    /// Fail, and this check among the broken ones.
    CaughtBy(String),
}

impl Expected {
    pub(super) fn is_met(&self, verdict: &Verdict) -> bool {
        let broken = verdict.broken();
        match self {
            Expected::Pass => verdict.ruling == Ruling::Pass,
            Expected::Fail => verdict.ruling == Ruling::Fail,
            Expected::FailAClaim => {
                verdict.ruling == Ruling::Fail && broken.iter().any(|check| *check != RUNS)
            }
            Expected::CaughtBy(check) => verdict.ruling == Ruling::Fail && broken.contains(&check.as_str()),
        }
    }

    /// What was expected of a ruling that is not right, and why the check did not say so.
    pub(super) fn in_words(&self, verdict: &Verdict) -> String {
        match self {
            Expected::Pass => "expected: pass".into(),
            Expected::Fail => "expected: fail".into(),
            Expected::FailAClaim => format!("expected: fail, by a check other than `{RUNS}`"),
            Expected::CaughtBy(check) => {
                let finding = verdict.findings.iter().find(|finding| finding.check == *check);
                match finding.map(|finding| &finding.state) {
                    Some(State::Inconclusive(why)) => format!("expected: {check}, which is undecided: {why}"),
                    Some(_) => format!("expected: {check}, which held"),
                    None => format!("expected: {check}, which was not reached"),
                }
            }
        }
    }
}

/// All that a drill's folder holds: the starter at each level, solutions, wrong answers.
pub(super) fn all(drill: &Drill) -> Vec<Case<'_>> {
    let level_of = |s: &Submission| drill.level_of(s).unwrap_or(&drill.levels[0]);
    let starters = drill.levels.iter().map(|level| Case {
        role: "starter",
        name: level.name.clone(),
        level,
        handed_in: drill.starter.clone(),
        expected: Some(Expected::FailAClaim),
    });
    let solutions = drill.solutions.iter().map(|(name, s)| Case {
        role: "solution",
        name: name.clone(),
        level: level_of(s),
        handed_in: s.clone(),
        expected: Some(Expected::Pass),
    });
    let wrong = drill.wrong.iter().map(|(name, s)| Case {
        role: "wrong",
        name: name.clone(),
        level: level_of(s),
        handed_in: s.clone(),
        expected: name.split('/').next().map(|check| Expected::CaughtBy(check.into())),
    });
    starters.chain(solutions).chain(wrong).collect()
}

/// What a folder's place in a drill says about it.
pub(super) fn role_of(dir: &Path) -> (&'static str, String, Option<Expected>) {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let parts: Vec<String> =
        full.components().rev().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    match parts.as_slice() {
        [how, check, wrong, ..] if wrong == "wrong" => {
            ("wrong", format!("{check}/{how}"), Some(Expected::CaughtBy(check.clone())))
        }
        [way, solutions, ..] if solutions == "solutions" => ("solution", way.clone(), Some(Expected::Pass)),
        [starter, ..] if starter == "starter" => ("starter", starter.clone(), Some(Expected::FailAClaim)),
        _ => ("submission", dir.display().to_string(), None),
    }
}
