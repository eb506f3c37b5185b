use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::pack::Pack;
use crate::terminal::{BAD, BOLD, DIM, GOOD, print_paragraph};
use crate::use_cases::drills::{self, DrillRow, Known, Machine, Standing};
use crate::use_cases::trust;

/// List the drills: topic, minutes, what they need, whether this machine can run them, your standing
#[derive(Debug, Args)]
pub(crate) struct List {}

impl List {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let home = Home::open()?;
        let machine = Machine::look();
        let runs = home.all_runs();
        let ruled = runs.iter().map(|run| &run.verdict);
        let standing = Standing::of(ruled.map(|it| (it.drill.as_str(), it.level.as_str(), it.ruling)));
        let trust = trust::cards(&pack)?;
        let known = Known { machine: &machine, trust: &trust, standing: &standing, home: &home };
        let list = drills::list(&drills::read(&pack)?, &known);
        if options.json {
            println!("{}", serde_json::to_string(&list).map_err(Failure::bug)?);
            return Ok(ExitCode::SUCCESS);
        }
        for row in &list.drills {
            print(row);
        }
        if let Some(why) = &machine.no_postgres {
            println!("{BAD}cannot run here{BAD:#}: {}; see `hotseat doctor`", why.what());
        }
        println!("\nBegin one: hotseat drill start NAME");
        Ok(ExitCode::SUCCESS)
    }
}

fn print(row: &DrillRow) {
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
