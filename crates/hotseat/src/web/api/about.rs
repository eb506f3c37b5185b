//! What this hotseat is and holds.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Answer;
use crate::use_cases::about::{About, about as look};
use crate::web::App;
use crate::web::failed::Problem;

/// What this hotseat is, what its pack has, how much of yours it holds, and where
#[utoipa::path(get, path = "/api/v1/about", tag = "machine", responses(
    (status = 200, body = About),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached"),
))]
pub(super) async fn about(State(app): State<Arc<App>>) -> Answer<About> {
    Ok(Json(look(&app.home, &app.pack, &app.bank, &app.learner).await?))
}
