//! The shape of an answer, whatever it is about: for a story its parts, for an explanation its order,
//! tools, reasons and figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cue::{Alternatives, Cue, Sets, Span};
use crate::question::{Kind, Level};
use crate::text::Token;

/// A part of an answer's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FeedbackPart)]
pub struct Part {
    /// Its name: `order`, `situation`, …
    pub id: String,
    /// `met`, `partly` or `missed`.
    pub state: super::State,
    /// What is looked for.
    pub says: String,
    /// What to do about it, unless it is met.
    pub advice: Option<String>,
    /// The words that show it, as ranges of characters.
    pub quotes: Vec<[usize; 2]>,
}

/// What the shape of answers is read from.
pub(crate) struct Structure {
    technical: Vec<Element>,
    behavioural: Vec<Element>,
    reach_staff: Vec<Cue>,
    reach_senior: Vec<Cue>,
}

struct Element {
    id: String,
    says: String,
    advice: String,
    full: Vec<Cue>,
    half: Vec<Cue>,
}

#[derive(Deserialize)]
struct Source {
    sets: BTreeMap<String, Vec<String>>,
    technical: BTreeMap<String, RawElement>,
    behavioural: BTreeMap<String, RawElement>,
    reach: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct RawElement {
    says: String,
    advice: String,
    full: Vec<String>,
    half: Vec<String>,
}

const SOURCE: &str = include_str!("structure.toml");
/// In the order in which one would speak.
const TECHNICAL: &[&str] = &["order", "tools", "reasons", "figures"];
const BEHAVIOURAL: &[&str] = &["situation", "task", "action", "result", "reach", "figure"];

impl Structure {
    /// Reads the cues that come with this crate.
    pub(crate) fn read() -> Structure {
        Structure::parse(SOURCE).expect("structure.toml is a part of this program, and tested")
    }

    fn parse(source: &str) -> Result<Structure, String> {
        let mut source: Source = toml::from_str(source).map_err(|e| e.to_string())?;
        let mut sets = Sets::new();
        for (name, words) in &source.sets {
            sets.insert(name.clone(), Arc::new(Alternatives::parse(words)?));
        }
        let cues = |sources: Vec<String>| -> Result<Vec<Cue>, String> {
            sources.iter().map(|source| Cue::parse(source, &sets)).collect()
        };
        let elements = |raw: &mut BTreeMap<String, RawElement>, order: &[&str]| {
            let read = |id: &&str| {
                let raw = raw.remove(*id).ok_or_else(|| format!("structure.toml lacks `{id}`"))?;
                let (full, half) = (cues(raw.full)?, cues(raw.half)?);
                Ok(Element { id: (*id).into(), says: raw.says, advice: raw.advice, full, half })
            };
            order.iter().map(read).collect::<Result<Vec<_>, String>>()
        };
        let technical = elements(&mut source.technical, TECHNICAL)?;
        let behavioural = elements(&mut source.behavioural, BEHAVIOURAL)?;
        let mut reach = |level: &str| cues(source.reach.remove(level).unwrap_or_default());
        Ok(Structure { technical, behavioural, reach_staff: reach("staff")?, reach_senior: reach("senior")? })
    }

    /// The parts of an answer's shape, and what they are read from.
    pub(crate) fn examine(
        &self,
        kind: Kind,
        words: &[Token],
        quote: &dyn Fn(&Span) -> [usize; 2],
    ) -> Vec<Part> {
        let elements = if kind == Kind::Behavioural { &self.behavioural } else { &self.technical };
        let first = |cues: &[Cue]| cues.iter().find_map(|cue| cue.find(words).into_iter().next());
        let part = |element: &Element| {
            let (state, spans) = match (first(&element.full), first(&element.half)) {
                (Some(spans), _) => (super::State::Met, spans),
                (None, Some(spans)) => (super::State::Partly, spans),
                (None, None) => (super::State::Missed, Vec::new()),
            };
            Part {
                id: element.id.clone(),
                state,
                says: element.says.clone(),
                advice: (state != super::State::Met).then(|| element.advice.clone()),
                quotes: spans.iter().map(quote).collect(),
            }
        };
        elements.iter().map(part).collect()
    }

    /// How far a story reaches: the speaker's own desk, the team, or further.
    pub(crate) fn reach(&self, words: &[Token]) -> Level {
        let any = |cues: &[Cue]| cues.iter().any(|cue| !cue.find(words).is_empty());
        match (any(&self.reach_staff), any(&self.reach_senior)) {
            (true, _) => Level::Staff,
            (false, true) => Level::Senior,
            (false, false) => Level::Junior,
        }
    }
}
