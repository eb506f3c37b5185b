//! Failures as a browser or a program meets them: a page, or `application/problem+json`.

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::page::Frame;
use crate::failure::{Failure, Kind};

/// Why a page or a resource is not what was asked for.
#[derive(Debug)]
pub(crate) struct Failed {
    status: StatusCode,
    failure: Failure,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Failed {
        Failed { status: status_of(&failure), failure }
    }
}

/// What a failure is answered with, unless there is something better to say.
pub(super) fn status_of(failure: &Failure) -> StatusCode {
    match failure.kind() {
        Kind::Usage => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Missing => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Bug | Kind::Interrupted => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Failed {
    /// There is no such thing.
    pub(super) fn not_found(what: impl std::fmt::Display) -> Failed {
        Failed { status: StatusCode::NOT_FOUND, failure: Failure::usage(what) }
    }

    /// A failure under a status of its own.
    pub(super) fn with(status: StatusCode, failure: Failure) -> Failed {
        Failed { status, failure }
    }
}

#[derive(Template)]
#[template(path = "failed.html")]
struct FailedPage<'f> {
    frame: Frame,
    status: StatusCode,
    failure: &'f Failure,
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let frame = Frame::new(self.status.canonical_reason().unwrap_or("Error"), "");
        let page = FailedPage { frame, status: self.status, failure: &self.failure };
        match page.render() {
            Ok(text) => (self.status, Html(text)).into_response(),
            Err(_) => (self.status, self.failure.what().to_string()).into_response(),
        }
    }
}

/// A failure of the API, after RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The version of this shape.
    schema: u32,
    /// What kind of problem it is: always `about:blank`, the status says it.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: String,
    status: u16,
    /// What happened, and where.
    detail: String,
    /// What to do next.
    next: Vec<String>,
}

/// The same failure, answered as [`Problem`].
#[derive(Debug)]
pub(crate) struct ApiFailed(pub Failed);

impl<F: Into<Failed>> From<F> for ApiFailed {
    fn from(failed: F) -> ApiFailed {
        ApiFailed(failed.into())
    }
}

impl IntoResponse for ApiFailed {
    fn into_response(self) -> Response {
        let Failed { status, failure } = self.0;
        let problem = Problem {
            schema: 1,
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_string(),
            status: status.as_u16(),
            detail: failure.what().to_string(),
            next: failure.hints().to_vec(),
        };
        let mut answer = (status, Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        answer
    }
}
