//! Where the learner stands, and what was done when.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;

use super::Answer;
use super::extract::ApiPath;
use crate::use_cases::progress::{self as standing, DayShown, Progress};
use crate::web::App;
use crate::web::failed::Problem;

/// Where the learner stands, as `hotseat progress --json` gives it
#[utoipa::path(get, path = "/api/v1/progress", tag = "progress",
    responses((status = 200, body = Progress)))]
pub(super) async fn show(State(app): State<Arc<App>>) -> Answer<Progress> {
    Ok(Json(standing::progress(&app.bank, &app.pack, &app.learner).await?))
}

/// What was done on a day, where the learner is
#[utoipa::path(get, path = "/api/v1/progress/days/{date}", tag = "progress",
    params(("date" = Date, Path, description = "Such as 2026-11-28")), responses(
    (status = 200, body = DayShown),
    (status = 400, description = "No date", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn day(State(app): State<Arc<App>>, ApiPath(date): ApiPath<Date>) -> Answer<DayShown> {
    Ok(Json(standing::day(date, &app.learner).await?))
}
