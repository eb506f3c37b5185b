//! When each request of an open loop starts: worked out from the stages alone, before anything is sent.

use std::time::Duration;

/// A stretch of time in which the rate is held or changes evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Requests a second at its start.
    pub from_per_s: f64,
    /// Requests a second at its end.
    pub to_per_s: f64,
    /// How long it lasts.
    pub duration: Duration,
}

impl Stage {
    /// The same rate throughout.
    pub fn hold(rate_per_s: f64, duration: Duration) -> Stage {
        Stage::ramp(rate_per_s, rate_per_s, duration)
    }

    /// From one rate evenly to another.
    pub fn ramp(from_per_s: f64, to_per_s: f64, duration: Duration) -> Stage {
        Stage { from_per_s, to_per_s, duration }
    }

    /// How many requests lie in it, as a real number: the area under its rate.
    fn requests(&self) -> f64 {
        (self.from_per_s + self.to_per_s) / 2.0 * self.duration.as_secs_f64()
    }

    /// When, in seconds from its start, the area under the rate reaches `area`.
    fn time_of(&self, area: f64) -> f64 {
        let duration_s = self.duration.as_secs_f64();
        let slope = (self.to_per_s - self.from_per_s) / duration_s;
        // Solved for the form of the root that stays exact when the slope is next to nothing.
        let root = (self.from_per_s * self.from_per_s + 2.0 * slope * area).max(0.0).sqrt();
        let divisor = self.from_per_s + root;
        if divisor > 0.0 { (2.0 * area / divisor).min(duration_s) } else { 0.0 }
    }
}

/// The starts of all requests, in nanoseconds since the run's start, in order.
///
/// Request *n* starts when the area under the rate reaches *n*, so 500 a second for 10 s are 5,000 requests, the
/// first at 0 and the last at 9.998 s, whatever the server does.
#[derive(Clone, Debug)]
pub struct Schedule {
    stages: Vec<Stage>,
    /// The stage that `next` lies in, with the requests and the seconds before it.
    at: usize,
    requests_before: f64,
    seconds_before: f64,
    next: u64,
    count: u64,
}

impl Schedule {
    /// A schedule through these stages, one after the other. Rates and durations must be finite and not negative.
    pub fn new(stages: &[Stage]) -> Schedule {
        let area: f64 = stages.iter().map(Stage::requests).sum();
        // The sum of many stages may miss a whole number by a hair; that hair is no request.
        let count = (area - 1e-6).ceil().max(0.0) as u64;
        Schedule { stages: stages.to_vec(), at: 0, requests_before: 0.0, seconds_before: 0.0, next: 0, count }
    }

    /// How many requests there are in all.
    pub fn requests(&self) -> u64 {
        self.count
    }

    /// How long all stages last together.
    pub fn duration(&self) -> Duration {
        self.stages.iter().map(|stage| stage.duration).sum()
    }
}

impl Iterator for Schedule {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.next >= self.count {
            return None;
        }
        let wanted = self.next as f64;
        while let Some(stage) = self.stages.get(self.at) {
            let requests = stage.requests();
            let last = self.at + 1 == self.stages.len();
            if wanted < self.requests_before + requests - 1e-6 || last {
                break;
            }
            self.requests_before += requests;
            self.seconds_before += stage.duration.as_secs_f64();
            self.at += 1;
        }
        let stage = self.stages.get(self.at)?;
        self.next += 1;
        let seconds = self.seconds_before + stage.time_of((wanted - self.requests_before).max(0.0));
        Some((seconds * 1e9).round() as u64)
    }
}
