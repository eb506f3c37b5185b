//! Résumés that hotseat has worked on: their sources.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use resume::Mistake;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{ApiJson, ApiPath};
use super::{Answer, ApiFailed};
use crate::failure::Failure;
use crate::use_cases::resume::{self as cases, Known, Opened, Refused};
use crate::web::App;
use crate::web::failed::{Failed, Problem};
use crate::web::resume::{on_disk, put, remembered};

/// All that are remembered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumeFiles)]
pub(super) struct Files {
    /// The version of this shape.
    schema: u32,
    /// The newest first, at most eight.
    resumes: Vec<Known>,
}

/// What a new résumé begins with.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewResume)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    /// A `resume.toml` or a JSON Resume, which becomes TOML; without it, the example.
    text: Option<String>,
}

/// A source as it lies on disk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumeText)]
pub(super) struct Source {
    /// The version of this shape.
    schema: u32,
    id: String,
    /// Where it lies.
    path: String,
    /// `toml` or `json`.
    form: &'static str,
    text: String,
    /// The tags of its variants.
    tags: Vec<String>,
    /// What keeps it from being laid out.
    mistakes: Vec<Mistake>,
}

/// A text to save.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewResumeText)]
#[serde(deny_unknown_fields)]
pub(super) struct Edited {
    text: String,
}

/// The résumés that hotseat has worked on, here or in a terminal
#[utoipa::path(get, path = "/api/v1/resumes", tag = "resumes", responses((status = 200, body = Files)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Answer<Files> {
    let home = app.home.clone();
    let known = tokio::task::spawn_blocking(move || cases::known(&home)).await;
    Ok(Json(Files { schema: 1, resumes: known.map_err(Failure::bug)? }))
}

/// Begin a résumé in the data directory, with the example or with a text
#[utoipa::path(post, path = "/api/v1/resumes", tag = "resumes", request_body = New,
    responses((status = 201, body = Source, headers(("Location" = String, description = "The résumé"), ("ETag" = String, description = "Of its text"))),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The text is no résumé, or there are many already", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    ApiJson(New { text }): ApiJson<New>,
) -> Result<Response, ApiFailed> {
    let home = app.home.clone();
    let begun = move || cases::begin(&home, text.as_deref().map(|text| ("resume.toml", text)));
    let (id, _) = tokio::task::spawn_blocking(begun).await.map_err(Failure::bug)??;
    let location = format!("/api/v1/resumes/{id}");
    let shown = source(&app, &id).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], shown).into_response())
}

/// A résumé's source
#[utoipa::path(get, path = "/api/v1/resumes/{id}", tag = "resumes",
    params(("id" = String, Path, description = "The résumé's id")),
    responses((status = 200, body = Source, headers(("ETag" = String, description = "Of its text"))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé, or its file is gone", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Its file is no text", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, ApiFailed> {
    Ok(source(&app, &id).await?.into_response())
}

/// Save a résumé's source, mistakes and all, if it is still the one of `If-Match`
#[utoipa::path(put, path = "/api/v1/resumes/{id}", tag = "resumes", request_body = Edited,
    params(("id" = String, Path, description = "The résumé's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the text that this one is an edit of")),
    responses((status = 200, body = Source, headers(("ETag" = String, description = "Of the new text"))),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "The file has changed since", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The text is too long, or the body is of another shape", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn save(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(Edited { text }): ApiJson<Edited>,
) -> Result<Response, ApiFailed> {
    let file = remembered(&app, &id).await?;
    let tag = headers.get(header::IF_MATCH).and_then(|tag| tag.to_str().ok()).ok_or_else(|| {
        let failure = Failure::usage("say with If-Match which text this one is an edit of")
            .hint("its ETag comes with GET");
        Failed::with(StatusCode::PRECONDITION_REQUIRED, failure)
    })?;
    match put(&app, &file, &text, tag.trim().trim_start_matches("W/").trim_matches('"')).await {
        Ok(_) => Ok(source(&app, &id).await?.into_response()),
        Err(Refused::Failed(failure)) => Err(failure.into()),
        Err(Refused::Changed(_)) => {
            let failure = Failure::usage(format!("{} has changed since", file.path.display()))
                .hint("GET it again, and bring both together");
            Err(Failed::with(StatusCode::PRECONDITION_FAILED, failure).into())
        }
    }
}

async fn source(app: &Arc<App>, id: &str) -> Result<impl IntoResponse + use<>, ApiFailed> {
    let file = remembered(app, id).await?;
    let there = on_disk(&file).await?;
    let gone = || Failed::not_found(format!("{} is gone", file.path.display()));
    let text = there.text.ok_or_else(gone)?;
    let (path, copy) = (file.path.clone(), text.clone());
    let read = tokio::task::spawn_blocking(move || Opened::of(&path, copy)).await.map_err(Failure::bug)?;
    let (tags, mistakes) = read.map_or_else(|mistakes| (Vec::new(), mistakes), |it| (it.tags(), Vec::new()));
    let form = match file.path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")) {
        true => "json",
        false => "toml",
    };
    let path = file.path.display().to_string();
    let shape = Source { schema: 1, id: file.id, path, form, text, tags, mistakes };
    Ok(([(header::ETAG, format!("\"{}\"", there.tag))], Json(shape)))
}
