//! Adds up records as they come.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use hdrhistogram::Histogram;

use super::{Outcomes, Percentiles, Report, Second};
use crate::{Failure, Outcome, Pace, Plan, Record};

const SECOND_US: u64 = 1_000_000;
/// A day: what takes longer is recorded as that.
const TIME_US_MAX: u64 = 86_400 * SECOND_US;
/// Three digits: a percentile is exact to one part in a thousand.
const DIGITS: u8 = 3;
/// For one second's chart two are enough.
const DIGITS_OF_SECOND: u8 = 2;

/// What the engine knows beside the records.
pub(crate) struct Totals {
    pub(crate) connections_opened: u64,
    pub(crate) connections_peak: usize,
    pub(crate) files_ran_out: bool,
    pub(crate) requests_ran_out: bool,
    pub(crate) stopped: bool,
    pub(crate) busy_share: f64,
}

pub(crate) struct Tally {
    latency: Histogram<u64>,
    service: Histogram<u64>,
    lag: Histogram<u64>,
    outcomes: Outcomes,
    failures: BTreeMap<Failure, u64>,
    statuses: BTreeMap<u16, u64>,
    /// The status that came last with its count, which mostly comes next too.
    status: (u16, u64),
    answered: u64,
    offered: u64,
    bytes: u64,
    surplus: u64,
    waited: u64,
    waiting_max: usize,
    last_end_us: u64,
    timeout_us: u64,
    /// Seconds that requests can still end in.
    open: VecDeque<OpenSecond>,
    seconds: Vec<Second>,
}

struct OpenSecond {
    latency: Histogram<u32>,
    failed: u64,
}

