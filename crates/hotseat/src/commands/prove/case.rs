//! What a proof judges, and what has to come of each.

use std::collections::BTreeSet;
use std::path::Path;

use judge::JudgeError;
use judge::bench::Bench;
use judge::drill::{Drill, Level};
use judge::submission::Submission;
use judge::verdict::{RUNS, Ruling, State, Verdict};

use crate::languages;

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

/// All that a drill's folder holds: starters at each level, solutions, wrong answers.
pub(super) fn all(drill: &Drill) -> Vec<Case<'_>> {
    let takes_programs = !drill.starters.is_empty();
    let case = |role, name: String, level, handed_in: &Submission, expected| Case {
        role,
        name,
        level,
        handed_in: handed_in.clone(),
        expected: Some(expected),
    };
    let mut cases = Vec::new();
    for level in &drill.levels {
        if !takes_programs {
            cases.push(case("starter", level.name.clone(), level, &drill.starter, Expected::FailAClaim));
        }
        for (language, starter) in &drill.starters {
            cases.push(case("starter", language.clone(), level, starter, Expected::FailAClaim));
        }
    }
    for (way, solution) in &drill.solutions {
        for level in levels_for(drill, solution, None) {
            cases.push(case("solution", way.clone(), level, solution, Expected::Pass));
        }
    }
    for (name, wrong) in &drill.wrong {
        let caught = Expected::CaughtBy(name.split('/').next().unwrap_or_default().into());
        for level in levels_for(drill, wrong, Some(&caught)) {
            cases.push(case("wrong", name.clone(), level, wrong, caught.clone()));
        }
    }
    cases
}

/// One starter (at each level), the solutions, and one wrong answer for each check.
pub(super) fn part_of(cases: Vec<Case<'_>>) -> Vec<Case<'_>> {
    let mut seen = BTreeSet::new();
    let mut first_of_its_kind = |case: &Case<'_>| match &case.expected {
        Some(Expected::CaughtBy(check)) => seen.insert(check.clone()),
        Some(Expected::FailAClaim) => seen.insert(format!("starter at {}", case.level.name)),
        _ => true,
    };
    cases.into_iter().filter(|case| first_of_its_kind(case)).collect()
}

/// Leaves out what this machine has no language for, and says what, by name.
pub(super) fn without_absent_languages<'d>(
    drill: &Drill,
    cases: Vec<Case<'d>>,
) -> (Vec<Case<'d>>, Vec<String>) {
    let mut skipped = Vec::new();
    let mut runs = |case: &Case<'d>| match languages::lacks(drill, &case.handed_in) {
        None => true,
        Some(why) => {
            skipped.push(format!("{} {} at {}: {why}", case.role, case.name, case.level.name));
            false
        }
    };
    let cases = cases.into_iter().filter(|case| runs(case)).collect();
    (cases, skipped)
}

/// The levels that a submission is judged at: the first that takes all its files. A program fits all of them,
/// and is judged at each, because each asks something else of it; a wrong one where its check is decided.
pub(super) fn levels_for<'d>(
    drill: &'d Drill,
    handed_in: &Submission,
    expected: Option<&Expected>,
) -> Vec<&'d Level> {
    match expected {
        _ if drill.starters.is_empty() => drill.level_of(handed_in).into_iter().collect(),
        Some(Expected::CaughtBy(check)) if check != RUNS => drill.levels_of_check(check).take(1).collect(),
        Some(Expected::CaughtBy(_)) => drill.levels.iter().take(1).collect(),
        _ => drill.levels.iter().collect(),
    }
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
        [language, starter, ..] if starter == "starter" => {
            ("starter", language.clone(), Some(Expected::FailAClaim))
        }
        [starter, ..] if starter == "starter" => ("starter", starter.clone(), Some(Expected::FailAClaim)),
        _ => ("submission", dir.display().to_string(), None),
    }
}
