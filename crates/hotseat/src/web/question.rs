//! A question: answer it against a clock, and say what you expect before you see what it is worth.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use study::feedback::{Feedback, WORDS_A_MINUTE};
use study::question::Question;
use study::store::AnswerId;

use super::App;
use super::failed::{Failed, status_of};
use super::markdown::to_html;
use super::page::{Frame, Page, render};
use super::sitting::Address;
use crate::failure::Failure;
use crate::use_cases::asking::{Behind, HandedIn, Other, behind, others};
use crate::use_cases::calendar::moment;
use crate::use_cases::guide::find;

/// What the form sends; all of it as text, so that whatever is wrong can be told beside it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Written {
    #[serde(default)]
    text: String,
    #[serde(default)]
    estimate: String,
    /// There when the box is ticked.
    no_estimate: Option<String>,
    #[serde(default)]
    seconds: String,
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage<'q> {
    frame: Frame,
    question: &'q Question,
    why: String,
    written: Written,
    wrong: Option<Failure>,
    others: Vec<Other>,
    drills: Vec<Behind>,
    /// Where the form goes, with the sitting that it belongs to.
    action: String,
    /// The address of the review that one came from.
    back: Option<String>,
    words_a_minute: usize,
}

impl QuestionPage<'_> {
    fn moment(&self, at_ms: &i64) -> String {
        moment(*at_ms)
    }
}

/// `GET /questions/{id}`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
) -> Page {
    let question = find(&app.bank, &id).map_err(missing)?;
    show(&app, question, &address, Written::default(), None).await
}

/// `POST /questions/{id}`
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
    Form(written): Form<Written>,
) -> Page {
    let question = find(&app.bank, &id).map_err(missing)?;
    let kept = match written.handed_in().and_then(|handed_in| handed_in.checked("your answer")) {
        Ok(handed_in) => hand_in(&app, question, &handed_in).await,
        Err(wrong) => Err(wrong),
    };
    let id = match kept {
        Ok((id, _)) => id,
        // Whatever is in the way, nobody should have to write an answer twice.
        Err(wrong) => {
            let status = status_of(&wrong);
            let page = show(&app, question, &address, written, Some(wrong)).await?;
            return Ok((status, page).into_response());
        }
    };
    let sitting = address.sitting().map_or_else(String::new, |it| format!("?{}", it.query()));
    Ok(Redirect::to(&format!("/answers/{id}{sitting}")).into_response())
}

/// Gives feedback on an answer and keeps both.
pub(super) async fn hand_in(
    app: &Arc<App>,
    question: &Question,
    handed_in: &HandedIn,
) -> Result<(AnswerId, Feedback), Failure> {
    let (all, id, text) = (Arc::clone(app), question.id.clone(), handed_in.text.clone());
    // A long answer takes longer to read than others should wait.
    let read = move || find(&all.bank, &id).map(|question| all.bank.feedback(question, &text));
    let feedback = tokio::task::spawn_blocking(read).await.map_err(Failure::bug)??;
    let id = handed_in.keep(question, &feedback, &app.learner).await?;
    Ok((id, feedback))
}

/// Something that the pack does not have.
pub(super) fn missing(failure: Failure) -> Failed {
    Failed::with(StatusCode::NOT_FOUND, failure)
}

async fn show(
    app: &App,
    question: &Question,
    address: &Address,
    written: Written,
    wrong: Option<Failure>,
) -> Result<Response, Failed> {
    let sitting = address.sitting();
    let query = sitting.as_ref().map_or_else(String::new, |it| format!("?{}", it.query()));
    render(&QuestionPage {
        frame: Frame::new(&question.prompt, if sitting.is_some() { "/review" } else { "/guide" }),
        why: to_html(&question.why, 3),
        written: written.shown(),
        wrong,
        others: others(&question.id, &app.learner).await?,
        drills: behind(&question.drills, &app.pack, &app.learner).await?,
        action: format!("/questions/{}{query}", question.id),
        back: sitting.map(|it| format!("/review?{}", it.query())),
        question,
        words_a_minute: WORDS_A_MINUTE,
    })
}

impl Written {
    /// What was handed in, with an estimate or expressly without.
    fn handed_in(&self) -> Result<HandedIn, Failure> {
        let estimate = match self.estimate.trim() {
            _ if self.no_estimate.is_some() => None,
            "" => {
                return Err(Failure::usage("Before you see the score: what do you expect?")
                    .hint("give a number from 0 to 100, or tick “no estimate”"));
            }
            number => Some(number.parse::<u32>().ok().filter(|number| *number <= 100).ok_or_else(|| {
                Failure::usage(format!("{number:.20} is no number from 0 to 100"))
                    .hint("give a number from 0 to 100, or tick “no estimate”")
            })?),
        };
        // Forms end lines as the old networks did.
        let text = self.text.replace("\r\n", "\n");
        Ok(HandedIn { text, seconds: self.seconds.trim().parse().ok(), estimate })
    }

    /// As a page can hold it.
    fn shown(self) -> Written {
        Written { text: self.text.replace('\0', "\u{fffd}"), ..self }
    }
}
