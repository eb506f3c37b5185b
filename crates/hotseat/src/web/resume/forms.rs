//! What the résumé's page sends: a text to save, a file to begin with, a run to add, a job description.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use resume::SOURCE_BYTES_MAX;
use resume::job::{JOB_BYTES_MAX, read_job};
use serde::Deserialize;

use super::super::App;
use super::super::failed::{Failed, status_of};
use super::super::page::{Frame, Page, render};
use super::{Asked, BeginPage, HERE, Sent, TITLE, Wish, encoded, files, on_disk, opened, remembered, show};
use crate::failure::Failure;
use crate::use_cases::resume::{self as cases, Known, Opened, Refused};

/// A text and what it is an edit of.
#[derive(Deserialize)]
pub(in crate::web) struct Edited {
    file: String,
    tag: String,
    text: String,
    #[serde(flatten)]
    wish: Wish,
}

/// A run that is to be told of.
#[derive(Deserialize)]
pub(in crate::web) struct Wanted {
    file: String,
    tag: String,
    run: String,
    #[serde(flatten)]
    wish: Wish,
}

/// What a form holds, or why it does not.
fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Failed> {
    form.map(|Form(it)| it).map_err(|why| match why.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let what = format!("a résumé has at most {SOURCE_BYTES_MAX} bytes; nothing was saved");
            Failed::with(
                StatusCode::PAYLOAD_TOO_LARGE,
                Failure::usage(what).hint("go back; the text is still there"),
            )
        }
        status => Failed::with(status, Failure::usage(why.body_text())),
    })
}

/// `POST /resume`: saves.
pub(in crate::web) async fn save(
    State(app): State<Arc<App>>,
    form: Result<Form<Edited>, FormRejection>,
) -> Page {
    let Edited { file, tag, text, wish } = read(form)?;
    let file = remembered(&app, &file).await?;
    let text = text.replace("\r\n", "\n");
    let refused = match put(&app, &file, &text, &tag).await {
        Ok(_) => {
            let at = format!("/resume?file={}&saved=1&{}", file.id, wish.query());
            return Ok(Redirect::to(&at).into_response());
        }
        Err(refused) => refused,
    };
    let (status, sent) = match refused {
        Refused::Changed(there) => {
            let sent =
                Sent { text: Some(text), tag: Some(there.tag), instead: Some(there.text), ..Sent::default() };
            (StatusCode::PRECONDITION_FAILED, sent)
        }
        Refused::Failed(failure) => {
            let status = status_of(&failure);
            (status, Sent { text: Some(text), tag: Some(tag), wrong: Some(failure), ..Sent::default() })
        }
    };
    let files = files(&app).await?;
    let page = show(&app, file, files, Asked { wish, ..Asked::default() }, sent).await?;
    Ok((status, page).into_response())
}

/// Saves in the background.
pub(in crate::web) async fn put(
    app: &Arc<App>,
    file: &Known,
    text: &str,
    tag: &str,
) -> Result<cases::Disk, Refused> {
    let (home, path) = (app.home.clone(), file.path.clone());
    let (text, tag) = (text.to_owned(), tag.to_owned());
    let saving = tokio::task::spawn_blocking(move || cases::save(&home, &path, &text, &tag));
    saving.await.unwrap_or_else(|error| Err(Refused::Failed(Failure::bug(error))))
}

/// `POST /resume/files`: begins with the example, or with a file.
pub(in crate::web) async fn begin(State(app): State<Arc<App>>, mut form: Multipart) -> Page {
    let mut came = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("resume") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?;
            came = Some((name, bytes));
        }
    }
    let home = app.home.clone();
    let begun = tokio::task::spawn_blocking(move || match came {
        None => cases::begin(&home, None),
        Some((name, bytes)) => {
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                Failure::usage(format!("{name:.80} is no UTF-8 text"))
                    .hint("take resume.toml or a JSON Resume")
            })?;
            cases::begin(&home, Some((&name, text)))
        }
    });
    match begun.await.map_err(Failure::bug)? {
        Ok((id, _)) => Ok(Redirect::to(&format!("/resume?file={id}")).into_response()),
        Err(failure) => {
            let status = status_of(&failure);
            let others = files(&app).await?;
            let page = BeginPage { frame: Frame::new(TITLE, HERE), others, wrong: Some(failure) };
            Ok((status, render(&page)?).into_response())
        }
    }
}

/// `POST /resume/additions`: puts a run into the source.
pub(in crate::web) async fn add(
    State(app): State<Arc<App>>,
    form: Result<Form<Wanted>, FormRejection>,
) -> Page {
    let Wanted { file, tag, run, wish } = read(form)?;
    let file = remembered(&app, &file).await?;
    let there = on_disk(&file).await?;
    if there.tag != tag {
        let wrong = Failure::usage("the file has changed since this page was loaded; nothing was added")
            .hint("this is what it says now; ask again");
        let sent = Sent { wrong: Some(wrong), ..Sent::default() };
        let page = show(&app, file, files(&app).await?, Asked { wish, ..Asked::default() }, sent).await?;
        return Ok((StatusCode::PRECONDITION_FAILED, page).into_response());
    }
    let added = added(&app, &file, run).await?;
    let run = encoded(&added.run);
    let (id, due, wish) = (&file.id, added.questions_added, wish.query());
    Ok(Redirect::to(&format!("/resume?file={id}&added={run}&questions={due}&{wish}#source")).into_response())
}

