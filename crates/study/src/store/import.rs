//! Takes an export back: everything is looked at before anything is changed, and what is there already
//! is not doubled.

mod contents;
mod folder;

use std::collections::BTreeMap;
use std::path::Path;
use utoipa::ToSchema;

use super::engine::Session;
use super::export::CARDS;
use super::faults::Sound as _;
use super::records::{Card, Plan, Review};
use super::{Store, StoreError};
use crate::words::CardKind;
use contents::Contents;

/// What an import added.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct Imported {
    /// Answers, each with its feedback.
    pub answers: u64,
    /// Drill attempts.
    pub attempts: u64,
    /// Reviews of cards.
    pub reviews: u64,
    /// Cards that were not there.
    pub cards: u64,
    /// Questions about the learner's own runs.
    pub own_questions: u64,
    /// The export's plan took the place of an older one, or of none.
    pub plan: bool,
    /// Cards that have reviews from both sides. Theirs is the memory state of the side with the last
    /// review; to get one from all reviews, go through [`Store::reviews_of`] and then
    /// [`Store::reschedule`].
    pub mixed: Vec<(CardKind, String)>,
}

/// Takes what [`super::export`] wrote into a store, empty or not. A damaged or newer export is refused,
/// and then nothing was changed. Importing twice is the same as importing once.
pub async fn import(store: &Store, dir: &Path) -> Result<Imported, StoreError> {
    let contents = Contents::open(dir)?;
    contents.verify()?;
    let mut session = store.engine.write().await?;
    let mut imported = Imported::default();
    for answer in contents.answers()? {
        let answer = answer?;
        match session.answer(&answer.id).await? {
            Some(kept) if kept == answer => {}
            Some(_) => return Err(contents.conflict("answer", answer.id.as_str())),
            None => {
                session.put_answer(&answer).await?;
                imported.answers += 1;
            }
        }
    }
    for attempt in contents.attempts()?.iter() {
        let attempt = attempt?;
        match session.attempt(&attempt.id).await? {
            Some(kept) if kept == attempt => {}
            Some(_) => return Err(contents.conflict("drill attempt", attempt.id.as_str())),
            None => {
                session.put_attempt(&attempt).await?;
                imported.attempts += 1;
            }
        }
    }
    merge_cards(&mut session, &contents, &mut imported).await?;
    for question in contents.own_questions()? {
        imported.own_questions += session.put_own_question(&question).await?;
    }
    if let Some(plan) = contents.plan()? {
        imported.plan = merge_plan(&mut session, &plan).await?;
    }
    session.commit().await?;
    Ok(imported)
}

/// Adds the reviews that are missing. A card that gained some gets the state of the side with the last
/// review, and counts them anew.
async fn merge_cards(
    session: &mut Session,
    contents: &Contents,
    imported: &mut Imported,
) -> Result<(), StoreError> {
    let mut cards: BTreeMap<(CardKind, String), (Card, u64)> = BTreeMap::new();
    for card in contents.cards()?.iter() {
        let card = card?;
        imported.cards += session.put_card(&card).await?;
        cards.insert((card.kind, card.name.clone()), (card, 0));
    }
    for review in contents.reviews()?.iter() {
        let review = review?;
        if add_review(session, contents, &review).await? {
            imported.reviews += 1;
            if let Some((_, added)) = cards.get_mut(&(review.kind, review.name.clone())) {
                *added += 1;
            }
        }
    }
    for ((kind, name), (theirs, added)) in cards {
        let Some(ours) = session.card(kind, &name).await? else { continue };
        let cells = [kind.word().into(), name.as_str().into()];
        let counted = session
            .one(include_str!("reviews_counted.sql"), &cells, |row| {
                Ok((row.count("reps")?, row.count("lapses")?))
            })
            .await?;
        let (reps, lapses) = counted.unwrap_or((ours.reps, ours.lapses));
        let merged = Card { reps, lapses, ..later(&ours, &theirs).clone() };
        merged.check().map_err(|fault| contents.damaged(CARDS, None, fault))?;
        if merged != ours {
            session.set_card(&merged, ours.reps).await?;
        }
        if added > 0 && reps > theirs.reps {
            imported.mixed.push((kind, name));
        }
    }
    Ok(())
}

/// The state with the last review. Between equals the choice is arbitrary, but the same on both sides.
fn later<'c>(ours: &'c Card, theirs: &'c Card) -> &'c Card {
    let rank = |card: &Card| {
        (
            card.last_review_ms,
            card.reps,
            card.lapses,
            card.due_ms,
            card.stability_days.to_bits(),
            card.difficulty.to_bits(),
        )
    };
    if rank(theirs) > rank(ours) { theirs } else { ours }
}

async fn add_review(session: &mut Session, contents: &Contents, review: &Review) -> Result<bool, StoreError> {
    let source = [review.source.as_str().into()];
    match session.one(include_str!("review.sql"), &source, super::cards::review).await? {
        Some(kept) if kept == *review => Ok(false),
        Some(_) => Err(contents.conflict("review", &review.source)),
        None => session.put_review(review).await.map(|()| true),
    }
}

/// The plan that was made last stays; what was done on either side is done. True if it is theirs.
async fn merge_plan(session: &mut Session, theirs: &Plan) -> Result<bool, StoreError> {
    let ours = session.plan().await?;
    if ours.is_none_or(|ours| theirs.made_at_ms > ours.made_at_ms) {
        session.replace_plan(theirs).await?;
        return Ok(true);
    }
    for day in &theirs.days {
        for (position, item) in (0_u32..).zip(&day.items) {
            if item.done_at_ms.is_some() {
                session.put_item(&day.date, position, item).await?;
            }
        }
    }
    Ok(false)
}
