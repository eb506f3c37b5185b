//! The API under `/api/v1`: what the pages do, for programs, in the shapes that `--json` prints.

mod about;
mod advice;
mod answers;
pub(super) mod carrying;
mod documentation;
mod drills;
mod everywhere;
mod evidence;
mod extract;
mod judgings;
mod machine;
mod plan;
mod previews;
mod progress;
mod questions;
mod resumes;
mod reviews;
mod runs;
mod today;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_body_util::{BodyExt, Limited};
use sha2::{Digest, Sha256};
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::App;
use super::failed::{ApiFailed, Failed, Problem};
use super::resume as resume_page;

pub(super) use documentation::Documentation;

/// An answer larger than this gets no tag, in bytes.
const TAGGED_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What a handler of the API gives back.
pub(super) type Answer<T> = Result<axum::Json<T>, ApiFailed>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "hotseat",
        description = "Practise backend interviews by doing. Every shape has a `schema`, its version, which rises when a field changes its meaning or goes; new fields may come at any time. Errors are `application/problem+json` (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This machine")),
    components(schemas(Problem))
)]
struct Description;

/// The resources, and their description.
pub(super) fn routes() -> (Router<Arc<App>>, Arc<Documentation>) {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(drills::list))
        .routes(routes!(drills::show))
        .routes(routes!(drills::hints, drills::take_hint))
        .routes(routes!(drills::solutions, drills::ask))
        .routes(routes!(judgings::list, judgings::begin))
        .routes(routes!(judgings::show, judgings::cancel))
        .routes(routes!(judgings::events))
        .routes(routes!(questions::list))
        .routes(routes!(questions::show))
        .routes(routes!(answers::hand_in))
        .routes(routes!(answers::show))
        .routes(routes!(advice::list))
        .routes(routes!(advice::show))
        .routes(routes!(advice::read))
        .routes(routes!(reviews::queue))
        .routes(routes!(resumes::list, resumes::begin).layer(long()))
        .routes(routes!(resumes::show, resumes::save).layer(long()))
        .routes(routes!(previews::draw).layer(long()))
        .routes(routes!(previews::page))
        .routes(routes!(previews::output))
        .routes(routes!(previews::check).layer(long()))
        .routes(routes!(previews::add))
        .routes(routes!(progress::show))
        .routes(routes!(progress::day))
        .routes(routes!(machine::doctor))
        .routes(routes!(workspaces::list, workspaces::start))
        .routes(routes!(workspaces::show))
        .routes(routes!(runs::runs))
        .routes(routes!(runs::verdict))
        .routes(routes!(runs::replay))
        .routes(routes!(runs::pictures))
        .routes(routes!(runs::picture))
        .routes(routes!(evidence::tables))
        .routes(routes!(evidence::query, evidence::query_posted))
        .routes(routes!(about::about))
        .routes(routes!(carrying::export))
        .routes(routes!(carrying::import))
        .routes(routes!(plan::plan, plan::set))
        .routes(routes!(plan::put_on_a_day))
        .routes(routes!(today::today))
        .split_for_parts();
    everywhere::describe(&mut description);
    let documentation = Arc::new(Documentation::of(&description));
    let document = Arc::clone(&documentation);
    let router = router
        .route("/api/v1/openapi.json", get(async move || document.document()))
        .route("/api/{*rest}", get(nothing).fallback(nothing));
    (router, documentation)
}

/// A source has up to 2 MB and a job description 5, and JSON makes them longer.
fn long() -> DefaultBodyLimit {
    DefaultBodyLimit::max(resume_page::BODY_BYTES_MAX)
}

async fn nothing() -> ApiFailed {
    Failed::not_found("there is no such resource; /api/v1/openapi.json says what there is").into()
}

/// Tags what does not change by itself, so that asking again costs little.
pub(super) async fn etag(request: Request, next: Next) -> Response {
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let answer = next.run(request).await;
    if !asked || answer.status() != StatusCode::OK || !is_whole(answer.headers()) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let Ok(whole) = Limited::new(body, TAGGED_BYTES_MAX).collect().await else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "the answer is too long\n").into_response();
    };
    let bytes = whole.to_bytes();
    let tag: String = Sha256::digest(&bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{tag}\"");
    if known.is_some_and(|known| known.to_str().is_ok_and(|known| known.split(", ").any(|it| it == tag))) {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(header::CONTENT_TYPE);
        head.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(head, Body::empty());
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.headers.insert(header::ETAG, tag);
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Whether an answer is made in one piece and small, unlike events and files.
fn is_whole(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/html", "application/json", "image/svg+xml"].iter().any(|whole| kind.starts_with(whole))
        && !headers.contains_key(header::ETAG)
        && !headers.contains_key(header::CONTENT_DISPOSITION)
}
