//! What to do today, and one step that is next.

mod step;

use jiff::civil::Date;
use serde::Serialize;
use study::plan::Work;
use study::schedule::Card;
use study::words::{CardKind, Task};
use utoipa::ToSchema;

use super::planning::{Planned, Seen, Stock};
use super::reviewing::OWN_MINUTES;
use super::runs::RunSummary;

pub(crate) use step::Step;

/// So many of what is due are named.
const DUE_NAMED: usize = 4;

/// Where the learner stands today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Today {
    /// The version of this shape.
    pub schema: u32,
    /// Today, where you are.
    pub date: Date,
    /// The day of the interview; null without one.
    pub interview: Option<Date>,
    /// How many days are left until then.
    pub days_left: Option<i32>,
    /// Whether nothing was ever answered, done or planned.
    pub newcomer: bool,
    /// The one step that is next.
    pub next: Step,
    /// Today's part of the plan; null without a plan.
    pub plan: Option<TodaysPlan>,
    /// Why there is no plan although one was made; null otherwise.
    pub why_no_plan: Option<String>,
    pub due: Due,
    /// The next drill; null if the pack has none.
    pub drill: Option<Thing>,
    /// The last stored runs, the newest first.
    pub runs: Vec<LastRun>,
}

/// A stored run, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TodayRun)]
pub(crate) struct LastRun {
    /// Its name.
    pub run: String,
    /// The drill's name.
    pub drill: String,
    /// The level at which it was done.
    pub level: String,
    pub ruling: judge::verdict::Ruling,
    /// When it was stored, in milliseconds since 1970, UTC.
    pub at_ms: i64,
}

impl From<RunSummary> for LastRun {
    fn from(run: RunSummary) -> LastRun {
        LastRun { run: run.run, drill: run.drill, level: run.level, ruling: run.ruling, at_ms: run.stored_ms }
    }
}

/// Today's part of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TodaysPlan {
    /// How many minutes today has, with those that are spent.
    pub minutes: u32,
    /// How many minutes what is done has taken by the plan's count.
    pub minutes_done: u32,
    /// How many minutes what is left takes.
    pub minutes_left: u32,
    /// What is left, in this order.
    pub left: Vec<Thing>,
    /// What is done.
    pub done: Vec<Thing>,
    /// How many things were to be done before today and were not.
    pub behind: usize,
}

/// What is due, whatever the plan says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TodayDue)]
pub(crate) struct Due {
    pub count: usize,
    /// The longest due first; at most four of them.
    pub first: Vec<Thing>,
}

/// A page to read, a question to answer or a drill to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TodayThing)]
pub(crate) struct Thing {
    /// What to do with it.
    pub task: Task,
    /// Its name in the pack; of a question about a run of your own, its id.
    pub name: String,
    /// How people call it.
    pub title: String,
    /// How long it takes, in minutes, feedback included.
    pub minutes: u32,
    /// Whether it was done before.
    pub again: bool,
    /// Its page in the app.
    pub path: String,
}

/// The page of something in the app.
pub(crate) fn path_of(task: Task, name: &str) -> String {
    let room = match task {
        Task::Read => "advice",
        Task::Answer => "questions",
        Task::Do => "drills",
    };
    format!("/{room}/{name}")
}

/// The page of a question about a run of the learner's own.
pub(crate) fn own_path(id: &str) -> String {
    format!("/own-questions/{id}")
}

impl Thing {
    pub(crate) fn of(stock: &Stock, task: Task, name: &str, minutes: u32, again: bool) -> Thing {
        Thing {
            task,
            name: name.into(),
            title: stock.title(task, name).into(),
            minutes,
            again,
            path: path_of(task, name),
        }
    }

    fn of_work(stock: &Stock, work: &Work, again: bool) -> Thing {
        Thing::of(stock, work.task, &work.name, work.whole_minutes(), again)
    }
}

/// Puts it together from the plan and the last runs.
pub(crate) fn today(seen: &Seen, stock: &Stock, runs: Vec<LastRun>) -> Today {
    let known = &seen.known;
    let planned = seen.planned.as_ref().and_then(|planned| planned.as_ref().ok());
    let why_no_plan = seen.planned.as_ref().and_then(|planned| planned.as_ref().err());
    let interview = seen.settings.interview;
    let newcomer = known.is_newcomer() && runs.is_empty();
    let due = due(seen, stock);
    let drill = next_drill(seen, stock, planned);
    let plan = planned.map(|planned| todays(planned, stock));
    let next = step::next(&step::Situation {
        seen,
        stock,
        planned,
        plan: plan.as_ref(),
        due: &due,
        drill: drill.as_ref(),
        newcomer,
    });
    Today {
        schema: 1,
        date: known.today,
        interview,
        days_left: interview.and_then(|date| Some(date.since(known.today).ok()?.get_days())),
        newcomer,
        next,
        plan,
        why_no_plan: why_no_plan.cloned(),
        due,
        drill,
        runs,
    }
}

fn todays(planned: &Planned, stock: &Stock) -> TodaysPlan {
    let items = planned.days.first().map(|day| &day.items[..]).unwrap_or_default();
    let left = items.iter().map(|it| Thing::of(stock, it.task, &it.name, it.minutes, it.again));
    let done = planned.done.iter().map(|it| Thing::of(stock, it.task, &it.name, it.minutes, false));
    let minutes_done = planned.done.iter().map(|done| done.minutes).sum();
    TodaysPlan {
        minutes: planned.days.first().map_or(0, |day| day.minutes).saturating_add(minutes_done),
        minutes_done,
        minutes_left: items.iter().map(|item| item.minutes).sum(),
        left: left.collect(),
        done: done.collect(),
        behind: planned.behind().count(),
    }
}

fn due(seen: &Seen, stock: &Stock) -> Due {
    let due = seen.known.due();
    let thing = |&(card, own): &(&Card, Option<&str>)| {
        if let Some(prompt) = own {
            return Some(own_thing(card, prompt));
        }
        let task = match card.kind {
            CardKind::Question => Task::Answer,
            CardKind::Drill => Task::Do,
        };
        let work = stock.works.iter().find(|work| work.task == task && work.name == card.name)?;
        Some(Thing::of_work(stock, work, true))
    };
    Due { count: due.len(), first: due.iter().filter_map(thing).take(DUE_NAMED).collect() }
}

/// A question about a run of the learner's own.
fn own_thing(card: &Card, prompt: &str) -> Thing {
    Thing {
        task: Task::Answer,
        name: card.name.clone(),
        title: prompt.to_owned(),
        minutes: OWN_MINUTES,
        again: card.last_review.is_some(),
        path: own_path(&card.name),
    }
}

/// The one that the plan has first, or else the shortest with a level that was not passed yet.
fn next_drill(seen: &Seen, stock: &Stock, planned: Option<&Planned>) -> Option<Thing> {
    let days = planned.iter().flat_map(|planned| &planned.days).flat_map(|day| &day.items);
    if let Some(item) = days.into_iter().find(|item| item.task == Task::Do) {
        return Some(Thing::of(stock, item.task, &item.name, item.minutes, item.again));
    }
    let open = stock.shortest_open_drill(|drill, level| seen.known.has_passed(drill, level));
    let again = open.is_none();
    open.or_else(|| stock.drills().min_by_key(|work| work.minutes))
        .map(|work| Thing::of_work(stock, work, again))
}
