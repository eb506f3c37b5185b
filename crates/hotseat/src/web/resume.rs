//! The résumé's page: its source beside its pages, what stands behind its figures, and what a machine reads.

mod forms;
mod looks;
mod offers;
mod shown;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use resume::job::{JobCheck, Shown as Told};
use resume::{Mistake, Standing};
use serde::Deserialize;

use super::App;
use super::failed::Failed;
use super::markdown::filters;
use super::page::{Frame, Page, render};
use crate::failure::Failure;
use crate::use_cases::resume::{Disk, Known, Opened, disk, find, known};

pub(super) use forms::{add, added, begin, hold_against, put, save};
use looks::encoded;
pub(super) use looks::{ResumePaper, ResumeTemplate, Wish};
use offers::{Offer, offers};
use shown::Shown;

/// The largest request, in bytes: a source has up to 2 MB and grows when a form encodes it; a job description has 5.
pub(super) const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;
const TITLE: &str = "Résumé";
const HERE: &str = "/resume";

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The file's id; without one, the newest.
    file: Option<String>,
    #[serde(flatten)]
    wish: Wish,
    /// The run that was added just now.
    added: Option<String>,
    questions: Option<u32>,
    /// The text was saved just now.
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    frame: Frame,
    file: Known,
    others: Vec<Known>,
    wish: Wish,
    tags: Vec<String>,
    /// What stands in the field.
    text: String,
    /// Of the text on disk that it is an edit of.
    tag: String,
    /// Where the cursor is to stand.
    line: Option<usize>,
    mistakes: Vec<Mistake>,
    /// None while it is being laid out, or if it cannot be.
    shown: Option<Shown>,
    pending: bool,
    wrong: Option<Failure>,
    /// What lies on disk instead of what was loaded; nothing in it if the file is gone.
    instead: Option<Option<String>>,
    said: Option<String>,
    due: Option<u32>,
    offers: Vec<Offer>,
    job: Option<JobCheck>,
    job_text: String,
    job_wrong: Option<Failure>,
}

#[derive(Template)]
#[template(path = "resume_begin.html")]
struct BeginPage {
    frame: Frame,
    others: Vec<Known>,
    wrong: Option<Failure>,
}

/// The parts of the page that follow the text.
#[derive(Template)]
#[template(path = "resume_now.html")]
struct NowPage {
    shown: Option<Shown>,
}

/// What a form has sent, where the page is not to show what lies on disk.
#[derive(Default)]
struct Sent {
    text: Option<String>,
    tag: Option<String>,
    wrong: Option<Failure>,
    instead: Option<Option<String>>,
    job: Option<JobCheck>,
    job_text: String,
    job_wrong: Option<Failure>,
}

/// `GET /resume`
pub(super) async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Page {
    let files = files(&app).await?;
    let Some(file) = chosen(&files, asked.file.as_deref())? else {
        return render(&BeginPage { frame: Frame::new(TITLE, HERE), others: files, wrong: None });
    };
    show(&app, file, files, asked, Sent::default()).await
}

/// `GET /resume/previews/{preview}`: the parts that follow the text, for a text that was not saved.
pub(super) async fn now(
    State(app): State<Arc<App>>,
    Path(preview): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let file = asked.file.unwrap_or_default();
    let preview = app.studio.kept(&preview);
    let preview = preview.ok_or_else(|| Failed::not_found("this preview was forgotten; ask for it again"))?;
    render(&NowPage { shown: Some(Shown::of(&app, &file, preview).await?) })
}

/// The files that hotseat remembers, the newest first.
async fn files(app: &Arc<App>) -> Result<Vec<Known>, Failure> {
    let home = app.home.clone();
    tokio::task::spawn_blocking(move || known(&home)).await.map_err(Failure::bug)
}

/// The one that is asked for; without a wish, the newest that is there.
fn chosen(files: &[Known], id: Option<&str>) -> Result<Option<Known>, Failed> {
    let found = match id {
        Some(id) => {
            let found = files.iter().find(|it| it.id == id);
            Some(found.ok_or_else(|| Failed::not_found("hotseat remembers no such résumé"))?)
        }
        None => files.iter().find(|it| it.there),
    };
    Ok(found.cloned())
}

/// A remembered file by its id.
pub(super) async fn remembered(app: &Arc<App>, id: &str) -> Result<Known, Failed> {
    let (home, id) = (app.home.clone(), id.to_owned());
    let found = tokio::task::spawn_blocking(move || find(&home, &id)).await.map_err(Failure::bug)?;
    found.ok_or_else(|| Failed::not_found("hotseat remembers no such résumé; /resume shows those it does"))
}

