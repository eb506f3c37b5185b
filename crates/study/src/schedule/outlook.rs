//! Which reviews are worth most on the way to an interview.
//!
//! What counts is the recall on the day. Everyone would like the last evening for every card, so minutes are
//! scarce, on some days more than on others. A price per minute and day says how scarce: it is raised where
//! more minutes are wanted than there are, and lowered where they are left over, until what all cards want
//! fits. With the prices known, each card can be looked at by itself: its best day for the next review, for
//! every memory that the review may leave behind, is worked out backwards from the day of the interview. A
//! card's gain today is what its review today brings over the best it can do without. (Restless bandits,
//! after Whittle; the prices are the multipliers of the daily limits.)

use super::grid::{self, NODES};
use super::memory::{self, Memory};
use super::prices::settle;
use super::{Candidate, Card, fitting};

/// Days at the beginning and at the end that are looked at one by one, and how many groups are made of those
/// between. What is near must be exact, and so must the last days, where prices rise.
const NEAR_DAYS: usize = 4;
const LATE_DAYS: usize = 14;
const GROUPS: usize = 10;

/// The days up to an interview, with what a minute of reviews is worth on each.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// From the first day on; the interview is on the day after the last.
    calendar: Vec<Room>,
    pub(super) slots: Vec<Slot>,
    pub(super) lengths: Vec<Length>,
}

/// What a day has for reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// What can be spent.
    pub(crate) minutes: u32,
    /// Whether something else comes on the day too. If not, a review that is longer than the day may come alone.
    pub(crate) shared: bool,
}

/// Days that are looked at together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// The last of them, counted from the first day.
    pub(super) until: usize,
    /// The one in the middle.
    pub(super) day: u32,
    /// What can be spent on all of them.
    pub(super) minutes: f64,
    /// In recall a minute.
    pub(super) price: f64,
}

/// Cards whose reviews take about equally long.
#[derive(Debug, Clone)]
pub(super) struct Length {
    minutes_max: u32,
    /// On average.
    pub(super) minutes: f64,
    /// For a review in each slot, what is to be expected after it by node: recall on the day of the interview
    /// less the price of what is reviewed until then.
    pub(super) worth: Vec<[f32; NODES]>,
}

/// What is to be reviewed on each day, and what is recalled in the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Horizon {
    /// For each day from the first on, the cards to review as places, the most valuable first.
    pub days: Vec<Vec<usize>>,
    /// For each card, how likely it is to be recalled on the day of the interview if this is kept to, from 0
    /// to 1.
    pub recall: Vec<f64>,
}

impl Outlook {
    /// `minutes` that can be spent on reviews on each day from today to the one before the interview; `now` in
    /// milliseconds since 1970 (UTC).
    pub fn new(cards: &[Candidate], now: i64, minutes: &[u32]) -> Outlook {
        let calendar = minutes.iter().map(|&minutes| Room { minutes, shared: false }).collect();
        Outlook::begun(cards, &Standing::of_all(cards, now), calendar)
    }

    /// The same for cards some of which will begin on a certain day only.
    fn begun(cards: &[Candidate], standing: &[Standing], calendar: Vec<Room>) -> Outlook {
        let slots = slots(&calendar);
        let lengths = lengths(cards, slots.len());
        let mut outlook = Outlook { calendar, slots, lengths };
        settle(&mut outlook, cards, standing);
        outlook
    }

    /// Which of the cards to review on a `day`, counted from the first, as places in `cards`, the most
    /// valuable first. `now` is a time on that day, in milliseconds since 1970 (UTC).
    pub fn choose(&self, day: usize, cards: &[Candidate], now: i64) -> Vec<usize> {
        self.most_valuable(day, cards, &Standing::of_all(cards, now))
    }

    /// What to review on which day, if each review brings what is to be expected of it.
    pub fn horizon(&self, cards: &[Candidate], now: i64) -> Horizon {
        self.walk(cards, Standing::of_all(cards, now))
    }

    /// The same for cards of which those that have a day in `begins` are begun on it, or reviewed, by other means
    /// than this, and can be reviewed from then on.
    pub(crate) fn horizon_of(
        cards: &[Candidate],
        now: i64,
        calendar: Vec<Room>,
        begins: &[Option<usize>],
    ) -> Horizon {
        let mut standing = Standing::of_all(cards, now);
        standing.iter_mut().zip(begins).for_each(|(standing, begins)| standing.begins = *begins);
        Outlook::begun(cards, &standing, calendar).walk(cards, standing)
    }

    fn walk(&self, cards: &[Candidate], mut standing: Vec<Standing>) -> Horizon {
        let mut days = Vec::new();
        for day in 0..self.calendar.len() {
            let chosen = self.most_valuable(day, cards, &standing);
            let begun = (0..cards.len()).filter(|&place| standing[place].begins == Some(day));
            for place in chosen.iter().copied().chain(begun.collect::<Vec<_>>()) {
                standing[place] = standing[place].reviewed(self.days() - day as u32);
            }
            standing.iter_mut().for_each(|standing| standing.age_days += 1);
            days.push(chosen);
        }
        Horizon { days, recall: standing.iter().map(|standing| standing.recall_in(0)).collect() }
    }

