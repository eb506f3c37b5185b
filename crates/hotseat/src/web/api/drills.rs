//! Drills: what there is, and what a learner may look at.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::extract::{ApiJson, ApiPath, ApiQuery};
use super::{Answer, ApiFailed, Failed, Problem};
use crate::use_cases::drills::{DrillPage, Drills};
use crate::use_cases::looking::{self, Hints, Solutions};
use crate::web::App;
use crate::web::drill::{find, level_of};

/// The drills, with what they need and how you stand
#[utoipa::path(get, path = "/api/v1/drills", tag = "drills",
    responses((status = 200, body = Drills),
        (status = 422, description = "The pack has mistakes", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Answer<Drills> {
    Ok(Json(app.list_of_drills().await?))
}

/// A drill with its task
#[utoipa::path(get, path = "/api/v1/drills/{name}", tag = "drills",
    params(("name" = String, Path, description = "The drill's name")),
    responses((status = 200, body = DrillPage),
        (status = 400, description = "The name is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such drill", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The pack has mistakes", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn show(State(app): State<Arc<App>>, ApiPath(name): ApiPath<String>) -> Answer<DrillPage> {
    let page = app.page_of_drill(&name).await?;
    Ok(Json(page.ok_or_else(|| Failed::not_found(format!("there is no drill `{name}`")))?))
}

/// The hints of a drill that were taken so far
#[utoipa::path(get, path = "/api/v1/drills/{name}/hints", tag = "drills",
    params(("name" = String, Path, description = "The drill's name")),
    responses((status = 200, body = Hints),
        (status = 400, description = "The name is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such drill", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn hints(State(app): State<Arc<App>>, ApiPath(name): ApiPath<String>) -> Answer<Hints> {
    let (drills, at) = find(&app, &name)?;
    Ok(Json(looking::hints_taken(&app.home, &drills[at])))
}

/// Take the next hint of a drill; that is remembered. The answer holds none when all are taken
#[utoipa::path(post, path = "/api/v1/drills/{name}/hints", tag = "drills",
    params(("name" = String, Path, description = "The drill's name")),
    responses((status = 200, body = Hints),
        (status = 400, description = "The name is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such drill", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn take_hint(State(app): State<Arc<App>>, ApiPath(name): ApiPath<String>) -> Answer<Hints> {
    let (drills, at) = find(&app, &name)?;
    Ok(Json(looking::take_hint(&app.home, &drills[at])?))
}

/// Which level.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AtLevel {
    /// A level of the drill; without it, the first.
    level: Option<String>,
}

/// The solutions of a level, once they are open: after a pass, or when asked for twice
#[utoipa::path(get, path = "/api/v1/drills/{name}/solutions", tag = "drills",
    params(("name" = String, Path, description = "The drill's name"), AtLevel),
    responses((status = 200, body = Solutions),
        (status = 400, description = "The name is no text, or the query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "They are not open yet", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such drill", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such level", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn solutions(
    State(app): State<Arc<App>>,
    ApiPath(name): ApiPath<String>,
    ApiQuery(at): ApiQuery<AtLevel>,
) -> Answer<Solutions> {
    let (drills, index) = find(&app, &name)?;
    let drill = &drills[index];
    let level = level_of(drill, at.level.as_deref())?;
    let passed = app.runs.passed(&drill.name, Some(&level.name)).await;
    match looking::are_open(&app.home.looked(&drill.name), passed) {
        true => Ok(Json(looking::solutions(drill, level))),
        false => Err(closed(looking::not_passed(drill, level))),
    }
}

/// Ask for the solutions of a level. Before a pass the first asking is refused, and counted; the second is not
#[utoipa::path(post, path = "/api/v1/drills/{name}/solutions", tag = "drills",
    params(("name" = String, Path, description = "The drill's name")),
    request_body = AtLevel,
    responses((status = 200, body = Solutions),
        (status = 400, description = "The name is no text, or the body no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "They are not open yet; ask again if you want them all the same", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such drill", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such level, or the body is of another shape", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    ApiPath(name): ApiPath<String>,
    ApiJson(at): ApiJson<AtLevel>,
) -> Answer<Solutions> {
    let (drills, index) = find(&app, &name)?;
    let drill = &drills[index];
    let level = level_of(drill, at.level.as_deref())?;
    let passed = app.runs.passed(&drill.name, Some(&level.name)).await;
    match looking::ask(&app.home, drill, level, passed) {
        Ok(solutions) => Ok(Json(solutions)),
        Err(failure) if looking::are_open(&app.home.looked(&drill.name), passed) => Err(failure.into()),
        Err(failure) => Err(closed(failure)),
    }
}

fn closed(failure: crate::failure::Failure) -> ApiFailed {
    Failed::with(StatusCode::FORBIDDEN, failure).into()
}
