//! How scarce minutes are on each day until an interview.

use super::Candidate;
use super::grid::{self, NODES, Spread};
use super::outlook::{Outlook, Slot, Standing};

/// How often the prices are corrected.
const ROUNDS: u32 = 30;
/// How much worse than the best a choice may be and still be made now and then, in recall: at first much, so
/// that prices settle quickly, in the end hardly.
const TOLERANCE_FIRST: f64 = 0.1;
const TOLERANCE_LAST: f64 = 0.002;
/// Keeps logarithms of what nobody wants within reason, in reviews.
const LEAST: f64 = 0.1;
/// Fewer cards than this are nobody's.
const FEWEST: f64 = 1e-9;

/// Finds the prices at which what all cards want fits into each slot, and what reviews are worth with them.
pub(super) fn settle(outlook: &mut Outlook, cards: &[Candidate], standing: &[Standing]) {
    if cards.is_empty() || outlook.slots.is_empty() {
        return;
    }
    let mut market = Market::new(outlook, cards, standing);
    let minutes = outlook.lengths.iter().map(|length| length.minutes).fold(f64::MAX, f64::min);
    for round in 0..ROUNDS {
        let progress = f64::from(round) / f64::from(ROUNDS - 1) / 0.8;
        let tolerance = TOLERANCE_FIRST * (TOLERANCE_LAST / TOLERANCE_FIRST).powf(progress.min(1.0));
        market.look_back(outlook, tolerance);
        let wanted = market.look_ahead(outlook, tolerance);
        for (slot, wanted) in outlook.slots.iter_mut().zip(wanted) {
            let least = LEAST * minutes;
            let excess = ((wanted + least) / (slot.minutes + least)).ln().clamp(-2.0, 2.0);
            slot.price = (slot.price + tolerance / minutes * excess).max(0.0);
        }
    }
}

/// What does not change from round to round, and the choices of the last one.
struct Market {
    /// For as many days between two reviews, where the second leads from each node.
    ways: Vec<Vec<Spread>>,
    /// For a review in each slot, the recall on the day of the interview by node if it was the last.
    last: Vec<[f64; NODES]>,
    starts: Vec<Start>,
    /// For each length, slot and node, how the next review is spread over the later slots.
    choices: Vec<Vec<f32>>,
}

/// What a card can do first.
struct Start {
    length: usize,
    /// What a review takes; nothing if it comes by other means.
    minutes: f64,
    /// By slot; none where it may not be reviewed.
    ways: Vec<Option<Spread>>,
    without: f64,
}

impl Start {
    fn of(card: &Candidate, standing: &Standing, outlook: &Outlook) -> Start {
        let way = |slot: &Slot| {
            let later = Standing { age_days: standing.age_days + slot.day, ..*standing };
            later.may_be_reviewed().then(|| grid::spread(later.memory, later.age_days))
        };
        let begins = standing.begins.map(|day| outlook.slots.partition_point(|slot| slot.until < day));
        let begun = |(place, slot): (usize, &Slot)| {
            let age_days = standing.memory.map_or(0, |_| standing.age_days + slot.day);
            (begins == Some(place)).then(|| grid::spread(standing.memory, age_days))
        };
        let slots = outlook.slots.iter().enumerate();
        Start {
            length: outlook.length_of(card.minutes),
            minutes: if begins.is_some() { 0.0 } else { f64::from(card.minutes.max(1)) },
            ways: slots
                .map(|(place, slot)| begins.map_or_else(|| way(slot), |_| begun((place, slot))))
                .collect(),
            without: standing.recall_in(outlook.days()),
        }
    }
}

impl Market {
    fn new(outlook: &Outlook, cards: &[Candidate], standing: &[Standing]) -> Market {
        let (slots, days) = (&outlook.slots, outlook.days());
        let mut ways = vec![Vec::new(); days as usize];
        for (place, from) in slots.iter().enumerate() {
            for to in &slots[place + 1..] {
                let gap = to.day - from.day;
                if ways[gap as usize].is_empty() {
                    let spread = |node| grid::spread(Some(grid::memory(node)), gap);
                    ways[gap as usize] = (0..NODES).map(spread).collect();
                }
            }
        }
        let last = |day: u32| std::array::from_fn(|node| grid::memory(node).recall(f64::from(days - day)));
        let start = |(card, standing): (&Candidate, &Standing)| Start::of(card, standing, outlook);
        let choices = slots.iter().enumerate().map(|(place, _)| NODES * (slots.len() - place));
        Market {
            ways,
            last: slots.iter().map(|slot| last(slot.day)).collect(),
            starts: cards.iter().zip(standing).map(start).collect(),
            choices: outlook
                .lengths
                .iter()
                .flat_map(|_| choices.clone())
                .map(|size| vec![0.0; size])
                .collect(),
        }
    }

