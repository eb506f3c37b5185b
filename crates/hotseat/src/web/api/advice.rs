//! Pages of advice.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::extract::ApiPath;
use crate::use_cases::guide::{AdviceShown, find_advice};
use crate::web::App;
use crate::web::failed::{ApiFailed, Problem};
use crate::web::question::missing;

/// All pages of advice: how to prepare, what often goes wrong, what to expect
#[utoipa::path(get, path = "/api/v1/advice", tag = "advice", responses((status = 200, body = AdviceShown)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Response {
    Json(AdviceShown::of(&app.bank.advice)).into_response()
}

/// A page of advice, in a list of one
#[utoipa::path(get, path = "/api/v1/advice/{id}", tag = "advice",
    params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, body = AdviceShown),
    (status = 400, description = "The path is not UTF-8", body = Problem,
        content_type = "application/problem+json"),
    (status = 404, description = "There is no such page", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, ApiFailed> {
    let page = find_advice(&app.bank, &id).map_err(missing)?;
    Ok(Json(AdviceShown::of([page])).into_response())
}

/// Says that a page was read; if the plan asked for it, it is ticked off
#[utoipa::path(post, path = "/api/v1/advice/{id}/read", tag = "advice",
    params(("id" = String, Path, description = "Its id")), responses(
    (status = 204, description = "Noted"),
    (status = 400, description = "The path is not UTF-8", body = Problem,
        content_type = "application/problem+json"),
    (status = 404, description = "There is no such page", body = Problem,
        content_type = "application/problem+json"),
    (status = 503, description = "The store cannot be written to", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn read(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
) -> Result<StatusCode, ApiFailed> {
    let page = find_advice(&app.bank, &id).map_err(missing)?;
    app.learner.note_read(&page.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
