//! Answers: handed in, and shown with their feedback.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};

use super::Answer;
use super::extract::{ApiJson, ApiPath};
use crate::use_cases::asking::{Answered, HandedIn, Kept, behind, kept};
use crate::use_cases::guide::find;
use crate::web::App;
use crate::web::failed::{ApiFailed, Failed, Problem};
use crate::web::question::{self, missing};

/// Answers a question: gives the feedback that `hotseat ask --json` gives, and keeps both
#[utoipa::path(post, path = "/api/v1/questions/{id}/answers", tag = "questions",
    params(("id" = String, Path, description = "The question's id, or its number in the guide")),
    request_body = HandedIn, responses(
    (status = 201, body = Answered, headers(("Location" = String, description = "The answer"))),
    (status = 400, description = "No JSON", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such question", body = Problem,
        content_type = "application/problem+json"),
    (status = 413, description = "Far more than 64 kB", body = Problem,
        content_type = "application/problem+json"),
    (status = 415, description = "The body is not said to be JSON", body = Problem,
        content_type = "application/problem+json"),
    (status = 422, description = "What is handed in cannot be an answer", body = Problem,
        content_type = "application/problem+json"),
    (status = 503, description = "The store cannot be written to", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn hand_in(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiJson(handed_in): ApiJson<HandedIn>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Answered>), ApiFailed> {
    let question = find(&app.bank, &id).map_err(missing)?;
    let handed_in = handed_in.checked("the text")?;
    let (id, feedback) = question::hand_in(&app, question, &handed_in).await?;
    let drills = behind(&question.drills, &app.pack, &app.learner).await?;
    let location = [(header::LOCATION, format!("/api/v1/answers/{id}"))];
    let answered = Answered { feedback, estimate: handed_in.estimate, drills };
    Ok((StatusCode::CREATED, location, Json(answered)))
}

/// An answer with the feedback that was given
#[utoipa::path(get, path = "/api/v1/answers/{id}", tag = "questions",
    params(("id" = String, Path, description = "32 hexadecimal digits")), responses(
    (status = 200, body = Kept),
    (status = 400, description = "The path is not UTF-8", body = Problem,
        content_type = "application/problem+json"),
    (status = 404, description = "There is no such answer", body = Problem,
        content_type = "application/problem+json"),
))]
pub(super) async fn show(State(app): State<Arc<App>>, ApiPath(id): ApiPath<String>) -> Answer<Kept> {
    let answer = kept(&id, &app.bank, &app.pack, &app.learner).await?;
    let missing = || Failed::not_found(format!("there is no answer `{id:.40}`"));
    Ok(Json(answer.ok_or_else(missing)?))
}