    /// From the last slot to the first: what it is worth to have a memory after a review there.
    fn look_back(&mut self, outlook: &mut Outlook, tolerance: f64) {
        let (slots, mut offers) = (&outlook.slots, Vec::new());
        for (length, choices) in outlook.lengths.iter_mut().zip(self.choices.chunks_mut(slots.len())) {
            for from in (0..slots.len()).rev() {
                let width = slots.len() - from;
                for (node, choice) in choices[from].chunks_exact_mut(width).enumerate() {
                    offers.clear();
                    for (to, slot) in slots.iter().enumerate().skip(from + 1) {
                        let way = &self.ways[(slot.day - slots[from].day) as usize][node];
                        offers.push(grid::expected(way, &length.worth[to]) - slot.price * length.minutes);
                    }
                    offers.push(self.last[from][node]);
                    length.worth[from][node] = choose_among(&mut offers, tolerance) as f32;
                    choice.iter_mut().zip(&offers).for_each(|(choice, &share)| *choice = share as f32);
                }
            }
        }
    }

    /// From the first slot to the last: how many minutes are wanted in each.
    fn look_ahead(&self, outlook: &Outlook, tolerance: f64) -> Vec<f64> {
        let slots = outlook.slots.len();
        let mut wanted = vec![0.0; slots];
        let mut there = vec![vec![[0.0; NODES]; slots]; outlook.lengths.len()];
        for start in &self.starts {
            self.begin(start, outlook, tolerance, &mut wanted, &mut there[start.length]);
        }
        let choices = self.choices.chunks(slots);
        for ((there, length), choices) in there.iter_mut().zip(&outlook.lengths).zip(choices) {
            self.go_on(&outlook.slots, length.minutes, choices, &mut wanted, there);
        }
        wanted
    }

    /// Adds what one card wants first, and the memories that it then has in each slot.
    fn begin(
        &self,
        start: &Start,
        outlook: &Outlook,
        tolerance: f64,
        wanted: &mut [f64],
        there: &mut [[f64; NODES]],
    ) {
        let worth = &outlook.lengths[start.length].worth;
        let offer = |((way, slot), worth): ((&Option<Spread>, &Slot), &[f32; NODES])| {
            let after = way.as_ref().map(|way| grid::expected(way, worth) - slot.price * start.minutes);
            after.unwrap_or(f64::NEG_INFINITY)
        };
        let mut offers: Vec<f64> = start.ways.iter().zip(&outlook.slots).zip(worth).map(offer).collect();
        offers.push(start.without);
        choose_among(&mut offers, tolerance);
        for (to, way) in start.ways.iter().enumerate() {
            wanted[to] += offers[to] * start.minutes;
            for &(node, likely) in way.iter().flatten() {
                there[to][usize::from(node)] += offers[to] * f64::from(likely);
            }
        }
    }

    /// Adds what the cards of one length want after that.
    fn go_on(
        &self,
        slots: &[Slot],
        minutes: f64,
        choices: &[Vec<f32>],
        wanted: &mut [f64],
        there: &mut [[f64; NODES]],
    ) {
        for from in 0..slots.len() {
            for (node, choice) in choices[from].chunks_exact(slots.len() - from).enumerate() {
                let cards = there[from][node];
                let moving = choice.iter().map(|&share| cards * f64::from(share));
                for (to, moving) in (from + 1..slots.len()).zip(moving).filter(|(_, moving)| *moving > FEWEST)
                {
                    wanted[to] += moving * minutes;
                    for &(node, likely) in &self.ways[(slots[to].day - slots[from].day) as usize][node] {
                        there[to][usize::from(node)] += moving * f64::from(likely);
                    }
                }
            }
        }
    }
}

/// Turns offers into how often each is taken, and says what they are worth together.
fn choose_among(offers: &mut [f64], tolerance: f64) -> f64 {
    let best = offers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut worth) = (0.0, 0.0);
    for offer in offers.iter_mut() {
        let weight = ((*offer - best) / tolerance).exp();
        if weight > 0.0 {
            sum += weight;
            worth += weight * *offer;
        }
        *offer = weight;
    }
    offers.iter_mut().for_each(|offer| *offer /= sum);
    worth / sum
}
