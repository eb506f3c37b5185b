//! The evidence of a stored run: its tables, and queries that only read.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use judge::evidence::ROWS_MAX;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use super::extract::{ApiJson, ApiPath, ApiQuery};
use super::runs::stored;
use crate::failure::Failure;
use crate::use_cases::evidence::{Answered, Tables, tables as listed};
use crate::web::App;
use crate::web::evidence::ask;
use crate::web::failed::Problem;

/// However they are written, so many characters fit into an address.
const SQL_IN_ADDRESS_MAX: usize = 4_000;

/// A query over evidence.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(super) struct EvidenceQuery {
    /// One SELECT; the reference's tables are `par.…`
    #[param(max_length = 4000)]
    #[schema(max_length = 20000)]
    sql: String,
    /// How many rows to hand out, at most 1000; the others are counted
    #[param(minimum = 1, maximum = 1000)]
    #[schema(minimum = 1, maximum = 1000)]
    rows: Option<u32>,
}

/// The tables of a run's evidence
#[utoipa::path(get, path = "/api/v1/runs/{run}/tables", tag = "evidence",
    params(("run" = String, Path, description = "The run's name")),
    responses((status = 200, body = Tables),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its evidence is damaged", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Others are still at work", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn tables(State(app): State<Arc<App>>, ApiPath(run): ApiPath<String>) -> Answer<Tables> {
    let dir = stored(&app, &run).await?.dir;
    Ok(Json(app.archive.in_turn(move || listed(&run, &dir)).await?))
}

/// Ask a run's evidence one query, which only reads
#[utoipa::path(get, path = "/api/v1/runs/{run}/query", tag = "evidence",
    params(("run" = String, Path, description = "The run's name"), EvidenceQuery),
    responses((status = 200, body = Answered),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 414, description = "The address is longer than 64 kB; it comes without a body"),
        (status = 422, description = "The query is wrong, wants more than to read, or takes too long", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Others are still at work", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn query(
    State(app): State<Arc<App>>,
    ApiPath(run): ApiPath<String>,
    ApiQuery(asked): ApiQuery<EvidenceQuery>,
) -> Answer<Answered> {
    if asked.sql.chars().nth(SQL_IN_ADDRESS_MAX).is_some() {
        let failure =
            Failure::usage(format!("a query in an address has at most {SQL_IN_ADDRESS_MAX} characters"));
        return Err(failure.hint("send it in a body, with POST").into());
    }
    answered(&app, &run, asked).await
}

/// Ask a run's evidence one query that is too long for an address
#[utoipa::path(post, path = "/api/v1/runs/{run}/query", tag = "evidence", request_body = EvidenceQuery,
    params(("run" = String, Path, description = "The run's name")),
    responses((status = 200, body = Answered),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such run", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query is wrong, wants more than to read, or takes too long", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Others are still at work", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn query_posted(
    State(app): State<Arc<App>>,
    ApiPath(run): ApiPath<String>,
    ApiJson(asked): ApiJson<EvidenceQuery>,
) -> Answer<Answered> {
    answered(&app, &run, asked).await
}

async fn answered(app: &App, run: &str, asked: EvidenceQuery) -> Answer<Answered> {
    let rows = asked.rows.map_or(ROWS_MAX, |rows| rows as usize);
    if !(1..=ROWS_MAX).contains(&rows) {
        return Err(Failure::usage(format!("`rows` is a number from 1 to {ROWS_MAX}")).into());
    }
    let dir = stored(app, run).await?.dir;
    Ok(Json(ask(app, dir, asked.sql, rows).await?))
}
