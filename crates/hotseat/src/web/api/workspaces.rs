//! Workspaces that hotseat has started.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use super::extract::{ApiJson, ApiPath};
use super::{Answer, ApiFailed, Failed, Problem};
use crate::use_cases::workspaces::{self, WorkspaceRow, Workspaces};
use crate::web::App;
use crate::web::drill::start_workspace;

/// What to start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWorkspace {
    /// The drill's name.
    drill: String,
    /// A level of it; without it, the first.
    level: Option<String>,
    /// The language that a program begins in; without it, the first that this machine can run.
    language: Option<String>,
}

/// The workspaces that hotseat has started, here or with `drill start`
#[utoipa::path(get, path = "/api/v1/workspaces", tag = "workspaces",
    responses((status = 200, body = Workspaces),
        (status = 422, description = "The list of workspaces is damaged", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Answer<Workspaces> {
    Ok(Json(workspaces::all(&app.home)?))
}

/// One of them
#[utoipa::path(get, path = "/api/v1/workspaces/{id}", tag = "workspaces",
    params(("id" = String, Path, description = "The workspace's id")),
    responses((status = 200, body = WorkspaceRow),
        (status = 400, description = "The id is no text", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such workspace", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn show(State(app): State<Arc<App>>, ApiPath(id): ApiPath<String>) -> Answer<WorkspaceRow> {
    let found = workspaces::find(&app.home, &id);
    Ok(Json(found.map_err(|failure| Failed::with(StatusCode::NOT_FOUND, failure))?))
}

/// Start a workspace for a drill, in a new folder below `~/hotseat` (or below `HOTSEAT_WORKSPACES`)
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "workspaces", request_body = NewWorkspace,
    responses((status = 201, body = WorkspaceRow, headers(("Location" = String, description = "The workspace"))),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such drill, level or language, or the body is of another shape", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The folder cannot be written to", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    ApiJson(new): ApiJson<NewWorkspace>,
) -> Result<impl IntoResponse, ApiFailed> {
    app.pack.drill(&new.drill)?;
    let row = start_workspace(&app, new.drill, new.level, new.language).await?;
    let location = format!("/api/v1/workspaces/{}", row.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(row)))
}
