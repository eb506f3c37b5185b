//! Rules that fire at a message, and the actions that follow.

use std::fmt;
use std::io;

use crate::armed::{Armed, Firing, Forwarded, Ongoing, Outcome};
use crate::message::{Direction, Kind, Message};
use crate::pipe::Connection;
use crate::rule::{Action, Close, Moment};

/// Why a connection ends before both sides have said all.
#[derive(Debug)]
pub(super) enum Stop {
    /// A rule or the relay's owner cut it.
    Cut(Close),
    /// Reading failed; most often the other side reset the connection.
    Read(Direction, io::Error),
    /// Upstream cannot be connected to.
    Unreachable(io::Error),
}

impl Stop {
    /// How the sockets are closed: a reset is passed on as one.
    pub(super) fn close(&self) -> Close {
        match self {
            Stop::Cut(close) => *close,
            Stop::Read(..) | Stop::Unreachable(_) => Close::Reset,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Cut(Close::Reset) => write!(f, "cut with a reset"),
            Stop::Cut(Close::Finish) => write!(f, "cut in good order"),
            Stop::Read(Direction::ToUpstream, error) => write!(f, "the client: {error}"),
            Stop::Read(Direction::ToClient, error) => write!(f, "upstream: {error}"),
            Stop::Unreachable(error) => write!(f, "upstream cannot be reached: {error}"),
        }
    }
}

/// A message that is being cut short.
#[derive(Debug)]
pub(super) struct Truncation {
    pub(super) bytes_left: u64,
    bytes: u64,
    close: Close,
    ongoing: Ongoing,
}

impl Truncation {
    /// The message has ended, or its bytes are used up.
    pub(super) fn finish(self, whole: bool) -> Stop {
        let forwarded = if whole { Forwarded::Whole } else { Forwarded::Bytes(self.bytes) };
        self.ongoing.finish_forwarded(forwarded);
        Stop::Cut(self.close)
    }
}

/// Finds the rules that fire and does what they say; what was decided before must have been written.
/// For what is no message of a lane.
pub(super) async fn fire(connection: &Connection<'_>, moment: Moment, message: &Message) -> Result<(), Stop> {
    let struck = connection.hub.rules.strike(moment, message, connection.link.id);
    match perform(connection, struck, moment, message).await? {
        Some(truncation) => Err(truncation.finish(false)),
        None => Ok(()),
    }
}

/// Does what the rules say, one after another. All of them are told as fired before the first acts, so a
/// hold of one does not hide another.
pub(super) async fn perform(
    connection: &Connection<'_>,
    struck: Vec<(Armed, u64)>,
    moment: Moment,
    message: &Message,
) -> Result<Option<Truncation>, Stop> {
    let forwarded = if moment == Moment::Before { Forwarded::Nothing } else { Forwarded::Whole };
    let record = |(armed, nth): (Armed, u64)| {
        let (at, connection) = (connection.hub.log.now(), connection.link.id);
        let outcome = Outcome::Underway;
        armed.record(Firing { at, connection, message: message.clone(), nth, forwarded, outcome })
    };
    let ongoing: Vec<Ongoing> = struck.into_iter().map(record).collect();
    for one in &ongoing {
        connection.note(message.direction, Kind::Fired, one.rule_name());
    }
    let mut truncation = None;
    for one in ongoing {
        truncation = act(connection, one, moment).await?.or(truncation);
    }
    Ok(truncation)
}

async fn act(
    connection: &Connection<'_>,
    ongoing: Ongoing,
    moment: Moment,
) -> Result<Option<Truncation>, Stop> {
    let mut outcome = Outcome::Done;
    for action in ongoing.actions() {
        match action {
            Action::Delay(so_long) => tokio::time::sleep(so_long).await,
            Action::Hold => {
                ongoing.held().await;
                outcome = Outcome::Released;
            }
            Action::Throttle { bytes_per_s } => connection.link.throttle(ongoing.armed(), bytes_per_s),
            Action::Admit(admission) => {
                connection.hub.admission.send_replace(admission);
            }
            Action::Call(function) => function.0(ongoing.firing()),
            Action::Truncate { bytes, close } if moment == Moment::Before && bytes > 0 => {
                // What the rule says after a truncation could not be done any more.
                return Ok(Some(Truncation { bytes_left: bytes, bytes, close, ongoing }));
            }
            Action::Cut(close) | Action::Truncate { close, .. } => {
                ongoing.finish(outcome);
                return Err(Stop::Cut(close));
            }
            Action::CutAll(close) => {
                connection.hub.cut_all(close);
                ongoing.finish(outcome);
                return Err(Stop::Cut(close));
            }
        }
    }
    ongoing.finish(outcome);
    Ok(None)
}
