use std::collections::BTreeMap;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use judge::bench::Binaries;
use judge::submission::Submission;
use serde::Serialize;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::languages;
use crate::pack::Pack;
use crate::terminal::{BAD, BOLD, DIM, GOOD, print_paragraph};

/// List the drills: topic, minutes, what they need, whether this machine can run them, your standing
#[derive(Debug, Args)]
pub(crate) struct List {}

#[derive(Serialize)]
struct Row {
    name: String,
    title: String,
    summary: String,
    topics: Vec<String>,
    minutes: u32,
    levels: Vec<Level>,
    components: Vec<String>,
    runs_here: bool,
    tries: usize,
    hints_taken: usize,
}

#[derive(Serialize)]
struct Level {
    name: String,
    title: String,
    passed: bool,
}

impl List {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let home = Home::open()?;
        let server = Binaries::find();
        let runs = home.all_runs();
        let mut rows = Vec::new();
        for name in pack.drills() {
            let drill = pack.drill(&name)?;
            let passed = |level: &str| home.has_passed(&name, Some(level));
            rows.push(Row {
                title: drill.title,
                summary: drill.summary,
                topics: drill.topics,
                minutes: drill.minutes,
                levels: drill
                    .levels
                    .iter()
                    .map(|l| Level { name: l.name.clone(), title: l.title.clone(), passed: passed(&l.name) })
                    .collect(),
                components: components(&drill.starters),
                runs_here: server.is_ok()
                    && (drill.starters.is_empty() || languages::all().iter().any(|it| it.missing.is_empty())),
                tries: runs.iter().filter(|run| run.verdict.drill == name).count(),
                hints_taken: home.looked(&name).hints,
                name,
            });
        }
        if options.json {
            println!("{}", serde_json::json!({ "schema": 1, "drills": rows }));
            return Ok(ExitCode::SUCCESS);
        }
        for row in &rows {
            print(row);
        }
        if let Err(error) = server {
            println!("{BAD}cannot run here{BAD:#}: {error}; see `hotseat doctor`");
        }
        println!("\nBegin one: hotseat drill start NAME");
        Ok(ExitCode::SUCCESS)
    }
}

/// What a drill needs on this machine.
fn components(starters: &BTreeMap<String, Submission>) -> Vec<String> {
    let mut components = vec!["PostgreSQL 15+".to_string()];
    if !starters.is_empty() {
        let languages: Vec<&str> = starters.keys().map(String::as_str).collect();
        components.push(format!("a language ({}, or any other)", languages.join(", ")));
    }
    components
}

fn print(row: &Row) {
    let here = if row.runs_here {
        format!("{GOOD}runs here{GOOD:#}")
    } else {
        format!("{BAD}cannot run here{BAD:#}")
    };
    println!("{BOLD}{}{BOLD:#}  {}", row.name, row.title);
    print_paragraph(&format!("  {}", row.summary), "  ");
    println!(
        "  {DIM}{} · {} min · {}{DIM:#} · {here}",
        row.topics.join(", "),
        row.minutes,
        row.components.join(", ")
    );
    let levels = row.levels.iter().map(|level| {
        let mark = if level.passed { format!("{GOOD}passed{GOOD:#}") } else { "open".into() };
        format!("{} {mark}", level.name)
    });
    println!(
        "  {} · {} tries · {} hints\n",
        levels.collect::<Vec<_>>().join(", "),
        row.tries,
        row.hints_taken
    );
}
