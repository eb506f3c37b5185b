//! Says when the next request is due: by the schedule, or when a client is free.

use std::collections::VecDeque;
use std::iter::Peekable;

use crate::{Pace, Schedule};

/// A client that finds nobody listening comes back after this long, so that a closed loop does not spin.
const PAUSE_NS: u64 = 100_000_000;

pub(super) enum Pacer {
    Open(Peekable<Schedule>),
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
            Pace::Open { stages } => Pacer::Open(Schedule::new(stages).peekable()),
            Pace::Closed { clients, duration } => Pacer::Closed {
                free: *clients,
                paused_ns: VecDeque::new(),
                end_ns: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
            },
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Pacer::Open(_))
    }

    /// When the next request is due; none if there is none or an answer must come first.
    pub(super) fn next_ns(&mut self) -> Option<u64> {
        match self {
            Pacer::Open(schedule) => schedule.peek().copied(),
            Pacer::Closed { free: 1.., .. } => Some(0),
            Pacer::Closed { paused_ns, .. } => paused_ns.front().copied(),
        }
    }

    /// Takes the next request if it is due: when it is scheduled.
    pub(super) fn take(&mut self, now_ns: u64) -> Option<u64> {
        match self {
            Pacer::Open(schedule) => schedule.next_if(|at_ns| *at_ns <= now_ns),
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
            Pacer::Open(_) => {}
            Pacer::Closed { paused_ns, .. } if refused => paused_ns.push_back(now_ns + PAUSE_NS),
            Pacer::Closed { free, .. } => *free += 1,
        }
    }

    /// No request will be due any more.
    pub(super) fn is_over(&mut self, now_ns: u64) -> bool {
        match self {
            Pacer::Open(schedule) => schedule.peek().is_none(),
            Pacer::Closed { end_ns, .. } => now_ns >= *end_ns,
        }
    }
}
