//! All questions and advice of a pack.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use folder::{Folder, Mistake};

use crate::advice::Advice;
use crate::feedback::Structure;
use crate::question::Question;
use crate::rubric::{When, lexicon};
use crate::text::{Stem, tokens};

/// The questions of a pack, with what comparing answers to them needs.
pub struct Bank {
    /// In the order of the guide, then by name.
    pub questions: Vec<Question>,
    /// By section and order.
    pub advice: Vec<Advice>,
    pub(crate) structure: Structure,
    /// What each question and its answers talk about, in the order of `questions`.
    pub(crate) profiles: Vec<Profile>,
    /// In how many questions each word occurs.
    questions_with: HashMap<Stem, u32>,
}

/// Which words are typical of a question, beside all others.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Stem and weight, by stem; the sum of the weights' squares is 1.
    pub weights: Vec<(Stem, f32)>,
    /// The words of the prompt.
    pub prompt: Vec<Stem>,
    /// The words of the sample answer.
    pub sample: Vec<Stem>,
}

impl Bank {
    /// Reads all questions of a pack, or names every mistake.
    pub fn read(pack: &Folder) -> Result<Bank, Vec<Mistake>> {
        let (bank, mistakes) = Bank::read_what_is_right(pack);
        if mistakes.is_empty() { Ok(bank) } else { Err(mistakes) }
    }

    /// Opens a pack that [`Bank::read`] has found right before, such as the one that comes with a
    /// program: the cues of a question are read when it first needs them, which spares most of the time.
    ///
    /// # Panics
    /// When a mistake is in it; one in a cue, when that is first looked for.
    pub fn open(pack: &Folder) -> Bank {
        let (bank, mistakes) = Bank::gather(pack, When::Needed);
        assert!(mistakes.is_empty(), "the pack was checked before: {}", mistakes[0]);
        bank
    }

    /// Reads what can be read, beside the mistakes: for authors who are at work on a part.
    pub fn read_what_is_right(pack: &Folder) -> (Bank, Vec<Mistake>) {
        Bank::gather(pack, When::Now)
    }

    fn gather(pack: &Folder, cues: When) -> (Bank, Vec<Mistake>) {
        let mut mistakes = Vec::new();
        let structure = Structure::read();
        let sets = Arc::new(lexicon(pack).unwrap_or_else(|found| {
            mistakes.extend(found);
            BTreeMap::new()
        }));
        let drills = pack.folders("drills");
        let mut questions = Vec::new();
        for id in ids(pack, "questions") {
            match Question::read(pack, &id, &sets, &drills, cues) {
                Ok(question) => questions.push(question),
                Err(found) => mistakes.extend(found),
            }
        }
        questions.sort_by_key(|question| (question.guide.unwrap_or(u32::MAX), question.id.clone()));
        let mut advice = Vec::new();
        for id in ids(pack, "advice") {
            match Advice::read(pack, &id, &drills) {
                Ok(page) => advice.push(page),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        advice.sort_by_key(|page| (page.section, page.order));
        let (profiles, questions_with) = profiles(&questions);
        (Bank { questions, advice, structure, profiles, questions_with }, mistakes)
    }

    /// A question by its id or by its number in the guide.
    pub fn question(&self, name: &str) -> Option<&Question> {
        let number = name.parse::<u32>().ok();
        self.questions.iter().find(|q| q.id == name || (number.is_some() && q.guide == number))
    }

    /// The questions about something, those that say most of it first.
    pub fn search(&self, words: &str) -> Vec<&Question> {
        let counts = counts(tokens(words).into_iter().map(|token| token.stem).collect());
        let named = |question: &Question| {
            let wanted = words.to_lowercase();
            question.id.contains(&wanted) || question.topics.iter().any(|topic| topic.contains(&wanted))
        };
        let mut found: Vec<(f32, &Question)> = self
            .questions
            .iter()
            .zip(&self.profiles)
            .map(|(question, profile)| (profile.likeness(&counts) + f32::from(named(question)), question))
            .filter(|(likeness, _)| *likeness > 0.0)
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().map(|(_, question)| question).collect()
    }

    /// What is typical of a question of this bank.
    pub(crate) fn profile(&self, question: &Question) -> &Profile {
        let at = self.questions.iter().position(|other| other.id == question.id);
        &self.profiles[at.expect("the question is of this bank")]
    }

    /// Whether a question of the pack or what is said of its answers has the word.
    pub(crate) fn has(&self, stem: Stem) -> bool {
        self.questions_with.contains_key(&stem)
    }
}

/// The files of one kind, without their ending.
fn ids(pack: &Folder, folder: &str) -> Vec<String> {
    let names = pack.paths().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
    names
        .filter(|name| !name.contains('/'))
        .filter_map(|name| name.strip_suffix(".md"))
        .map(str::to_string)
        .collect()
}

/// How typical a word is: often here, and in few questions at all (tf-idf).
fn profiles(questions: &[Question]) -> (Vec<Profile>, HashMap<Stem, u32>) {
    let texts: Vec<(Vec<Stem>, Vec<Stem>, Vec<Stem>)> = questions
        .iter()
        .map(|q| {
            let words = |text: &str| tokens(text).iter().map(|token| token.stem).collect();
            (words(&q.prompt), words(&q.covers), words(&q.sample))
        })
        .collect();
    let mut questions_with: HashMap<Stem, u32> = HashMap::new();
    let counted: Vec<Vec<(Stem, u32)>> = texts
        .iter()
        .map(|(prompt, covers, sample)| {
            // What is asked says more of the subject than what is answered.
            let all: Vec<Stem> =
                prompt.iter().chain(prompt).chain(prompt).chain(covers).chain(sample).copied().collect();
            let counts = counts(all);
            counts.iter().for_each(|(stem, _)| *questions_with.entry(*stem).or_default() += 1);
            counts
        })
        .collect();
    let all = questions.len() as f32;
    let profile = |counts: Vec<(Stem, u32)>, prompt, sample| {
        let mut weights: Vec<(Stem, f32)> = counts
            .into_iter()
            .map(|(stem, n)| {
                let rarity = (all / questions_with[&stem] as f32).ln();
                (stem, (1.0 + (n as f32).ln()) * rarity)
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let length = weights.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        weights.iter_mut().for_each(|(_, weight)| *weight /= length.max(f32::EPSILON));
        Profile { weights, prompt, sample }
    };
    let profiles = counted
        .into_iter()
        .zip(texts)
        .map(|(counts, (prompt, _, sample))| profile(counts, prompt, sample))
        .collect();
    (profiles, questions_with)
}

/// How often each stem occurs, by stem.
pub(crate) fn counts(mut stems: Vec<Stem>) -> Vec<(Stem, u32)> {
    stems.sort_unstable();
    let mut counts: Vec<(Stem, u32)> = Vec::new();
    for stem in stems {
        match counts.last_mut() {
            Some((last, n)) if *last == stem => *n += 1,
            _ => counts.push((stem, 1)),
        }
    }
    counts
}

impl Profile {
    /// How much of the subject the words of an answer touch: 0 none of it.
    pub(crate) fn likeness(&self, counts: &[(Stem, u32)]) -> f32 {
        counts
            .iter()
            .filter_map(|(stem, n)| {
                let at = self.weights.binary_search_by_key(stem, |(stem, _)| *stem).ok()?;
                Some(self.weights[at].1 * (1.0 + (*n as f32).ln()))
            })
            .sum()
    }
}
