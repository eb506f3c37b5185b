//! The records of an export, and whether they make sense together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::folder::Folder;
use crate::store::error::StoreError;
use crate::store::export::manifest::Exported;
use crate::store::export::{
    ATTEMPTS, CARDS, FEEDBACK, FeedbackLine, OWN_QUESTIONS, PLAN, README, REVIEWS, answer_file,
};
use crate::store::faults::{Fault, Sound};
use crate::store::ids::{AnswerId, AttemptId};
use crate::store::json::Json;
use crate::store::records::{Answer, Card, DrillAttempt, OwnQuestion, Plan, Review};
use crate::words::{CardKind, Rating};

/// An export that can be read.
pub(super) struct Contents {
    folder: Folder,
    feedback: HashMap<AnswerId, Json>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl Contents {
    pub(super) fn open(dir: &Path) -> Result<Contents, StoreError> {
        let mut contents = Contents { folder: Folder::open(dir)?, feedback: HashMap::new() };
        let lines: Lines<FeedbackLine> = contents.lines(FEEDBACK)?;
        for (number, line) in (1..).zip(lines.iter()) {
            let line = line?;
            if contents.feedback.insert(line.answer.clone(), line.feedback).is_some() {
                let why = format!("answer {} has feedback already", line.answer);
                return Err(contents.damaged(FEEDBACK, Some(number), why));
            }
        }
        Ok(contents)
    }

    /// The answers, read one by one.
    pub(super) fn answers(&self) -> Result<impl Iterator<Item = Result<Answer, StoreError>>, StoreError> {
        let read = |path: &str| {
            let file = self.folder.text(path)?;
            answer_file::read(&file, |id| self.feedback.get(id).cloned())
                .map_err(|why| self.damaged(path, None, why))
        };
        Ok(self.folder.paths().filter(|path| is_answer(path)).map(read))
    }

    pub(super) fn cards(&self) -> Result<Lines<Card>, StoreError> {
        self.lines(CARDS)
    }

    pub(super) fn reviews(&self) -> Result<Lines<Review>, StoreError> {
        self.lines(REVIEWS)
    }

    pub(super) fn attempts(&self) -> Result<Lines<DrillAttempt>, StoreError> {
        self.lines(ATTEMPTS)
    }

    pub(super) fn own_questions(&self) -> Result<Vec<OwnQuestion>, StoreError> {
        if !self.folder.has(OWN_QUESTIONS) {
            return Ok(Vec::new());
        }
        self.lines(OWN_QUESTIONS)?.iter().collect()
    }

    pub(super) fn plan(&self) -> Result<Option<Plan>, StoreError> {
        if !self.folder.has(PLAN) {
            return Ok(None);
        }
        let text = self.folder.text(PLAN)?;
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|problem| self.damaged(PLAN, Some(problem.line()), problem))
    }

    /// Looks at every record: each makes sense alone, and with the others.
    pub(super) fn verify(&self) -> Result<(), StoreError> {
        if let Some(path) = self.folder.paths().find(|path| !is_known(path)) {
            return Err(self.damaged(path, None, "no export has such a file"));
        }
        if self.folder.has(README) {
            self.folder.text(README)?;
        }
        let mut sources = self.verify_answers()?;
        let answers = sources.len() as u64;
        self.verify_attempts(&mut sources)?;
        let attempts = sources.len() as u64 - answers;
        let mut cards = self.verify_cards()?;
        let reviews = self.verify_reviews(&mut sources, &mut cards)?;
        let plan = self.plan()?;
        if let Some(plan) = &plan {
            self.sound(PLAN, None, plan)?;
        }
        let plan_items = plan.iter().flat_map(|plan| &plan.days).map(|day| day.items.len() as u64).sum();
        let own = self.own_questions()?;
        for (number, question) in (1..).zip(&own) {
            self.sound(OWN_QUESTIONS, Some(number), question)?;
        }
        let (cards, own_questions) = (cards.len() as u64, own.len() as u64);
        let found = Exported { answers, cards, reviews, attempts, plan_items, own_questions };
        if found != self.folder.counts || self.feedback.len() as u64 != answers {
            let why = format!("it holds {found:?}, and the manifest says {:?}", self.folder.counts);
            return Err(self.damaged("", None, why));
        }
        Ok(())
    }

    /// What an answer or attempt can be the source of a review of, by its id.
    fn verify_answers(&self) -> Result<Sources, StoreError> {
        let mut sources = BTreeMap::new();
        for (path, answer) in self.folder.paths().filter(|path| is_answer(path)).zip(self.answers()?) {
            let answer = answer?;
            self.sound(path, None, &answer)?;
            let id = answer.id.as_str().to_string();
            if sources.insert(id, (CardKind::Question, answer.question)).is_some() {
                return Err(self.damaged(path, None, format!("answer {} comes twice", answer.id)));
            }
        }
        Ok(sources)
    }

