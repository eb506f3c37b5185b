//! What a run is to do, as plain data.

pub(crate) mod mix;
pub(crate) mod request;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{LoadError, Mix, Request, Schedule, Stage, Stop, Target};

/// Everything that [`run()`](crate::run()) needs to know.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the load goes.
    pub target: Target,
    /// How fast.
    pub pace: Pace,
    /// What is sent.
    pub requests: Requests,
    /// A request is given up this long after its scheduled start, whether it was sent by then or not. 10 s.
    pub timeout: Duration,
    /// An open loop opens connections as it needs them, up to so many; beyond that, requests wait. 1,024.
    pub connections_max: usize,
    /// Are connections used again? Otherwise each request gets one of its own and says `Connection: close`.
    pub keep_alive: bool,
    /// Keep each answer in its record, with so many bytes of its body.
    pub keep_responses: Option<usize>,
    /// What is taken from a server before it is cut off.
    pub limits: Limits,
    /// How late the generator itself may be before the run is void. 10 ms.
    pub lag_max: Duration,
    /// Ends the run early.
    pub stop: Stop,
}

impl Plan {
    /// A plan with the defaults that its fields name.
    pub fn new(target: Target, pace: Pace, requests: Requests) -> Plan {
        Plan {
            target,
            pace,
            requests,
            timeout: Duration::from_secs(10),
            connections_max: 1024,
            keep_alive: true,
            keep_responses: None,
            limits: Limits::default(),
            lag_max: Duration::from_millis(10),
            stop: Stop::default(),
        }
    }

    /// Can it be performed?
    pub(crate) fn check(&self) -> Result<(), LoadError> {
        let wrong = |why: String| Err(LoadError::Plan(why));
        match &self.pace {
            Pace::Open { stages } => {
                for Stage { from_per_s, to_per_s, duration } in stages {
                    let fine = |rate: f64| rate.is_finite() && (0.0..=RATE_MAX).contains(&rate);
                    if !fine(*from_per_s) || !fine(*to_per_s) || duration.is_zero() {
                        return wrong(format!(
                            "a stage goes from {from_per_s} to {to_per_s} requests a second in {duration:?}; rates \
                             lie between 0 and {RATE_MAX}, and a stage lasts some time"
                        ));
                    }
                }
                if Schedule::new(stages).requests() == 0 {
                    return wrong("its stages hold no request; give a rate and a time".to_owned());
                }
            }
            Pace::Closed { clients: 0, .. } => return wrong("a closed loop needs a client".to_owned()),
            Pace::Closed { duration, .. } if duration.is_zero() => {
                return wrong("a closed loop needs some time".to_owned());
            }
            Pace::Closed { .. } => {}
        }
        if self.connections_max == 0 {
            return wrong("it allows no connection; allow at least one".to_owned());
        }
        if self.timeout.is_zero() {
            return wrong("it gives a request no time; give it a timeout".to_owned());
        }
        Ok(())
    }
}

/// More than one core can send, and few enough that times stay exact.
const RATE_MAX: f64 = 10_000_000.0;

/// How fast requests are sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Pace {
    /// Starts are scheduled beforehand, whatever the server does.
    Open {
        /// One after the other.
        stages: Vec<Stage>,
    },
    /// Each client sends its next request when its last one has ended, so a slow server gets fewer: use it to
    /// find what a server can do, not how long people wait. Scheduled and actual starts are the same.
    Closed {
        /// How many, each with a connection of its own.
        clients: usize,
        /// For how long they begin new requests.
        duration: Duration,
    },
}

impl Pace {
    /// How long requests are begun.
    pub fn duration(&self) -> Duration {
        match self {
            Pace::Open { stages } => stages.iter().map(|stage| stage.duration).sum(),
            Pace::Closed { duration, .. } => *duration,
        }
    }
}

/// What is taken from a server before it is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all heads of one answer (and, apart, of a chunked body's trailers and extensions). 64 KiB. A
    /// head has at most 128 fields.
    pub head_bytes_max: usize,
    /// Bytes of one answer's body. 64 MiB.
    pub body_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { head_bytes_max: 64 * 1024, body_bytes_max: 64 * 1024 * 1024 }
    }
}

type Feed = Box<dyn Iterator<Item = Arc<Request>>>;

/// What is sent: makes the same sequence of requests each time it is asked, so that a plan can be repeated.
#[derive(Clone)]
pub struct Requests(Arc<dyn Fn() -> Feed + Send + Sync>);

impl Requests {
    /// The same request over and over.
    pub fn always(request: Request) -> Requests {
        let request = Arc::new(request);
        Requests::each(move || std::iter::repeat(Arc::clone(&request)))
    }

    /// Requests drawn from a mix.
    pub fn mix(mix: Mix) -> Requests {
        Requests::each(move || mix.draw())
    }

    /// Requests that the caller makes, one by one. If they run out, the run ends there and the report says so.
    pub fn each<I>(make: impl Fn() -> I + Send + Sync + 'static) -> Requests
    where
        I: Iterator<Item = Arc<Request>> + 'static,
    {
        Requests(Arc::new(move || Box::new(make())))
    }

    pub(crate) fn feed(&self) -> Feed {
        (self.0)()
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests(..)")
    }
}
