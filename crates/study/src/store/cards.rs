//! Cards and their reviews.

use super::Store;
use super::engine::{More, Row, Session};
use super::error::StoreError;
use super::faults::Sound as _;
use super::records::{Card, NewReview, Review};
use crate::words::{CardKind, Rating};

impl Store {
    /// The cards that are due at `now_ms`, the longest due first, at most `limit` of them.
    pub async fn due_cards(&self, now_ms: i64, limit: u32) -> Result<Vec<Card>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("cards_due.sql"), &[now_ms.into(), limit.into()], card).await
    }

    /// The same for cards that are `offered`: what the pack does not have any more keeps its card, and
    /// must not take the place of others.
    pub async fn due_cards_among(
        &self,
        now_ms: i64,
        limit: u32,
        offered: impl Fn(CardKind, &str) -> bool,
    ) -> Result<Vec<Card>, StoreError> {
        let mut due = Vec::new();
        if limit == 0 {
            return Ok(due);
        }
        let mut session = self.engine.read().await?;
        let take = |row: &Row<'_>| {
            let card = card(row)?;
            if offered(card.kind, &card.name) {
                due.push(card);
            }
            Ok(if due.len() < limit as usize { More::Yes } else { More::No })
        };
        session.each(include_str!("cards_due.sql"), &[now_ms.into(), i64::MAX.into()], take).await?;
        Ok(due)
    }

    /// One card.
    pub async fn card(&self, kind: CardKind, name: &str) -> Result<Option<Card>, StoreError> {
        self.engine.read().await?.card(kind, name).await
    }

    /// Every card, by kind and name.
    pub async fn all_cards(&self) -> Result<Vec<Card>, StoreError> {
        self.engine.read().await?.all_cards().await
    }

    /// Gives cards another memory state or another due time, such as one that an interview's date asks
    /// for: all of them or none. The number of their reviews must be what the store has.
    pub async fn reschedule(&self, cards: &[Card]) -> Result<(), StoreError> {
        let mut session = self.engine.write().await?;
        for card in cards {
            card.check()?;
            if session.set_card(card, card.reps).await? == 0 {
                return Err(StoreError::CardMoved { name: card.name.clone(), seen: card.reps });
            }
        }
        session.commit().await
    }

    /// Every review of a card, in the order in which they were.
    pub async fn reviews_of(&self, kind: CardKind, name: &str) -> Result<Vec<Review>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("reviews_of.sql"), &[kind.word().into(), name.into()], review).await
    }
}

impl Session {
    pub(super) async fn card(&mut self, kind: CardKind, name: &str) -> Result<Option<Card>, StoreError> {
        self.one(include_str!("card.sql"), &[kind.word().into(), name.into()], card).await
    }

    pub(super) async fn all_cards(&mut self) -> Result<Vec<Card>, StoreError> {
        let mut cards = self.all(include_str!("cards_all.sql"), &[], card).await?;
        // The engines sort text in ways of their own.
        cards.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Ok(cards)
    }

    /// Notes a review that was just made, and gives its card the new state.
    pub(super) async fn review(
        &mut self,
        kind: CardKind,
        name: &str,
        at_ms: i64,
        source: &str,
        new: &NewReview,
    ) -> Result<(), StoreError> {
        let moved = || StoreError::CardMoved { name: name.into(), seen: new.reps_before };
        let before = self.card(kind, name).await?;
        let (reps, lapses) = before.map_or((0, 0), |card| (card.reps, card.lapses));
        if reps != new.reps_before {
            return Err(moved());
        }
        let card = Card {
            kind,
            name: name.into(),
            stability_days: new.stability_days,
            difficulty: new.difficulty,
            last_review_ms: at_ms,
            due_ms: new.due_ms,
            reps: reps + 1,
            lapses: lapses + u32::from(new.rating == Rating::Again),
        };
        card.check()?;
        let changed = match reps {
            0 => self.put_card(&card).await?,
            seen => self.set_card(&card, seen).await?,
        };
        if changed == 0 {
            return Err(moved());
        }
        let (rating, elapsed_days, source) = (new.rating, new.elapsed_days, source.into());
        self.put_review(&Review { kind, name: name.into(), at_ms, rating, elapsed_days, source }).await
    }

    /// Adds a card; 0 if there is one already.
    pub(super) async fn put_card(&mut self, card: &Card) -> Result<u64, StoreError> {
        let cells = [
            card.kind.word().into(),
            card.name.as_str().into(),
            card.stability_days.into(),
            card.difficulty.into(),
            card.last_review_ms.into(),
            card.due_ms.into(),
            card.reps.into(),
            card.lapses.into(),
        ];
        self.execute(include_str!("card_insert.sql"), &cells).await
    }

    /// Changes a card; 0 if it has other than `seen` reviews.
    pub(super) async fn set_card(&mut self, card: &Card, seen: u32) -> Result<u64, StoreError> {
        let cells = [
            card.kind.word().into(),
            card.name.as_str().into(),
            card.stability_days.into(),
            card.difficulty.into(),
            card.last_review_ms.into(),
            card.due_ms.into(),
            card.reps.into(),
            card.lapses.into(),
            seen.into(),
        ];
        self.execute(include_str!("card_update.sql"), &cells).await
    }

    pub(super) async fn put_review(&mut self, review: &Review) -> Result<(), StoreError> {
        let (answer, attempt) = match review.kind {
            CardKind::Question => (Some(review.source.as_str()), None),
            CardKind::Drill => (None, Some(review.source.as_str())),
        };
        let cells = [
            review.kind.word().into(),
            review.name.as_str().into(),
            review.at_ms.into(),
            i64::from(u8::from(review.rating)).into(),
            review.elapsed_days.into(),
            answer.into(),
            attempt.into(),
        ];
        self.execute(include_str!("review_insert.sql"), &cells).await.map(|_| ())
    }
}

fn kind(row: &Row<'_>) -> Result<CardKind, StoreError> {
    let word = row.text("kind")?;
    CardKind::from_word(&word).ok_or_else(|| row.wrong("kind", &word))
}

fn card(row: &Row<'_>) -> Result<Card, StoreError> {
    Ok(Card {
        kind: kind(row)?,
        name: row.text("name")?,
        stability_days: row.real("stability_days")?,
        difficulty: row.real("difficulty")?,
        last_review_ms: row.int("last_review_ms")?,
        due_ms: row.int("due_ms")?,
        reps: row.count("reps")?,
        lapses: row.count("lapses")?,
    })
}

pub(super) fn review(row: &Row<'_>) -> Result<Review, StoreError> {
    let rating: u8 = row.count("rating")?;
    Ok(Review {
        kind: kind(row)?,
        name: row.text("name")?,
        at_ms: row.int("at_ms")?,
        rating: Rating::try_from(rating).map_err(|_| row.wrong("rating", &rating.to_string()))?,
        elapsed_days: row.count("elapsed_days")?,
        source: row.text("source")?,
    })
}
