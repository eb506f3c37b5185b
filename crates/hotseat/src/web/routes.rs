//! All routes of the app.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::RequestBodyDeadlineLayer;

use super::failed::Failed;
use super::{App, api, assets, data, guard, plan, today};

/// The largest request, in bytes: an answer may have 64 kB, and grows when a form encodes it.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// How long a request's body may take, so that nobody holds a connection with a drop now and then.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// Everything that the app answers, on this port of loopback.
pub(super) fn routes(app: Arc<App>, port: u16) -> Router {
    let (resources, description) = api::routes();
    // An archive goes nowhere but to this machine.
    let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/x-tar"));
    Router::new()
        .route("/", get(today::page))
        .route("/plan", get(plan::page).post(plan::set))
        .route("/plan/moves", post(plan::put_on_a_day))
        .route("/data", get(data::page))
        .route("/data/import", post(data::import).layer(DefaultBodyLimit::disable()))
        .route("/api", get(async move || api::documentation(&description)))
        .merge(resources)
        .route("/assets/{name}", get(assets::asset))
        .fallback(async || Failed::not_found("there is no such page"))
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .with_state(app)
        .layer(from_fn(api::etag))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
        .layer(from_fn_with_state(guard::Port(port), guard::guard))
}
