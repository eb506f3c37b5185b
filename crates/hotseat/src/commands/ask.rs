use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::println;
use clap::Args;
use study::bank::Bank;
use study::feedback::Feedback;
use study::question::Question;

use super::Options;
use super::questions::about;
use crate::answering::{ask_estimate, is_interactive, read_file, write_answer};
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD, print_feedback, print_paragraph};
use crate::use_cases::asking::{Answered, Behind, HandedIn, behind, next};
use crate::use_cases::guide::find;

/// Answer a question, and see which of your words made which point
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Its id or its number in the guide; without it, what is due, else what you have not answered yet
    question: Option<String>,
    /// The file with your answer, `-` for standard input; without it your editor opens
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,
    /// How good you think the answer is, 0 to 100; asked for on a terminal
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=100))]
    estimate: Option<u32>,
}

impl Ask {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        // What can be wrong with the call is told before anything is opened.
        let named = self.question.as_deref().map(|name| find(&bank, name)).transpose()?;
        let handed_in = match &self.answer {
            Some(path) => Some(read_file(path)?),
            None if is_interactive() => None,
            None => Some(read_file(Path::new("-"))?),
        };
        let home = Home::open()?;
        let learner = Learner::open(&home).await?;
        let question = match named {
            Some(question) => question,
            None => next(&bank, &learner).await?,
        };
        let answered = match handed_in {
            Some(text) => Sitting { handed_in: HandedIn { text, seconds: None, estimate: self.estimate } },
            None => Sitting::by_hand(question, self.estimate)?,
        };
        let feedback = answered.record(&bank, question, &learner).await?;
        let drills = behind(&question.drills, &pack, &learner).await?;
        if options.json {
            let estimate = answered.handed_in.estimate;
            let shape = Answered { feedback, estimate, drills };
            println!("{}", serde_json::to_string(&shape).map_err(Failure::bug)?);
        } else {
            answered.print(&feedback);
            drills.iter().for_each(print_drill);
        }
        learner.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Somebody at the terminal who has answered.
pub(super) struct Sitting {
    handed_in: HandedIn,
}

impl Sitting {
    /// Shows the question, takes the answer at the terminal, and asks what it is worth before that is shown.
    pub(super) fn by_hand(question: &Question, estimate: Option<u32>) -> Result<Sitting, Failure> {
        print_paragraph(&format!("{BOLD}{}{BOLD:#}", question.prompt), "");
        print_paragraph(&format!("{DIM}{}{DIM:#}\n", about(question)), "");
        let began = Instant::now();
        let text = write_answer(&question.prompt)?;
        let seconds = u32::try_from(began.elapsed().as_secs()).ok();
        let estimate = match estimate {
            None => ask_estimate()?,
            given => given,
        };
        Ok(Sitting { handed_in: HandedIn { text, seconds, estimate } })
    }

    /// Gives feedback and keeps it all.
    pub(super) async fn record(
        &self,
        bank: &Bank,
        question: &Question,
        learner: &Learner,
    ) -> Result<Feedback, Failure> {
        let feedback = bank.feedback(question, &self.handed_in.text);
        self.handed_in.keep(question, &feedback, learner).await?;
        Ok(feedback)
    }

    pub(super) fn print(&self, feedback: &Feedback) {
        print_feedback(feedback, &self.handed_in.text);
        if let Some(estimate) = self.handed_in.estimate {
            let gap = i64::from(estimate) - i64::from(feedback.score);
            println!("\nYou expected {estimate}: {gap:+} against the score.");
        }
    }
}

fn print_drill(drill: &Behind) {
    let Behind { name, title, passed, run, figures } = drill;
    if *passed {
        let run = run.as_deref().unwrap_or_default();
        println!("\n{GOOD}You have done this{GOOD:#}: {title} ({run}). Use your own figures:");
        figures.iter().for_each(|figure| println!("  {figure}"));
    } else {
        println!("\nDo it, do not only tell it: hotseat drill start {name}  ({title})");
    }
}
