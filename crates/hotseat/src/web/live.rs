//! A judging as it goes on: phases, findings, load and faults, and how it ended.

mod load;

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use judge::verdict::{COUNTEREXAMPLES_SHOWN, Finding, Ruling, State as Found, shown, table};
use serde::Deserialize;

use super::App;
use super::failed::Failed;
use super::judging::{Judging, JudgingNow, State as Standing};
use super::markdown::filters;
use super::page::{Frame, Page, render};
use crate::use_cases::workspaces;

use load::Load;

#[derive(Template)]
#[template(path = "judging.html")]
struct JudgingPage {
    frame: Frame,
    it: JudgingNow,
    title: String,
    /// The workspace's folder.
    dir: String,
    live: Live,
}

#[derive(Template)]
#[template(path = "judgings.html")]
struct JudgingsPage {
    frame: Frame,
    judgings: Vec<JudgingNow>,
}

/// What changes while it goes on; a page takes it anew at each event.
#[derive(Template)]
#[template(path = "judging_now.html")]
struct Live {
    it: JudgingNow,
    findings: Vec<Told>,
    load: Option<Load>,
    /// How many claims there are.
    claims: usize,
}

/// A finding as the page tells it.
struct Told {
    word: &'static str,
    check: String,
    claim: String,
    /// What was needed and got, in that order, or why it is not decided.
    figure: Result<Figures, String>,
    /// The smallest counterexamples, as a table.
    examples: Vec<String>,
}

struct Figures {
    relation: &'static str,
    need: String,
    got: String,
    par: Option<String>,
    unit: String,
}

/// `GET /judgings`
pub(super) async fn list(State(app): State<Arc<App>>) -> Page {
    let judgings = app.judgings.list().judgings;
    render(&JudgingsPage { frame: Frame::new("Judgings", "/drills"), judgings })
}

/// `GET /judgings/{id}`
pub(super) async fn page(State(app): State<Arc<App>>, Path(id): Path<String>) -> Page {
    let it = find(&app, &id)?.now();
    let drills = app.drills()?;
    let drill = drills.iter().find(|drill| drill.name == it.drill);
    let title = drill.map_or_else(|| it.drill.clone(), |drill| drill.title.clone());
    let dir = workspaces::find(&app.home, &it.workspace).map(|it| it.dir).unwrap_or_default();
    let frame = Frame::new(format!("Judging {}", it.drill), "/drills");
    let live = live(&app, it.clone())?;
    render(&JudgingPage { frame, it, title, dir, live })
}

/// `GET /judgings/{id}/now`: the part of the page that changes
pub(super) async fn now(State(app): State<Arc<App>>, Path(id): Path<String>) -> Page {
    let it = find(&app, &id)?.now();
    render(&live(&app, it)?)
}

/// Which workspace.
#[derive(Debug, Deserialize)]
pub(super) struct BeginForm {
    workspace: String,
}

/// `POST /judgings`
pub(super) async fn begin(State(app): State<Arc<App>>, Form(form): Form<BeginForm>) -> Page {
    let judging = app.judge(&form.workspace, None).await?;
    Ok(Redirect::to(&format!("/judgings/{}", judging.id)).into_response())
}

/// `POST /judgings/{id}/cancel`
pub(super) async fn cancel(State(app): State<Arc<App>>, Path(id): Path<String>) -> Page {
    let judging = find(&app, &id)?;
    // If it is over already, the page says how it ended.
    let _ = judging.cancel();
    Ok(Redirect::to(&format!("/judgings/{id}")).into_response())
}

fn find(app: &App, id: &str) -> Result<Arc<Judging>, Failed> {
    let found = app.judgings.find(id);
    found.ok_or_else(|| Failed::not_found(format!("there is no judging `{id}` since the app was started")))
}

fn live(app: &App, it: JudgingNow) -> Result<Live, Failed> {
    let drills = app.drills()?;
    let drill = drills.iter().find(|drill| drill.name == it.drill);
    let claims = drill.and_then(|drill| {
        let level = drill.level(Some(&it.level))?;
        Some(drill.phases(level).map(|(_, phase)| phase.decides.len()).sum())
    });
    let claims = claims.unwrap_or(it.findings.len());
    let findings = it.findings.iter().map(Told::of).collect();
    Ok(Live { findings, load: Load::of(&it), claims, it })
}

impl Live {
    /// `done`, `here` or `next`, for the phase with this number from 1.
    fn stage(&self, number: &usize) -> &'static str {
        let over = self.it.state == Standing::Ended;
        match number.cmp(&self.it.phase) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal if over => "done",
            std::cmp::Ordering::Equal if self.it.state == Standing::Judging => "here",
            std::cmp::Ordering::Equal => "stopped",
            std::cmp::Ordering::Greater => "to-come",
        }
    }

    fn elapsed(&self) -> String {
        self.clock(&self.it.elapsed_ms)
    }

    /// Minutes and seconds.
    fn clock(&self, ms: &u64) -> String {
        format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
    }

    fn headline(&self) -> &'static str {
        match self.it.state {
            Standing::Queued => "waiting",
            Standing::Judging => "judging",
            Standing::Ended => "ended",
            Standing::Cancelled => "cancelled",
            Standing::Failed => "could not be judged",
        }
    }

    /// What goes on, or how it ended, in a sentence.
    fn says(&self) -> String {
        let it = &self.it;
        let phase = it.phase.checked_sub(1).and_then(|index| it.phases.get(index));
        let broken: Vec<&str> =
            self.findings.iter().filter(|it| it.word == "broken").map(|it| it.check.as_str()).collect();
        match (it.state, it.ruling) {
            (Standing::Cancelled, _) => "It was cancelled, and nothing was stored.".into(),
            (Standing::Failed, _) => it.problem.as_ref().map(|it| it.what.clone()).unwrap_or_default(),
            (_, Some(Ruling::Pass)) => format!("All {} claims hold.", self.findings.len()),
            (_, Some(Ruling::Fail)) => format!("Broken: {}.", broken.join(", ")),
            (_, Some(Ruling::Void)) => {
                "This run does not count, and it is not your fault; the verdict says why.".into()
            }
            _ if it.cancelling => "Ending what runs, and closing the bench.".into(),
            _ if !it.doing.is_empty() => format!("{}.", it.doing),
            _ => phase.map_or_else(String::new, |phase| {
                format!("Phase {} of {}: {}.", it.phase, it.phases.len(), phase.name)
            }),
        }
    }
}

impl Told {
    fn of(finding: &Finding) -> Told {
        let figures = |figure: &judge::verdict::Figure| Figures {
            relation: figure.relation.words(),
            need: shown(&figure.need),
            got: shown(&figure.got),
            par: figure.par.as_ref().map(shown),
            unit: figure.unit.clone(),
        };
        let (figure, examples) = match &finding.state {
            Found::Held(figure) => (Ok(figures(figure)), Vec::new()),
            Found::Broken { figure, counterexamples } => {
                (Ok(figures(figure)), table(counterexamples, COUNTEREXAMPLES_SHOWN))
            }
            Found::Inconclusive(why) => (Err(why.clone()), Vec::new()),
        };
        Told {
            word: finding.state.word(),
            check: finding.check.clone(),
            claim: finding.claim.clone(),
            figure,
            examples,
        }
    }
}