/// Puts a run into the source, and its questions into the review schedule.
pub(in crate::web) async fn added(
    app: &Arc<App>,
    file: &Known,
    run: String,
) -> Result<cases::Added, Failure> {
    let (home, path, pack) = (app.home.clone(), file.path.clone(), app.pack.path.clone());
    let read = tokio::task::spawn_blocking(move || {
        let proof = cases::proof(&home, &run, pack.as_deref())?;
        Ok::<_, Failure>((proof, Opened::read(&path)?))
    });
    let (proof, opened) = read.await.map_err(Failure::bug)??;
    cases::add(&proof, &opened, &app.learner).await
}

/// `POST /resume/check`: holds the résumé against a job description, which is not kept.
pub(in crate::web) async fn hold_against(State(app): State<Arc<App>>, mut form: Multipart) -> Page {
    let (mut file, mut asked, mut sent) = (String::new(), Asked::default(), Sent::default());
    let mut job = Vec::new();
    while let Some(field) = form.next_field().await.map_err(too_large)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => file = text_of(field).await?,
            "tag" => sent.tag = Some(text_of(field).await?),
            "text" => sent.text = Some(text_of(field).await?.replace("\r\n", "\n")),
            "variant" => asked.wish.variant = Some(text_of(field).await?),
            "template" => asked.wish.template = named(&text_of(field).await?)?,
            "paper" => asked.wish.paper = named(&text_of(field).await?)?,
            "job" => {
                sent.job_text = text_of(field).await?.replace("\r\n", "\n");
                if job.is_empty() {
                    job = sent.job_text.clone().into_bytes();
                }
            }
            "job_file" => {
                let bytes = field.bytes().await.map_err(too_large)?;
                if !bytes.is_empty() {
                    job = bytes.to_vec();
                }
            }
            _ => {}
        }
    }
    let file = remembered(&app, &file).await?;
    let text = match &sent.text {
        Some(text) => text.clone(),
        None => on_disk(&file).await?.text.unwrap_or_default(),
    };
    match compared(&app, &file, text, &asked.wish, job).await {
        Ok(check) => sent.job = check,
        Err(failure) => sent.job_wrong = Some(failure),
    }
    if sent.text.is_none() {
        sent.tag = None;
    }
    // A long text back in its field would be a page of megabytes.
    if sent.job_text.len() > SOURCE_BYTES_MAX {
        sent.job_text.clear();
    }
    let status = sent.job_wrong.as_ref().map_or(StatusCode::OK, status_of);
    let page = show(&app, file, files(&app).await?, asked, sent).await?;
    Ok((status, page).into_response())
}

/// What a job description asks for, and where the résumé shows it.
async fn compared(
    app: &Arc<App>,
    file: &Known,
    text: String,
    wish: &Wish,
    job: Vec<u8>,
) -> Result<Option<resume::job::JobCheck>, Failure> {
    let job = tokio::task::spawn_blocking(move || read_job(&job)).await.map_err(Failure::bug)?;
    let job = job.map_err(Failure::usage)?;
    let opened = opened(file, text).await?.map_err(|_| {
        Failure::usage("the source has mistakes, so it cannot be compared").hint("mend them first")
    })?;
    let preview = app.preview(opened, wish.variant(), wish.look()).await?;
    Ok(app.report_on(&preview, Some(job)).await?.job)
}

/// A name as the shapes of the API know it.
fn named<T: for<'d> Deserialize<'d>>(name: &str) -> Result<T, Failed> {
    let value = serde_json::Value::from(name);
    serde_json::from_value(value)
        .map_err(|error| Failed::with(StatusCode::BAD_REQUEST, Failure::usage(error)))
}

async fn text_of(field: Field<'_>) -> Result<String, Failed> {
    let bytes = field.bytes().await.map_err(too_large)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken(error: MultipartError) -> Failed {
    let failure = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Failure::usage(format!("a résumé has at most {SOURCE_BYTES_MAX} bytes, and this has more"))
        }
        _ => Failure::usage(error.body_text()),
    };
    Failed::with(error.status(), failure)
}

fn too_large(error: MultipartError) -> Failed {
    let failure = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::usage(format!(
            "the job description is larger than {} MB, and no larger one is read",
            JOB_BYTES_MAX / 1024 / 1024
        )),
        _ => Failure::usage(error.body_text()),
    };
    Failed::with(error.status(), failure)
}
