//! When to come back to what: FSRS-6, with ratings from feedback, steered by the date of the interview.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::words::{CardKind, Rating, Ruling};

pub(crate) use outlook::Room;
pub(crate) use rolling::rolling;

pub use memory::Memory;
pub use outlook::{Horizon, Outlook};

mod grid;
mod memory;
mod outlook;
mod prices;
mod rolling;
#[cfg(test)]
mod tests;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Without a time zone there are no calendar days. From 18 hours on it is the next day: nobody answers one card
/// twice a day that far apart, and who comes half an hour earlier than yesterday still comes a day later.
const SLACK_MS: i64 = 6 * 60 * 60 * 1000;
/// A century: longer than any interval, and short enough for every sum of milliseconds.
const DAYS_MAX: u32 = 36_500;
/// Nobody prepares for longer, and a date beyond steers as if it were this far away.
const AHEAD_DAYS_MAX: u32 = 730;
/// How likely a card is to be recalled when it falls due, without a date to steer by.
const RETENTION: f32 = 0.9;

impl Rating {
    /// Of an answer with `score` of 100 points: gated or below 40 again, below 60 hard, below 85 good, else
    /// easy.
    pub fn of_answer(score: u32, gated: bool) -> Rating {
        match score {
            _ if gated => Rating::Again,
            0..40 => Rating::Again,
            40..60 => Rating::Hard,
            60..85 => Rating::Good,
            _ => Rating::Easy,
        }
    }

    /// Of a sitting at a drill that ended with `ruling`: failed is again; passed at the first try and without
    /// a hint is easy, with one hint at most and by the third try good, else hard. A void run says nothing
    /// about the learner.
    ///
    /// `hints` and `tries` are those of this sitting, `tries` with the last one and without void ones. Rate a
    /// sitting once, by its last run: five failures on the way to a pass are one memory, not five lapses.
    pub fn of_drill(ruling: Ruling, hints: u32, tries: u32) -> Option<Rating> {
        match (ruling, hints, tries) {
            (Ruling::Void, ..) => None,
            (Ruling::Fail, ..) => Some(Rating::Again),
            (Ruling::Pass, 0, 0..=1) => Some(Rating::Easy),
            (Ruling::Pass, 0..=1, 0..=3) => Some(Rating::Good),
            (Ruling::Pass, ..) => Some(Rating::Hard),
        }
    }
}

/// A question or a drill with what is known of the learner's memory of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What it brings back.
    pub kind: CardKind,
    /// The name of the question or drill.
    pub name: String,
    /// The memory after the last review; none before the first.
    pub memory: Option<Memory>,
    /// When it was reviewed last, in milliseconds since 1970 (UTC).
    pub last_review: Option<i64>,
    /// When its recall has sunk to 0.9, in milliseconds since 1970 (UTC); of a new card, when it was made.
    pub due: i64,
}

impl Card {
    /// A card that was never reviewed, due at once. `now` in milliseconds since 1970 (UTC).
    pub fn new(kind: CardKind, name: impl Into<String>, now: i64) -> Card {
        Card { kind, name: name.into(), memory: None, last_review: None, due: now }
    }

    /// Whole days from the last review to `now`, in milliseconds since 1970 (UTC); none if there was none. From
    /// 18 hours on it is a day. A clock set back counts as zero days.
    pub fn age_days(&self, now: i64) -> Option<u32> {
        let elapsed_ms = now.saturating_sub(self.last_review?).max(0);
        let days = elapsed_ms.saturating_add(SLACK_MS) / DAY_MS;
        Some(u32::try_from(days).unwrap_or(DAYS_MAX).min(DAYS_MAX))
    }

    /// The memory, unless it is none or what is stored is none that FSRS could have made.
    fn known(&self) -> Option<Memory> {
        self.memory.filter(|_| self.last_review.is_some()).and_then(Memory::checked)
    }
}

/// A card that may be reviewed, with what that costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The card.
    pub card: Card,
    /// How long a review takes, in minutes.
    pub minutes: u32,
}

/// The card after a review at `now`, in milliseconds since 1970 (UTC).
pub fn review(card: Card, rating: Rating, now: i64) -> Card {
    let age_days = card.age_days(now).unwrap_or(0);
    let outcome = memory::rated(card.known(), age_days, rating);
    let days = outcome.interval_days.round().clamp(1.0, f64::from(DAYS_MAX)) as i64;
    Card {
        memory: Some(outcome.memory),
        last_review: Some(now),
        due: now.saturating_add(days * DAY_MS),
        ..card
    }
}

/// How likely the card is to be recalled `at` a time, in milliseconds since 1970 (UTC), from 0 to 1: the power
/// forgetting curve of FSRS-6. A card that was never reviewed is not recalled.
pub fn recall(card: &Card, at: i64) -> f64 {
    let (Some(memory), Some(last)) = (card.known(), card.last_review) else { return 0.0 };
    let days = at.saturating_sub(last).max(0) as f64 / DAY_MS as f64;
    memory.recall(days)
}

/// Which of the cards to review today, as places in `cards`, the most valuable first.
///
/// With the `date` of an interview: those whose review today adds most to what will be recalled on that day,
/// given that `minutes` can be spent today and on every day until then. Without one, or when it has come:
/// those that are due, longest due first. A card that was reviewed today is left for tomorrow. A card that is
/// longer than the day comes alone, or it would never come.
pub fn choose(cards: &[Candidate], now: i64, today: Date, date: Option<Date>, minutes: u32) -> Vec<usize> {
    match date.map_or(0, |date| days_until(today, date)) {
        0 => choose_due(cards, now, minutes),
        days => Outlook::new(cards, now, &vec![minutes; days as usize]).choose(0, cards, now),
    }
}

/// Whole days from `today` to `date`; zero if that has come.
fn days_until(today: Date, date: Date) -> u32 {
    let days = date.since(today).map_or(0, |span| span.get_days());
    u32::try_from(days).unwrap_or(0).min(AHEAD_DAYS_MAX)
}

/// Plain FSRS: the cards that are due, longest due first, as places in `cards`, for as long as `minutes` last.
pub fn choose_due(cards: &[Candidate], now: i64, minutes: u32) -> Vec<usize> {
    let mut due: Vec<usize> = (0..cards.len())
        .filter(|&place| cards[place].card.due <= now.saturating_add(SLACK_MS))
        .filter(|&place| cards[place].card.age_days(now) != Some(0))
        .collect();
    due.sort_by_key(|&place| (cards[place].card.due, place));
    fitting(due, cards, Room { minutes, shared: false })
}

/// The first of these that fit into a day together; the very first in any case if nothing else comes.
fn fitting(places: Vec<usize>, cards: &[Candidate], room: Room) -> Vec<usize> {
    let mut used: u32 = 0;
    let mut fit = Vec::new();
    for place in places {
        let together = used.saturating_add(cards[place].minutes);
        let alone = fit.is_empty() && !room.shared;
        if room.minutes > 0 && (alone || together <= room.minutes) {
            used = together;
            fit.push(place);
        }
    }
    fit
}
