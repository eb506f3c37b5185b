//! The whole store as plain files that a person can read and that `import` takes back. The layout is
//! documented in docs/export.md.

pub(super) mod answer_file;
pub(super) mod draft;
pub(super) mod manifest;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::answers::answer;
use super::attempts::attempt;
use super::cards::review;
use super::engine::{More, Row};
use super::ids::AnswerId;
use super::json::Json;
use super::{Store, StoreError};
use draft::Draft;

pub use manifest::Exported;

pub(super) const FEEDBACK: &str = "feedback.jsonl";
pub(super) const CARDS: &str = "cards.jsonl";
pub(super) const REVIEWS: &str = "reviews.jsonl";
pub(super) const ATTEMPTS: &str = "attempts.jsonl";
pub(super) const PLAN: &str = "plan.json";
pub(super) const OWN_QUESTIONS: &str = "own_questions.jsonl";
pub(super) const README: &str = "README.md";

/// A line of `feedback.jsonl`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedbackLine {
    pub(super) answer: AnswerId,
    pub(super) feedback: Json,
}

/// Writes the whole store to a folder that does not exist yet (or is empty): as it was at one moment,
/// and under its own name only once it is complete. The same store gives the same bytes.
pub async fn export(store: &Store, dir: &Path) -> Result<Exported, StoreError> {
    let mut draft = Draft::begin(dir)?;
    draft.file(README, include_str!("export/README.md"))?;
    let mut session = store.engine.snapshot().await?;
    let mut counts = Exported::default();

    let mut feedback = draft.lines(FEEDBACK)?;
    let write = |row: &Row<'_>| {
        let answer = answer(row)?;
        draft.file(&answer_file::path(&answer), &answer_file::write(&answer)?)?;
        feedback.line(&FeedbackLine { answer: answer.id, feedback: answer.feedback.body })?;
        counts.answers += 1;
        Ok(More::Yes)
    };
    session.each(include_str!("answers_all.sql"), &[], write).await?;
    draft.add(feedback)?;

    let mut cards = draft.lines(CARDS)?;
    for card in session.all_cards().await? {
        cards.line(&card)?;
        counts.cards += 1;
    }
    draft.add(cards)?;

    let mut reviews = draft.lines(REVIEWS)?;
    let write = |row: &Row<'_>| {
        counts.reviews += 1;
        reviews.line(&review(row)?).map(|()| More::Yes)
    };
    session.each(include_str!("reviews_all.sql"), &[], write).await?;
    draft.add(reviews)?;

    let mut attempts = draft.lines(ATTEMPTS)?;
    let write = |row: &Row<'_>| {
        counts.attempts += 1;
        attempts.line(&attempt(row)?).map(|()| More::Yes)
    };
    session.each(include_str!("attempts_all.sql"), &[], write).await?;
    draft.add(attempts)?;

    let own = session.own_questions().await?;
    if !own.is_empty() {
        let mut lines = draft.lines(OWN_QUESTIONS)?;
        own.iter().try_for_each(|question| lines.line(question))?;
        counts.own_questions = own.len() as u64;
        draft.add(lines)?;
    }

    if let Some(plan) = session.plan().await? {
        counts.plan_items = plan.days.iter().map(|day| day.items.len() as u64).sum();
        draft.file(PLAN, &draft::pretty(&plan, PLAN)?)?;
    }
    session.commit().await?;
    draft.finish(counts)
}
