//! The one step that is next.

use serde::Serialize;
use study::words::Task;
use utoipa::ToSchema;

use super::{Due, Thing, TodaysPlan};
use crate::use_cases::planning::{Planned, Seen, Stock};

/// Something to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NextStep)]
pub(crate) struct Step {
    /// What to do, in a few words.
    pub what: String,
    /// With what, or why.
    pub about: String,
    /// The page on which it is done.
    pub path: String,
}

/// What the next step depends on.
pub(super) struct Situation<'a> {
    pub(super) seen: &'a Seen,
    pub(super) stock: &'a Stock,
    pub(super) planned: Option<&'a Planned>,
    pub(super) plan: Option<&'a TodaysPlan>,
    pub(super) due: &'a Due,
    pub(super) drill: Option<&'a Thing>,
    pub(super) newcomer: bool,
}

/// A newcomer's first answer; then what today still has, what is due, what tomorrow has, and a drill.
pub(super) fn next(at: &Situation<'_>) -> Step {
    let newcomer = || at.newcomer.then(|| first_question(at.stock)).flatten();
    let todays = || at.plan.and_then(|plan| plan.left.first()).map(of_thing);
    let ahead = || {
        let days = at.planned?.days.iter().skip(1).find(|day| !day.items.is_empty())?;
        let item = days.items.first()?;
        let thing = Thing::of(at.stock, item.task, &item.name, item.minutes, item.again);
        let step = of_thing(&thing);
        Some(Step { about: format!("Today is done. From {}: {}", day_name(days.date), thing.title), ..step })
    };
    let drill = || at.drill.map(of_thing);
    let unanswered = || (!at.seen.known.has_answered()).then(|| first_question(at.stock)).flatten();
    let found = newcomer().or_else(todays).or_else(|| of_due(at.due)).or_else(ahead);
    found.or_else(unanswered).or_else(drill).unwrap_or_else(|| Step {
        what: "Open the guide".into(),
        about: "Questions by kind, topic and level".into(),
        path: "/guide".into(),
    })
}

/// Where everybody begins: the guide's own first question.
pub(super) fn first_question(stock: &Stock) -> Option<Step> {
    let questions = stock.works.iter().filter(|work| work.task == Task::Answer);
    let first = questions.min_by_key(|work| (work.guide.is_none(), work.guide))?;
    let thing = Thing::of_work(stock, first, false);
    Some(Step { what: "Give a first answer".into(), ..of_thing(&thing) })
}

fn of_due(due: &Due) -> Option<Step> {
    let first = due.first.first()?;
    Some(Step { what: "Go through what is due".into(), about: first.title.clone(), path: "/review".into() })
}

fn of_thing(thing: &Thing) -> Step {
    let what = match (thing.task, thing.again) {
        (Task::Read, _) => "Read a page",
        (Task::Answer, false) => "Answer a question",
        (Task::Answer, true) => "Answer a question again",
        (Task::Do, false) => "Do a drill",
        (Task::Do, true) => "Do a drill again",
    };
    Step { what: what.into(), about: thing.title.clone(), path: thing.path.clone() }
}

fn day_name(date: jiff::civil::Date) -> String {
    date.strftime("%A").to_string()
}
