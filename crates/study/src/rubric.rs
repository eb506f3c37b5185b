//! Rubrics: the points that a good answer makes, and the cues that show each.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use folder::{Folder, Mistake};
use serde::Deserialize;
use toml::Spanned;

use crate::cue::{Alternatives, Cue, Sets};
use crate::question::{Level, Question, line_of};

/// Something that a good answer says.
#[derive(Debug, Clone)]
pub struct Point {
    /// Its name within the question.
    pub id: String,
    /// From which level on it is expected.
    pub level: Level,
    /// 1 or 2.
    pub weight: u32,
    /// What is said, in a sentence.
    pub says: String,
    /// What an interviewer asks when it was not said.
    pub probe: String,
}

/// What a question looks for in an answer: as it is written, and, once that is needed, as it is looked for.
#[derive(Debug, Clone)]
pub(crate) struct Rubric {
    shared: Arc<Sets>,
    sets: RawSets,
    about: Spanned<Vec<Spanned<String>>>,
    points: Vec<RawPoint>,
    cues: OnceLock<Cues>,
}

/// The cues of a question.
#[derive(Debug, Clone)]
pub(crate) struct Cues {
    /// What an answer to it is bound to touch.
    pub about: Vec<Cue>,
    /// In the order of the question's points.
    pub points: Vec<PointCues>,
}

/// The cues of a point.
#[derive(Debug, Clone)]
pub(crate) struct PointCues {
    /// Any of these, and it is met.
    pub met: Vec<Cue>,
    /// Any of these, and it is met in part.
    pub partly: Vec<Cue>,
}

/// When cues are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// At once, so that every mistake is known.
    Now,
    /// When they are first looked for.
    Needed,
}

/// Sets as they are written.
pub(crate) type RawSets = BTreeMap<String, Spanned<Vec<String>>>;

/// A point as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPoint {
    pub id: Spanned<String>,
    pub level: Level,
    #[serde(default)]
    pub weight: Option<Spanned<u32>>,
    pub says: String,
    pub met: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub partly: Vec<Spanned<String>>,
    pub probe: String,
}

/// What is wrong with a cue or a set, and where in the text that it stands in.
type Wrong = (Range<usize>, String);

impl Rubric {
    pub(crate) fn new(
        shared: Arc<Sets>,
        sets: RawSets,
        about: Spanned<Vec<Spanned<String>>>,
        points: Vec<RawPoint>,
    ) -> Rubric {
        Rubric { shared, sets, about, points, cues: OnceLock::new() }
    }

    /// Reads the cues, or says everything that is wrong with them.
    pub(crate) fn read(&self) -> Result<&Cues, Vec<Wrong>> {
        if let Some(cues) = self.cues.get() {
            return Ok(cues);
        }
        let mut wrong: Vec<Wrong> = Vec::new();
        let mut sets = Sets::clone(&self.shared);
        wrong.extend(add_sets(&mut sets, &self.sets).err());
        let mut cues = |sources: &[Spanned<String>]| -> Vec<Cue> {
            let read = |source: &Spanned<String>| match Cue::parse(source.get_ref(), &sets) {
                Ok(cue) => Some(cue),
                Err(what) => {
                    wrong.push((source.span(), what));
                    None
                }
            };
            sources.iter().filter_map(read).collect()
        };
        let about = cues(self.about.get_ref());
        let point = |raw: &RawPoint| PointCues { met: cues(raw.met.get_ref()), partly: cues(&raw.partly) };
        let points = self.points.iter().map(point).collect();
        if wrong.is_empty() { Ok(self.cues.get_or_init(|| Cues { about, points })) } else { Err(wrong) }
    }
}

impl Question {
    /// The cues of its rubric.
    ///
    /// # Panics
    /// When a cue is wrong in a pack that was opened as one checked before.
    pub(crate) fn cues(&self) -> &Cues {
        let cues = self.rubric.read();
        cues.unwrap_or_else(|wrong| panic!("the pack was checked before: {}: {}", self.id, wrong[0].1))
    }
}

/// The shared sets of a pack: lexicon.toml, or none.
pub(crate) fn lexicon(pack: &Folder) -> Result<Sets, Vec<Mistake>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lexicon {
        sets: RawSets,
    }
    const FILE: &str = "lexicon.toml";
    if pack.bytes(FILE).is_none() {
        return Ok(Sets::new());
    }
    let text = pack.text(FILE).map_err(|m| vec![m])?;
    let at = |place: Range<usize>| line_of(text, place.start);
    let raw: Lexicon = toml::from_str(text)
        .map_err(|e| vec![pack.mistake(FILE, e.span().map(at), e.message().to_string())])?;
    let mut sets = Sets::new();
    add_sets(&mut sets, &raw.sets)
        .map_err(|(place, what)| vec![pack.mistake(FILE, Some(at(place)), what)])?;
    Ok(sets)
}

fn add_sets(sets: &mut Sets, raw: &RawSets) -> Result<(), Wrong> {
    for (name, words) in raw {
        let set = Alternatives::parse(words.get_ref()).map_err(|what| (words.span(), what))?;
        if name == "number" || sets.insert(name.clone(), Arc::new(set)).is_some() {
            let what = format!("the set `{name}` is there already; choose another name");
            return Err((words.span(), what));
        }
    }
    Ok(())
}
