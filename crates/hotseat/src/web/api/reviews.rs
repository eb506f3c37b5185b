//! What to come back to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use super::extract::ApiQuery;
use crate::use_cases::reviewing::{self, MINUTES, Queue};
use crate::web::App;
use crate::web::failed::Problem;

/// How much time there is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Budget {
    /// In minutes; 60 if it is left out.
    #[param(minimum = 0, maximum = 65_535)]
    minutes: Option<u16>,
}

/// What is due and fits into the minutes, as `hotseat review --json` gives it
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews", params(Budget), responses(
    (status = 200, body = Queue),
    (status = 400, description = "No number of minutes", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn queue(State(app): State<Arc<App>>, ApiQuery(budget): ApiQuery<Budget>) -> Answer<Queue> {
    let minutes = budget.minutes.map_or(MINUTES, u32::from);
    Ok(Json(reviewing::queue(minutes, &app.pack, &app.bank, &app.learner).await?))
}
