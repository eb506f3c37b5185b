//! Feedback on an answer: its words that earned something, what it lacks, and what an interviewer would ask.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use study::feedback::{Feedback, PointFound, State as Found};
use study::plan::FEEDBACK_MINUTES;
use study::question::Question;

use super::App;
use super::failed::Failed;
use super::markdown::to_html;
use super::marking::{Stretch, stretches};
use super::page::{Frame, Page, render};
use super::sitting::Address;
use crate::use_cases::asking::{Kept, kept, length};
use crate::use_cases::calendar::moment;
use crate::use_cases::reviewing::OWN_MINUTES;

/// A longer answer, which can only come with an import, is shown up to here, in characters.
const SHOWN_MAX: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage<'p> {
    frame: Frame,
    answer: &'p Kept,
    feedback: Option<&'p Feedback>,
    stretches: Vec<Stretch>,
    cut: bool,
    when: String,
    took: Option<String>,
    length: String,
    texts: Option<Texts>,
    /// Where the review goes on.
    next: Option<String>,
}

/// What is said of the question, as HTML.
struct Texts {
    sample: String,
    tip: String,
    covers: String,
}

impl AnswerPage<'_> {
    /// How far the estimate lies above the score.
    fn gap(&self) -> Option<i32> {
        Some(i32::from(self.answer.estimate?) - i32::from(self.answer.score))
    }

    /// What a stretch looks like: words that met a point outshine those that only touched one.
    fn look(&self, stretch: &Stretch) -> &'static str {
        let met = |number: &usize| {
            let point = self.feedback.and_then(|it| it.points.get(number - 1));
            point.is_some_and(|point| point.state == Found::Met)
        };
        if stretch.points.iter().any(met) { "met" } else { "partly" }
    }

    fn moment(&self, at_ms: &i64) -> String {
        moment(*at_ms)
    }

    fn found(&self, state: Found) -> usize {
        self.feedback.map_or(0, |it| it.points.iter().filter(|point| point.state == state).count())
    }

    fn numbers(&self, numbers: &[usize]) -> String {
        numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// `GET /answers/{id}`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(address): Query<Address>,
) -> Page {
    let answer = kept(&id, &app.bank, &app.pack, &app.learner)
        .await?
        .ok_or_else(|| Failed::not_found(format!("there is no answer `{id:.40}`")))?;
    let question = app.bank.question(&answer.question);
    let feedback = answer.feedback.as_ref();
    let shown: String = answer.text.trim_end().chars().take(SHOWN_MAX).collect();
    let quotes = quotes(feedback.map_or(&[], |it| &it.points));
    let minutes = question.map_or(OWN_MINUTES, |it| it.minutes + FEEDBACK_MINUTES);
    let next = address.sitting().map(|sitting| format!("/review?{}", sitting.after(minutes).query()));
    let title = answer.prompt.clone().unwrap_or_else(|| answer.question.clone());
    render(&AnswerPage {
        frame: Frame::new(title, if next.is_some() { "/review" } else { "/guide" }),
        stretches: stretches(&shown, &quotes),
        cut: shown.len() < answer.text.trim_end().len(),
        when: moment(answer.given_at_ms),
        took: answer.seconds.map(|seconds| format!("{} min {:02} s", seconds / 60, seconds % 60)),
        length: feedback.map(length).unwrap_or_default(),
        texts: question.map(Texts::of),
        answer: &answer,
        feedback,
        next,
    })
}

/// The words that earned something, with the number of their point.
fn quotes(points: &[PointFound]) -> Vec<(usize, [usize; 2])> {
    let numbered = points.iter().enumerate();
    numbered.flat_map(|(at, point)| point.quotes.iter().map(move |quote| (at + 1, *quote))).collect()
}

impl Texts {
    fn of(question: &Question) -> Texts {
        Texts {
            sample: to_html(&question.sample, 3),
            tip: to_html(&question.tip, 3),
            covers: to_html(&question.covers, 3),
        }
    }
}
