//! Memories on a grid: what is worked out for its nodes serves every memory between them.

use super::memory::{Memory, outcomes};

const STABILITIES: usize = 16;
const DIFFICULTIES: usize = 4;
/// How many nodes there are.
pub(super) const NODES: usize = STABILITIES * DIFFICULTIES;
/// The logarithms of the least and the greatest stability: half an hour and fourteen months, beyond which
/// nothing changes within a preparation.
const LOG_MIN: f64 = -4.0;
const LOG_MAX: f64 = 6.0;

/// Where a review may lead: nodes, and how likely each is.
pub(super) type Spread = [(u16, f32); 16];

/// The memory that a node stands for.
pub(super) fn memory(node: usize) -> Memory {
    let log = LOG_MIN + (LOG_MAX - LOG_MIN) * (node / DIFFICULTIES) as f64 / (STABILITIES - 1) as f64;
    let difficulty = 1.0 + 9.0 * (node % DIFFICULTIES) as f64 / (DIFFICULTIES - 1) as f64;
    Memory { stability_days: log.exp(), difficulty }
}

/// Where a review `days` after the last one may lead.
pub(super) fn spread(memory: Option<Memory>, days: u32) -> Spread {
    let mut spread = [(0, 0.0); 16];
    for (four, (likely, memory)) in spread.chunks_exact_mut(4).zip(outcomes(memory, days)) {
        four.copy_from_slice(&corners(likely, memory));
    }
    spread
}

/// The four nodes around a memory, each the likelier the nearer it is.
fn corners(likely: f64, memory: Memory) -> [(u16, f32); 4] {
    let log = (memory.stability_days.ln() - LOG_MIN) / (LOG_MAX - LOG_MIN);
    let (row, along) = split(log, STABILITIES);
    let (column, across) = split((memory.difficulty - 1.0) / 9.0, DIFFICULTIES);
    let node = |row: usize, column: usize, share: f64| {
        ((row * DIFFICULTIES + column) as u16, (likely * share) as f32)
    };
    [
        node(row, column, (1.0 - along) * (1.0 - across)),
        node(row, column + 1, (1.0 - along) * across),
        node(row + 1, column, along * (1.0 - across)),
        node(row + 1, column + 1, along * across),
    ]
}

/// The place below a share of a row of `count` places, and how far it is to the next.
fn split(share: f64, count: usize) -> (usize, f64) {
    let place = share.clamp(0.0, 1.0) * (count - 1) as f64;
    let below = (place as usize).min(count - 2);
    (below, place - below as f64)
}

/// What is to be expected of a figure that each node has.
pub(super) fn expected(spread: &Spread, figures: &[f32]) -> f64 {
    let sum: f32 = spread.iter().map(|&(node, likely)| likely * figures[usize::from(node)]).sum();
    f64::from(sum)
}
