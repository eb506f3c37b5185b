//! Gates: what is no answer earns nothing, and is told why.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::negation::denied_shares;
use crate::bank::{Bank, counts};
use crate::question::Question;
use crate::text::{Stem, Stop, Token, is_past};

/// Why an answer earns nothing.
#[derive(Debug)]
pub(super) struct Gate {
    /// The gate, for programs.
    pub reason: Reason,
    /// What was seen, for people.
    pub why: String,
}

/// The gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Gate)]
pub enum Reason {
    /// Hardly any words.
    TooShort,
    /// Not English, so nothing can be found in it.
    NotEnglish,
    /// The question's own words.
    QuestionEchoed,
    /// The question's sample answer, or most of it.
    SamplePasted,
    /// Terms without sentences.
    KeywordList,
    /// Words without an order.
    WordsShuffled,
    /// It says what one would not do.
    PointsNegated,
    /// A story was asked for, and none is told.
    NoStory,
    /// It answers something else.
    OffTopic,
}

impl Reason {
    /// As programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Reason::TooShort => "too-short",
            Reason::NotEnglish => "not-english",
            Reason::QuestionEchoed => "question-echoed",
            Reason::SamplePasted => "sample-pasted",
            Reason::KeywordList => "keyword-list",
            Reason::WordsShuffled => "words-shuffled",
            Reason::PointsNegated => "points-negated",
            Reason::NoStory => "no-story",
            Reason::OffTopic => "off-topic",
        }
    }

    /// As people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Reason::TooShort => "too short",
            Reason::NotEnglish => "not English",
            Reason::QuestionEchoed => "the question echoed",
            Reason::SamplePasted => "the sample answer pasted",
            Reason::KeywordList => "a list of keywords",
            Reason::WordsShuffled => "words without an order",
            Reason::PointsNegated => "points negated",
            Reason::NoStory => "no story",
            Reason::OffTopic => "off topic",
        }
    }
}

/// Fewer words than this are no answer.
const WORDS_MIN: usize = 25;
/// As many different words of one's own must be there, beside the question's.
const OWN_STEMS_MIN: usize = 12;
/// Runs of this many words are compared with the sample answer.
const RUN_WORDS: usize = 4;
/// A larger share of such runs from the sample answer is a paste.
const PASTED_MAX: f32 = 0.35;

/// A text with a smaller share of [`SMALL_WORDS`] is no English prose.
const SMALL_WORDS_MIN: f32 = 0.15;

/// Words that hold sentences together; whatever the subject, English has many of them.
const SMALL_WORDS: &[&str] = &[
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "but", "by", "can", "could", "did", "do", "does", "each", "first", "for", "from",
    "had", "has", "have", "he", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "might",
    "more", "most", "must", "my", "need", "no", "not", "of", "on", "one", "only", "or", "our", "out", "over",
    "she", "should", "so", "some", "than", "that", "the", "their", "them", "then", "there", "they", "this",
    "to", "too", "up", "us", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why",
    "will", "with", "would", "you", "your",
];
/// Those of them that only a sentence needs.
const SENTENCE_WORDS: &[&str] = &[
    "am", "are", "be", "been", "can", "could", "did", "do", "does", "had", "has", "have", "he", "i", "if",
    "is", "it", "me", "might", "must", "need", "she", "should", "so", "that", "them", "then", "they", "this",
    "was", "we", "were", "when", "which", "who", "will", "would", "you", "your", "my", "our", "us",
    "because", "the",
];
const DETERMINERS: &[&str] = &["the", "a", "an", "my", "our", "your", "their", "its"];
const NEVER_AFTER_DETERMINER: &[&str] = &[
    "of", "to", "for", "with", "from", "into", "than", "and", "or", "but", "because", "so", "if", "is",
    "are", "was", "were", "be", "been", "am", "has", "had", "have", "does", "did", "would", "could",
    "should", "can", "i", "we", "he", "she", "they", "it", "the", "a", "an", "my", "our", "that", "this",
];
const PREPOSITIONS: &[&str] = &["of", "to", "for", "with", "from", "into", "in", "on", "at", "by"];
const NEVER_AFTER_PREPOSITION: &[&str] = &[
    "is", "are", "was", "were", "would", "could", "should", "has", "had", "because", "but", "of", "i", "we",
    "he", "they", "does", "did", "so",
];
const MODALS: &[&str] = &["would", "could", "should", "must", "will"];
const NEVER_AFTER_MODAL: &[&str] =
    &["of", "in", "for", "is", "are", "was", "were", "and", "my", "from", "an", "to", "with"];
