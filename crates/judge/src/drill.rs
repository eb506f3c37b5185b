//! A drill: what is handed in, what runs, what is recorded, what is claimed. Plain data.

mod manifest;
mod read;
mod services;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Check;
use crate::evidence::{TableKind, TableShape};
use crate::folder::Mistake;
use crate::sql::Variables;
use crate::submission::Submission;
use crate::transaction::{Transaction, TransactionError};

pub use services::{Fault, Harm, Moment, Pace, Program, Requests};
pub use texts::{DEBRIEF_SECTIONS, Hint};

/// A drill, read from its folder and free of mistakes.
#[derive(Debug)]
pub struct Drill {
    /// The folder's name.
    pub name: String,
    /// Raised by the author when a verdict may change.
    pub version: u32,
    /// The headline.
    pub title: String,
    /// One sentence for lists.
    pub summary: String,
    /// What an interviewer would file it under.
    pub topics: Vec<String>,
    /// The time that an interviewer would allow, in minutes.
    pub minutes: u32,
    /// The questions of the pack that it belongs to.
    pub questions: Vec<String>,
    /// The task, as Markdown.
    pub brief: String,
    /// The ladder of hints, vague to concrete.
    pub hints: Vec<Hint>,
    /// What is shown after the verdict, as Markdown with placeholders.
    pub debrief: String,
    /// Files for the learner to read, by name.
    pub given: BTreeMap<String, String>,
    /// What runs.
    pub scenario: Scenario,
    /// What may be handed in, in rising order.
    pub levels: Vec<Level>,
    /// What is claimed.
    pub checks: Vec<Check>,
    /// What the learner begins with.
    pub starter: Submission,
    /// For a program: what the learner begins with in each language. `starter` is the first of them.
    pub starters: BTreeMap<String, Submission>,
    /// Right answers by name.
    pub solutions: BTreeMap<String, Submission>,
    /// Wrong answers by `check/how`.
    pub wrong: BTreeMap<String, Submission>,
}

/// What the bench starts and does, in order.
#[derive(Debug)]
pub struct Scenario {
    /// A statement that runs longer is stopped, in seconds: a hang limit, never a measure.
    pub hang_s: u64,
    /// The databases that the bench makes, by name.
    pub components: BTreeMap<String, Component>,
    /// The programs that it runs, by name.
    pub programs: BTreeMap<String, Program>,
    /// The card gateways that it runs.
    pub gateways: BTreeSet<String>,
    /// The Redis servers that it runs, empty at first.
    pub redis: BTreeSet<String>,
    /// What can go wrong, by name.
    pub faults: BTreeMap<String, Fault>,
    /// What is handed in, by name.
    pub slots: BTreeMap<String, Slot>,
    /// Rows drawn from the seed, by name.
    pub parameters: BTreeMap<String, Parameters>,
    /// Reads, by the evidence table that they fill.
    pub probes: BTreeMap<String, Probe>,
    /// The story.
    pub phases: Vec<Phase>,
}

/// A PostgreSQL database of the drill's own.
#[derive(Debug)]
pub struct Component {
    /// The seed's text.
    pub seed: String,
    /// Where it was read, for messages.
    pub seed_file: String,
    /// Variables for the judge's files on this component.
    pub with: Variables,
}

/// A place for something handed in.
#[derive(Debug)]
pub struct Slot {
    /// Its file in the workspace.
    pub file: String,
    /// What kind of text it takes.
    pub takes: Takes,
    /// The components that get it.
    pub on: Vec<String>,
    /// For a program: the solution whose files stand in for those that a wrong answer leaves out.
    pub over: Option<String>,
}

/// What a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Statements, run once by an `accept` step.
    Script,
    /// One SELECT with `:name` parameters.
    Query,
    /// One operation of a load.
    Transaction,
    /// A folder with a program in any language; the slot's file says how it is built and run.
    Program,
    /// An OpenAPI document, which lies in the program's folder.
    Document,
}

/// What may be handed in at this level.
#[derive(Debug)]
pub struct Level {
    /// Its name on the command line.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The slots that the learner fills.
    pub slots: Vec<String>,
    /// The solution whose own run gives `par`. Drills of programs have none: a learner's machine need not
    /// have the solution's language.
    pub par: Option<String>,
}

/// Rows drawn from the run's seed.
#[derive(Debug)]
pub struct Parameters {
    /// The component that draws them.
    pub on: String,
    /// The SELECT.
    pub sql: Source,
}

/// A text of the drill's author, with its place for messages.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path below the drill's folder.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Where a script comes from.
#[derive(Debug, Clone)]
pub enum Script {
    /// What the learner handed in for a slot.
    Slot(String),
    /// A file of the drill's author.
    File(Source),
}

/// A read at the end of a step.
#[derive(Debug)]
pub struct Probe {
    /// The components that it reads.
    pub on: Vec<String>,
    /// What it runs.
    pub run: Script,
    /// The parameter set that it runs once for each row of.
    pub each: Option<String>,
    /// The plan instead of the rows.
    pub plan: bool,
    /// More rows than this break the claim `runs`.
    pub rows_max: u64,
}

/// Steps, then at most one load.
#[derive(Debug)]
pub struct Phase {
    /// For the progress bar.
    pub name: String,
    /// How often; `:tick` counts from 1.
    pub repeat: u32,
    /// Once each, in order.
    pub steps: Vec<Step>,
    /// Many operations.
    pub load: Option<Load>,
    /// Requests to a program, after the load.
    pub requests: Option<Requests>,
    /// The levels that it belongs to; empty for all.
    pub levels: Vec<String>,
    /// The checks that can be examined once this phase has ended.
    pub decides: Vec<String>,
}

/// One thing done once.
#[derive(Debug)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Only in the reference's run.
    pub only_par: bool,
}

