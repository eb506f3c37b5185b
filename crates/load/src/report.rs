//! What a run came to: percentiles, rates, counts by kind, and whether the figures mean anything.

pub(crate) mod tally;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Failure;

/// The sum of a run. Serialised, its names and units are a contract, numbered by `schema`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The version of this shape: 1.
    pub schema: u32,
    /// `host:port` as the Host header had it.
    pub target: String,
    /// Was it an open loop, whose schedule is kept whatever the server does?
    pub open_loop: bool,
    /// For how long requests were to be begun.
    pub planned_us: u64,
    /// From the start to the end of the last request, or the planned time if that is longer.
    pub elapsed_us: u64,
    /// Requests that were due.
    pub offered: u64,
    /// Requests due a second of the planned time, or of the elapsed time if the run ended early.
    pub offered_per_s: f64,
    /// Full answers with a status below 500.
    pub answered: u64,
    /// `answered` a second of the elapsed time.
    pub answered_per_s: f64,
    /// What is known about the requests.
    pub outcomes: Outcomes,
    /// Requests without a full answer, by kind.
    pub failures: BTreeMap<Failure, u64>,
    /// Full answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Bytes received.
    pub received_bytes: u64,
    /// Answers that were followed by bytes nobody had asked for; their connections were closed.
    pub surplus_answers: u64,
    /// Latency: from the scheduled start to the end of the answer.
    pub latency: Percentiles,
    /// Service time: from the actual start to the end of the answer. It hides what came before.
    pub service: Percentiles,
    /// How late the generator itself came to a request that was due; empty for a closed loop.
    pub lag: Percentiles,
    /// How late it may be.
    pub lag_max_us: u64,
    /// The part of the elapsed time in which the generator was not waiting for anything, 0 to 1.
    pub busy_share: f64,
    /// Requests that waited because all connections allowed were busy. Their wait is part of their latency.
    pub waited: u64,
    /// The most that waited at once.
    pub waiting_max: usize,
    /// Connections that were opened in all.
    pub connections_opened: u64,
    /// The most that were open at once.
    pub connections_peak: usize,
    /// This process was not allowed to open more files, so that requests waited.
    pub files_ran_out: bool,
    /// The caller's requests ended before the plan did.
    pub requests_ran_out: bool,
    /// The run was stopped early.
    pub stopped: bool,
    /// The run second by second, by scheduled start.
    pub seconds: Vec<Second>,
}

/// How many requests ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// With a full answer, whatever its status.
    pub done: u64,
    /// Certainly never sent.
    pub refused: u64,
    /// Sent, at least in part, without a full answer.
    pub unknown: u64,
}

/// Percentiles over all requests that ended. One without an answer, or with a status from 500 on, counts as
/// slower than all others, so that failing fast makes nothing better: a percentile that falls among those is
/// none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// Requests with a time.
    pub count: u64,
    /// Half of all requests took no longer.
    pub p50_us: Option<u64>,
    /// 90 in 100 took no longer.
    pub p90_us: Option<u64>,
    /// 99 in 100 took no longer.
    pub p99_us: Option<u64>,
    /// 999 in 1,000 took no longer.
    pub p999_us: Option<u64>,
    /// The slowest that was answered.
    pub max_us: Option<u64>,
}

/// The requests that were scheduled in one second of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Second {
    /// Which, from 0.
    pub second: u64,
    /// Requests that were due in it.
    pub offered: u64,
    /// Those of them that got no full answer, or one with a status from 500 on.
    pub failed: u64,
    /// Latency from the scheduled start, as in [`Percentiles`].
    pub p50_us: Option<u64>,
    /// As above.
    pub p99_us: Option<u64>,
}

/// A closed loop that waits less than this part of its time is itself the limit.
const REST_SHARE_MIN: f64 = 0.05;
/// One late request in the run matters only from so many times the lag allowed on.
const WORST_LAG_FACTOR: u64 = 10;

impl Report {
    /// Requests without a full answer below 500.
    pub fn failed(&self) -> u64 {
        self.offered - self.answered
    }

    /// Why the run is void, if the generator and not the server fell behind: then the figures tell of this
    /// machine and not of the program.
    pub fn fell_behind(&self) -> Option<String> {
        let ms = |us: u64| us as f64 / 1000.0;
        let remedy = "Lower the rate, or leave the generator a core of its own.";
        if let Some(local) = self.failures.get(&Failure::LocalLimit) {
            return Some(format!(
                "{local} connections could not be made because this machine had no port or open file left for \
                 them. Use keep-alive, lower the rate, or raise the limit with `ulimit -n`."
            ));
        }
        if self.files_ran_out && self.waited > 0 {
            return Some(format!(
                "requests waited because this process may not open more than {} connections. Raise the limit \
                 with `ulimit -n`.",
                self.connections_peak
            ));
        }
        if let Some(late) = self.lag.p99_us.filter(|late| *late > self.lag_max_us) {
            return Some(format!(
                "the generator came more than {:.1} ms late to one request in a hundred, and at most {:.1} ms are \
                 allowed. {remedy}",
                ms(late),
                ms(self.lag_max_us)
            ));
        }
        let worst = self.lag.max_us.unwrap_or_default();
        let slowest = self.latency.max_us.unwrap_or_default();
        if worst > self.lag_max_us.saturating_mul(WORST_LAG_FACTOR) && worst > slowest / 2 {
            return Some(format!(
                "the generator itself stood still for {:.1} ms, and the slowest answer took {:.1} ms. {remedy}",
                ms(worst),
                ms(slowest)
            ));
        }
        if !self.open_loop && self.busy_share > 1.0 - REST_SHARE_MIN {
            return Some(format!(
                "the generator was busy for {:.0} % of the time, so it may have been the limit and not the \
                 server. Use fewer clients, or leave it a core of its own.",
                self.busy_share * 100.0
            ));
        }
        None
    }
}