/// A larger share of impossible neighbours is no text.
const IMPOSSIBLE_MAX: f32 = 0.02;

/// From this share of sentences on that say what one would not do, an answer is a denial.
const DENIED_OWN_MAX: f32 = 0.5;
/// The same, for sentences that deny anything.
const DENIED_ANY_MAX: f32 = 0.65;
/// So many questions that are most like an answer are held against it.
const RIVALS: usize = 3;
/// An answer that touches fewer cues of `about` is off topic.
const ABOUT_MIN: usize = 2;
/// Questions that an answer is less like than its own, by this factor, are no rivals.
const RIVAL_LIKENESS: f32 = 0.8;
/// Nor are those of which it makes a smaller share of the points.
const RIVAL_COVERAGE_MIN: f32 = 0.5;
/// An answer that makes more of another question's points, by this share of them, answers that one.
const RIVAL_LEAD: f32 = 0.25;
/// So does one that is more like the other question, likeness and coverage together, by this factor. Of
/// some 350 answers to their own questions none was beyond 1.5, of those to others nearly all.
const RIVAL_FACTOR: f32 = 1.6;
/// "I then quickly wrote": a deed stands within so many words of its subject.
const DEED_REACH: usize = 3;
/// A story has at least so many deeds of the speaker's own.
const DEEDS_MIN: usize = 2;

/// What is known of an answer before its points count.
pub(super) struct Seen<'s> {
    pub bank: &'s Bank,
    pub question: &'s Question,
    pub words: &'s [Token],
    /// Points found, met or partly.
    pub found: usize,
    /// Points found only where they are denied.
    pub denied: usize,
    /// The share of the points, a partly met one counted half.
    pub coverage: f32,
    /// How many cues of `about` were found.
    pub about: usize,
}