impl Tally {
    pub(crate) fn new(timeout: Duration) -> Tally {
        Tally {
            latency: histogram(DIGITS),
            service: histogram(DIGITS),
            lag: histogram(DIGITS),
            outcomes: Outcomes::default(),
            failures: BTreeMap::new(),
            statuses: BTreeMap::new(),
            status: (200, 0),
            answered: 0,
            offered: 0,
            bytes: 0,
            surplus: 0,
            waited: 0,
            waiting_max: 0,
            last_end_us: 0,
            timeout_us: u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX),
            open: VecDeque::new(),
            seconds: Vec::new(),
        }
    }

    /// The generator came to a request so late.
    pub(crate) fn lag(&mut self, late_us: u64) {
        note(&mut self.lag, late_us);
    }

    /// A request waits, and so many with it.
    pub(crate) fn waits(&mut self, waiting: usize) {
        self.waited += 1;
        self.waiting_max = self.waiting_max.max(waiting);
    }

    pub(crate) fn surplus(&mut self, surplus: bool) {
        self.surplus += u64::from(surplus);
    }

    pub(crate) fn record(&mut self, record: &Record) {
        self.offered += 1;
        self.bytes += record.bytes;
        self.last_end_us = self.last_end_us.max(record.ended_us);
        let latency_us = record.ended_us.saturating_sub(record.scheduled_us);
        let service_us = record.ended_us.saturating_sub(record.started_us.unwrap_or(record.scheduled_us));
        let answered = match record.outcome {
            Outcome::Done(status) => {
                self.outcomes.done += 1;
                self.count_status(status);
                status < 500
            }
            Outcome::Refused(failure) => {
                self.outcomes.refused += 1;
                *self.failures.entry(failure).or_default() += 1;
                false
            }
            Outcome::Unknown(failure) => {
                self.outcomes.unknown += 1;
                *self.failures.entry(failure).or_default() += 1;
                false
            }
        };
        if answered {
            self.answered += 1;
            note(&mut self.latency, latency_us);
            note(&mut self.service, service_us);
        }
        self.record_second(record, answered.then_some(latency_us));
    }

    fn count_status(&mut self, status: u16) {
        if self.status.0 != status {
            self.keep_status();
            self.status = (status, 0);
        }
        self.status.1 += 1;
    }

    fn keep_status(&mut self) {
        let (status, count) = std::mem::take(&mut self.status);
        if count > 0 {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    fn record_second(&mut self, record: &Record, latency_us: Option<u64>) {
        let second = record.scheduled_us / SECOND_US;
        while self.seconds.len() as u64 + (self.open.len() as u64) <= second {
            self.open.push_back(OpenSecond { latency: histogram(DIGITS_OF_SECOND), failed: 0 });
        }
        // Whatever was scheduled that long ago has ended; two seconds are for a generator that is late.
        let over_us = record.ended_us.saturating_sub(self.timeout_us.saturating_add(2 * SECOND_US));
        while self.open.len() > 1 && (self.seconds.len() as u64 + 1) * SECOND_US < over_us {
            self.close_second();
        }
        match second.checked_sub(self.seconds.len() as u64).and_then(|at| self.open.get_mut(at as usize)) {
            Some(open) => match latency_us {
                Some(latency_us) => note(&mut open.latency, latency_us),
                None => open.failed += 1,
            },
            None => {
                let closed = &mut self.seconds[second as usize];
                closed.offered += 1;
                closed.failed += u64::from(latency_us.is_none());
            }
        }
    }

    fn close_second(&mut self) {
        let Some(OpenSecond { latency, failed }) = self.open.pop_front() else { return };
        let all = latency.len() + failed;
        self.seconds.push(Second {
            second: self.seconds.len() as u64,
            offered: all,
            failed,
            p50_us: percentile(&latency, 0.5, all),
            p99_us: percentile(&latency, 0.99, all),
        });
    }

    pub(crate) fn report(mut self, plan: &Plan, totals: Totals) -> Report {
        self.keep_status();
        while !self.open.is_empty() {
            self.close_second();
        }
        let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let planned_us = micros(plan.pace.duration());
        let early = totals.stopped || totals.requests_ran_out;
        let elapsed_us = if early { self.last_end_us } else { self.last_end_us.max(planned_us) };
        let per_s = |count: u64, us: u64| count as f64 * 1e6 / us.max(1) as f64;
        Report {
            schema: 1,
            target: plan.target.host().to_owned(),
            open_loop: matches!(plan.pace, Pace::Open { .. }),
            planned_us,
            elapsed_us,
            offered: self.offered,
            offered_per_s: per_s(self.offered, if early { elapsed_us } else { planned_us }),
            answered: self.answered,
            answered_per_s: per_s(self.answered, elapsed_us),
            outcomes: self.outcomes,
            failures: self.failures,
            statuses: self.statuses,
            received_bytes: self.bytes,
            surplus_answers: self.surplus,
            latency: percentiles(&self.latency, self.offered),
            service: percentiles(&self.service, self.offered),
            lag: percentiles(&self.lag, self.lag.len()),
            lag_max_us: micros(plan.lag_max),
            busy_share: totals.busy_share,
            waited: self.waited,
            waiting_max: self.waiting_max,
            connections_opened: totals.connections_opened,
            connections_peak: totals.connections_peak,
            files_ran_out: totals.files_ran_out,
            requests_ran_out: totals.requests_ran_out,
            stopped: totals.stopped,
            seconds: self.seconds,
        }
    }
}

fn histogram<T: hdrhistogram::Counter>(digits: u8) -> Histogram<T> {
    Histogram::new(digits).expect("up to five digits are allowed")
}

/// The histogram grows as it needs to.
fn note<T: hdrhistogram::Counter>(times: &mut Histogram<T>, us: u64) {
    times.record(us.min(TIME_US_MAX)).expect("it grows to a day");
}

/// `all` counts those that failed too, which rank behind every time that was recorded.
fn percentiles(times: &Histogram<u64>, all: u64) -> Percentiles {
    Percentiles {
        count: times.len(),
        p50_us: percentile(times, 0.5, all),
        p90_us: percentile(times, 0.9, all),
        p99_us: percentile(times, 0.99, all),
        p999_us: percentile(times, 0.999, all),
        max_us: (!times.is_empty()).then(|| times.max()),
    }
}

fn percentile<T: hdrhistogram::Counter>(times: &Histogram<T>, share: f64, all: u64) -> Option<u64> {
    // A hair less, so that 99 % of 100 is the 99th in floating point too.
    let rank = (share * all as f64 - 1e-9).ceil().max(1.0);
    let count = times.len() as f64;
    // The middle of the rank, so that rounding cannot reach the next; no percentile is above the maximum.
    (rank <= count).then(|| times.value_at_quantile((rank - 0.5) / count).min(times.max()))
}
