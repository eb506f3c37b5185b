//! Reviews a second of `schedule::review`: the same reviews as scripts/bench/schedule.py does with py-fsrs.
//!
//! Prints the reviews a second; on standard error the mean stability in the end, by which one sees that both
//! did the same work.

use std::time::Instant;

use study::schedule::{Card, review};
use study::words::{CardKind, Rating};

const CARDS: usize = 10_000;
const DAYS: [i64; 10] = [0, 1, 3, 7, 14, 24, 40, 65, 100, 150];
/// 2026-01-01.
const START: i64 = 1_767_225_600_000;
const RATINGS: [Rating; 4] = [Rating::Again, Rating::Hard, Rating::Good, Rating::Easy];

fn main() {
    let mut cards: Vec<Card> =
        (0..CARDS).map(|number| Card::new(CardKind::Question, number.to_string(), START)).collect();
    let began = Instant::now();
    for (round, day) in DAYS.iter().enumerate() {
        let now = START + day * 24 * 60 * 60 * 1000;
        let next = |(number, card)| review(card, RATINGS[(7 * number + 3 * round) % 11 % 4], now);
        cards = cards.into_iter().enumerate().map(next).collect();
    }
    let took = began.elapsed();
    println!("{:.0}", (CARDS * DAYS.len()) as f64 / took.as_secs_f64());
    let stabilities = cards.iter().filter_map(|card| card.memory).map(|memory| memory.stability_days);
    eprintln!("mean stability {:.3} days", stabilities.sum::<f64>() / CARDS as f64);
}
