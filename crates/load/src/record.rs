//! What became of one request.

use serde::Serialize;

/// One request, once it has ended. Times are microseconds since the start of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The how-manieth request it was, from 0, in the order of the schedule.
    pub index: u64,
    /// What the caller marked the request with, see [`Request::tagged`](crate::Request::tagged).
    pub tag: u32,
    /// When it should have started.
    pub scheduled_us: u64,
    /// When a connection took it, or began to be opened for it; none if it never got that far.
    pub started_us: Option<u64>,
    /// When its answer was whole, or when it was given up.
    pub ended_us: u64,
    /// The number of the connection that took it, counted from 0 over the run.
    pub connection: Option<u64>,
    /// What became of it.
    pub outcome: Outcome,
    /// The answer's status, even if the rest of the answer did not come.
    pub status: Option<u16>,
    /// Bytes of the answer that were received, its head included.
    pub bytes: u64,
    /// The answer itself, if it was whole and [`Plan::keep_responses`](crate::Plan::keep_responses) asks for it.
    pub response: Option<Response>,
}

/// What is known about a request that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A full answer came, with this status.
    Done(u16),
    /// Not one byte of the request was sent, so it certainly had no effect.
    Refused(Failure),
    /// It was sent, at least in part, and no full answer came: it may have had its effect.
    Unknown(Failure),
}

impl Outcome {
    /// `done`, `refused` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Done(_) => "done",
            Outcome::Refused(_) => "refused",
            Outcome::Unknown(_) => "unknown",
        }
    }

    /// Why no full answer came, unless one did.
    pub fn failure(self) -> Option<Failure> {
        match self {
            Outcome::Done(_) => None,
            Outcome::Refused(failure) | Outcome::Unknown(failure) => Some(failure),
        }
    }
}

/// Why a request got no full answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Nobody listens there.
    ConnectionRefused,
    /// The peer cut the connection with a reset.
    Reset,
    /// The peer closed the connection before its answer was whole.
    Closed,
    /// Its time was up: no connection was made, or no full answer came.
    Timeout,
    /// All connections allowed were busy until its time was up.
    NoConnection,
    /// What came is no HTTP/1.1 response.
    Invalid,
    /// The answer's head or body is larger than [`Limits`](crate::Limits) allow.
    TooLarge,
    /// The run was stopped first.
    Stopped,
    /// This machine had no port or open file left for a connection: the generator's own fault.
    LocalLimit,
    /// The operating system reported another network error.
    Network,
}

impl Failure {
    /// In words, as a count of them is titled.
    pub fn name(self) -> &'static str {
        match self {
            Failure::ConnectionRefused => "connection refused",
            Failure::Reset => "reset",
            Failure::Closed => "closed early",
            Failure::Timeout => "timeout",
            Failure::NoConnection => "no connection free",
            Failure::Invalid => "invalid response",
            Failure::TooLarge => "response too large",
            Failure::Stopped => "stopped",
            Failure::LocalLimit => "local limit",
            Failure::Network => "network error",
        }
    }
}

/// An answer that was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Names as they were sent, with their values; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The beginning of its body, as much as was asked for.
    pub body: Vec<u8>,
    /// Was the body longer than what is kept?
    pub truncated: bool,
}

impl Response {
    /// The value of the first header with this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
