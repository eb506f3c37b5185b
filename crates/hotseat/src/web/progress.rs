//! Progress: bands and never one number from one answer, estimates against results, and what was done when.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use study::question::Question;

use super::App;
use super::failed::Failed;
use super::page::{Frame, Page, render};
use crate::pack::Outline;
use crate::use_cases::calendar::{day_of, moment, today, written};
use crate::use_cases::progress::{
    BAND_MIN, DayDone, DayShown, DrillStanding, Progress, TopicStanding, WEEKS, day, first_day, progress,
};

/// A square of the calendar and the gap beside it, in units of its picture.
const SQUARE: i64 = 18;

/// So many topics are shown at once.
const TOPICS: usize = 12;

/// A topic with its band.
type Banded<'p> = (&'p TopicStanding, [u8; 3]);

/// What stands behind the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// A date, to see what was done on it.
    day: Option<String>,
}

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage<'p> {
    frame: Frame,
    progress: Progress,
    squares: Vec<Square>,
    months: Vec<(i64, String)>,
    shown: Option<DayShown>,
    drills: &'p BTreeMap<String, Outline>,
    question: &'p dyn Fn(&str) -> Option<&'p Question>,
}

/// A day in the calendar's picture.
struct Square {
    x: i64,
    y: i64,
    /// From 0, nothing, to 3, a lot.
    depth: u8,
    says: String,
}

impl ProgressPage<'_> {
    /// Topics that have a band, the weakest first.
    fn banded(&self) -> Vec<Banded<'_>> {
        let banded = self.progress.topics.iter().filter_map(|it| Some((it, it.band?)));
        let mut banded: Vec<_> = banded.collect();
        banded.sort_by_key(|(_, [low, middle, _])| (*middle, *low));
        banded
    }

    fn first<'t>(&self, banded: &'t [Banded<'t>]) -> &'t [Banded<'t>] {
        &banded[..banded.len().min(TOPICS)]
    }

    fn rest<'t>(&self, banded: &'t [Banded<'t>]) -> &'t [Banded<'t>] {
        &banded[banded.len().min(TOPICS)..]
    }

    /// Topics that have too few answers for one.
    fn thin(&self) -> Vec<&TopicStanding> {
        self.progress.topics.iter().filter(|it| it.band.is_none()).collect()
    }

    fn band_min(&self) -> usize {
        BAND_MIN
    }

    fn prompt(&self, id: &str) -> String {
        (self.question)(id).map_or_else(|| format!("{id} (no longer in the pack)"), |it| it.prompt.clone())
    }

    fn title<'d>(&'d self, drill: &'d DrillStanding) -> &'d str {
        self.drills.get(&drill.drill).map_or(drill.drill.as_str(), |it| it.title.as_str())
    }

    fn day(&self, at_ms: &i64) -> String {
        written(day_of(*at_ms))
    }

    fn time(&self, at_ms: &i64) -> String {
        moment(*at_ms).rsplit(' ').next().unwrap_or_default().to_string()
    }

    fn written(&self, date: &Date) -> String {
        written(*date)
    }

    fn says(&self, day: &DayDone) -> String {
        says(day)
    }

    fn width(&self) -> i64 {
        WEEKS * SQUARE + 32
    }

    /// How far estimates lie above the scores on the whole, in words.
    fn tendency(&self) -> String {
        let all = &self.progress.estimates;
        if all.len() < BAND_MIN {
            return format!("{} of {BAND_MIN} estimates; what they say comes with the third.", all.len());
        }
        let sum: i64 = all.iter().map(|it| i64::from(it.estimate) - i64::from(it.score)).sum();
        let gap = sum as f64 / all.len() as f64;
        let of = all.len();
        match gap.round() as i64 {
            -4..=4 => format!("Over your last {of} estimates you know where you stand."),
            gap @ 5.. => format!("Over your last {of} estimates you expect {gap} more than you get."),
            gap => format!("Over your last {of} estimates you expect {} less than you get.", -gap),
        }
    }
}

/// `GET /progress`
pub(super) async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Page {
    let date =
        match asked.day.as_deref().filter(|day| !day.is_empty()) {
            Some(day) => Some(day.parse::<Date>().map_err(|_| {
                Failed::not_found(format!("{day:.20} is no day; write one such as 2026-11-28"))
            })?),
            None => None,
        };
    let shown = match date {
        Some(date) => Some(day(date, &app.learner).await?),
        None => None,
    };
    let progress = progress(&app.bank, &app.pack, &app.learner).await?;
    let question = |id: &str| app.bank.question(id);
    render(&ProgressPage {
        frame: Frame::new("Progress", "/progress"),
        squares: squares(today(), &progress.days),
        months: months(today()),
        progress,
        shown,
        drills: app.pack.outlines(),
        question: &question,
    })
}

/// Every day of the calendar, a column a week.
fn squares(today: Date, days: &[DayDone]) -> Vec<Square> {
    let first = first_day(today);
    let dates = (0..WEEKS * 7).map_while(|at| first.checked_add(at.days()).ok().map(|date| (at, date)));
    let square = |(at, date): (i64, Date)| {
        let done = days.iter().find(|day| day.date == date);
        Square {
            x: at / 7 * SQUARE + 32,
            y: at % 7 * SQUARE + 18,
            depth: done.map_or(0, depth),
            says: done.map_or_else(|| format!("{}: nothing", written(date)), says),
        }
    };
    dates.take_while(|(_, date)| *date <= today).map(square).collect()
}

fn depth(day: &DayDone) -> u8 {
    match day.answers + day.runs + day.pages {
        0 => 0,
        1..=2 => 1,
        3..=6 => 2,
        _ => 3,
    }
}

/// Where months begin, and their names.
fn months(today: Date) -> Vec<(i64, String)> {
    let first = first_day(today);
    let weeks = (0..WEEKS).filter_map(|week| Some((week, first.checked_add(week.weeks()).ok()?)));
    let begins = weeks.filter(|(_, monday)| monday.day() <= 7);
    begins.map(|(week, monday)| (week * SQUARE + 32, monday.strftime("%b").to_string())).collect()
}

/// What was done on a day, in words.
fn says(day: &DayDone) -> String {
    let several = |n: u32, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts = [
        several(day.answers, "answer", "answers"),
        several(day.runs, "run", "runs"),
        several(day.pages, "page read", "pages read"),
    ];
    format!("{}: {}", written(day.date), parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