    fn verify_attempts(&self, sources: &mut Sources) -> Result<(), StoreError> {
        for (number, attempt) in (1..).zip(self.attempts()?.iter()) {
            let attempt = attempt?;
            self.sound(ATTEMPTS, Some(number), &attempt)?;
            let DrillAttempt { id, run, drill, seed, at_ms, .. } = attempt;
            if id != AttemptId::computed(&run, &drill, seed, at_ms) {
                return Err(self.damaged(ATTEMPTS, Some(number), format!("{id} is not the id of this run")));
            }
            if sources.insert(id.as_str().to_string(), (CardKind::Drill, drill)).is_some() {
                return Err(self.damaged(ATTEMPTS, Some(number), format!("drill attempt {id} comes twice")));
            }
        }
        Ok(())
    }

    /// The cards, with how many reviews and lapses of theirs are still to be found.
    fn verify_cards(&self) -> Result<Cards, StoreError> {
        let mut cards = BTreeMap::new();
        for (number, card) in (1..).zip(self.cards()?.iter()) {
            let card = card?;
            self.sound(CARDS, Some(number), &card)?;
            let counts = (i64::from(card.reps), i64::from(card.lapses));
            if cards.insert((card.kind, card.name.clone()), counts).is_some() {
                return Err(self.damaged(
                    CARDS,
                    Some(number),
                    format!("the card of {} comes twice", card.name),
                ));
            }
        }
        Ok(cards)
    }

    fn verify_reviews(&self, sources: &mut Sources, cards: &mut Cards) -> Result<u64, StoreError> {
        let (mut reviews, mut rated) = (0, BTreeSet::new());
        for (number, review) in (1..).zip(self.reviews()?.iter()) {
            let review = review?;
            self.sound(REVIEWS, Some(number), &review)?;
            let Review { kind, name, rating, source, .. } = review;
            let damaged = |why: String| self.damaged(REVIEWS, Some(number), why);
            let key = (kind, name);
            if sources.get(&source) != Some(&key) {
                return Err(damaged(format!(
                    "there is no answer or attempt {source} of {} {}",
                    key.0, key.1
                )));
            }
            let Some((reps, lapses)) = cards.get_mut(&key) else {
                return Err(damaged(format!("{} {} has no card", key.0, key.1)));
            };
            *reps -= 1;
            *lapses -= i64::from(rating == Rating::Again);
            if !rated.insert(source) {
                return Err(damaged("its source was rated before".into()));
            }
            reviews += 1;
        }
        match cards.iter().find(|(_, counts)| **counts != (0, 0)) {
            Some(((_, name), _)) => {
                Err(self.damaged(CARDS, None, format!("the card of {name} has another number of reviews")))
            }
            None => Ok(reviews),
        }
    }

    fn sound(&self, path: &str, line: Option<usize>, record: &impl Sound) -> Result<(), StoreError> {
        record.check().map_err(|fault| self.damaged(path, line, fault))
    }

    pub(super) fn damaged(&self, path: &str, line: Option<usize>, why: impl ToString) -> StoreError {
        StoreError::DamagedExport { path: self.folder.place(path), line, why: why.to_string() }
    }

    pub(super) fn conflict(&self, what: &'static str, id: &str) -> StoreError {
        StoreError::Conflict { path: self.folder.place(""), what, id: id.into() }
    }

    fn lines<T: DeserializeOwned>(&self, path: &'static str) -> Result<Lines<T>, StoreError> {
        Ok(Lines { place: self.folder.place(path), text: self.folder.text(path)?, of: PhantomData })
    }
}

/// Of what a review can be, by the id of its answer or attempt.
type Sources = BTreeMap<String, (CardKind, String)>;
type Cards = BTreeMap<(CardKind, String), (i64, i64)>;

/// A file with a record a line.
pub(super) struct Lines<T> {
    place: PathBuf,
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Lines<T> {
    pub(super) fn iter(&self) -> impl Iterator<Item = Result<T, StoreError>> {
        (1..).zip(self.text.lines()).map(|(number, line)| {
            serde_json::from_str(line).map_err(|problem| StoreError::DamagedExport {
                path: self.place.clone(),
                line: Some(number),
                why: problem.to_string(),
            })
        })
    }
}

fn is_answer(path: &str) -> bool {
    path.starts_with("answers/") && path.ends_with(".md")
}

fn is_known(path: &str) -> bool {
    is_answer(path) || [FEEDBACK, CARDS, REVIEWS, ATTEMPTS, OWN_QUESTIONS, PLAN, README].contains(&path)
}
