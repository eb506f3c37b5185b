//! What no record may hold. It is looked at before anything is recorded, and again on import.

use std::collections::BTreeSet;

use super::ids::{AnswerId, AttemptId};
use super::moment::{LAST_MS, is_date};
use super::records::{Answer, Card, DrillAttempt, OwnQuestion, Plan, Review};
use crate::words::CardKind;

/// Names of questions, drills, runs and levels are short.
const NAME_BYTES_MAX: usize = 200;

/// What is wrong with a record.
#[derive(Debug)]
pub(super) struct Fault {
    /// The field, in words.
    pub(super) what: &'static str,
    pub(super) why: String,
}

type Checked = Result<(), Fault>;

fn fault(what: &'static str, why: impl Into<String>) -> Checked {
    Err(Fault { what, why: why.into() })
}

fn name(what: &'static str, name: &str) -> Checked {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return fault(what, format!("it has {} bytes, and 1 to {NAME_BYTES_MAX} are allowed", name.len()));
    }
    if name.chars().any(char::is_control) {
        return fault(what, format!("{name:?} has control characters"));
    }
    Ok(())
}

fn text(what: &'static str, text: &str) -> Checked {
    // PostgreSQL cannot store it, and no text has it.
    if text.contains('\0') { fault(what, "it has a NUL byte, so it is no text") } else { Ok(()) }
}

pub(super) fn moment(what: &'static str, at_ms: i64) -> Checked {
    if (0..=LAST_MS).contains(&at_ms) {
        return Ok(());
    }
    fault(what, format!("{at_ms} ms is not between the years 1970 and 9999; is the clock right?"))
}

fn percent(what: &'static str, number: u8) -> Checked {
    if number <= 100 { Ok(()) } else { fault(what, format!("{number} is more than 100")) }
}

fn date(what: &'static str, date: &str) -> Checked {
    if is_date(date) { Ok(()) } else { fault(what, format!("{date:?} is no date such as 2026-11-24")) }
}

/// Something that a store can hold only if it makes sense.
pub(super) trait Sound {
    fn check(&self) -> Checked;
}

impl Sound for Answer {
    fn check(&self) -> Checked {
        name("the question's id", &self.question)?;
        text("the answer", &self.text)?;
        moment("the time of the answer", self.given_at_ms)?;
        percent("the score", self.feedback.score)?;
        self.estimate.map_or(Ok(()), |estimate| percent("the estimate", estimate))?;
        self.feedback.gated.as_deref().map_or(Ok(()), |gated| name("the gate", gated))?;
        self.feedback.level.as_deref().map_or(Ok(()), |level| name("the level", level))
    }
}

impl Sound for DrillAttempt {
    fn check(&self) -> Checked {
        name("the run's name", &self.run)?;
        name("the drill's name", &self.drill)?;
        name("the level", &self.level)?;
        moment("the time of the attempt", self.at_ms)
    }
}

impl Sound for Card {
    fn check(&self) -> Checked {
        name("the card's name", &self.name)?;
        moment("the time of the last review", self.last_review_ms)?;
        moment("the time when the card is due", self.due_ms)?;
        if !(self.stability_days.is_finite() && self.stability_days > 0.0) {
            return fault("the stability", format!("{} is not above 0", self.stability_days));
        }
        if !(1.0..=10.0).contains(&self.difficulty) {
            return fault("the difficulty", format!("{} is not between 1 and 10", self.difficulty));
        }
        if self.reps == 0 || self.lapses > self.reps {
            let why = format!("{} with {} rated 1 cannot be", self.reps, self.lapses);
            return fault("the number of reviews", why);
        }
        Ok(())
    }
}

impl Sound for Review {
    fn check(&self) -> Checked {
        name("the card's name", &self.name)?;
        moment("the time of the review", self.at_ms)?;
        let known = match self.kind {
            CardKind::Question => AnswerId::parse(&self.source).is_some(),
            CardKind::Drill => AttemptId::parse(&self.source).is_some(),
        };
        if known { Ok(()) } else { fault("the source of the review", format!("{:?} is no id", self.source)) }
    }
}

impl Sound for Plan {
    fn check(&self) -> Checked {
        self.interview.as_deref().map_or(Ok(()), |day| date("the day of the interview", day))?;
        moment("the time of the plan", self.made_at_ms)?;
        // A week has 168.
        if !(0.0..=168.0).contains(&self.hours_per_week) {
            return fault("the hours a week", format!("{} are not between 0 and 168", self.hours_per_week));
        }
        let mut seen = BTreeSet::new();
        for day in &self.days {
            date("the day of the plan", &day.date)?;
            for item in &day.items {
                name("the name of the plan's item", &item.name)?;
                item.done_at_ms.map_or(Ok(()), |at_ms| moment("the time when it was done", at_ms))?;
                if !seen.insert((&day.date, item.task, &item.name)) {
                    let why = format!("`{} {}` comes twice on {}", item.task, item.name, day.date);
                    return fault("the plan", why);
                }
            }
        }
        Ok(())
    }
}

impl Sound for OwnQuestion {
    fn check(&self) -> Checked {
        name("the question's id", &self.id)?;
        text("the question", &self.prompt)?;
        name("the run's name", &self.run)?;
        moment("the time when it was added", self.added_at_ms)
    }
}
