//! A question about a run of one's own: no rubric knows it, so an answer is weighed by its form.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use study::store::OwnQuestion;

use super::App;
use super::failed::Failed;
use super::page::{Frame, Page, render};
use super::sitting::Address;
use crate::failure::Failure;
use crate::use_cases::asking::{HandedIn, Other, answer_own, others, own_question};
use crate::use_cases::calendar::moment;
use crate::use_cases::reviewing::OWN_MINUTES;
use crate::use_cases::today::own_path;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Written {
    #[serde(default)]
    text: String,
}

#[derive(Template)]
#[template(path = "own_question.html")]
struct OwnQuestionPage {
    frame: Frame,
    question: OwnQuestion,
    written: Written,
    wrong: Option<Failure>,
    others: Vec<Other>,
    /// Whether the run that it is about lies on this machine.
    run_is_here: bool,
    minutes: u32,
    /// Where the form goes, with the sitting that it belongs to.
    action: String,
    /// The address of the review that one came from.
    back: String,
}

impl OwnQuestionPage {
    fn moment(&self, at_ms: &i64) -> String {
        moment(*at_ms)
    }
}

/// `GET /own-questions/{id}`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
) -> Page {
    show(&app, find(&app, &id).await?, &address, Written::default(), None).await
}

/// `POST /own-questions/{id}`
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
    Form(written): Form<Written>,
) -> Page {
    let question = find(&app, &id).await?;
    // Forms end lines as the old networks did.
    let text = written.text.replace("\r\n", "\n");
    let handed_in = HandedIn { text, seconds: None, estimate: None };
    let handed_in = match handed_in.checked("your answer") {
        Ok(handed_in) => handed_in,
        Err(wrong) => {
            let written = Written { text: written.text.replace('\0', "\u{fffd}") };
            let page = show(&app, question, &address, written, Some(wrong)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let (id, _) = answer_own(&question, &handed_in, &app.learner).await?;
    let sitting = address.sitting().map_or_else(String::new, |it| format!("?{}", it.query()));
    Ok(Redirect::to(&format!("/answers/{id}{sitting}")).into_response())
}

async fn find(app: &App, id: &str) -> Result<OwnQuestion, Failed> {
    let found = own_question(id, &app.learner).await?;
    found.ok_or_else(|| Failed::not_found(format!("there is no question `{id:.40}` about a run of yours")))
}

async fn show(
    app: &App,
    question: OwnQuestion,
    address: &Address,
    written: Written,
    wrong: Option<Failure>,
) -> Result<Response, Failed> {
    let query = address.sitting().map_or_else(String::new, |it| format!("?{}", it.query()));
    render(&OwnQuestionPage {
        frame: Frame::new(&question.prompt, "/review"),
        others: others(&question.id, &app.learner).await?,
        action: format!("{}{query}", own_path(&question.id)),
        back: format!("/review{query}"),
        run_is_here: app.runs.all().await.iter().any(|it| it.run == question.run),
        minutes: OWN_MINUTES,
        question,
        written,
        wrong,
    })
}
