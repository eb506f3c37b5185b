//! Judgings: work in progress, one at a time, each in a thread of its own, followed by whoever wants to.
//!
//! PostgreSQL is told to end with the thread that started it, so a judging keeps its thread until its bench
//! is closed, and pages are served by another.

mod log;
mod room;
mod stream;
mod thread;

pub(super) use log::{Judging, JudgingEvent, JudgingNow, State};
pub(super) use room::{Judgings, Room};
pub(super) use stream::events;
