//! The verdict of a stored run: what was ruled, why, and what there is to learn from it.

mod parts;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use judge::verdict::{Ruling, Verdict};

use super::App;
use super::failed::Failed;
use super::markdown::{self, filters};
use super::page::{Frame, Page, render};
use crate::home::StoredRun;
use crate::terminal::curl;
use crate::use_cases::calendar::moment;
use crate::use_cases::telling::Told;

use parts::{Broken, Changed, Claim, broken, changes, claims};
pub(super) use parts::{Grid, Shown, grid};

#[derive(Template)]
#[template(path = "verdict.html")]
struct VerdictPage {
    frame: Frame,
    run: String,
    verdict: Verdict,
    ruled: String,
    stored: String,
    /// Whether another run has passed this level.
    passed: bool,
    claims: Vec<Claim>,
    broken: Vec<Broken>,
    again: Option<Again>,
    /// Whether charts and texts are still being made; then the page asks again by itself.
    pending: bool,
    story: Option<Shown>,
    curl: Vec<String>,
    charts: Vec<Shown>,
    /// HTML made of the pack's Markdown.
    debrief: Option<String>,
    troubles: Vec<String>,
    replay: String,
    repeat: String,
    files: String,
}

/// What today's checks rule.
struct Again {
    ruling: Ruling,
    ruled: String,
    /// Claims with another state or another figure than before.
    changed: Vec<Changed>,
}

/// `GET /runs/{run}`
pub(super) async fn page(State(app): State<Arc<App>>, Path(run): Path<String>) -> Page {
    let stored = stored(&app, &run).await?;
    let told = app.told_soon(&stored).await;
    let again = app.archive.judged_again(&run).map(|again| Again {
        ruling: again.ruling,
        ruled: ruled(&again),
        changed: changes(&stored.verdict, &again),
    });
    let all = app.runs.all().await;
    let stored_ms = all.iter().find(|it| it.run == run).map_or(0, |it| it.stored_ms);
    let (drill, level) = (&stored.verdict.drill, &stored.verdict.level);
    let passed = stored.verdict.ruling != Ruling::Pass && app.runs.passed(drill, Some(level)).await;
    let page = verdict_page(run, stored, told.as_deref(), again);
    render(&VerdictPage { stored: moment(stored_ms), passed, ..page })
}

fn verdict_page(run: String, stored: StoredRun, told: Option<&Told>, again: Option<Again>) -> VerdictPage {
    let StoredRun { dir, verdict } = stored;
    let none = Told::default();
    let told_or = told.unwrap_or(&none);
    let (stories, charts): (Vec<Shown>, Vec<Shown>) =
        told_or.charts.iter().map(Shown::of).partition(|it| it.is_story);
    VerdictPage {
        frame: Frame::new(format!("{run}: {}", verdict.ruling.word()), "/drills"),
        ruled: ruled(&verdict),
        stored: String::new(),
        passed: false,
        claims: claims(&verdict.findings),
        broken: broken(&verdict.findings),
        again,
        pending: told.is_none(),
        story: stories.into_iter().next(),
        curl: told_or.curl.clone(),
        charts,
        debrief: told_or.debrief.as_deref().map(|text| markdown::to_html(text, 2)),
        troubles: told_or.unreadable.iter().chain(&told_or.troubles).cloned().collect(),
        replay: format!("hotseat drill replay {}", curl::quoted(&run)),
        repeat: format!("hotseat drill check --seed {}", verdict.seed),
        files: dir.display().to_string(),
        run,
        verdict,
    }
}

/// `POST /runs/{run}/replay`
pub(super) async fn replay(State(app): State<Arc<App>>, Path(run): Path<String>) -> Result<Response, Failed> {
    let stored = stored(&app, &run).await?;
    app.judge_again(stored).await?;
    Ok(Redirect::to(&format!("/runs/{run}#again")).into_response())
}

/// A run by the name in a path.
pub(super) async fn stored(app: &App, run: &str) -> Result<StoredRun, Failed> {
    let found = app.runs.open(run).await?;
    found.ok_or_else(|| Failed::not_found(format!("there is no stored run `{run}`")))
}

/// The ruling in a sentence.
fn ruled(verdict: &Verdict) -> String {
    match verdict.ruling {
        Ruling::Pass => format!("all {} claims hold", verdict.findings.len()),
        Ruling::Fail => format!("broken: {}", verdict.broken().join(", ")),
        Ruling::Void => {
            let why = verdict.why_void.as_deref().unwrap_or("the run could not be judged");
            format!("this run does not count, and it is not your fault: {why}")
        }
    }
}
