//! A drill: its task, workspaces, hints, runs, and solutions once they are open.

use std::sync::Arc;

use crate::use_cases::runs::RunSummary;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use judge::drill::{Drill, Level};
use serde::Deserialize;

use super::App;
use super::failed::Failed;
use super::judging::JudgingNow;
use super::markdown::to_html;
use super::page::{Frame, Page, render};
use crate::failure::Failure;
use crate::use_cases::drills::DrillPage as About;
use crate::use_cases::looking::{self, Hints, Solutions};
use crate::use_cases::workspaces::{self, Presence, WorkspaceRow, choose};

#[derive(Template)]
#[template(path = "drill.html")]
struct DrillPage {
    frame: Frame,
    about: About,
    brief: String,
    workspaces: Vec<WorkspaceRow>,
    /// Where the next one would lie, or why none can be started.
    next_dir: Result<String, Failure>,
    hints: Hints,
    runs: Vec<RunSummary>,
    /// Judgings of it that are not over.
    judgings: Vec<JudgingNow>,
    /// By level: whether solutions are open.
    solutions: Vec<(String, bool)>,
    /// The questions behind it: id and prompt.
    questions: Vec<(String, String)>,
    /// The level whose solutions were asked for and refused just now.
    asked: Option<String>,
}

#[derive(Template)]
#[template(path = "solutions.html")]
struct SolutionsPage {
    frame: Frame,
    drill: String,
    /// The level's.
    title: String,
    /// The way whose run is what others are compared with.
    par: Option<String>,
    found: Solutions,
}

/// What the page was asked to say besides.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said {
    asked: Option<String>,
}

/// `GET /drills/{name}`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(said): Query<Said>,
) -> Page {
    let Some(about) = app.page_of_drill(&name).await? else { return Err(no_drill(&name)) };
    let (drills, at) = find(&app, &name)?;
    let drill = &drills[at];
    let looked = app.home.looked(&name);
    let open = |level: &Level| {
        let passed = about.row.levels.iter().any(|it| it.name == level.name && it.passed);
        looking::are_open(&looked, passed)
    };
    let all = workspaces::all(&app.home)?.workspaces;
    let judgings = app.judgings.list().judgings;
    let asked = said.asked.filter(|asked| drill.levels.iter().any(|level| level.name == *asked));
    let page = DrillPage {
        frame: Frame::new(about.row.title.clone(), "/drills"),
        // The page has the title already, in the words of the drill.
        brief: to_html(without_title(&about.brief), 1),
        workspaces: all.into_iter().filter(|it| it.drill == name).collect(),
        next_dir: workspaces::next_dir(&name).map(|dir| dir.display().to_string()),
        hints: looking::hints_taken(&app.home, drill),
        runs: app.runs.of_drill(&name).await,
        judgings: judgings.into_iter().filter(|it| it.drill == name && !it.state.is_over()).collect(),
        solutions: drill.levels.iter().map(|level| (level.name.clone(), open(level))).collect(),
        questions: questions(&app, drill),
        asked,
        about,
    };
    render(&page)
}

fn questions(app: &App, drill: &Drill) -> Vec<(String, String)> {
    let known = drill.questions.iter().filter_map(|id| app.bank.question(id));
    known.map(|question| (question.id.clone(), question.prompt.clone())).collect()
}

fn without_title(brief: &str) -> &str {
    match brief.trim_start().strip_prefix("# ") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => brief,
    }
}

/// What a workspace begins with.
#[derive(Debug, Deserialize)]
pub(super) struct StartForm {
    level: Option<String>,
    language: Option<String>,
}

/// `POST /drills/{name}/workspaces`
pub(super) async fn start(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(form): Form<StartForm>,
) -> Page {
    find(&app, &name)?;
    start_workspace(&app, name.clone(), form.level, form.language).await?;
    Ok(Redirect::to(&format!("/drills/{name}#workspaces")).into_response())
}

/// `POST /drills/{name}/hints`
pub(super) async fn take_hint(State(app): State<Arc<App>>, Path(name): Path<String>) -> Page {
    let (drills, at) = find(&app, &name)?;
    let hints = looking::take_hint(&app.home, &drills[at])?;
    Ok(Redirect::to(&format!("/drills/{name}#hint-{}", hints.taken)).into_response())
}

/// Whose solutions.
#[derive(Debug, Deserialize)]
pub(super) struct AskForm {
    level: String,
}

/// `POST /drills/{name}/solutions`
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(form): Form<AskForm>,
) -> Page {
    let (drills, at) = find(&app, &name)?;
    let level = level_of(&drills[at], Some(&form.level))?;
    let passed = app.runs.passed(&name, Some(&level.name)).await;
    let to = match looking::ask(&app.home, &drills[at], level, passed) {
        Ok(_) => format!("/drills/{name}/solutions?level={}", level.name),
        Err(_) => format!("/drills/{name}?asked={}#solutions", level.name),
    };
    Ok(Redirect::to(&to).into_response())
}

/// `GET /drills/{name}/solutions`
pub(super) async fn solutions(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(of): Query<AskForm>,
) -> Page {
    let (drills, at) = find(&app, &name)?;
    let level = level_of(&drills[at], Some(&of.level))?;
    let passed = app.runs.passed(&name, Some(&level.name)).await;
    if !looking::are_open(&app.home.looked(&name), passed) {
        return Err(Failed::with(StatusCode::FORBIDDEN, looking::not_passed(&drills[at], level)));
    }
    let frame = Frame::new(format!("Solutions: {}", drills[at].title), "/drills");
    let (title, par) = (level.title.clone(), level.par.clone());
    let page =
        SolutionsPage { frame, drill: name, title, par, found: looking::solutions(&drills[at], level) };
    render(&page)
}

/// Starts a workspace in a folder of its own.
pub(super) async fn start_workspace(
    app: &Arc<App>,
    name: String,
    level: Option<String>,
    language: Option<String>,
) -> Result<WorkspaceRow, Failed> {
    let (drills, at) = find(app, &name)?;
    let app = Arc::clone(app);
    let start = move || {
        let drill = &drills[at];
        let language = language.as_deref().filter(|language| !language.is_empty());
        let choice = choose(drill, level.as_deref(), language)?;
        workspaces::start_below(&app.home, drill, &choice, app.pack.path.as_deref())
    };
    Ok(tokio::task::spawn_blocking(start).await.map_err(Failure::bug)??)
}

/// A drill of this name: all of them, and its place.
pub(super) fn find(app: &App, name: &str) -> Result<(Arc<Vec<Drill>>, usize), Failed> {
    let drills = app.drills()?;
    let at = drills.iter().position(|drill| drill.name == name).ok_or_else(|| no_drill(name))?;
    Ok((drills, at))
}

/// A level of a drill, or the first.
pub(super) fn level_of<'d>(drill: &'d Drill, level: Option<&str>) -> Result<&'d Level, Failure> {
    Ok(choose(drill, level, None)?.level)
}

fn no_drill(name: &str) -> Failed {
    Failed::not_found(format!("there is no drill `{name}`"))
}
