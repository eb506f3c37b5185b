//! The interview sheet, for its owner alone: each bullet with its notes, what stands behind its figures,
//! and what will be asked.

use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use crate::document::Bullet;
use crate::figures::{Figure, Standing};
use crate::inline::plain;

/// A bullet with all that its owner should have ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PreparedBullet)]
pub struct Prepared {
    /// The bullet's place in the source.
    pub field: String,
    /// What others read.
    pub text: String,
    /// The owner's notes.
    pub notes: Option<String>,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// What will be asked.
    pub questions: Vec<String>,
}

/// Prepares a bullet. `asked` are questions that are known to come, such as those of a debrief.
#[must_use]
pub fn prepare(bullet: &Bullet, figures: &[Figure], asked: Vec<String>) -> Prepared {
    let mut questions = asked;
    for figure in figures {
        questions.push(match &figure.standing {
            Standing::NeedsASource | Standing::Contradicted { .. } => {
                format!("Where does {} come from? (You have no source yet.)", figure.text)
            }
            _ => format!("How did you measure {}, and what would have changed it?", figure.text),
        });
    }
    questions.push("What exactly did you do yourself, and who did the rest?".into());
    questions.push("What would you do otherwise today?".into());
    Prepared {
        field: bullet.field.clone(),
        text: plain(&bullet.text),
        notes: bullet.notes.clone(),
        figures: figures.to_vec(),
        questions,
    }
}

/// The sheet in Markdown.
#[must_use]
pub fn sheet(name: &str, prepared: &[Prepared], entry_notes: &[(String, String)]) -> String {
    let mut out = format!("# Interview sheet: {name}\n\nFor you alone: notes and sources are in it.\n");
    for (entry, notes) in entry_notes {
        let _ = write!(out, "\n## {entry}\n\n{}\n", notes.trim());
    }
    for bullet in prepared {
        let _ = write!(out, "\n## {}\n\n`{}`\n", bullet.text, bullet.field);
        if let Some(notes) = &bullet.notes {
            let _ = write!(out, "\n### Notes\n\n{}\n", notes.trim());
        }
        if !bullet.figures.is_empty() {
            out.push_str("\n### Evidence\n\n");
        }
        for figure in &bullet.figures {
            let _ = writeln!(out, "- {}: {}", figure.text, standing(&figure.standing));
        }
        out.push_str("\n### Likely questions\n\n");
        for question in &bullet.questions {
            let _ = writeln!(out, "- {question}");
        }
    }
    out
}

/// What stands behind a figure, in words.
#[must_use]
pub fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Run { run } => format!("run {run}"),
        Standing::Source { source } => source.clone(),
        Standing::NeedsASource => "needs a source".into(),
        Standing::Contradicted { why } => format!("not backed: {why}"),
    }
}
