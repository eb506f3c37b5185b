//! A TCP proxy between two parts of a judged system that knows where messages begin and end.
//!
//! A [`Relay`] listens on loopback and passes every byte on unchanged. It knows the boundaries of
//! PostgreSQL's protocol, of RESP and of HTTP/1.1 ([`Protocol`]), and of each message the little that names
//! it ([`Message`]). So faults can fire at events, "after the 40th COMMIT was acknowledged", and never at
//! times. What it does not understand it passes through without looking, and notes that it does
//! ([`Kind::Opaque`]).
//!
//! A [`Rule`] says at which messages ([`Trigger`]), at which [`Moment`], what is done ([`Action`]). It may
//! be armed and disarmed while traffic flows; [`Armed`] tells its [`Effect`], because a fault without
//! effect proves nothing.
//!
//! ```no_run
//! use relay::{Action, Address, Protocol, Relay, Rule, Trigger};
//!
//! # async fn story(kill_the_program: impl Fn()) -> Result<(), relay::RelayError> {
//! let database = Address::Unix("/run/bench/.s.PGSQL.5432".into());
//! let relay = Relay::open(Address::loopback(0), database, Protocol::Postgres)?;
//! // The program connects to relay.address(). Its 40th COMMIT reaches the database, …
//! let acknowledged = relay.arm(Rule::on(Trigger::complete("COMMIT")).nth(40).then(Action::Hold));
//! if acknowledged.fired().await.is_some() {
//!     // … and it is gone before it hears of that.
//!     kill_the_program();
//!     acknowledged.release();
//! }
//! assert_eq!(acknowledged.effect().fired, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Inside, a connection is two lanes (`pipe`), one each way. A lane reads into a buffer of fixed size, asks
//! the connection's frames (`frame`) what begins and ends there, asks the rules what that means, and
//! writes. It reads again only when everything is written, so a slow reader slows its writer as it would
//! without a relay.

mod address;
mod armed;
mod door;
mod error;
mod frame;
mod hub;
mod log;
mod message;
mod pattern;
mod pipe;
mod relay;
mod rule;
mod rules;
mod socket;

pub use address::Address;
pub use armed::{Armed, Effect, FIRINGS_MAX, Firing, Forwarded, Outcome};
pub use door::Admission;
pub use error::RelayError;
pub use log::{Count, Event, Events, LABELS_MAX};
pub use message::{ConnectionId, Direction, Kind, Message, Protocol};
pub use pattern::Pattern;
pub use relay::Relay;
pub use rule::{Action, Callback, Close, Moment, Rule, Trigger};
