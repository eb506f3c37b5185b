//! The plan until the interview: laid out from settings and from what was done, around what the learner has put
//! on a day.

mod desk;
mod keeping;
mod known;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use study::plan::{Day, LeftOut, Lifted, Moved, Placed, Request, Work, plan};
use study::store;
use study::words::{Task, Weekday};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::learner::{Learner, now_ms};

pub(crate) use desk::{Desk, Seen};
pub(crate) use known::{Known, Stock};

/// Hours a week for whoever has not said.
const HOURS_A_WEEK: f32 = 5.0;
/// In less than this nothing of a pack can be done.
pub(crate) const HOURS_MIN: f32 = 0.1;

/// The days of the week, from Monday on, as [`Request::days_off`] counts them.
pub(crate) const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// What a plan is made for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanSettings)]
pub(crate) struct Settings {
    /// The day of the interview, such as `2026-12-18`; null or absent for the coming two weeks.
    #[serde(default)]
    pub interview: Option<Date>,
    /// How many hours a week you have, 0.1 to 168; 5 if absent.
    #[serde(default = "hours_a_week")]
    #[schema(minimum = 0.1, maximum = 168.0)]
    pub hours_per_week: f32,
    /// The days of the week on which you do nothing; none if absent.
    #[serde(default)]
    pub days_off: BTreeSet<Weekday>,
}

/// What is to be different in the settings; what is none stays.
#[derive(Debug, Default)]
pub(crate) struct Change {
    pub interview: Option<Option<Date>>,
    pub hours_per_week: Option<f32>,
    pub days_off: Option<BTreeSet<Weekday>>,
}

/// Puts something on a day of the plan, where it stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanMove)]
pub(crate) struct Move {
    /// What is to be done with it; absent if the name says enough.
    #[serde(default)]
    pub task: Option<Task>,
    /// The name of the page, question or drill.
    pub name: String,
    /// The day on which it is to stay; null lets the plan decide again.
    pub to: Option<Date>,
}

/// The days that are planned, and what there is to say about them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Plan)]
pub(crate) struct Planned {
    /// The day of the interview; null without one.
    pub interview: Option<Date>,
    /// Every day from today on to the last before the interview, or for two weeks; days off included.
    pub days: Vec<Day>,
    /// What there is no time for, the least valuable first.
    pub left_out: Vec<LeftOut>,
    /// What stands elsewhere than in the plan that was kept before, by its old day.
    pub moved: Vec<Moved>,
    /// What you have put on a day and cannot stay there.
    pub lifted: Vec<Lifted>,
    /// What you have put on a day after the last of these.
    pub waiting: Vec<Placed>,
    /// Which share of all questions and drills you can expect to remember on the day, 0 to 1; null without one.
    pub recall: Option<f64>,
    /// The version of this shape.
    pub schema: u32,
    /// How many hours a week you have.
    pub hours_per_week: f64,
    /// The days of the week on which you do nothing.
    pub days_off: BTreeSet<Weekday>,
    /// What the plan had and was done today.
    pub done: Vec<Done>,
}

/// Something of the plan that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanDone)]
pub(crate) struct Done {
    /// What was done.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
    /// How long it was expected to take.
    pub minutes: u32,
    /// When, in milliseconds since 1970, UTC.
    pub done_at_ms: i64,
}

impl Settings {
    /// As they were last, with a change; an interview that is over steers nothing any more.
    pub(crate) fn changed(old: Option<&store::Plan>, today: Date, change: Change) -> Settings {
        let interview = || {
            let date = old.and_then(|old| old.interview.as_ref()?.parse::<Date>().ok());
            date.filter(|date| *date > today)
        };
        let days_off = || old.map(|old| old.days_off.clone()).unwrap_or_default();
        Settings {
            interview: change.interview.unwrap_or_else(interview),
            hours_per_week: change
                .hours_per_week
                .or_else(|| old.map(|old| old.hours_per_week))
                .unwrap_or(HOURS_A_WEEK),
            days_off: change.days_off.unwrap_or_else(days_off),
        }
    }

    /// Whether the hours are hours of a week.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.hours_per_week >= HOURS_MIN && self.hours_per_week <= 168.0 {
            return Ok(());
        }
        Err(Failure::usage(format!("{} hours a week cannot be", self.hours_per_week)).hint("give 0.1 to 168"))
    }
}

fn hours_a_week() -> f32 {
    HOURS_A_WEEK
}

impl Planned {
    /// What is planned with these settings now; nothing is kept.
    pub(crate) fn of(known: &Known, works: &[Work], settings: &Settings) -> Result<Planned, Failure> {
        Planned::laid(known, settings, &known.request(works, settings))
    }

    fn laid(known: &Known, settings: &Settings, request: &Request) -> Result<Planned, Failure> {
        let plan = plan(request).map_err(Failure::usage)?;
        Ok(Planned {
            interview: plan.interview,
            days: plan.days,
            left_out: plan.left_out,
            moved: plan.moved,
            lifted: plan.lifted,
            waiting: plan.waiting,
            recall: plan.recall,
            schema: 1,
            hours_per_week: f64::from(request.minutes_a_week) / 60.0,
            days_off: settings.days_off.clone(),
            done: known.done_today(),
        })
    }

    /// What fell behind: it was to be done before today and was not.
    pub(crate) fn behind(&self) -> impl Iterator<Item = &Moved> {
        let today = self.days.first().map(|day| day.date);
        self.moved.iter().filter(move |moved| today.is_some_and(|today| moved.from < today))
    }

    /// The next time of something.
    pub(crate) fn next_of(&self, task: Task, name: &str) -> Option<Date> {
        let mut days = self.days.iter();
        let day = days.find(|day| day.items.iter().any(|item| item.task == task && item.name == name));
        day.map(|day| day.date)
    }
}

/// Makes a plan anew, keeps it, and gives it back.
pub(crate) async fn replan(
    learner: &Learner,
    stock: &Arc<Stock>,
    change: Change,
) -> Result<Planned, Failure> {
    let known = Known::read(learner, &stock.works).await?;
    let settings = Settings::changed(known.old.as_ref(), known.today, change);
    settings.check()?;
    let stock = Arc::clone(stock);
    let planned = beside(move || Planned::of(&known, &stock.works, &settings)).await?;
    keep(learner, &planned).await?;
    Ok(planned)
}

/// Puts something on another day, lays the rest around it, keeps that, and gives it back.
pub(crate) async fn move_to(learner: &Learner, stock: &Arc<Stock>, wish: &Move) -> Result<Planned, Failure> {
    let known = Known::read(learner, &stock.works).await?;
    if known.old.is_none() {
        return Err(Failure::usage("there is no plan yet").hint("make one: hotseat plan --date 2026-12-18"));
    }
    let settings = Settings::changed(known.old.as_ref(), known.today, Change::default());
    let (stock, wish) = (Arc::clone(stock), wish.clone());
    let planned = beside(move || {
        let now = Planned::of(&known, &stock.works, &settings)?;
        let request = keeping::with_move(known.request(&stock.works, &settings), &now, &wish)?;
        Planned::laid(&known, &settings, &request)
    })
    .await?;
    keep(learner, &planned).await?;
    Ok(planned)
}

/// Prices of minutes until a far date take a while to settle, and the app has to answer meanwhile.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?
}

async fn keep(learner: &Learner, planned: &Planned) -> Result<(), Failure> {
    Ok(learner.store.set_plan(&keeping::to_store(planned, now_ms())).await?)
}
