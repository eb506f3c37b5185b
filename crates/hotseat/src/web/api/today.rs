//! Today: what is planned, what is due, and what is next.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Answer;
use crate::use_cases::today::Today;
use crate::web::App;
use crate::web::failed::Problem;

/// Where you stand today, and the one step that is next
#[utoipa::path(get, path = "/api/v1/today", tag = "plan", responses(
    (status = 200, body = Today),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached"),
))]
pub(super) async fn today(State(app): State<Arc<App>>) -> Answer<Today> {
    Ok(Json(app.today().await?))
}
