use std::process::ExitCode;

use anstream::println;
use clap::Args;
use serde_json::json;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_text};
use crate::use_cases::guide::{AdviceShown, find_advice};

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
                println!("{}", json!(AdviceShown::of(&bank.advice)));
                return Ok(ExitCode::SUCCESS);
            }
            for (section, pages) in AdviceShown::sections(&bank) {
                println!("{BOLD}{}{BOLD:#}", section.title());
                pages.iter().for_each(|page| println!("  {:<34} {}", page.id, page.title));
            }
            println!("\nRead one: hotseat advice PAGE");
            return Ok(ExitCode::SUCCESS);
        };
        let page = find_advice(&bank, &wanted)?;
        let learner = Learner::open(&Home::open()?).await?;
        learner.note_read(&page.id).await?;
        learner.store.close().await;
        if options.json {
            println!("{}", json!(AdviceShown::of([page])));
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
