//! Résumés laid out: drafts, pictures of pages, files to take along, job descriptions, and runs to tell of.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use resume::Mistake;
use resume::check::Report;
use resume::job::read_job;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{ApiJson, ApiPath, ApiQuery};
use super::{Answer, ApiFailed};
use crate::failure::Failure;
use crate::use_cases::resume::{Added, Format, Known, Opened, beside, sheet, write};
use crate::web::App;
use crate::web::failed::{Failed, Problem};
use crate::web::resume::{ResumePaper, ResumeTemplate, Wish, added, on_disk, opened, remembered};
use crate::web::studio::Preview;

/// A text and how it is to look.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ResumeDraft)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    /// Without it, what is saved.
    text: Option<String>,
    #[serde(default)]
    #[schema(required = false)]
    template: ResumeTemplate,
    #[serde(default)]
    #[schema(required = false)]
    paper: ResumePaper,
    /// What has this tag, and what has none; without one, all of it.
    variant: Option<String>,
}

/// What became of a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumePreview)]
pub(super) struct Previewed {
    /// The version of this shape.
    schema: u32,
    /// By which its pages are asked for, while it is among the last few; null if there are mistakes.
    id: Option<String>,
    pages: usize,
    /// Of the PDF.
    bytes: usize,
    /// What a reader will miss.
    warnings: Vec<String>,
    /// The tags of its variants.
    tags: Vec<String>,
    /// What keeps it from being laid out.
    mistakes: Vec<Mistake>,
    report: Option<Report>,
}

/// What a résumé is held against.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewResumeCheck)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The text of a job description, up to 5 MB; plain, Markdown or HTML. It is not kept.
    job: Option<String>,
    #[serde(default)]
    #[schema(required = false)]
    template: ResumeTemplate,
    #[serde(default)]
    #[schema(required = false)]
    paper: ResumePaper,
    variant: Option<String>,
}

/// What there is to say of a saved résumé.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumeCheck)]
pub(super) struct Said {
    /// The version of this shape.
    schema: u32,
    /// Nothing is wrong.
    good: bool,
    report: Report,
}

/// A run to tell of.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewAddition)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Its name, such as slow-query-7.
    run: String,
}

/// Lay out a draft; nothing is saved
#[utoipa::path(post, path = "/api/v1/resumes/{id}/previews", tag = "resumes", request_body = Draft,
    params(("id" = String, Path, description = "The résumé's id")),
    responses((status = 200, body = Previewed),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is too long, has no such variant, or the body is of another shape", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn draw(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiJson(draft): ApiJson<Draft>,
) -> Answer<Previewed> {
    let file = remembered(&app, &id).await?;
    let text = match draft.text {
        Some(text) => text.replace("\r\n", "\n"),
        None => saved(&file).await?,
    };
    let wish = Wish { template: draft.template, paper: draft.paper, variant: draft.variant };
    let none = |mistakes| Previewed {
        schema: 1,
        id: None,
        pages: 0,
        bytes: 0,
        warnings: Vec::new(),
        tags: Vec::new(),
        mistakes,
        report: None,
    };
    let opened = match opened(&file, text).await? {
        Ok(opened) => opened,
        Err(mistakes) => return Ok(Json(none(mistakes))),
    };
    let preview = app.preview(opened, wish.variant(), wish.look()).await?;
    let report = app.report(&preview).await?;
    let pdf = &preview.drawn.pdf;
    Ok(Json(Previewed {
        id: Some(preview.id.clone()),
        pages: pdf.pages,
        bytes: pdf.bytes.len(),
        warnings: pdf.warnings.clone(),
        tags: preview.drawn.opened.tags(),
        report: Some((*report).clone()),
        ..none(Vec::new())
    }))
}

/// A page of a preview as a picture
#[utoipa::path(get, path = "/api/v1/resumes/{id}/previews/{preview}/pages/{page}", tag = "resumes",
    params(("id" = String, Path, description = "The résumé's id"),
        ("preview" = String, Path, description = "The preview's id"),
        ("page" = u32, Path, description = "From 1")),
    responses((status = 200, content_type = "image/svg+xml", body = String),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such page, or the preview was forgotten", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn page(
    State(app): State<Arc<App>>,
    ApiPath((id, preview, page)): ApiPath<(String, String, u32)>,
) -> Result<Response, ApiFailed> {
    let found = app.studio.kept(&preview);
    let at = (page as usize).checked_sub(1);
    let picture = found.as_ref().zip(at).and_then(|(it, at)| it.drawn.pictures.get(at));
    let picture = picture.ok_or_else(|| {
        Failed::not_found(format!("there is no such page; POST to /api/v1/resumes/{id:.40}/previews again"))
    })?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        // The preview's id is made of all that it depends on.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    ];
    Ok((headers, picture.clone()).into_response())
}

