use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use judge::verdict::{Finding, Ruling, State};
use serde_json::{Value, json};
use study::feedback::Feedback;
use study::question::Question;

use super::Options;
use super::questions::{about, find};
use crate::answering::{ask_estimate, is_interactive, read_file, write_answer};
use crate::failure::Failure;
use crate::home::Home;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD, print_feedback};

/// Answer a question, and see which of your words made which point
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Its id or its number in the guide
    question: String,
    /// The file with your answer, `-` for standard input; without it your editor opens
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,
    /// How good you think the answer is, 0 to 100; asked for on a terminal
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=100))]
    estimate: Option<u32>,
}

impl Ask {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let question = find(&bank, &self.question)?;
        let interactive = self.answer.is_none() && is_interactive();
        if interactive {
            println!("{BOLD}{}{BOLD:#}\n{DIM}{}{DIM:#}\n", question.prompt, about(question));
        }
        let answer = match &self.answer {
            Some(path) => read_file(path)?,
            None if interactive => write_answer(question)?,
            None => read_file(std::path::Path::new("-"))?,
        };
        let estimate = match self.estimate {
            None if interactive => ask_estimate()?,
            given => given,
        };
        let feedback = bank.feedback(question, &answer);
        let drills = behind(question, &pack)?;
        if options.json {
            print_json(&feedback, estimate, &drills)?;
        } else {
            print_feedback(&feedback, &answer);
            if let Some(estimate) = estimate {
                let gap = i64::from(estimate) - i64::from(feedback.score);
                println!("\nYou expected {estimate}: {gap:+} against the score.");
            }
            drills.iter().for_each(print_drill);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_json(feedback: &Feedback, estimate: Option<u32>, drills: &[Value]) -> Result<(), Failure> {
    let mut shape = serde_json::to_value(feedback).map_err(Failure::bug)?;
    shape["estimate"] = estimate.into();
    shape["drills"] = drills.into();
    println!("{shape}");
    Ok(())
}

/// The drills behind a question, with the learner's own figures where they have passed.
fn behind(question: &Question, pack: &Pack) -> Result<Vec<Value>, Failure> {
    if question.drills.is_empty() {
        return Ok(Vec::new());
    }
    let runs = Home::open()?.all_runs();
    let mut drills = Vec::new();
    for name in &question.drills {
        let passed = runs.iter().rev().find(|run| run.verdict.drill == *name && run.verdict.ruling == Ruling::Pass);
        let figures: Vec<String> = passed.map_or_else(Vec::new, |run| {
            let told = run.verdict.findings.iter().filter(|finding| has_par(finding));
            told.map(|finding| finding.lines().first().cloned().unwrap_or_default()).collect()
        });
        drills.push(json!({
            "name": name, "title": pack.drill(name)?.title, "passed": passed.is_some(),
            "run": passed.and_then(|run| run.verdict.run.clone()), "figures": figures,
        }));
    }
    Ok(drills)
}

/// Figures that stand beside the reference's say more than those that only meet a rule.
fn has_par(finding: &Finding) -> bool {
    matches!(&finding.state, State::Held(figure) if figure.par.is_some())
}

fn print_drill(drill: &Value) {
    let text = |key: &str| drill[key].as_str().unwrap_or_default().to_string();
    if drill["passed"] == true {
        println!("\n{GOOD}You have done this{GOOD:#}: {} ({}). Use your own figures:", text("title"), text("run"));
        for figure in drill["figures"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            println!("  {figure}");
        }
    } else {
        println!("\nDo it, do not only tell it: hotseat drill start {}  ({})", text("name"), text("title"));
    }
}
