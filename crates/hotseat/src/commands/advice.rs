use std::process::ExitCode;

use anstream::println;
use clap::Args;
use serde_json::json;
use study::words::Task;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::{Learner, now_ms};
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_text};

/// Read how to prepare, what often goes wrong, and what to expect
#[derive(Debug, Args)]
pub(crate) struct Advice {
    /// The page; without it, the list
    page: Option<String>,
}

impl Advice {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let Some(wanted) = self.page else {
            if options.json {
                println!("{}", json!({ "schema": 1, "advice": bank.advice }));
                return Ok(ExitCode::SUCCESS);
            }
            for of_section in bank.advice.chunk_by(|a, b| a.section == b.section) {
                println!("{BOLD}{}{BOLD:#}", of_section[0].section.title());
                of_section.iter().for_each(|page| println!("  {:<34} {}", page.id, page.title));
            }
            println!("\nRead one: hotseat advice PAGE");
            return Ok(ExitCode::SUCCESS);
        };
        let page = bank.advice.iter().find(|page| page.id == wanted).ok_or_else(|| {
            Failure::usage(format!("there is no page `{wanted}`")).hint("all of them: hotseat advice")
        })?;
        let learner = Learner::open(&Home::open()?).await?;
        learner.note_done(Task::Read, &page.id, now_ms()).await?;
        learner.store.close().await;
        if options.json {
            println!("{}", json!({ "schema": 1, "advice": [page] }));
            return Ok(ExitCode::SUCCESS);
        }
        println!("{BOLD}{}{BOLD:#}\n", page.title);
        print_text(&page.text);
        println!();
        page.questions.iter().for_each(|question| println!("{DIM}hotseat ask {question}{DIM:#}"));
        page.drills.iter().for_each(|drill| println!("{DIM}hotseat drill start {drill}{DIM:#}"));
        Ok(ExitCode::SUCCESS)
    }
}
