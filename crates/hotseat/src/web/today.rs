//! Today: the days that are left, what is planned and due, and one step that is next.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::App;
use super::page::{Frame, Page, render};
use super::plan::Fill;
use crate::failure::Failure;
use crate::use_cases::today::{LastRun, Thing, Today, today};

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    frame: Frame,
    today: Today,
    /// The day in words.
    day: String,
}

/// So many of the last runs are shown.
const RUNS_SHOWN: usize = 5;

/// `GET /`
pub(super) async fn page(State(app): State<Arc<App>>) -> Page {
    let today = app.today().await?;
    let day = today.date.strftime("%A %-d %B").to_string();
    render(&TodayPage { frame: Frame::new("Today", "/"), today, day })
}

impl App {
    /// Where the learner stands today.
    pub(super) async fn today(&self) -> Result<Today, Failure> {
        let seen = self.plan().await?;
        let runs = self.runs.newest(RUNS_SHOWN).await.into_iter().map(LastRun::from).collect();
        Ok(today(&seen, &*self.stock()?, runs))
    }
}

impl TodayPage {
    /// The days that are left, in words.
    fn left(&self) -> Option<String> {
        match self.today.days_left? {
            1 => Some("The interview is tomorrow".into()),
            days => Some(format!("{days} days to the interview")),
        }
    }

    fn interview(&self) -> Option<String> {
        Some(self.today.interview?.strftime("%A %-d %B").to_string())
    }

    fn fill(&self) -> Option<Fill> {
        let plan = self.today.plan.as_ref()?;
        Some(Fill::of(plan.minutes, plan.minutes_done, plan.minutes_left))
    }

    /// A newcomer's first drill.
    fn drill(&self) -> Option<&Thing> {
        self.today.drill.as_ref()
    }

    /// How long ago, in words.
    fn ago(&self, at_ms: &i64) -> String {
        let minutes = (crate::learner::now_ms() - at_ms).max(0) / 60_000;
        match minutes {
            0..60 => format!("{minutes} min ago"),
            60..2880 => format!("{} h ago", minutes / 60),
            _ => format!("{} days ago", minutes / 1440),
        }
    }
}
