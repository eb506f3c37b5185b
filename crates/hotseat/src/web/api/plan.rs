//! The plan: its settings in, its days out, and things put on a day.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Answer;
use super::extract::ApiJson;
use crate::failure::Failure;
use crate::use_cases::planning::{Change, Move, Planned, Settings};
use crate::web::App;
use crate::web::failed::{Failed, Problem};

/// The plan from today on, as `hotseat plan --json` prints it; looking at it keeps nothing
#[utoipa::path(get, path = "/api/v1/plan", tag = "plan", responses(
    (status = 200, body = Planned),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "No plan was made yet"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "There can be none with these settings"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached"),
))]
pub(super) async fn plan(State(app): State<Arc<App>>) -> Answer<Planned> {
    let seen = app.plan().await?;
    match &seen.planned {
        Some(Ok(planned)) => Ok(Json(planned.clone())),
        Some(Err(why)) => Err(Failure::usage(why).hint("PUT /api/v1/plan takes other settings").into()),
        None => Err(Failed::not_found("no plan was made yet; PUT /api/v1/plan makes one").into()),
    }
}

/// Makes the plan anew for these settings and keeps it; what you have put on a day stays there
#[utoipa::path(put, path = "/api/v1/plan", tag = "plan", request_body = Settings, responses(
    (status = 200, body = Planned),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "No JSON"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "Too long"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "Not sent as JSON"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "No settings, or none that a plan can be made for"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached"),
))]
pub(super) async fn set(
    State(app): State<Arc<App>>,
    ApiJson(settings): ApiJson<Settings>,
) -> Answer<Planned> {
    let change = Change {
        interview: Some(settings.interview),
        hours_per_week: Some(settings.hours_per_week),
        days_off: Some(settings.days_off),
    };
    Ok(Json(app.replan(change).await?))
}

/// Puts something on a day, where it stays, and lays the rest of the plan around it
#[utoipa::path(post, path = "/api/v1/plan/moves", tag = "plan", request_body = Move, responses(
    (status = 200, body = Planned),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "No JSON"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "Too long"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "Not sent as JSON"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "There is no plan, or it has no such thing or day"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached"),
))]
pub(super) async fn put_on_a_day(
    State(app): State<Arc<App>>,
    ApiJson(wish): ApiJson<Move>,
) -> Answer<Planned> {
    Ok(Json(app.move_to(&wish).await?))
}
