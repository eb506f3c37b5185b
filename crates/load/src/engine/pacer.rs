//! Says when the next request is due: by the schedule, or when a client is free.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::{Pace, Schedule};

/// A client that finds nobody listening comes back after this long, so that a closed loop does not spin.
const PAUSE_NS: u64 = 100_000_000;

/// Starts that are due within so long of each other share one wake-up, at the last of them; what this costs in
/// lateness is recorded as lag. To sleep and be woken costs the generator more than to send and to read the answer.
const TOGETHER_NS: u64 = 250_000;

pub(super) enum Pacer {
    Open {
        schedule: Schedule,
        /// The next starts, as far as they were looked at.
        ahead: VecDeque<u64>,
    },
    Closed {
        free: usize,
        /// When clients that were refused come back, in order.
        paused_ns: VecDeque<u64>,
        end_ns: u64,
    },
}

impl Pacer {
    pub(super) fn new(pace: &Pace) -> Pacer {
        match pace {
            Pace::Open { stages } => {
                let mut schedule = Schedule::new(stages);
                let ahead = schedule.next().into_iter().collect();
                Pacer::Open { schedule, ahead }
            }
            Pace::Closed { clients, duration } => Pacer::Closed {
                free: *clients,
                paused_ns: VecDeque::new(),
                end_ns: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
            },
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Pacer::Open { .. })
    }

    /// When to wake for the next request that is due and those that go with it; none if there is none or an
    /// answer must come first.
    pub(super) fn wake_ns(&mut self) -> Option<u64> {
        match self {
            Pacer::Open { schedule, ahead } => {
                let until_ns = ahead.front()?.saturating_add(TOGETHER_NS);
                // Only the last of those looked at can lie beyond.
                while let Some(last_ns) = ahead.back().filter(|last_ns| **last_ns <= until_ns).copied() {
                    match schedule.next() {
                        Some(at_ns) => ahead.push_back(at_ns),
                        None => return Some(last_ns),
                    }
                }
                ahead.iter().nth_back(1).copied()
            }
            Pacer::Closed { free: 1.., .. } => Some(0),
            Pacer::Closed { paused_ns, .. } => paused_ns.front().copied(),
        }
    }

    /// Takes the next request if it is due: when it is scheduled.
    pub(super) fn take(&mut self, now_ns: u64) -> Option<u64> {
        match self {
            Pacer::Open { schedule, ahead } => {
                let at_ns = ahead.pop_front_if(|at_ns| *at_ns <= now_ns)?;
                if ahead.is_empty() {
                    ahead.extend(schedule.next());
                }
                Some(at_ns)
            }
            Pacer::Closed { end_ns, .. } if now_ns >= *end_ns => None,
            Pacer::Closed { free, paused_ns, .. } => {
                if *free > 0 {
                    *free -= 1;
                } else {
                    paused_ns.pop_front_if(|at_ns| *at_ns <= now_ns)?;
                }
                Some(now_ns)
            }
        }
    }

    /// A request has ended.
    pub(super) fn release(&mut self, now_ns: u64, refused: bool) {
        match self {
            Pacer::Open { .. } => {}
            Pacer::Closed { paused_ns, .. } if refused => paused_ns.push_back(now_ns + PAUSE_NS),
            Pacer::Closed { free, .. } => *free += 1,
        }
    }

    /// No request will be due any more.
    pub(super) fn is_over(&mut self, now_ns: u64) -> bool {
        match self {
            Pacer::Open { ahead, .. } => ahead.is_empty(),
            Pacer::Closed { end_ns, .. } => now_ns >= *end_ns,
        }
    }
}