/// What is saved, as a file to take along
///
/// `pdf`, `html`, `md`, `txt` and `json` hold what others may see; `sheet` is for its owner alone.
#[utoipa::path(get, path = "/api/v1/resumes/{id}/outputs/{format}", tag = "resumes",
    params(("id" = String, Path, description = "The résumé's id"),
        ("format" = String, Path, description = "pdf, html, md, txt, json or sheet"), Wish),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = String),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé or format", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The source has mistakes, or no such variant", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn output(
    State(app): State<Arc<App>>,
    ApiPath((id, format)): ApiPath<(String, String)>,
    ApiQuery(wish): ApiQuery<Wish>,
) -> Result<Response, ApiFailed> {
    let file = remembered(&app, &id).await?;
    let (kind, ending) = match format.as_str() {
        "pdf" => ("application/pdf", "pdf"),
        "html" => ("text/html; charset=utf-8", "html"),
        "md" => ("text/markdown; charset=utf-8", "md"),
        "txt" => ("text/plain; charset=utf-8", "txt"),
        "json" => ("application/json", "json"),
        "sheet" => ("text/markdown; charset=utf-8", "interview.md"),
        _ => return Err(Failed::not_found("there are pdf, html, md, txt, json and sheet").into()),
    };
    let variant = wish.variant();
    let name = beside(&file.path, variant.as_deref(), ending);
    let bytes = match format.as_str() {
        "pdf" => made(&app, &file, &wish).await?.drawn.pdf.bytes.clone(),
        _ => {
            let (path, runs) = (file.path.clone(), app.verdicts().await);
            let write = move || {
                let opened = Opened::read(&path)?;
                let resume = opened.variant(variant.as_deref())?;
                let text = match ending {
                    "html" => write(&resume, Format::Html),
                    "md" => write(&resume, Format::Md),
                    "txt" => write(&resume, Format::Txt),
                    "json" => write(&resume, Format::Json),
                    _ => {
                        let name = opened.source.value()["basics"]["name"].as_str().unwrap_or_default();
                        resume::sheet::sheet(name, &sheet(&resume, &runs).bullets, &resume.entry_notes())
                    }
                };
                Ok::<_, Failure>(text.into_bytes())
            };
            tokio::task::spawn_blocking(write).await.map_err(Failure::bug)??
        }
    };
    let name = name.file_name().unwrap_or_default().to_string_lossy();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// Say all there is to say of what is saved, against a job description or without
#[utoipa::path(post, path = "/api/v1/resumes/{id}/checks", tag = "resumes", request_body = Asked,
    params(("id" = String, Path, description = "The résumé's id")),
    responses((status = 200, body = Said),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The source has mistakes, there is no such variant, or the job description cannot be read", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn check(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiJson(asked): ApiJson<Asked>,
) -> Answer<Said> {
    let file = remembered(&app, &id).await?;
    let job = match asked.job {
        None => None,
        Some(text) => {
            let read = tokio::task::spawn_blocking(move || read_job(text.as_bytes())).await;
            Some(read.map_err(Failure::bug)?.map_err(Failure::usage)?)
        }
    };
    let wish = Wish { template: asked.template, paper: asked.paper, variant: asked.variant };
    let preview = made(&app, &file, &wish).await?;
    let report = app.report_on(&preview, job).await?;
    Ok(Json(Said { schema: 1, good: report.is_good(), report }))
}

/// Put a passed run into the source, as `resume add` does, and its questions into the review schedule
#[utoipa::path(post, path = "/api/v1/resumes/{id}/additions", tag = "resumes", request_body = Wanted,
    params(("id" = String, Path, description = "The résumé's id")),
    responses((status = 200, body = Added),
        (status = 400, description = "The body is no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such résumé", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The run did not pass or is in the source already, or the source has mistakes", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn add(
    State(app): State<Arc<App>>,
    ApiPath(id): ApiPath<String>,
    ApiJson(Wanted { run }): ApiJson<Wanted>,
) -> Answer<Added> {
    let file = remembered(&app, &id).await?;
    Ok(Json(added(&app, &file, run).await?))
}

async fn saved(file: &Known) -> Result<String, ApiFailed> {
    let gone = || Failed::not_found(format!("{} is gone", file.path.display()));
    Ok(on_disk(file).await?.text.ok_or_else(gone)?)
}

/// What is saved, laid out.
async fn made(app: &Arc<App>, file: &Known, wish: &Wish) -> Result<Arc<Preview>, ApiFailed> {
    let path = file.path.clone();
    let opened = tokio::task::spawn_blocking(move || Opened::read(&path)).await.map_err(Failure::bug)??;
    Ok(app.preview(opened, wish.variant(), wish.look()).await?)
}
