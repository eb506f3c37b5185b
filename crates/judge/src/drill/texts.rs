//! The drill's texts: which headings they need, and the ladder of hints.

use crate::folder::{Folder, Mistake, numbered, sections};

/// The headings that brief.md needs.
const BRIEF_SECTIONS: [&str; 3] = ["The task", "You hand in", "What is measured"];
/// The headings that debrief.md needs.
pub const DEBRIEF_SECTIONS: [&str; 2] = ["What your run shows", "Follow-up questions"];
const HINTS_MIN: usize = 4;
const FOLLOW_UPS: usize = 4;

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hint {
    /// Its heading.
    pub title: String,
    /// What it says, as Markdown.
    pub text: String,
}

pub(super) fn brief(folder: &Folder) -> Result<String, Vec<Mistake>> {
    let text = folder.text("brief.md").map_err(|m| vec![m])?;
    headings(folder, "brief.md", text, &BRIEF_SECTIONS)?;
    Ok(text.to_string())
}

pub(super) fn hints(folder: &Folder) -> Result<Vec<Hint>, Vec<Mistake>> {
    let text = folder.text("hints.md").map_err(|m| vec![m])?;
    let rungs = sections(text);
    if rungs.len() < HINTS_MIN {
        let what = format!(
            "{} rungs; a ladder has at least {HINTS_MIN}, each under its own `## ` heading",
            rungs.len()
        );
        return Err(vec![folder.mistake("hints.md", None, what)]);
    }
    let empty = rungs.iter().filter(|(_, _, body)| body.trim().is_empty());
    let mistakes: Vec<Mistake> = empty
        .map(|(line, title, _)| {
            folder.mistake("hints.md", Some(*line), format!("the hint `{title}` says nothing"))
        })
        .collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(rungs.into_iter().map(|(_, title, body)| Hint { title, text: body.trim().to_string() }).collect())
}

pub(super) fn debrief(folder: &Folder) -> Result<String, Vec<Mistake>> {
    let text = folder.text("debrief.md").map_err(|m| vec![m])?;
    headings(folder, "debrief.md", text, &DEBRIEF_SECTIONS)?;
    let follow_ups = sections(text).into_iter().find(|(_, title, _)| title == DEBRIEF_SECTIONS[1]);
    let (line, _, body) = follow_ups.unwrap_or_default();
    let count = body.lines().filter(|l| numbered(l).is_some()).count();
    if count != FOLLOW_UPS {
        let what = format!("{count} follow-up questions; write a numbered list of {FOLLOW_UPS}");
        return Err(vec![folder.mistake("debrief.md", Some(line), what)]);
    }
    Ok(text.to_string())
}

fn headings(folder: &Folder, file: &str, text: &str, wanted: &[&str]) -> Result<(), Vec<Mistake>> {
    let there = sections(text);
    let missing = wanted
        .iter()
        .filter(|title| !there.iter().any(|(_, t, body)| t == *title && !body.trim().is_empty()));
    let mistakes: Vec<Mistake> = missing
        .map(|title| {
            folder.mistake(file, None, format!("the section `## {title}` is missing or empty; write it"))
        })
        .collect();
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}
