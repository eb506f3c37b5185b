//! What the plan's forms send.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use study::words::{Task, Weekday};

use crate::failure::Failure;
use crate::use_cases::planning::{Change, Move, WEEKDAYS};

/// A day of the week in the form.
pub(super) struct DayOff {
    /// The name of its field.
    pub(super) field: &'static str,
    /// `Mon`
    pub(super) name: String,
    pub(super) off: bool,
}

pub(super) fn days_off(off: &BTreeSet<Weekday>) -> Vec<DayOff> {
    let day = |day: Weekday| {
        let word = day.word();
        let name = word[..1].to_uppercase() + &word[1..3];
        DayOff { field: word, name, off: off.contains(&day) }
    };
    WEEKDAYS.map(day).into()
}

/// The settings. A box that is not ticked sends nothing, so all seven fields may be missing; a form that has
/// none of them says so with `all`, and leaves the days off as they are.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct SettingsForm {
    #[serde(default)]
    interview: String,
    hours: Option<String>,
    /// Whether the form has the days off.
    days: Option<String>,
    monday: Option<String>,
    tuesday: Option<String>,
    wednesday: Option<String>,
    thursday: Option<String>,
    friday: Option<String>,
    saturday: Option<String>,
    sunday: Option<String>,
}

impl SettingsForm {
    pub(super) fn change(&self) -> Result<Change, Failure> {
        let interview = match self.interview.trim() {
            "" => None,
            text => Some(date(text)?),
        };
        let hours = self.hours.as_deref().map(|hours| {
            let parsed = hours.trim().replace(',', ".").parse::<f32>().ok().filter(|hours| hours.is_finite());
            parsed.ok_or_else(|| Failure::usage(format!("`{hours}` is no number of hours")))
        });
        let ticked = [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ];
        let off = WEEKDAYS.into_iter().zip(ticked).filter(|(_, ticked)| ticked.is_some());
        Ok(Change {
            interview: Some(interview),
            hours_per_week: hours.transpose()?,
            days_off: self.days.as_ref().map(|_| off.map(|(day, _)| day).collect()),
        })
    }
}

/// Something to be put on a day.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct MoveForm {
    /// The task, a slash, the name.
    pub(super) item: Option<String>,
    /// A date, or nothing to let the plan decide.
    #[serde(default)]
    to: String,
}

impl MoveForm {
    pub(super) fn wish(&self, item: &str) -> Result<Move, Failure> {
        let known = item.split_once('/').and_then(|(task, name)| Some((Task::from_word(task)?, name)));
        let (task, name) =
            known.ok_or_else(|| Failure::usage(format!("`{item}` is nothing that a plan has")))?;
        let to = match self.to.trim() {
            "" => None,
            text => Some(date(text)?),
        };
        Ok(Move { task: Some(task), name: name.into(), to })
    }
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("`{text}` is no date such as 2026-12-18")))
}

/// For a query; names of a pack need little.
pub(super) fn encoded(item: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    item.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