    fn most_valuable(&self, day: usize, cards: &[Candidate], standing: &[Standing]) -> Vec<usize> {
        let Some(&room) = self.calendar.get(day).filter(|room| room.minutes > 0) else { return Vec::new() };
        if self.lengths.is_empty() {
            return Vec::new();
        }
        let mut gains: Vec<(f64, usize)> = (0..cards.len())
            .filter(|&place| standing[place].may_be_reviewed())
            .map(|place| (self.gain(day, &standing[place], cards[place].minutes), place))
            .map(|(gain, place)| (gain / f64::from(cards[place].minutes.max(1)), place))
            .filter(|&(gain, _)| gain > 0.0)
            .collect();
        gains.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
        fitting(gains.into_iter().map(|(_, place)| place).collect(), cards, room)
    }

    /// How much more is to be expected of a review on this day than of the best that can be done without.
    fn gain(&self, day: usize, standing: &Standing, minutes: u32) -> f64 {
        let slot = self.slots.partition_point(|slot| slot.until < day).min(self.slots.len() - 1);
        let length = &self.lengths[self.length_of(minutes)];
        let after = |slot: usize, wait_days: u32| {
            let spread = grid::spread(standing.memory, standing.age_days + wait_days);
            grid::expected(&spread, &length.worth[slot])
        };
        let first = day as u32;
        let without = (slot + 1..self.slots.len())
            .map(|later| (later, &self.slots[later]))
            .map(|(later, at)| after(later, at.day - first) - at.price * f64::from(minutes))
            .fold(standing.recall_in(self.days() - first), f64::max);
        after(slot, 0) - without
    }

    pub(super) fn days(&self) -> u32 {
        self.calendar.len() as u32
    }

    pub(super) fn length_of(&self, minutes: u32) -> usize {
        self.lengths.partition_point(|length| length.minutes_max < minutes).min(self.lengths.len() - 1)
    }
}

/// Where a card stands on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) memory: Option<Memory>,
    /// Since the last review.
    pub(super) age_days: u32,
    /// The day on which it is begun or reviewed by other means; none if a review may come at any time.
    pub(super) begins: Option<usize>,
}

impl Standing {
    pub(super) fn of_all(cards: &[Candidate], now: i64) -> Vec<Standing> {
        cards.iter().map(|candidate| Standing::of(&candidate.card, now)).collect()
    }

    fn of(card: &Card, now: i64) -> Standing {
        Standing { memory: card.known(), age_days: card.age_days(now).unwrap_or(0), begins: None }
    }

    /// FSRS says next to nothing about a second review on the same day.
    pub(super) fn may_be_reviewed(&self) -> bool {
        self.begins.is_none() && (self.memory.is_none() || self.age_days > 0)
    }

    /// After a review of which is expected what counts in `left_days`.
    pub(super) fn reviewed(self, left_days: u32) -> Standing {
        let memory = memory::expected(self.memory, self.age_days, left_days);
        Standing { memory: Some(memory), age_days: 0, begins: None }
    }

    pub(super) fn recall_in(&self, days: u32) -> f64 {
        self.memory.map_or(0.0, |memory| memory.recall(f64::from(self.age_days + days)))
    }
}

/// The days on which something can be reviewed, most of them for themselves.
fn slots(calendar: &[Room]) -> Vec<Slot> {
    let open: Vec<usize> = (0..calendar.len()).filter(|&day| calendar[day].minutes > 0).collect();
    let single = |days: &[usize]| days.chunks(1).map(<[usize]>::to_vec).collect::<Vec<_>>();
    let groups = if open.len() <= NEAR_DAYS + GROUPS + LATE_DAYS {
        single(&open)
    } else {
        let (near, rest) = open.split_at(NEAR_DAYS);
        let (between, late) = rest.split_at(rest.len() - LATE_DAYS);
        let grouped = between.chunks(between.len().div_ceil(GROUPS)).map(<[usize]>::to_vec);
        single(near).into_iter().chain(grouped).chain(single(late)).collect()
    };
    let slot = |days: Vec<usize>| Slot {
        until: days[days.len() - 1],
        day: days[days.len() / 2] as u32,
        minutes: days.iter().map(|&day| f64::from(calendar[day].minutes)).sum(),
        price: 0.0,
    };
    groups.into_iter().map(slot).collect()
}

fn lengths(cards: &[Candidate], slots: usize) -> Vec<Length> {
    let mut minutes: Vec<u32> = cards.iter().map(|card| card.minutes.max(1)).collect();
    minutes.sort_unstable();
    let about_equal = |first: &[u32]| first.partition_point(|&minutes| minutes <= 2 * first[0]);
    let mut rest = &minutes[..];
    let mut lengths = Vec::new();
    while !rest.is_empty() {
        let (these, others) = rest.split_at(about_equal(rest));
        lengths.push(Length {
            minutes_max: these[these.len() - 1],
            minutes: these.iter().map(|&minutes| f64::from(minutes)).sum::<f64>() / these.len() as f64,
            worth: vec![[0.0; NODES]; slots],
        });
        rest = others;
    }
    lengths
}
