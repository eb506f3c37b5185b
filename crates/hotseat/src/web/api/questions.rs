//! Questions: found and shown.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use study::question::{Kind, Level};
use utoipa::IntoParams;

use super::Answer;
use super::extract::{ApiPath, ApiQuery};
use crate::use_cases::guide::{QuestionShown, Questions, Wanted, find};
use crate::web::App;
use crate::web::failed::Problem;
use crate::web::question::missing;

/// Which questions are wanted; all of them without any.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    kind: Option<Kind>,
    /// For whom they are usual.
    level: Option<Level>,
    /// One of their topics, whatever its case.
    topic: Option<String>,
    /// What they are about, in words; those that say most of it come first.
    q: Option<String>,
}

/// Questions, as `hotseat questions list` and `search` give them
#[utoipa::path(get, path = "/api/v1/questions", tag = "questions", params(Filter), responses(
    (status = 200, body = Questions),
    (status = 400, description = "A kind or a level that there is not", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    ApiQuery(filter): ApiQuery<Filter>,
) -> Answer<Questions> {
    let Filter { kind, level, topic, q } = filter;
    let search = q.filter(|words| !words.trim().is_empty());
    let wanted = Wanted { kind, level, topic, search };
    Ok(Json(Questions::of(&wanted.of(&app.bank))))
}

/// A question with all that is said of it, as `hotseat questions show --sample` gives it
#[utoipa::path(get, path = "/api/v1/questions/{id}", tag = "questions",
    params(("id" = String, Path, description = "Its id, or its number in the guide")), responses(
    (status = 200, body = QuestionShown),
    (status = 400, description = "The path is not UTF-8", body = Problem,
        content_type = "application/problem+json"),
    (status = 404, description = "There is no such question", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn show(State(app): State<Arc<App>>, ApiPath(id): ApiPath<String>) -> Answer<QuestionShown> {
    Ok(Json(QuestionShown::new(find(&app.bank, &id).map_err(missing)?)))
}