impl Seen<'_> {
    /// The gate that holds the answer back, if one does.
    pub(super) fn gate(&self) -> Option<Gate> {
        let gate = |reason, why: String| Some(Gate { reason, why });
        let n = self.words.len();
        if n < WORDS_MIN {
            return gate(Reason::TooShort, format!("{n} words; an answer needs at least {WORDS_MIN}"));
        }
        let small = self.share(SMALL_WORDS);
        if small < SMALL_WORDS_MIN && self.strange_share() > 0.5 {
            return gate(Reason::NotEnglish, "this is not English, and only English can be read here".into());
        }
        let own = self.own_stems();
        if own < OWN_STEMS_MIN {
            let why = format!("beside the question's own words there are {own} different ones");
            return gate(Reason::QuestionEchoed, why);
        }
        let pasted = self.pasted_share();
        if pasted > PASTED_MAX {
            let why = format!("{:.0} % of it stands in the sample answer word for word", pasted * 100.0);
            return gate(Reason::SamplePasted, why);
        }
        if self.is_keyword_list(small) {
            return gate(
                Reason::KeywordList,
                "terms without sentences: say what you do with each, and why".into(),
            );
        }
        let impossible = self.impossible_neighbours();
        if impossible >= 3 && impossible as f32 / n as f32 > IMPOSSIBLE_MAX {
            let why = format!("{impossible} pairs of words that no sentence has: the order is lost");
            return gate(Reason::WordsShuffled, why);
        }
        if (self.denied >= 2 && self.denied >= self.found) || self.denies_most() {
            let why = "it says what you would not do: say what you do instead".into();
            return gate(Reason::PointsNegated, why);
        }
        if self.question.asks_for_a_story() && self.deeds() < DEEDS_MIN {
            let why = "it tells nothing that you did: say what happened once, and what you did then".into();
            return gate(Reason::NoStory, why);
        }
        self.off_topic()
    }

    /// How often the speaker says what they did: "I wrote", "we then moved".
    fn deeds(&self) -> usize {
        let subject = |word: &Token| word.word == "i" || word.word == "we";
        let after = |at: usize| self.words.iter().skip(at + 1).take(DEED_REACH);
        let subjects = self.words.iter().enumerate().filter(|(_, word)| subject(word));
        subjects.filter(|(at, _)| after(*at).any(|word| is_past(&word.word))).count()
    }

    fn share(&self, list: &[&str]) -> f32 {
        let small = self.words.iter().filter(|word| list.contains(&word.word.as_str())).count();
        small as f32 / self.words.len() as f32
    }

    /// The share of words that no question of the pack uses.
    fn strange_share(&self) -> f32 {
        self.words.iter().filter(|word| !self.bank.has(word.stem)).count() as f32 / self.words.len() as f32
    }

    /// How many different words stand neither in the question nor in every text.
    fn own_stems(&self) -> usize {
        let prompt = &self.bank.profile(self.question).prompt;
        let own = self
            .words
            .iter()
            .filter(|word| !SMALL_WORDS.contains(&word.word.as_str()) && !prompt.contains(&word.stem));
        counts(own.map(|word| word.stem).collect()).len()
    }

    fn pasted_share(&self) -> f32 {
        let runs =
            |stems: &[Stem]| -> Vec<Vec<Stem>> { stems.windows(RUN_WORDS).map(<[Stem]>::to_vec).collect() };
        let mut sample = runs(&self.bank.profile(self.question).sample);
        sample.sort_unstable();
        let stems: Vec<Stem> = self.words.iter().map(|word| word.stem).collect();
        let mine = runs(&stems);
        let pasted = mine.iter().filter(|run| sample.binary_search(run).is_ok()).count();
        pasted as f32 / mine.len().max(1) as f32
    }

    fn is_keyword_list(&self, small: f32) -> bool {
        // Between two stops a list has a term, and prose has a clause.
        let segments = self.words.chunk_by(|_, next| next.stop == Stop::None).count().max(1);
        let length = self.words.len() as f32 / segments as f32;
        let sentence_words = self.share(SENTENCE_WORDS);
        small < SMALL_WORDS_MIN || sentence_words < 0.03 || (sentence_words < 0.08 && length < 4.5)
    }

    fn impossible_neighbours(&self) -> usize {
        let is = |list: &[&str], word: &Token| list.contains(&word.word.as_str());
        let pairs = self.words.windows(2).filter(|pair| {
            let (first, second) = (&pair[0], &pair[1]);
            let stopped = second.stop != Stop::None || second.sentence != first.sentence;
            if stopped {
                return is(DETERMINERS, first);
            }
            (is(DETERMINERS, first) && is(NEVER_AFTER_DETERMINER, second))
                || (is(PREPOSITIONS, first) && is(NEVER_AFTER_PREPOSITION, second))
                || (is(MODALS, first) && is(NEVER_AFTER_MODAL, second))
        });
        pairs.count()
    }

    fn denies_most(&self) -> bool {
        let (own, any) = denied_shares(self.words);
        own >= DENIED_OWN_MAX || any >= DENIED_ANY_MAX
    }

    /// Whether another question's answer was given, or none at all.
    fn off_topic(&self) -> Option<Gate> {
        let gate = |why: String| Some(Gate { reason: Reason::OffTopic, why });
        if self.about < ABOUT_MIN {
            return gate("it touches next to nothing that the question is about".into());
        }
        let counts = counts(self.words.iter().map(|word| word.stem).collect());
        let of = |question| self.bank.profile(question).likeness(&counts);
        let own = of(self.question);
        let mut rivals: Vec<(f32, &Question)> = self
            .bank
            .questions
            .iter()
            .filter(|other| other.id != self.question.id)
            .map(|other| (of(other), other))
            .filter(|(likeness, _)| *likeness > own * RIVAL_LIKENESS)
            .collect();
        rivals.sort_by(|a, b| b.0.total_cmp(&a.0));
        let better = rivals.iter().take(RIVALS).find(|(likeness, other)| {
            let coverage = self.bank.coverage(other, self.words);
            let leads = coverage >= self.coverage + RIVAL_LEAD
                || likeness / own * coverage >= self.coverage * RIVAL_FACTOR;
            coverage >= RIVAL_COVERAGE_MIN && leads
        });
        better.and_then(|(_, other)| gate(format!("it answers another question: {}", other.prompt)))
    }
}
