//! Judgings: begun, followed, cancelled.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::extract::{ApiJson, ApiPath, ApiQuery};
use super::{Answer, ApiFailed, Failed, Problem};
use crate::failure::Failure;
use crate::web::App;
use crate::web::judging::{self, Judging, JudgingEvent, JudgingNow, Judgings};

/// What to judge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewJudging {
    /// A workspace's id.
    workspace: String,
    /// Repeats an earlier judging; without it, a fresh one.
    #[schema(minimum = 1, maximum = 9223372036854775807i64)]
    seed: Option<u64>,
}

/// The judgings since the app was started, the newest first
#[utoipa::path(get, path = "/api/v1/judgings", tag = "judgings", responses((status = 200, body = Judgings)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Answer<Judgings> {
    Ok(Json(app.judgings.list()))
}

/// Judge a workspace as it is now. One is judged at a time; others wait for their turn
#[utoipa::path(post, path = "/api/v1/judgings", tag = "judgings", request_body = NewJudging,
    responses((status = 202, body = JudgingNow, headers(("Location" = String, description = "The judging"))),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "hotseat has started no such workspace, what is in it cannot be handed in, or the body is of another shape", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many wait, or the app is ending", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    ApiJson(new): ApiJson<NewJudging>,
) -> Result<impl IntoResponse, ApiFailed> {
    if new.seed.is_some_and(|seed| seed == 0 || i64::try_from(seed).is_err()) {
        return Err(Failure::usage(format!("a seed is a number from 1 to {}", i64::MAX)).into());
    }
    let judging = app.judge(&new.workspace, new.seed).await?;
    let location = format!("/api/v1/judgings/{}", judging.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(judging.now())))
}

/// A judging as it stands
#[utoipa::path(get, path = "/api/v1/judgings/{id}", tag = "judgings",
    params(("id" = String, Path, description = "The judging's id")),
    responses((status = 200, body = JudgingNow),
        (status = 400, description = "The id is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such judging", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn show(State(app): State<Arc<App>>, ApiPath(id): ApiPath<String>) -> Answer<JudgingNow> {
    Ok(Json(find(&app, &id)?.now()))
}

/// Cancel a judging. It ends in a moment, and stores nothing
#[utoipa::path(delete, path = "/api/v1/judgings/{id}", tag = "judgings",
    params(("id" = String, Path, description = "The judging's id")),
    responses((status = 202, body = JudgingNow),
        (status = 400, description = "The id is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such judging", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is over already", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
) -> Result<(StatusCode, Json<JudgingNow>), ApiFailed> {
    let judging = find(&app, &id)?;
    match judging.cancel() {
        true => Ok((StatusCode::ACCEPTED, Json(judging.now()))),
        false => Err(Failed::with(StatusCode::CONFLICT, Failure::usage("it is over already")).into()),
    }
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    /// The number of the last event that you have. A browser that connects again says so by itself, in
    /// `Last-Event-ID`, which goes before this.
    #[param(format = Int64, minimum = 0, maximum = 4_294_967_295_i64)]
    after: Option<u32>,
}

/// What happens in a judging, as it happens: server-sent events with a number as their `id`, of the types `phase`,
/// `doing`, `finding`, `progress`, `fault` and at last `ended`; their data is the member of that name
#[utoipa::path(get, path = "/api/v1/judgings/{id}/events", tag = "judgings",
    params(("id" = String, Path, description = "The judging's id"), After,
        ("Last-Event-ID" = Option<u32>, Header, description = "The number of the last event that you have")),
    responses((status = 200, description = "All events after that one, then each as it comes", body = JudgingEvent, content_type = "text/event-stream"),
        (status = 204, description = "It is over, and you have all of it"),
        (status = 400, description = "The id is no text, or where to begin is no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such judging", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn events(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<After>,
    headers: HeaderMap,
) -> Result<Response, ApiFailed> {
    let judging = find(&app, &id)?;
    let after = match headers.get("last-event-id") {
        None => query.after.unwrap_or(0),
        Some(id) => id.to_str().ok().and_then(|id| id.parse::<u32>().ok()).ok_or_else(|| {
            let what = "Last-Event-ID is the number of an event";
            Failed::with(StatusCode::BAD_REQUEST, Failure::usage(what))
        })?,
    };
    Ok(judging::events(judging, usize::try_from(after).unwrap_or(usize::MAX)))
}

fn find(app: &App, id: &str) -> Result<Arc<Judging>, ApiFailed> {
    let found = app.judgings.find(id);
    found.ok_or_else(|| {
        Failed::not_found(format!("there is no judging `{id}` since the app was started")).into()
    })
}
