//! Everything of the learner's out as one archive, and in again.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use utoipa::ToSchema;

use super::Answer;
use crate::failure::Failure;
use crate::use_cases::carrying::{BYTES_MAX, Intake, Received, send};
use crate::web::App;
use crate::web::failed::{ApiFailed, Failed, Problem};

/// What an archive is sent as.
const TAR: &str = "application/x-tar";

/// A tar archive with what `hotseat export` writes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(super) struct Archive(#[expect(dead_code, reason = "it stands for bytes in the description")] Vec<u8>);

/// Everything that you have done, as `hotseat export` writes it, in one archive
#[utoipa::path(get, path = "/api/v1/export", tag = "data", responses(
    (status = 200, body = Archive, content_type = "application/x-tar"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached, or the disk is full"),
))]
pub(super) async fn export(State(app): State<Arc<App>>) -> Result<Response, ApiFailed> {
    let name = format!("hotseat-export-{}", jiff::ZonedDateTime::now().date());
    let file = format!("attachment; filename=\"{name}.tar\"");
    let pieces = send(app.learner.store.clone(), name).await?;
    let pieces = stream::unfold(pieces, async |mut pieces| pieces.recv().await.map(|piece| (piece, pieces)));
    let headers = [(header::CONTENT_TYPE, TAR.to_string()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Takes back what an export gave; nothing is lost and nothing doubled
#[utoipa::path(post, path = "/api/v1/import", tag = "data",
    request_body(content = Archive, content_type = "application/x-tar"),
    responses(
    (status = 200, body = Received),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "It did not come whole"),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "Larger than any export"),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "Not sent as application/x-tar"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "Not an export, or a damaged one"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "The store cannot be reached, or the disk is full"),
))]
pub(super) async fn import(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Answer<Received> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some(TAR) {
        let failure = Failure::usage(format!("an archive is sent as {TAR}, not as `{kind}`"));
        return Err(Failed::with(StatusCode::UNSUPPORTED_MEDIA_TYPE, failure).into());
    }
    let mut intake = Intake::begin(app.learner.store.clone());
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| {
            Failed::with(StatusCode::BAD_REQUEST, Failure::usage(format!("the archive broke off: {error}")))
        })?;
        if !intake.take(piece).await {
            return Err(too_large().into());
        }
    }
    Ok(Json(intake.finish().await?))
}

/// The archive is larger than any export.
pub(in crate::web) fn too_large() -> Failed {
    let failure = Failure::usage(format!("an archive has at most {} MB", BYTES_MAX / 1024 / 1024))
        .hint("unpack it and take it with: hotseat import DIR");
    Failed::with(StatusCode::PAYLOAD_TOO_LARGE, failure)
}
