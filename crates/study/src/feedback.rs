//! Feedback on an answer: which points it makes, in which words, and what it lacks.
//!
//! The same answer gets the same feedback, byte for byte: there is no model, no clock, no chance.

mod gates;
mod negation;
mod structure;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use gates::Reason;
pub use structure::Part;
pub(crate) use structure::Structure;

use crate::bank::Bank;
use crate::cue::{Cue, Span};
use crate::question::{Kind, Level, Question};
use crate::rubric::{Point, PointCues};
use crate::text::{Token, in_chars, tokens};
use gates::Seen;
use negation::{Negated, negations};

/// People speak about this many words a minute when they explain something.
pub const WORDS_A_MINUTE: usize = 150;
/// Content gives up to this much of 100.
const CONTENT_MAX: f32 = 80.0;
/// Structure gives up to this much.
const STRUCTURE_MAX: f32 = 20.0;
/// This share of a rubric's weight is all that is asked: few say everything in three minutes.
const WHOLE: f32 = 0.95;
/// It takes about so many words to make a point; those named in passing count less.
const WORDS_A_POINT: f32 = 20.0;
/// But no less than this share.
const IN_PASSING: f32 = 0.7;
/// With this share of the content, structure counts in full.
const CONTENT_FOR_STRUCTURE: f32 = 0.5;
/// This share of the points up to a level shows that level.
const LEVEL_SHARE: f32 = 0.6;
/// At most this many probing questions at once.
const FOLLOW_UPS_MAX: usize = 3;
/// A longer answer is read up to here, in bytes: nobody speaks for an hour.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// How much of a point was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PointState)]
pub enum State {
    /// Said, with its substance.
    Met,
    /// Touched.
    Partly,
    /// Not said.
    Missed,
}

/// What became of a point of the rubric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PointFound {
    /// Its name within the question.
    pub id: String,
    /// From which level on it is expected.
    pub level: Level,
    /// What it says.
    pub says: String,
    /// Whether the answer says it.
    pub state: State,
    /// The words that earned it, as ranges of characters of the answer.
    pub quotes: Vec<[usize; 2]>,
    /// What was missing, unless it is met.
    pub missing: Option<String>,
    /// A question that probes it, unless it is met.
    pub probe: Option<String>,
}

/// All that can be said of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feedback {
    /// The version of this shape.
    pub schema: u32,
    /// The question's id.
    pub question: String,
    /// 0 to 100.
    pub score: u32,
    /// The gate that held the answer back, or null.
    pub gated: Option<Reason>,
    /// What was seen there, or null.
    pub why_gated: Option<String>,
    /// The highest level that the answer shows, or null.
    pub level: Option<Level>,
    /// What it lacks for the next level.
    pub lacks: Vec<String>,
    /// The rubric's points.
    pub points: Vec<PointFound>,
    /// The parts of its shape.
    pub structure: Vec<Part>,
    /// Words in it.
    pub words: usize,
    /// How long it takes to say, at [`WORDS_A_MINUTE`], in seconds.
    pub spoken_seconds: usize,
    /// How long it may take, in seconds.
    pub allowed_seconds: usize,
    /// What an interviewer would ask now.
    pub followups: Vec<String>,
}

impl Bank {
    /// Reads an answer to a question of this bank.
    pub fn feedback(&self, question: &Question, answer: &str) -> Feedback {
        let words = tokens(answer);
        let quote =
            |span: &Span| in_chars(answer, &(words[span.start].place.start..words[span.end - 1].place.end));
        let negated = negations(&words);
        let echoed = self.echoed(question, &words);
        let cues = question.cues();
        let looked: Vec<Looked> =
            cues.points.iter().map(|point| look(point, &words, &negated, &echoed)).collect();
        let structure = self.structure.examine(question.kind, &words, &quote);
        let about = |cue: &&Cue| cue.find(&words).iter().flatten().any(|span| !echoed[span.start]);
        let seen = Seen {
            bank: self,
            question,
            words: &words,
            coverage: coverage(&looked),
            found: looked.iter().filter(|look| look.state != State::Missed).count(),
            denied: looked.iter().filter(|look| look.denied).count(),
            about: cues.about.iter().filter(about).count(),
        };
        let gated = seen.gate();
        let points: Vec<PointFound> =
            question.points.iter().zip(&looked).map(|(point, look)| point.found(look, &quote)).collect();
        let (level, lacks) = if gated.is_some() {
            (None, Vec::new())
        } else {
            self.level(question, &points, &structure, &words)
        };
        let probes = points.iter().filter_map(|point| point.probe.clone());
        Feedback {
            schema: 1,
            question: question.id.clone(),
            score: if gated.is_some() { 0 } else { score(question, &looked, &structure, words.len()) },
            gated: gated.as_ref().map(|gate| gate.reason),
            why_gated: gated.map(|gate| gate.why),
            level,
            lacks,
            followups: probes.chain(question.follow_ups.iter().cloned()).take(FOLLOW_UPS_MAX).collect(),
            points,
            structure,
            words: words.len(),
            spoken_seconds: (words.len() * 60).div_ceil(WORDS_A_MINUTE),
            allowed_seconds: question.minutes as usize * 60,
        }
    }

    /// The share of a question's points that words make, a partly met one counted half.
    pub(crate) fn coverage(&self, question: &Question, words: &[Token]) -> f32 {
        let (negated, echoed) = (vec![Negated::default(); words.len()], vec![false; words.len()]);
        let looked: Vec<Looked> =
            question.cues().points.iter().map(|point| look(point, words, &negated, &echoed)).collect();
        coverage(&looked)
    }

