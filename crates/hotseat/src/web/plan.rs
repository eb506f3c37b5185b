//! The plan: its days, what fell behind and what is left out; its settings; and things put on another day.

mod days;
mod forms;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::civil::Date;
use serde::Deserialize;
use study::plan::Fate;

use super::App;
use super::failed::Failed;
use super::page::{Frame, Page, render};
use crate::failure::Failure;
use crate::use_cases::planning::Planned;

pub(super) use days::Fill;
use days::{Row, short};
use forms::{DayOff, MoveForm, SettingsForm};

/// So much of what has moved is shown at first sight.
const NEWS_SHOWN: usize = 6;
/// So many days are shown at first sight.
const DAYS_SHOWN: usize = 42;

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    frame: Frame,
    /// The days left until the interview, in words, or that there is no date.
    lead: String,
    rows: Vec<Row>,
    /// How many days there are beyond those.
    more_days: usize,
    /// What can be chosen as a day.
    choices: Vec<(String, String)>,
    /// What fell behind, was moved or cannot stay; and what of that has no room at first sight.
    news: Vec<String>,
    more_news: Vec<String>,
    behind: usize,
    left_out: Vec<(String, String)>,
    recall: Option<String>,
    /// Why there is no plan although one was made.
    why_none: Option<String>,
    interview: String,
    /// The first day that an interview can be on.
    tomorrow: String,
    hours: String,
    days_off: Vec<DayOff>,
    /// What was just moved, to be said once.
    said: Option<String>,
}

/// What the page is asked to say and to show.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// What was just moved.
    moved: Option<String>,
    /// Every day, however many there are.
    all: Option<String>,
}

/// `GET /plan`
pub(super) async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Page {
    let (seen, stock) = (app.plan().await?, app.stock()?);
    let planned = seen.planned.as_ref().and_then(|planned| planned.as_ref().ok());
    let title = |task, name: &str| stock.title(task, name).to_string();
    let said = asked.moved.as_deref().and_then(|moved| moved.split_once('/')).and_then(|(task, name)| {
        let task = study::words::Task::from_word(task)?;
        let date = planned?.next_of(task, name)?;
        Some(format!("“{}” comes on {} now.", title(task, name), date.strftime("%A %-d %B")))
    });
    let settings = &seen.settings;
    let shown = if asked.all.is_some() { usize::MAX } else { DAYS_SHOWN };
    let mut news = planned.map(|planned| news(planned, &title)).unwrap_or_default();
    let more_news = news.split_off(news.len().min(NEWS_SHOWN));
    render(&PlanPage {
        frame: Frame::new("Plan", "/plan"),
        lead: lead(seen.known.today, planned),
        rows: planned.map(|planned| days::rows(planned, shown, &stock)).unwrap_or_default(),
        more_days: planned.map_or(0, |planned| planned.days.len().saturating_sub(shown)),
        choices: planned.map(|planned| days::choices(planned, shown)).unwrap_or_default(),
        news,
        more_news,
        behind: planned.map_or(0, |planned| planned.behind().count() + planned.lifted.len()),
        left_out: planned
            .iter()
            .flat_map(|planned| &planned.left_out)
            .rev()
            .map(|left| (title(left.task, &left.name), left.why.to_string()))
            .collect(),
        recall: planned.and_then(|planned| Some(format!("{:.0}", planned.recall? * 100.0))),
        why_none: seen.planned.as_ref().and_then(|planned| planned.as_ref().err()).cloned(),
        interview: settings.interview.map(|date| date.to_string()).unwrap_or_default(),
        tomorrow: seen.known.today.tomorrow().unwrap_or(seen.known.today).to_string(),
        hours: settings.hours_per_week.to_string(),
        days_off: forms::days_off(&settings.days_off),
        said,
    })
}

fn lead(today: Date, planned: Option<&Planned>) -> String {
    let Some(planned) = planned else {
        return "Say when the interview is and how much time you have; the days until then are laid out \
            for you: what to read, to answer and to do, and what to come back to before it is forgotten."
            .into();
    };
    match planned.interview {
        Some(date) => {
            let days = date.since(today).map_or(0, |span| span.get_days());
            let s = if days == 1 { "" } else { "s" };
            format!("{days} day{s} until the interview on {}.", date.strftime("%A %-d %B"))
        }
        None => "The coming two weeks. With a date, the plan reaches up to the interview.".into(),
    }
}

/// What stands elsewhere than before, what fell behind first.
fn news(planned: &Planned, title: &dyn Fn(study::words::Task, &str) -> String) -> Vec<String> {
    let lifted = planned.lifted.iter().map(|lifted| {
        let name = title(lifted.task, &lifted.name);
        format!("“{name}” cannot stay on {}, where you put it: {}.", short(lifted.date), lifted.why)
    });
    let moved = planned.moved.iter().map(|moved| {
        let (name, from) = (title(moved.task, &moved.name), short(moved.from));
        match moved.to {
            Fate::Day(date) => format!("“{name}” went from {from} to {}.", short(date)),
            Fate::LeftOut => format!("“{name}” stood on {from}; there is no time for it any more."),
            Fate::Gone => format!("“{name}” stood on {from}; the pack no longer has it."),
        }
    });
    lifted.chain(moved).collect()
}

/// `POST /plan`: the settings.
pub(super) async fn set(State(app): State<Arc<App>>, Form(form): Form<SettingsForm>) -> Page {
    app.replan(form.change()?).await.map_err(|failure| failure.hint("go back and change the settings"))?;
    Ok(Redirect::to("/plan").into_response())
}

/// `POST /plan/moves`: something put on another day.
pub(super) async fn put_on_a_day(State(app): State<Arc<App>>, Form(form): Form<MoveForm>) -> Page {
    let Some(item) = &form.item else {
        let failure = Failure::usage("nothing was chosen").hint("choose what is to be moved, then the day");
        return Err(Failed::with(StatusCode::UNPROCESSABLE_ENTITY, failure));
    };
    app.move_to(&form.wish(item)?).await?;
    Ok(Redirect::to(&format!("/plan?moved={}", forms::encoded(item))).into_response())
}
