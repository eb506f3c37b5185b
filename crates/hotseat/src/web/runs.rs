//! All stored runs, the newest first, by drill.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::App;
use super::page::{Frame, Page, render};
use crate::use_cases::calendar::moment;
use crate::use_cases::runs::RunSummary;

/// So many of each drill are listed, unless all of a drill are asked for.
const LISTED: usize = 12;

#[derive(Deserialize)]
pub(super) struct Asked {
    drill: Option<String>,
}

#[derive(Template)]
#[template(path = "runs.html")]
struct RunsPage {
    frame: Frame,
    drills: Vec<DrillRuns>,
    /// The drill that was asked for.
    only: Option<String>,
    total: usize,
}

/// The runs of one drill.
struct DrillRuns {
    drill: String,
    runs: Vec<Listed>,
    /// How many are not listed.
    more: usize,
    passed: usize,
    total: usize,
}

struct Listed {
    run: RunSummary,
    stored: String,
}

/// `GET /runs`
pub(super) async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Page {
    let all = app.runs.all().await;
    let mut drills: Vec<DrillRuns> = Vec::new();
    for run in all.iter().filter(|run| asked.drill.as_ref().is_none_or(|only| run.drill == *only)) {
        let at = drills.iter().position(|it| it.drill == run.drill).unwrap_or_else(|| {
            let drill = run.drill.clone();
            drills.push(DrillRuns { drill, runs: Vec::new(), more: 0, passed: 0, total: 0 });
            drills.len() - 1
        });
        let drill = &mut drills[at];
        drill.total += 1;
        drill.passed += usize::from(run.passes(&run.drill, None));
        if asked.drill.is_none() && drill.runs.len() == LISTED {
            drill.more += 1;
        } else {
            drill.runs.push(Listed { run: run.clone(), stored: moment(run.stored_ms) });
        }
    }
    render(&RunsPage { frame: Frame::new("Runs", "/drills"), drills, only: asked.drill, total: all.len() })
}
