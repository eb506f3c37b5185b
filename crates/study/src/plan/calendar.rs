//! The days of a plan and what each of them has.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{DAY_MINUTES_MIN, PlanError, ROLLING_DAYS, Request};

/// The last days before an interview, which are for reviews only, and the most of all days that may be.
const REVIEW_DAYS: usize = 2;
const REVIEW_SHARE: usize = 3;
const AHEAD_DAYS_MAX: i32 = 730;

pub(super) struct Calendar {
    today: Date,
    /// By day from today on; nothing on days off.
    pub(super) minutes: Vec<u32>,
    /// The days on which something new may come.
    pub(super) new_days: Vec<usize>,
}

impl Calendar {
    pub(super) fn of(request: &Request) -> Result<Calendar, PlanError> {
        let length = length(request)?;
        let free = |date: Date| !request.days_off[date.weekday().to_monday_zero_offset() as usize];
        let today = request.today;
        let dates = (0..length).map(|day| after(today, day));
        let free_a_week = request.days_off.iter().filter(|off| !**off).count() as u32;
        let a_day = request.minutes_a_week.checked_div(free_a_week).unwrap_or(0);
        let mut minutes: Vec<u32> = dates.map(|date| if free(date) { a_day } else { 0 }).collect();
        if !(0..length).any(|day| free(after(today, day))) {
            return Err(PlanError::NoDays { until: after(today, length) });
        }
        if a_day < DAY_MINUTES_MIN {
            return Err(PlanError::NoHours { minutes_a_week: request.minutes_a_week });
        }
        minutes[0] = minutes[0].saturating_sub(request.minutes_spent_today);
        let mut new_days: Vec<usize> = (0..length).filter(|&day| minutes[day] > 0).collect();
        if request.interview.is_some() {
            let reviews_only = REVIEW_DAYS.min(new_days.len() / REVIEW_SHARE);
            new_days.truncate(new_days.len() - reviews_only);
        }
        Ok(Calendar { today, minutes, new_days })
    }

    pub(super) fn date(&self, day: usize) -> Date {
        after(self.today, day)
    }

    /// Which of the days this is, if it is one of them.
    pub(super) fn day(&self, date: Date) -> Option<usize> {
        let days = date.since(self.today).ok()?.get_days();
        usize::try_from(days).ok().filter(|day| *day < self.minutes.len())
    }
}

/// How many days there are to plan.
fn length(request: &Request) -> Result<usize, PlanError> {
    let Some(interview) = request.interview else { return Ok(ROLLING_DAYS) };
    let today = request.today;
    match interview.since(today).map_or(AHEAD_DAYS_MAX + 1, |span| span.get_days()) {
        ..=0 => Err(PlanError::NotAhead { interview, today }),
        days @ 1..=AHEAD_DAYS_MAX => Ok(days as usize),
        _ => Err(PlanError::TooFar { interview }),
    }
}

/// The calendar ends in the year 9999, and so does every plan.
fn after(date: Date, days: usize) -> Date {
    date.saturating_add((days as i64).days())
}
