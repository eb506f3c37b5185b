//! Stored runs: their verdicts, and judging them again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use judge::verdict::Verdict;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{ApiPath, ApiQuery};
use super::{Answer, ApiFailed};
use crate::failure::Failure;
use crate::home::StoredRun;
use crate::use_cases::runs::RunList;
use crate::web::App;
use crate::web::failed::{Failed, Problem};

/// So many runs can be asked for by number; without one, all come.
const NEWEST_MAX: u32 = 10_000;

/// Which runs are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those of this drill
    drill: Option<String>,
    /// Only so many, the newest ones
    #[param(maximum = 10000)]
    newest: Option<u32>,
}

/// Every stored run that can be read, the newest first
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs", params(Wanted),
    responses((status = 200, body = RunList),
        (status = 400, body = Problem, content_type = "application/problem+json")))]
pub(super) async fn runs(State(app): State<Arc<App>>, ApiQuery(wanted): ApiQuery<Wanted>) -> Answer<RunList> {
    if wanted.newest.is_some_and(|newest| newest > NEWEST_MAX) {
        let failure = Failure::usage(format!("`newest` is a number up to {NEWEST_MAX}"));
        return Err(Failed::with(StatusCode::BAD_REQUEST, failure).into());
    }
    let newest = wanted.newest.map_or(usize::MAX, |n| n as usize);
    let mut runs = match wanted.drill {
        Some(drill) => app.runs.of_drill(&drill).await,
        None => app.runs.newest(newest).await,
    };
    runs.truncate(newest);
    Ok(Json(RunList { schema: 1, runs }))
}

/// A stored run's verdict, as `drill check --json` printed it
#[utoipa::path(get, path = "/api/v1/runs/{run}", tag = "runs",
    params(("run" = String, Path, description = "The run's name, such as slow-query-7")),
    responses((status = 200, body = Verdict),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its verdict is damaged", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn verdict(State(app): State<Arc<App>>, ApiPath(run): ApiPath<String>) -> Answer<Verdict> {
    Ok(Json(stored(&app, &run).await?.verdict))
}

/// Judge a stored run again, offline, with the checks of today
///
/// The stored verdict stays as it was.
#[utoipa::path(post, path = "/api/v1/runs/{run}/replay", tag = "runs",
    params(("run" = String, Path, description = "The run's name")),
    responses((status = 200, body = Verdict),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It cannot be judged: its evidence or its drill is not what it was", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Others are still at work", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn replay(State(app): State<Arc<App>>, ApiPath(run): ApiPath<String>) -> Answer<Verdict> {
    let stored = stored(&app, &run).await?;
    Ok(Json((*app.judge_again(stored).await?).clone()))
}

/// The pictures of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pictures {
    /// The version of this shape.
    schema: u32,
    pictures: Vec<PictureOfRun>,
}

/// A picture of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PictureOfRun {
    /// Its file's name.
    name: String,
    title: String,
    /// What it shows, in words.
    about: String,
}

/// The pictures that a run has
#[utoipa::path(get, path = "/api/v1/runs/{run}/pictures", tag = "runs",
    params(("run" = String, Path, description = "The run's name")),
    responses((status = 200, body = Pictures),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its verdict is damaged", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn pictures(State(app): State<Arc<App>>, ApiPath(run): ApiPath<String>) -> Answer<Pictures> {
    let told = app.told(&stored(&app, &run).await?).await;
    let pictures = told.charts.iter().map(|chart| PictureOfRun {
        name: format!("{}.svg", chart.name),
        title: chart.picture.title.clone(),
        about: chart.picture.about.clone(),
    });
    Ok(Json(Pictures { schema: 1, pictures: pictures.collect() }))
}

/// A picture of a run, which reads in light and dark
#[utoipa::path(get, path = "/api/v1/runs/{run}/pictures/{picture}", tag = "runs",
    params(("run" = String, Path, description = "The run's name"),
        ("picture" = String, Path, description = "The picture's name, such as latency.svg")),
    responses((status = 200, content_type = "image/svg+xml", body = String),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run, or it has no such picture", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its verdict is damaged", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    ApiPath((run, picture)): ApiPath<(String, String)>,
) -> Result<Response, ApiFailed> {
    let told = app.told(&stored(&app, &run).await?).await;
    let wanted = picture.strip_suffix(".svg");
    let found = told.charts.iter().find(|chart| Some(&*chart.name) == wanted);
    let chart = found.ok_or_else(|| {
        let names: Vec<String> = told.charts.iter().map(|chart| format!("{}.svg", chart.name)).collect();
        let there = if names.is_empty() { "no pictures".to_owned() } else { names.join(", ") };
        Failed::not_found(format!("there is no such picture; this run has {there}"))
    })?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], chart.picture.standalone()).into_response())
}

/// A run by the name in a path.
pub(super) async fn stored(app: &App, run: &str) -> Result<StoredRun, Failed> {
    crate::web::verdict::stored(app, run).await
}
