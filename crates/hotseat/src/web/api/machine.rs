//! This machine: what it has and lacks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Answer;
use crate::use_cases::doctor::{Doctor, examine};
use crate::web::App;

/// What this machine has and lacks, as `hotseat doctor` says it
#[utoipa::path(get, path = "/api/v1/doctor", tag = "machine",
    responses((status = 200, body = Doctor)))]
pub(super) async fn doctor(State(_app): State<Arc<App>>) -> Answer<Doctor> {
    Ok(Json(examine().await))
}