    /// Marks the words of sentences that repeat the question: they earn nothing.
    fn echoed(&self, question: &Question, words: &[Token]) -> Vec<bool> {
        let prompt = &self.profile(question).prompt;
        let sentences = words.chunk_by(|a, b| a.sentence == b.sentence);
        let marks = sentences.flat_map(|sentence| {
            let known = sentence.iter().filter(|word| prompt.contains(&word.stem)).count();
            let echo = sentence.len() >= 5 && known * 5 >= sentence.len() * 4;
            std::iter::repeat_n(echo, sentence.len())
        });
        marks.collect()
    }

    /// The highest level that an answer shows, and what it lacks for the next one.
    fn level(
        &self,
        question: &Question,
        points: &[PointFound],
        structure: &[Part],
        words: &[Token],
    ) -> (Option<Level>, Vec<String>) {
        let reach = match question.kind {
            Kind::Behavioural => self.structure.reach(words),
            _ => Level::Staff,
        };
        let shape = |id: &str| structure.iter().any(|part| part.id == id && part.state == State::Met);
        let mut reached = None;
        for level in [Level::Junior, Level::Senior, Level::Staff] {
            let expected: Vec<&PointFound> = points.iter().filter(|point| point.level <= level).collect();
            let found: f32 = expected.iter().map(|point| point.state.share()).sum();
            let mut lacks: Vec<String> = Vec::new();
            if found < LEVEL_SHARE * expected.len() as f32 {
                let missed = expected.iter().filter(|point| point.state != State::Met);
                lacks.extend(missed.map(|point| point.says.clone()));
            }
            if level > reach {
                lacks.push(match level {
                    Level::Staff => "An effect beyond your own team.".into(),
                    _ => "An effect on others than yourself.".into(),
                });
            }
            let needed = match (level, question.kind) {
                (Level::Junior, Kind::Behavioural) => "action",
                (Level::Senior, Kind::Behavioural) => "result",
                (Level::Staff, Kind::Behavioural) => "figure",
                (Level::Senior | Level::Staff, _) => "reasons",
                (Level::Junior, _) => "",
            };
            if !needed.is_empty() && !shape(needed) {
                lacks.extend(structure.iter().filter(|part| part.id == needed).map(|part| part.says.clone()));
            }
            if !lacks.is_empty() {
                return (reached, lacks);
            }
            reached = Some(level);
        }
        (reached, Vec::new())
    }
}

impl State {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            State::Met => "met",
            State::Partly => "partly",
            State::Missed => "missed",
        }
    }

    /// What it counts: whole, half, nothing.
    fn share(self) -> f32 {
        match self {
            State::Met => 1.0,
            State::Partly => 0.5,
            State::Missed => 0.0,
        }
    }
}

/// What was found of a point.
struct Looked {
    state: State,
    spans: Vec<Span>,
    /// It is there, but only where the speaker says no.
    denied: bool,
}

fn coverage(looked: &[Looked]) -> f32 {
    looked.iter().map(|look| look.state.share()).sum::<f32>() / looked.len().max(1) as f32
}

fn look(point: &PointCues, words: &[Token], negated: &[Negated], echoed: &[bool]) -> Looked {
    let mut denied = false;
    for (cues, state) in [(&point.met, State::Met), (&point.partly, State::Partly)] {
        for cue in cues {
            for spans in cue.find(words) {
                if spans.iter().any(|span| echoed[span.start]) {
                    continue;
                }
                let no =
                    |span: &Span| negated[span.start].whole || (!cue.negative && negated[span.start].here);
                if spans.iter().any(no) {
                    denied = true;
                    continue;
                }
                return Looked { state, spans, denied: false };
            }
        }
    }
    Looked { state: State::Missed, spans: Vec::new(), denied }
}

impl Point {
    fn found(&self, look: &Looked, quote: &dyn Fn(&Span) -> [usize; 2]) -> PointFound {
        let missing = match (look.state, look.denied) {
            (State::Met, _) => None,
            (State::Partly, _) => Some(format!("Say it in full: {}", self.says)),
            (State::Missed, true) => Some(format!("You say that you would not: {}", self.says)),
            (State::Missed, false) => Some(format!("Not said: {}", self.says)),
        };
        let mut quotes: Vec<[usize; 2]> = look.spans.iter().map(quote).collect();
        quotes.sort_unstable();
        PointFound {
            id: self.id.clone(),
            level: self.level,
            says: self.says.clone(),
            state: look.state,
            quotes,
            probe: missing.is_some().then(|| self.probe.clone()),
            missing,
        }
    }
}

/// Absolute coverage: what was found, of what is asked. No comparison with other answers.
fn score(question: &Question, looked: &[Looked], structure: &[Part], words: usize) -> u32 {
    let whole: u32 = question.points.iter().map(|point| point.weight).sum();
    let found: f32 = question
        .points
        .iter()
        .zip(looked)
        .map(|(point, look)| point.weight as f32 * look.state.share())
        .sum();
    let made = looked.iter().filter(|look| look.state != State::Missed).count().max(1);
    let explained = (words as f32 / (made as f32 * WORDS_A_POINT)).clamp(IN_PASSING, 1.0);
    let content = (found * explained / (whole as f32 * WHOLE)).min(1.0);
    let shape = structure.iter().map(|part| part.state.share()).sum::<f32>() / structure.len().max(1) as f32;
    let counts = (content / CONTENT_FOR_STRUCTURE).min(1.0);
    (content * CONTENT_MAX + shape * counts * STRUCTURE_MAX).round() as u32
}
