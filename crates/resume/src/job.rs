//! A job description held against a résumé, without a model and without a score: what it names, what it
//! may knock one out by, and where the résumé shows each or only says the word.

mod knockouts;
mod requirements;
mod terms;
#[cfg(test)]
mod tests;
mod text;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::document::Bullet;
use crate::figures::{Figure, Standing};
use crate::inline::plain;
use crate::outline::Outline;
use crate::tokens::tokens;
use terms::Term;

pub use knockouts::{Kind as KnockoutKind, Knockout};
pub use text::{JobError, read as read_job};

/// The largest job description that is read, in bytes.
pub const JOB_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Where a résumé shows something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[schema(as = RequirementShown)]
pub enum Shown {
    /// In a bullet whose figures have something behind them.
    WithEvidence {
        /// These bullets.
        fields: Vec<String>,
    },
    /// In a bullet or paragraph that says what was done.
    InProse {
        /// There.
        fields: Vec<String>,
    },
    /// Only as a word in a list.
    OnlyAWord {
        /// There.
        fields: Vec<String>,
    },
    /// Nowhere.
    Absent,
}

/// Something that a job description names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Requirement {
    /// By its usual name: `Kubernetes`, also where it says `k8s`.
    pub name: String,
    /// As the description says it.
    pub said: String,
    /// How often it is named.
    pub times: usize,
    /// It is asked for and not only welcome.
    pub must: bool,
    /// Where the résumé shows it.
    #[serde(flatten)]
    pub shown: Shown,
}

/// The comparison with a job description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobCheck {
    /// How many words the description has.
    pub words: usize,
    /// What it names, what is asked for first.
    pub requirements: Vec<Requirement>,
    /// What it may end an application by.
    pub knockouts: Vec<Knockout>,
    /// Lines of its requirements in which nothing is known here: to be read by oneself.
    pub unread: Vec<String>,
}

/// Holds a description against a résumé. `today` is a year and a month, from 1.
#[must_use]
pub fn check(
    job: &str,
    outline: &Outline,
    bullets: &[(Bullet, Vec<Figure>)],
    public: &Value,
    today: (u16, u8),
) -> JobCheck {
    let places = Places::of(outline, bullets);
    let (named, unread) = requirements::of(job);
    let requirements = named.into_iter().map(|named| Requirement {
        shown: places.shown(named.term),
        name: named.term.name.clone(),
        said: named.said,
        times: named.times,
        must: named.must,
    });
    let mut requirements: Vec<Requirement> = requirements.collect();
    requirements.sort_by(|a, b| (b.must, b.times).cmp(&(a.must, a.times)).then(a.name.cmp(&b.name)));
    let knockouts = knockouts::of(job, public, today);
    let is_asked =
        |line: &String| knockouts.iter().any(|it| line.contains(&it.asked) || it.asked.contains(line));
    let unread = unread.into_iter().filter(|line| !is_asked(line)).collect();
    JobCheck { words: tokens(job).len(), requirements, knockouts, unread }
}

/// The résumé's texts, each with its field and how much it tells.
struct Places {
    of: Vec<(String, Weight, Vec<terms::Word>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Word,
    Prose,
    Evidence,
}

impl Places {
    fn of(outline: &Outline, bullets: &[(Bullet, Vec<Figure>)]) -> Places {
        let mut of = Vec::new();
        let mut add = |field: &str, weight, text: &str| {
            of.push((field.to_string(), weight, terms::words(&plain(text))))
        };
        for (bullet, figures) in bullets {
            let backed = |it: &Figure| matches!(it.standing, Standing::Run { .. } | Standing::Source { .. });
            let weight = if figures.iter().any(backed) { Weight::Evidence } else { Weight::Prose };
            add(&bullet.field, weight, &bullet.text);
        }
        for field in outline.label.iter().chain(&outline.summary) {
            add(&field.name, Weight::Word, &field.text);
        }
        for entry in outline.sections.iter().flat_map(|section| &section.entries) {
            entry.texts.iter().for_each(|it| add(&it.name, Weight::Prose, &it.text));
            entry.heads.iter().chain(&entry.words).for_each(|it| add(&it.name, Weight::Word, &it.text));
        }
        Places { of }
    }

    fn shown(&self, term: &Term) -> Shown {
        let there = self.of.iter().filter(|(_, _, words)| !terms::places_of(term, words).is_empty());
        let there: Vec<_> = there.collect();
        let Some(best) = there.iter().map(|(_, weight, _)| *weight).max() else { return Shown::Absent };
        let fields = there.iter().filter(|(_, weight, _)| *weight == best).map(|(field, _, _)| field.clone());
        let fields = fields.collect();
        match best {
            Weight::Evidence => Shown::WithEvidence { fields },
            Weight::Prose => Shown::InProse { fields },
            Weight::Word => Shown::OnlyAWord { fields },
        }
    }
}
