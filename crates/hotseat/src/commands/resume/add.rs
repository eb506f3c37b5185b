use std::process::ExitCode;

use anstream::println;
use clap::Args;
use resume::story::{Draft, Proof};
use serde_json::json;

use super::place::Place;
use crate::commands::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::terminal::{BOLD, DIM, print_paragraph};
use crate::use_cases::resume::{add, draft, proof};

/// Make a story, bullets and follow-up questions from a passed run, and put them into the résumé
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The run's name, such as slow-query-7, or `last`
    run: String,
    #[command(flatten)]
    place: Place,
    /// Print the draft, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Add {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let home = Home::open()?;
        let proof = proof(&home, &self.run, options.pack.as_deref())?;
        let added = if self.dry_run {
            draft(&proof)
        } else {
            let opened = self.place.open()?;
            let learner = Learner::open(&home).await?;
            let added = add(&proof, &opened, &learner).await;
            learner.store.close().await;
            added?
        };
        if options.json {
            println!("{}", json!(added));
            return Ok(ExitCode::SUCCESS);
        }
        print(&proof, &added.draft);
        match &added.file {
            Some(path) => {
                let bullets = added.draft.bullets.len();
                println!(
                    "\nin {}: a project with {bullets} bullets; the draft is in its notes",
                    path.display()
                );
                println!("{} questions are due: hotseat review", added.questions_added);
                println!("say in your own words what you did, then: hotseat resume build");
            }
            None => println!("\nnothing was changed; without --dry-run it goes into the résumé"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(proof: &Proof, draft: &Draft) {
    println!("{BOLD}{}{BOLD:#} {DIM}(run {}, seed {}){DIM:#}", proof.title, proof.run, proof.seed);
    for (title, text) in [("Situation", &draft.situation), ("Task", &draft.task)] {
        println!("\n{BOLD}{title}{BOLD:#}");
        print_paragraph(text, "  ");
    }
    for (title, lines) in [
        ("Action: only you can say it", &draft.action),
        ("Result", &draft.result),
        ("Bullets", &draft.bullets),
        ("What an interviewer would ask about them", &draft.questions),
    ] {
        println!("\n{BOLD}{title}{BOLD:#}");
        lines.iter().for_each(|line| print_paragraph(line, "  "));
    }
}
