//! The drills of a pack: what each needs, whether this machine has it, and how the learner stands.

use std::collections::{BTreeMap, BTreeSet};

use judge::bench::{Binaries, find_redis};
use judge::drill::{Drill, Level};
use judge::verdict::Ruling;
use serde::Serialize;
use utoipa::ToSchema;

use super::trust::Trust;
use crate::failure::Failure;
use crate::home::Home;
use crate::languages::{self, Language};
use crate::pack::Pack;

/// All drills of a pack.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Drills)]
pub(crate) struct Drills {
    /// The version of this shape.
    pub schema: u32,
    pub drills: Vec<DrillRow>,
}

/// A drill as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrillRow {
    pub name: String,
    /// The headline.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What an interviewer would file it under.
    pub topics: Vec<String>,
    /// The time that an interviewer would allow.
    pub minutes: u32,
    /// What may be handed in, in rising order.
    pub levels: Vec<LevelRow>,
    /// What it needs on this machine.
    pub components: Vec<String>,
    /// Whether this machine has all of that.
    pub runs_here: bool,
    /// Stored runs, void ones too.
    pub tries: usize,
    pub hints_taken: usize,
    /// What this machine lacks for it, in words.
    pub lacks: Vec<String>,
    /// What a proof of this version has found, or null.
    pub trust: Option<Trust>,
}

/// A level of a drill.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrillLevel)]
pub(crate) struct LevelRow {
    pub name: String,
    /// Its name for people.
    pub title: String,
    pub passed: bool,
    /// The files that the learner writes.
    pub files: Vec<String>,
}

/// A drill with its task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrillPage {
    /// The version of this shape.
    pub schema: u32,
    #[serde(flatten)]
    pub row: DrillRow,
    /// The version of the drill, raised when a verdict may change.
    pub version: u32,
    /// The task, as Markdown.
    pub brief: String,
    /// The questions of the pack that it belongs to.
    pub questions: Vec<String>,
    /// Languages that a program can begin in; empty where none is handed in.
    pub languages: Vec<Beginning>,
    /// How many hints there are.
    pub hints: usize,
}

/// A language that a program can begin in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrillBeginning)]
pub(crate) struct Beginning {
    pub language: String,
    /// What this machine lacks for it, or null.
    pub lacks: Option<String>,
}

/// What this machine has for drills.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Why there is no PostgreSQL.
    pub no_postgres: Option<Failure>,
    languages: Vec<Language>,
    redis: bool,
}

impl Machine {
    /// Looks; starts `postgres --version`, so not in a handler.
    pub(crate) fn look() -> Machine {
        Machine {
            no_postgres: Binaries::find().err().map(Failure::from),
            languages: languages::all(),
            redis: find_redis().is_some(),
        }
    }

    fn lacks(&self, drill: &Drill) -> Vec<String> {
        let mut lacks: Vec<String> = self.no_postgres.iter().map(|why| why.what().to_string()).collect();
        if !drill.starters.is_empty() && self.languages.iter().all(|it| !it.missing.is_empty()) {
            let names: Vec<&str> = self.languages.iter().map(|it| it.name).collect();
            lacks
                .push(format!("none of the languages is installed that it begins in ({})", names.join(", ")));
        }
        if !drill.scenario.redis.is_empty() && !self.redis {
            lacks.push("neither redis-server nor valkey-server is on the PATH".into());
        }
        lacks
    }
}

/// How a learner stands with a drill.
#[derive(Debug, Default, Clone)]
pub(crate) struct Standing {
    /// Stored runs.
    pub tries: usize,
    /// Levels passed.
    pub passed: BTreeSet<String>,
}

impl Standing {
    /// By drill, from the drill, level and ruling of each stored run.
    pub(crate) fn of<'r>(
        runs: impl IntoIterator<Item = (&'r str, &'r str, Ruling)>,
    ) -> BTreeMap<String, Standing> {
        let mut all: BTreeMap<String, Standing> = BTreeMap::new();
        for (drill, level, ruling) in runs {
            let standing = all.entry(drill.to_string()).or_default();
            standing.tries += 1;
            if ruling == Ruling::Pass {
                standing.passed.insert(level.to_string());
            }
        }
        all
    }
}

/// What a row is made of besides its drill.
pub(crate) struct Known<'k> {
    pub machine: &'k Machine,
    pub trust: &'k BTreeMap<String, Trust>,
    pub standing: &'k BTreeMap<String, Standing>,
    pub home: &'k Home,
}

/// All drills of a pack, read now.
pub(crate) fn read(pack: &Pack) -> Result<Vec<Drill>, Failure> {
    pack.drills().iter().map(|name| pack.drill(name)).collect()
}

/// The list of drills.
pub(crate) fn list(drills: &[Drill], known: &Known<'_>) -> Drills {
    Drills { schema: 1, drills: drills.iter().map(|drill| row(drill, known)).collect() }
}

/// One drill with its task.
pub(crate) fn page(drill: &Drill, known: &Known<'_>) -> DrillPage {
    let beginning = |(language, starter): (&String, &judge::submission::Submission)| Beginning {
        language: language.clone(),
        lacks: languages::lacks(drill, starter),
    };
    DrillPage {
        schema: 1,
        row: row(drill, known),
        version: drill.version,
        brief: drill.brief.clone(),
        questions: drill.questions.clone(),
        languages: drill.starters.iter().map(beginning).collect(),
        hints: drill.hints.len(),
    }
}

fn row(drill: &Drill, known: &Known<'_>) -> DrillRow {
    let standing = known.standing.get(&drill.name).cloned().unwrap_or_default();
    let lacks = known.machine.lacks(drill);
    let level = |level: &Level| LevelRow {
        name: level.name.clone(),
        title: level.title.clone(),
        passed: standing.passed.contains(&level.name),
        files: files(drill, level),
    };
    DrillRow {
        name: drill.name.clone(),
        title: drill.title.clone(),
        summary: drill.summary.clone(),
        topics: drill.topics.clone(),
        minutes: drill.minutes,
        levels: drill.levels.iter().map(level).collect(),
        components: components(drill),
        runs_here: lacks.is_empty(),
        tries: standing.tries,
        hints_taken: known.home.looked(&drill.name).hints,
        lacks,
        trust: known.trust.get(&drill.name).filter(|trust| trust.version == drill.version).cloned(),
    }
}

/// The files that a learner writes at a level.
pub(crate) fn files(drill: &Drill, level: &Level) -> Vec<String> {
    level.slots.iter().map(|slot| drill.scenario.slots[slot].file.clone()).collect()
}

/// What a drill needs on this machine.
fn components(drill: &Drill) -> Vec<String> {
    let mut components = vec!["PostgreSQL 15+".to_string()];
    if !drill.scenario.redis.is_empty() {
        components.push("Redis".into());
    }
    if !drill.starters.is_empty() {
        let languages: Vec<&str> = drill.starters.keys().map(String::as_str).collect();
        components.push(format!("a language ({}, or any other)", languages.join(", ")));
    }
    components
}
