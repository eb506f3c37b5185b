//! Hints, one by one, and solutions, after a pass or when asked twice.

use std::collections::BTreeMap;

use judge::drill::{Drill, Level};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::home::{Home, Looked};

/// Who asks so often means it.
const ASKED_ENOUGH: u32 = 2;

/// Hints of a drill.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hints {
    /// The version of this shape.
    pub schema: u32,
    pub drill: String,
    /// How many have been taken.
    pub taken: usize,
    /// How many there are.
    pub of: usize,
    /// The one that was taken now, or all taken so far, as was asked.
    pub hints: Vec<HintText>,
}

/// A rung of the ladder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hint)]
pub(crate) struct HintText {
    pub title: String,
    /// What it says, as Markdown.
    pub text: String,
}

/// Right answers at a level of a drill.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Solutions {
    /// The version of this shape.
    pub schema: u32,
    pub drill: String,
    pub level: String,
    /// By the way they go: each file's text by its name.
    pub solutions: BTreeMap<String, BTreeMap<String, String>>,
}

/// Takes the next hint and remembers that; gives none when all are taken.
pub(crate) fn take_hint(home: &Home, drill: &Drill) -> Result<Hints, Failure> {
    let all = drill.hints.len();
    let mut from = 0;
    let looked = home.look(&drill.name, |looked| {
        from = looked.hints.min(all);
        looked.hints = (from + 1).min(all);
    })?;
    Ok(hints(drill, from, looked.hints))
}

/// The hints taken so far.
pub(crate) fn hints_taken(home: &Home, drill: &Drill) -> Hints {
    hints(drill, 0, home.looked(&drill.name).hints.min(drill.hints.len()))
}

fn hints(drill: &Drill, from: usize, taken: usize) -> Hints {
    let text = |hint: &judge::drill::Hint| HintText { title: hint.title.clone(), text: hint.text.clone() };
    Hints {
        schema: 1,
        drill: drill.name.clone(),
        taken,
        of: drill.hints.len(),
        hints: drill.hints[from..taken].iter().map(text).collect(),
    }
}

/// Whether solutions are open to somebody who has passed the level, or not.
pub(crate) fn are_open(looked: &Looked, passed: bool) -> bool {
    passed || looked.solution_asked >= ASKED_ENOUGH
}

/// Asks for the solutions. Before a pass the first asking is refused, and counted.
pub(crate) fn ask(home: &Home, drill: &Drill, level: &Level, passed: bool) -> Result<Solutions, Failure> {
    let looked = match passed {
        true => home.looked(&drill.name),
        false => home.look(&drill.name, |looked| {
            looked.solution_asked = (looked.solution_asked + 1).min(ASKED_ENOUGH);
        })?,
    };
    match are_open(&looked, passed) {
        true => Ok(solutions(drill, level)),
        false => Err(not_passed(drill, level)),
    }
}

/// Why solutions are not shown yet.
pub(crate) fn not_passed(drill: &Drill, level: &Level) -> Failure {
    Failure::usage(format!("you have not passed `{}` at level `{}` yet", drill.name, level.name))
        .hint("take a hint: hotseat drill hint")
        .hint("if you want the solutions all the same, ask again: hotseat drill solution")
}

/// The solutions that fit a level.
pub(crate) fn solutions(drill: &Drill, level: &Level) -> Solutions {
    let fits = drill
        .solutions
        .iter()
        .filter(|(_, it)| it.slots().all(|slot| level.slots.iter().any(|name| name == slot)));
    let text = |(name, content): (String, Vec<u8>)| (name, String::from_utf8_lossy(&content).into_owned());
    Solutions {
        schema: 1,
        drill: drill.name.clone(),
        level: level.name.clone(),
        solutions: fits
            .map(|(way, it)| (way.clone(), it.files(drill).into_iter().map(text).collect()))
            .collect(),
    }
}
