//! The review: what is due, one thing at a time, for as many minutes as there are.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use study::question::Question;
use study::words::CardKind;

use super::App;
use super::markdown::to_html;
use super::page::{Frame, Page, render};
use super::sitting::{Address, Sitting};
use crate::use_cases::reviewing::{Due, MINUTES, queue};
use crate::use_cases::today::own_path;

/// Budgets that have a link of their own.
const BUDGETS: [u32; 5] = [15, 30, 45, 60, 90];

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage<'p> {
    frame: Frame,
    sitting: Sitting,
    /// What is shown now.
    item: Option<Item<'p>>,
    /// What comes after it, in words.
    later: Vec<(String, u32)>,
    skipped: usize,
}

/// Something that is due, with what is known of it.
struct Item<'p> {
    due: Due,
    question: Option<&'p Question>,
    title: String,
    /// Where it is answered or done.
    path: String,
    /// The review without it.
    skip: String,
}

impl ReviewPage<'_> {
    fn budgets(&self) -> [u32; 5] {
        BUDGETS
    }

    fn sample(&self, question: &Question) -> String {
        to_html(&question.sample, 3)
    }

    fn minutes(&self) -> u32 {
        self.item.iter().map(|item| item.due.minutes).chain(self.later.iter().map(|it| it.1)).sum()
    }
}

impl Item<'_> {
    fn percent(&self) -> f64 {
        (self.due.recall * 100.0).round()
    }
}

/// `GET /review`
pub(super) async fn page(State(app): State<Arc<App>>, Query(address): Query<Address>) -> Page {
    let sitting = address.sitting().unwrap_or_else(|| Sitting::of(MINUTES));
    let all = queue(sitting.left(), &app.pack, &app.bank, &app.learner).await?.due;
    let mut due = all.into_iter().filter(|due| !sitting.skip.contains(&due.name));
    let item = due.next().map(|due| item(&app, &sitting, due));
    let later = due.map(|due| {
        let asked = app.bank.question(&due.name).filter(|_| due.kind == CardKind::Question);
        let prompt = asked.map(|it| it.prompt.clone()).or(due.prompt);
        (prompt.unwrap_or_else(|| format!("Drill: {}", outline(&app, &due.name))), due.minutes)
    });
    render(&ReviewPage {
        frame: Frame::new("Review", "/review"),
        later: later.collect(),
        skipped: sitting.skip.len(),
        item,
        sitting,
    })
}

fn item<'a>(app: &'a App, sitting: &Sitting, due: Due) -> Item<'a> {
    let question = match due.kind {
        CardKind::Question => app.bank.question(&due.name),
        CardKind::Drill => None,
    };
    let (title, path) = match (question, &due.prompt) {
        (Some(it), _) => (it.prompt.clone(), format!("/questions/{}?{}", it.id, sitting.query())),
        (None, Some(prompt)) => (prompt.clone(), format!("{}?{}", own_path(&due.name), sitting.query())),
        (None, None) => (outline(app, &due.name), format!("/drills/{}", due.name)),
    };
    Item { question, title, path, skip: format!("/review?{}", sitting.without(&due.name).query()), due }
}

fn outline(app: &App, drill: &str) -> String {
    app.pack.outlines().get(drill).map_or_else(|| drill.to_string(), |it| it.title.clone())
}
