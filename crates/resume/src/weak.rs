//! Weak bullets: no action, no result, no figure, vague words; with what to ask oneself. Only English is
//! known, and nothing of this is wrong: it is for its owner to think about.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::Bullet;
use crate::figures::figures_in;
use crate::inline::plain;

/// What is weak about a bullet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// It does not begin with what its owner did.
    NoAction,
    /// Nothing came of it.
    NoResult,
    /// Nothing says how much.
    NoFigure,
    /// A word stands where a fact could.
    Vague,
}

/// A weakness of a bullet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WeakBullet)]
pub struct Weak {
    /// The bullet's place in the source.
    pub field: String,
    /// What is weak.
    pub weakness: Weakness,
    /// What to ask oneself.
    pub ask: String,
}

#[derive(Deserialize)]
struct Words {
    duties: Vec<String>,
    verbs: Vec<String>,
    vague: Vec<String>,
    results: Vec<String>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("weak.toml")).expect("our own file is read by a test"));

/// What is weak about a bullet.
#[must_use]
pub fn weaknesses(bullet: &Bullet) -> Vec<Weak> {
    let text = plain(&bullet.text).to_lowercase();
    let padded = format!(" {} ", spaced(&text));
    let has = |phrase: &str| padded.contains(&format!(" {} ", spaced(phrase)));
    let has_figure = !figures_in(&bullet.text).is_empty();
    let mut found = Vec::new();
    let mut say = |weakness, ask: String| found.push(Weak { field: bullet.field.clone(), weakness, ask });
    let duty = WORDS.duties.iter().find(|duty| padded.starts_with(&format!(" {} ", spaced(duty))));
    let first = text.split(|c: char| !c.is_alphanumeric() && c != '-').find(|word| !word.is_empty());
    match (duty, first) {
        (Some(duty), _) => say(Weakness::NoAction, format!("`{duty}` is a duty. What did you do yourself?")),
        (None, Some(first)) if !is_action(first) => {
            say(Weakness::NoAction, "It does not begin with a verb. What did you do?".into());
        }
        _ => {}
    }
    let symbol = text.contains('→') || text.contains("->");
    if !symbol && !WORDS.results.iter().any(|it| has(it)) {
        say(Weakness::NoResult, "What came of it, and for whom? What would have happened without it?".into());
    }
    if !has_figure {
        say(
            Weakness::NoFigure,
            "How much, how many, how often? If you measured it, say what; if not, leave it.".into(),
        );
    }
    for word in WORDS.vague.iter().filter(|word| has(word)) {
        say(Weakness::Vague, format!("`{word}` could stand in anybody's résumé. Which, or how much?"));
    }
    found
}

fn is_action(word: &str) -> bool {
    let last = word.rsplit('-').next().unwrap_or(word);
    last.len() > 3 && last.ends_with("ed") || WORDS.verbs.iter().any(|verb| verb == last)
}

/// Words with one blank between them, so that phrases can be looked for as a whole.
fn spaced(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '→' | '>'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