/// The text of a remembered file, read anew.
pub(super) async fn on_disk(file: &Known) -> Result<Disk, Failure> {
    let path = file.path.clone();
    tokio::task::spawn_blocking(move || disk(&path)).await.map_err(Failure::bug)?
}

/// A text that is to lie in a file, read.
pub(super) async fn opened(file: &Known, text: String) -> Result<Result<Opened, Vec<Mistake>>, Failure> {
    let path = file.path.clone();
    tokio::task::spawn_blocking(move || Opened::of(&path, text)).await.map_err(Failure::bug)
}

async fn show(app: &Arc<App>, file: Known, files: Vec<Known>, asked: Asked, sent: Sent) -> Page {
    let mut wrong = sent.wrong;
    let there = match on_disk(&file).await {
        Ok(there) => there,
        Err(failure) if sent.text.is_some() => {
            wrong = wrong.or(Some(failure));
            Disk { text: None, tag: sent.tag.clone().unwrap_or_default() }
        }
        Err(failure) => return cannot(failure, file, files),
    };
    let Some(text) = sent.text.or(there.text) else {
        let what = format!("{} is gone", file.path.display());
        return cannot(Failure::usage(what).hint("put it back, or go on with another file"), file, files);
    };
    let mut page = ResumePage {
        frame: Frame::new(TITLE, HERE),
        others: files.into_iter().filter(|it| it.id != file.id).collect(),
        offers: offers(&app.runs.all().await, &text),
        line: asked.added.as_deref().and_then(|run| line_of(&text, run)),
        said: said(&asked, &file),
        due: asked.questions.filter(|_| asked.added.is_some()),
        tag: sent.tag.unwrap_or(there.tag),
        instead: sent.instead,
        job: sent.job,
        job_text: sent.job_text,
        job_wrong: sent.job_wrong,
        wish: asked.wish,
        tags: Vec::new(),
        mistakes: Vec::new(),
        shown: None,
        pending: false,
        wrong,
        text: text.clone(),
        file,
    };
    page.lay_out(app, text).await?;
    render(&page)
}

/// A file that cannot be shown: why, and what else there is.
fn cannot(failure: Failure, file: Known, files: Vec<Known>) -> Page {
    let others = files.into_iter().filter(|it| it.id != file.id).collect();
    let page = BeginPage { frame: Frame::new(TITLE, HERE), others, wrong: Some(failure) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

/// The line in which a run is named.
fn line_of(text: &str, run: &str) -> Option<usize> {
    let at = text.find(&format!("hotseat resume add {run}")).or_else(|| text.find(&format!("\"{run}\"")))?;
    Some(1 + text[..at].matches('\n').count())
}

/// What has just been done.
fn said(asked: &Asked, file: &Known) -> Option<String> {
    match (&asked.added, &asked.saved) {
        (Some(run), _) => {
            Some(format!("{run:.60} is in the source now. Say in your own words what you did."))
        }
        (None, Some(_)) => Some(format!("Saved in {}.", file.path.display())),
        (None, None) => None,
    }
}

impl ResumePage {
    /// Reads the text, and shows its pages if they are there or come soon.
    async fn lay_out(&mut self, app: &Arc<App>, text: String) -> Result<(), Failure> {
        let opened = match opened(&self.file, text).await? {
            Ok(opened) => opened,
            Err(mistakes) => {
                self.mistakes = mistakes;
                // Which there are is not known now; the one that is looked at stays.
                self.tags.extend(self.wish.variant());
                return Ok(());
            }
        };
        self.tags = opened.tags();
        if let Some(tag) = self.wish.variant()
            && !self.tags.contains(&tag)
        {
            self.said = Some(format!("Nothing has the tag {tag:.60} any more, so all of it is shown."));
            self.wish.variant = None;
        }
        match app.preview_soon(opened, self.wish.variant(), self.wish.look()).await {
            None => self.pending = true,
            Some(Ok(preview)) => self.shown = Some(Shown::of(app, &self.file.id, preview).await?),
            Some(Err(failure)) => self.wrong = self.wrong.take().or(Some(failure)),
        }
        Ok(())
    }

    fn is_template(&self, name: &str) -> bool {
        self.wish.look().template.name() == name
    }

    fn is_variant(&self, tag: &str) -> bool {
        self.wish.variant.as_deref() == Some(tag)
    }

    /// The address of an output of what is saved.
    fn output(&self, format: &str) -> String {
        format!("/api/v1/resumes/{}/outputs/{format}?{}", self.file.id, self.wish.query())
    }

    fn here(&self) -> String {
        format!("/resume?file={}&{}", self.file.id, self.wish.query())
    }
}
