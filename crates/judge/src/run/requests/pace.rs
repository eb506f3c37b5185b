//! Requests on a timetable that was made beforehand, and whether the judge kept to it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::try_join_all;

use super::{Kept, Talks};
use crate::JudgeError;
use crate::bench::exchange::Caller;
use crate::run::{Halt, Stop};

/// The judge may be late by this part of the limit for a request that hangs.
const LATE_PART: u32 = 10;
/// One in so many may be later than that.
const MAY_BE_LATE: usize = 100;

/// When the row at `index` is due, counted from the first one.
fn due(index: usize, rate: u32) -> Duration {
    let (whole, rest) = (index as u64 / u64::from(rate), index as u64 % u64::from(rate));
    Duration::from_secs(whole) + Duration::from_nanos(rest * 1_000_000_000 / u64::from(rate))
}

/// The 99th percentile of how late requests were sent, by nearest rank.
fn lateness(mut late: Vec<Duration>) -> Duration {
    late.sort_unstable();
    let but = late.len() / MAY_BE_LATE;
    late.into_iter().rev().nth(but).unwrap_or_default()
}

/// What is to be said if requests were sent so late that their latencies say nothing.
fn complaint(late: Duration, limit: Duration) -> Option<String> {
    let allowed = limit / LATE_PART;
    (late > allowed).then(|| {
        format!(
            "the judge sent its requests up to {} ms later than they were due, and may be late by {} ms (a tenth \
             of the limit of {} s): this machine is too busy to keep a timetable; end what else runs and judge again",
            late.as_millis(),
            allowed.as_millis(),
            limit.as_secs()
        )
    })
}

impl Talks<'_> {
    /// Sends so many rows a second, each when it is due, whether or not earlier ones have been answered.
    pub(super) async fn at_a_rate(&self, rate: u32) -> Result<(), Halt> {
        self.rows_stand_alone()?;
        let late = RefCell::new(Vec::new());
        // Connections that are not in use, by their port.
        let idle: RefCell<BTreeMap<u16, Vec<Caller>>> = RefCell::default();
        let (began, began_us) = (tokio::time::Instant::now(), self.run.now_us());
        let sending = (0..self.rows.rows.len()).map(|index| {
            let (late, idle) = (&late, &idle);
            async move {
                let due = due(index, rate);
                tokio::time::sleep_until(began + due).await;
                late.borrow_mut().push(began.elapsed().saturating_sub(due));
                let port = self.service.port(self.instance(index));
                let mut caller = idle.borrow_mut().get_mut(&port).and_then(Vec::pop).unwrap_or_default();
                let scheduled_us = began_us + i64::try_from(due.as_micros()).unwrap_or(i64::MAX);
                self.row(index, Some(scheduled_us), &mut caller, &mut Kept::default()).await?;
                idle.borrow_mut().entry(port).or_default().push(caller);
                Ok::<(), Halt>(())
            }
        });
        try_join_all(sending).await?;
        match complaint(lateness(late.take()), self.run.hang_limit()) {
            Some(complaint) => Err(Stop::machine(&self.requests.each, complaint)),
            None => Ok(()),
        }
    }

    /// What waits for something else cannot be sent at its time.
    fn rows_stand_alone(&self) -> Result<(), JudgeError> {
        let set = &self.requests.each;
        if self.columns.talks(&self.rows).len() < self.rows.rows.len() {
            let what = "rows at a rate wait for no other, so each has a `talk` of its own, or there is none";
            return Err(JudgeError::Drill(format!("parameters `{set}`: {what}")));
        }
        let waits = |row: &Vec<_>| self.columns.once_hanging(row) > 0 || self.columns.fault(row).is_some();
        match self.rows.rows.iter().position(waits) {
            Some(index) => Err(JudgeError::Drill(format!(
                "parameters `{set}`, row {}: rows at a rate have neither `fault` nor `once_hanging`",
                index + 1
            ))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_timetable_keeps_its_rate_however_long_it_is(rate in 1..=500_u32, index in 0..1_000_000_usize) {
            prop_assert_eq!(due(index + rate as usize, rate), due(index, rate) + Duration::from_secs(1));
            prop_assert!(due(index, rate) < due(index + 1, rate));
            let exact = index as f64 / f64::from(rate);
            prop_assert!((due(index, rate).as_secs_f64() - exact).abs() < 1e-6);
        }

        #[test]
        fn one_in_a_hundred_may_be_late(punctual in 99..500_usize, late_ms in 1..60_000_u64) {
            let mut all = vec![Duration::ZERO; punctual];
            all.extend(vec![Duration::from_millis(late_ms); punctual / 99]);
            prop_assert_eq!(lateness(all.clone()), Duration::ZERO);
            all.extend(vec![Duration::from_millis(late_ms); punctual / 50 + 2]);
            prop_assert_eq!(lateness(all), Duration::from_millis(late_ms));
        }
    }

    #[test]
    fn of_few_requests_none_may_be_late() {
        let late = Duration::from_millis(7);
        assert_eq!(lateness(vec![Duration::ZERO, late, Duration::ZERO]), late);
        assert_eq!(lateness(Vec::new()), Duration::ZERO);
    }

    #[test]
    fn a_late_judge_says_so_with_both_figures() {
        let limit = Duration::from_secs(25);
        assert_eq!(complaint(Duration::from_millis(2_500), limit), None);
        let said = complaint(Duration::from_millis(2_600), limit).unwrap_or_default();
        assert!(said.contains("2600 ms") && said.contains("2500 ms") && said.contains("too busy"), "{said}");
    }
}
