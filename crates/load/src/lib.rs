//! An honest HTTP/1.1 load generator.
//!
//! Every request's start is scheduled before the run, and its latency is counted from there. A server that
//! stalls therefore cannot slow the generator down and so hide its stall (*coordinated omission*): the requests
//! that were due meanwhile are sent all the same, over more connections, or wait with their clock running.
//!
//! The story, in the order in which it happens:
//!
//! 1. A [`Plan`] says where to ([`Target`]), how fast ([`Pace`]: stages of an open loop, or clients of a closed
//!    one) and what ([`Requests`]: a [`Mix`] drawn from a seed, or an iterator of the caller's).
//! 2. [`run()`] performs it on the calling thread: one event loop, reused buffers, a timer of its own.
//! 3. Each request ends as a [`Record`] with an [`Outcome`]: done, refused (certainly never sent) or unknown
//!    (sent, but no full answer came). The caller's sink takes it.
//! 4. The [`Report`] adds them up: latency from the scheduled start beside service time from the actual one,
//!    rates offered and achieved, failures by kind. [`Report::fell_behind`] is the control: it says when the
//!    generator, not the server, was late, so that the figures mean nothing. [`Text`] writes it for people.
//!
//! ```no_run
//! use std::time::Duration;
//! use load::{Pace, Plan, Record, Request, Requests, Stage, Target};
//!
//! let (target, path) = Target::parse("http://127.0.0.1:8080/orders", false)?;
//! let requests = Requests::always(Request::get(&path)?);
//! let pace = Pace::Open { stages: vec![Stage::hold(500.0, Duration::from_secs(10))] };
//! let report = load::run(&Plan::new(target, pace, requests), &mut |_: Record| {})?;
//! println!("{}", load::Text(&report));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod connection;
mod engine;
mod error;
mod plan;
mod record;
mod report;
mod schedule;
mod stop;
mod target;
mod text;

pub use error::LoadError;
pub use plan::mix::{Mix, MixError, Template};
pub use plan::request::{Request, RequestError};
pub use plan::{Limits, Pace, Plan, Requests};
pub use record::{Failure, Outcome, Record, Response};
pub use report::{Outcomes, Percentiles, Report, Second};
pub use schedule::{Schedule, Stage};
pub use stop::Stop;
pub use target::{Target, TargetError};
pub use text::Text;

/// Performs `plan` on the calling thread, hands each request's record to `sink` as it ends, and reports.
///
/// The sink runs inside the event loop: the time that it takes makes requests late, and shows as lag.
///
/// # Errors
///
/// A plan that cannot be performed, or a machine that gives no event queue. Whatever a server does is in the
/// report and never an error.
pub fn run(plan: &Plan, sink: &mut impl FnMut(Record)) -> Result<Report, LoadError> {
    plan.check()?;
    engine::perform(plan, sink)
}
