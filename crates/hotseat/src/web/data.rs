//! Settings and data: where things lie, what this machine has, and taking everything along.

use std::sync::Arc;
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::App;
use super::api::carrying::too_large;
use super::failed::Failed;
use super::page::{Frame, Page, render};
use crate::failure::Failure;
use crate::use_cases::about::{About, about};
use crate::use_cases::carrying::Intake;
use crate::use_cases::doctor::{Doctor, examine};

/// A look at the machine starts programs, so it is believed for a while.
const LOOK_LASTS: Duration = Duration::from_secs(60);

/// The last look at the machine.
#[derive(Debug, Default)]
pub(super) struct Machine {
    last: Mutex<Option<(Instant, Arc<Doctor>)>>,
}

impl Machine {
    async fn look(&self, again: bool) -> Result<Arc<Doctor>, Failure> {
        let mut last = self.last.lock().await;
        if let Some((at, doctor)) = last.as_ref()
            && at.elapsed() < LOOK_LASTS
            && !again
        {
            return Ok(Arc::clone(doctor));
        }
        // It starts programs and waits for them, while others want pages.
        let handle = Handle::current();
        let looked = tokio::task::spawn_blocking(move || handle.block_on(examine())).await;
        let doctor = Arc::new(looked.map_err(Failure::bug)?);
        *last = Some((Instant::now(), Arc::clone(&doctor)));
        Ok(doctor)
    }
}

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage {
    frame: Frame,
    doctor: Arc<Doctor>,
    about: About,
    /// What an import has added, to be said once.
    said: Option<String>,
}

/// What the page is asked to say or to do.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Look at the machine again.
    look: Option<String>,
    answers: Option<u64>,
    reviews: Option<u64>,
    attempts: Option<u64>,
}

/// `GET /data`
pub(super) async fn page(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Page {
    let about = about(&app.home, &app.pack, &app.bank, &app.learner).await?;
    let said = match (asked.answers, asked.reviews, asked.attempts) {
        (Some(0), Some(0), Some(0)) => Some("Everything in that archive was here already.".into()),
        (Some(answers), Some(reviews), Some(attempts)) => {
            Some(format!("New: {answers} answers, {reviews} reviews, {attempts} judged runs."))
        }
        _ => None,
    };
    let doctor = app.machine.look(asked.look.is_some()).await?;
    render(&DataPage { frame: Frame::new("Settings and data", "/data"), doctor, about, said })
}

/// `POST /data/import`: an archive from a form.
pub(super) async fn import(State(app): State<Arc<App>>, mut form: Multipart) -> Page {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failed::with(StatusCode::BAD_REQUEST, Failure::usage(error.body_text()))
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("archive") {
            continue;
        }
        let mut intake = Intake::begin(app.learner.store.clone());
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            if !intake.take(piece).await {
                return Err(too_large());
            }
        }
        let new = intake.finish().await?.imported;
        let said = format!("/data?answers={}&reviews={}&attempts={}", new.answers, new.reviews, new.attempts);
        return Ok(Redirect::to(&said).into_response());
    }
    Err(Failure::usage("no archive was chosen").hint("choose the .tar that an export gave").into())
}