/// What a step does.
#[derive(Debug)]
pub enum Action {
    /// Runs a handed-in script.
    Accept {
        /// The slot.
        slot: String,
        /// Where.
        on: Vec<String>,
    },
    /// Runs a script of the author's.
    Run {
        /// The script.
        script: Source,
        /// Where.
        on: String,
    },
    /// Builds a program and starts its instances.
    Start(String),
    /// Reads.
    Probe(String),
}

/// Many operations, one for each row of a parameter set.
#[derive(Debug)]
pub struct Load {
    /// What an operation runs: one script, or one for each value of the column `does`.
    pub scripts: Scripts,
    /// The component under load.
    pub on: String,
    /// The parameter set.
    pub each: String,
    /// How the operations meet.
    pub order: Order,
}

/// Which script an operation runs.
#[derive(Debug)]
pub enum Scripts {
    /// The same for all.
    One(Script),
    /// By the parameter column `does`.
    ByWord(BTreeMap<String, Script>),
}

/// How the operations of a load meet.
#[derive(Debug)]
pub enum Order {
    /// This many sessions, each taking the next row as soon as it is free.
    Closed {
        /// Sessions at once.
        clients: usize,
    },
    /// Groups whose sessions take turns, move by move.
    Interleaved {
        /// The parameter column that names the group.
        group: String,
        /// The parameter column with the number of the gate at which the session is lost.
        cut: Option<String>,
    },
}

impl Drill {
    /// Reads a drill from its folder, or lists every mistake in it.
    pub fn read(folder: &crate::folder::Folder) -> Result<Drill, Vec<Mistake>> {
        read::drill(folder)
    }

    /// The mistakes in the SQL of checks and debrief that show without a run, for `folder`'s author.
    pub fn mistakes_in_queries(&self, folder: &std::path::Path) -> Vec<Mistake> {
        let shape = |name: &String, kind| TableShape { name: name.clone(), kind, columns: None };
        let scenario = &self.scenario;
        let parameters = scenario.parameters.keys().map(|name| shape(name, TableKind::Parameters));
        let probes = scenario.probes.iter().filter(|(_, probe)| !probe.plan);
        let tables: Vec<TableShape> =
            parameters.chain(probes.map(|(name, _)| shape(name, TableKind::Probe))).collect();
        let file = |path: &str| folder.join(path).display().to_string();
        let checks = self.checks.iter().flat_map(|check| check.validate(&tables)).map(|e| Mistake {
            file: e.path.display().to_string(),
            line: e.line(),
            what: e.what().to_string(),
        });
        let debrief = crate::debrief::mistakes(&self.debrief, &tables).into_iter();
        let debrief = debrief.map(|e| Mistake { file: file("debrief.md"), line: Some(e.line), what: e.what });
        checks.chain(debrief).collect()
    }

    /// The level of this name, or the first.
    pub fn level(&self, name: Option<&str>) -> Option<&Level> {
        match name {
            None => self.levels.first(),
            Some(name) => self.levels.iter().find(|level| level.name == name),
        }
    }

    /// The phases of a level, each with its place among all of them, from 0.
    pub fn phases(&self, level: &Level) -> impl Iterator<Item = (usize, &Phase)> {
        let here = |phase: &Phase| phase.levels.is_empty() || phase.levels.contains(&level.name);
        self.scenario.phases.iter().enumerate().filter(move |(_, phase)| here(phase))
    }

    /// The levels at which a check is decided.
    pub fn levels_of_check(&self, check: &str) -> impl Iterator<Item = &Level> {
        let decides = move |phase: &Phase| phase.decides.iter().any(|name| name == check);
        self.levels.iter().filter(move |level| self.phases(level).any(|(_, phase)| decides(phase)))
    }

    /// The first level whose slots cover all that is handed in.
    pub fn level_of(&self, handed_in: &Submission) -> Option<&Level> {
        self.levels.iter().find(|level| handed_in.slots().all(|slot| level.slots.iter().any(|s| s == slot)))
    }

    /// What is judged at a level: the level's slots from `handed_in`, the others from the starter.
    pub fn complete(&self, handed_in: &Submission, level: &Level) -> Submission {
        let mut whole = self.starter.clone();
        for slot in &level.slots {
            whole.take(slot, handed_in);
        }
        whole
    }

    /// The reference submission of a level, if it has one.
    pub fn par(&self, level: &Level) -> Option<Submission> {
        level.par.as_ref().map(|par| self.complete(&self.solutions[par], level))
    }
}

impl Scenario {
    /// Parses a script that is performed as an operation, with its `\include` lines filled in. A
    /// script slot may hold no statement; as an operation it then does nothing.
    pub fn transaction(
        &self,
        script: &Script,
        handed_in: &Submission,
    ) -> Result<Transaction, TransactionError> {
        let parsed = match script {
            Script::Slot(slot) => crate::transaction::parse(handed_in.text(slot).unwrap_or_default()),
            Script::File(source) => crate::transaction::parse(&include_slots(&source.text, handed_in)),
        };
        match (script, parsed) {
            (Script::Slot(slot), Err(TransactionError::Empty)) if self.slots[slot].takes == Takes::Script => {
                Ok(Transaction { retry_on: Vec::new(), steps: Vec::new() })
            }
            (_, parsed) => parsed,
        }
    }
}

/// Replaces each line `\include slot:NAME` by the slot's text.
fn include_slots(text: &str, handed_in: &Submission) -> String {
    let lines = text.lines().map(|line| match line.trim().strip_prefix("\\include slot:") {
        Some(slot) => {
            let text = handed_in.text(slot.trim()).unwrap_or_default();
            format!("{}\n;", text.trim_end().trim_end_matches(';'))
        }
        None => line.to_string(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
