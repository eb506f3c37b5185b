//! The guide: questions by kind, topic and level with search, and pages of advice.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use study::advice::{Advice, Section};
use study::question::{Kind, Level, Question};

use super::App;
use super::markdown::to_html;
use super::page::{Frame, Page, render};
use super::question::missing;
use crate::use_cases::guide::{AdviceShown, Wanted, find_advice, is_about};
use crate::use_cases::progress::{BAND_MIN, Standing, standings};

const KINDS: [(Kind, &str); 4] = [
    (Kind::Technical, "Technical"),
    (Kind::RoleSpecific, "Role-specific"),
    (Kind::Behavioural, "Behavioural"),
    (Kind::CultureFit, "Culture fit"),
];
const LEVELS: [Level; 3] = [Level::Junior, Level::Senior, Level::Staff];
/// A topic of so many questions has a link of its own; the others are in the list to choose from.
const LINKED: usize = 3;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    q: String,
}

/// Questions under a heading.
struct Group<'b> {
    id: &'static str,
    title: String,
    rows: Vec<Row<'b>>,
}

/// A question, and how the learner's answers to it went.
struct Row<'b> {
    question: &'b Question,
    standing: Option<&'b Standing>,
}

/// A topic, and how many questions are about it.
struct Topic {
    name: String,
    questions: usize,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'b> {
    frame: Frame,
    choice: Choice,
    all: bool,
    groups: Vec<Group<'b>>,
    topics: Vec<Topic>,
    advice: Vec<(Section, &'b [Advice])>,
    answered: usize,
    questions: usize,
}

impl GuidePage<'_> {
    fn kinds(&self) -> &'static [(Kind, &'static str)] {
        &KINDS
    }

    fn levels(&self) -> &'static [Level] {
        &LEVELS
    }

    fn linked(&self) -> impl Iterator<Item = &Topic> {
        self.topics.iter().filter(|topic| topic.questions >= LINKED)
    }

    fn has_topic(&self, topic: &str) -> bool {
        self.choice.topic.to_lowercase() == topic.to_lowercase()
    }

    fn short_of_band(&self) -> usize {
        BAND_MIN
    }
}

/// `GET /guide`
pub(super) async fn page(State(app): State<Arc<App>>, Query(choice): Query<Choice>) -> Page {
    let wanted = choice.wanted();
    let (standings, _) = standings(&app.learner).await?;
    let row = |question| Row {
        question,
        standing: standings.iter().find(|standing| standing.question == question.id),
    };
    let found = match choice.is_sound() {
        true => wanted.of(&app.bank),
        false => Vec::new(),
    };
    let answered = app.bank.questions.iter().filter(|it| row(it).standing.is_some()).count();
    let groups = match wanted.is_all() && choice.is_sound() {
        true => grouped(&found, &row),
        false => vec![Group {
            id: "found",
            title: match found.len() {
                1 => "1 question".into(),
                n => format!("{n} questions"),
            },
            rows: found.iter().map(|question| row(question)).collect(),
        }],
    };
    render(&GuidePage {
        frame: Frame::new("Guide", "/guide"),
        all: wanted.is_all() && choice.is_sound(),
        choice,
        groups,
        topics: topics(&app.bank.questions),
        advice: AdviceShown::sections(&app.bank),
        answered,
        questions: app.bank.questions.len(),
    })
}

/// The guide's own first, then all others by kind.
fn grouped<'b>(questions: &[&'b Question], row: &dyn Fn(&'b Question) -> Row<'b>) -> Vec<Group<'b>> {
    let of = |fits: &dyn Fn(&Question) -> bool| -> Vec<Row<'b>> {
        questions.iter().filter(|question| fits(question)).map(|question| row(question)).collect()
    };
    let own = of(&|question| question.guide.is_some());
    let title = format!("The {} questions of the guide", if own.len() == 11 { "eleven" } else { "first" });
    let mut groups = vec![Group { id: "own", title, rows: own }];
    groups.extend(KINDS.map(|(kind, title)| Group {
        id: kind.word(),
        title: format!("{title}, further"),
        rows: of(&|question| question.guide.is_none() && question.kind == kind),
    }));
    groups.retain(|group| !group.rows.is_empty());
    groups
}

/// By name.
fn topics(questions: &[Question]) -> Vec<Topic> {
    let names: BTreeMap<String, &String> =
        questions.iter().flat_map(|it| &it.topics).map(|topic| (topic.to_lowercase(), topic)).collect();
    let count = |name: &String| questions.iter().filter(|question| is_about(question, name)).count();
    names.into_values().map(|name| Topic { name: name.clone(), questions: count(name) }).collect()
}

impl Choice {
    fn wanted(&self) -> Wanted {
        let text = |it: &str| Some(it.trim().to_string()).filter(|it| !it.is_empty());
        Wanted {
            kind: KINDS.iter().map(|it| it.0).find(|kind| kind.word() == self.kind),
            level: LEVELS.into_iter().find(|level| level.word() == self.level),
            topic: text(&self.topic),
            search: text(&self.q),
        }
    }

    /// A kind or a level that there is not finds nothing, and not everything.
    fn is_sound(&self) -> bool {
        let wanted = self.wanted();
        wanted.kind.is_some() != self.kind.is_empty() && wanted.level.is_some() != self.level.is_empty()
    }
}

#[derive(Template)]
#[template(path = "advice.html")]
struct AdvicePage<'b> {
    frame: Frame,
    page: &'b Advice,
    text: String,
    rows: Vec<Row<'b>>,
    drills: Vec<(String, String)>,
    /// The other pages of its section.
    others: Vec<&'b Advice>,
    read: bool,
}

/// What stands behind the question mark of a page of advice.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    /// There after it was ticked off.
    read: Option<String>,
}

/// `GET /advice/{id}`
pub(super) async fn advice(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Page {
    let page = find_advice(&app.bank, &id).map_err(missing)?;
    let (standings, _) = standings(&app.learner).await?;
    let questions = page.questions.iter().filter_map(|id| app.bank.question(id));
    let rows = questions.map(|question| Row {
        question,
        standing: standings.iter().find(|standing| standing.question == question.id),
    });
    let titles = app.pack.outlines();
    let drill = |name: &String| (name.clone(), titles.get(name).map_or(name, |it| &it.title).clone());
    render(&AdvicePage {
        frame: Frame::new(&page.title, "/guide"),
        text: to_html(&page.text, 2),
        rows: rows.collect(),
        drills: page.drills.iter().map(drill).collect(),
        others: app.bank.advice.iter().filter(|it| it.section == page.section && it.id != page.id).collect(),
        read: told.read.is_some(),
        page,
    })
}

impl AdvicePage<'_> {
    fn short_of_band(&self) -> usize {
        BAND_MIN
    }
}

/// `POST /advice/{id}`: it was read, and is ticked off in the plan if that asked for it.
pub(super) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>) -> Page {
    let page = find_advice(&app.bank, &id).map_err(missing)?;
    app.learner.note_read(&page.id).await?;
    Ok(Redirect::to(&format!("/advice/{}?read=1", page.id)).into_response())
}
