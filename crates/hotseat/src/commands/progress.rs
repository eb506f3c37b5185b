use std::process::ExitCode;

use anstream::println;
use clap::Args;
use study::question::Question;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD};
use crate::use_cases::progress::{BAND_MIN, DrillStanding, Standing, progress};

/// Show where you stand: bands over your last answers, your estimates against them, drills passed
#[derive(Debug, Args)]
pub(crate) struct Progress {}

impl Progress {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let progress = progress(&bank, &pack, &learner).await?;
        learner.store.close().await;
        if options.json {
            println!("{}", serde_json::json!(progress));
            return Ok(ExitCode::SUCCESS);
        }
        print(&progress.questions, &progress.drills, &|id| bank.question(id));
        Ok(ExitCode::SUCCESS)
    }
}

fn print<'q>(standings: &[Standing], drills: &[DrillStanding], known: &dyn Fn(&str) -> Option<&'q Question>) {
    if standings.is_empty() {
        println!("no answers yet; the first: hotseat ask");
    }
    for standing in standings {
        let gone = if known(&standing.question).is_some() { "" } else { " (no longer in the pack)" };
        let band = standing.band.map_or_else(
            || format!("{DIM}{} of {BAND_MIN} answers; a band comes with the third{DIM:#}", standing.answers),
            |[low, middle, high]| format!("{BOLD}{low} – {high}{BOLD:#}, mostly {middle}"),
        );
        let gap = standing.estimate_gap.map_or_else(String::new, |gap| match gap {
            0.1.. => format!(" · you expect {gap} more than you get"),
            ..-0.1 => format!(" · you expect {} less than you get", -gap),
            _ => " · you know where you stand".into(),
        });
        println!("{:<32} {band}{gap}{gone}", standing.question);
    }
    println!();
    for drill in drills {
        let passed = if drill.levels_passed.is_empty() {
            format!("{DIM}open{DIM:#}")
        } else {
            format!("{GOOD}passed{GOOD:#}: {}", drill.levels_passed.join(", "))
        };
        println!("{:<32} {passed} · {} tries · {} hints", drill.drill, drill.tries, drill.hints_used);
    }
}
