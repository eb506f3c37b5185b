//! All routes of the app.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::RequestBodyDeadlineLayer;

use super::failed::{ApiFailed, Failed};
use super::{
    App, answer, api, assets, data, drill, drills, evidence, guard, guide, live, own_question, plan,
    progress, question, resume, review, runs, today, verdict,
};
use crate::failure::Failure;

/// The largest request, in bytes: an answer may have 64 kB, and grows when a form encodes it.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// How long a request's body may take, so that nobody holds a connection with a drop now and then.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// Everything that the app answers, on this port of loopback.
pub(super) fn routes(app: Arc<App>, port: u16) -> Router {
    let (resources, documentation) = api::routes();
    // An archive goes nowhere but to this machine.
    let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/x-tar"));
    Router::new()
        .route("/", get(today::page))
        .route("/advice/{id}", get(guide::advice).post(guide::read))
        .route("/answers/{id}", get(answer::page))
        .route("/data", get(data::page))
        .route("/drills", get(drills::page))
        .route("/drills/{name}", get(drill::page))
        .route("/drills/{name}/hints", post(drill::take_hint))
        .route("/drills/{name}/solutions", get(drill::solutions).post(drill::ask))
        .route("/drills/{name}/workspaces", post(drill::start))
        .route("/judgings", get(live::list).post(live::begin))
        .route("/judgings/{id}", get(live::page))
        .route("/judgings/{id}/now", get(live::now))
        .route("/judgings/{id}/cancel", post(live::cancel))
        .route("/runs", get(runs::page))
        .route("/runs/{run}", get(verdict::page))
        .route("/runs/{run}/evidence", get(evidence::page))
        .route("/runs/{run}/evidence.csv", get(evidence::file))
        .route("/runs/{run}/replay", post(verdict::replay))
        .route("/guide", get(guide::page))
        .route("/progress", get(progress::page))
        .route("/questions/{id}", get(question::page).post(question::answer))
        .route("/own-questions/{id}", get(own_question::page).post(own_question::answer))
        .route("/resume", get(resume::page).post(resume::save).layer(long()))
        .route("/resume/additions", post(resume::add))
        .route("/resume/check", post(resume::hold_against).layer(long()))
        .route("/resume/files", post(resume::begin).layer(long()))
        .route("/resume/previews/{preview}", get(resume::now))
        .route("/review", get(review::page))
        .route("/plan", get(plan::page).post(plan::set))
        .route("/plan/moves", post(plan::put_on_a_day))
        .route("/data/import", post(data::import).layer(DefaultBodyLimit::disable()))
        .route("/api", get(async move || documentation.page()))
        .merge(resources)
        .route("/assets/{name}", get(assets::asset))
        .fallback(async || Failed::not_found("there is no such page"))
        .method_not_allowed_fallback(not_that_way)
        .layer(from_fn_with_state(Arc::clone(&app), catch_up))
        .with_state(app)
        .layer(from_fn(api::etag))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
        .layer(from_fn_with_state(guard::Port(port), guard::guard))
}

/// What a résumé's forms may send.
fn long() -> DefaultBodyLimit {
    DefaultBodyLimit::max(resume::BODY_BYTES_MAX)
}

/// Something else can be done there; `Allow` says what.
async fn not_that_way(uri: Uri) -> Response {
    let failure = Failure::usage("that cannot be done here").hint("the header Allow says what can");
    told_there(uri.path(), Failed::with(StatusCode::METHOD_NOT_ALLOWED, failure))
}

/// A failure as a page or, under `/api`, as `application/problem+json`.
fn told_there(path: &str, failed: Failed) -> Response {
    if path.starts_with("/api/") { ApiFailed(failed).into_response() } else { failed.into_response() }
}

/// Pages know of runs that were judged while they were not looked at.
async fn catch_up(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.catch_up().await {
        Ok(()) => next.run(request).await,
        Err(failure) => told_there(request.uri().path(), failure.into()),
    }
}
