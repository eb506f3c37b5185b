use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::println;
use clap::Args;
use judge::verdict::{Finding, Ruling, State};
use serde_json::{Value, json};
use study::bank::Bank;
use study::feedback::Feedback;
use study::question::Question;
use study::words::CardKind;

use super::Options;
use super::questions::{about, find};
use crate::answering::{ask_estimate, is_interactive, read_file, write_answer};
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::{Given, Learner, now_ms};
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD, print_feedback, print_paragraph};

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
            Some(text) => Answered { text, seconds: None, estimate: self.estimate },
            None => Answered::by_hand(question, self.estimate)?,
        };
        let feedback = answered.record(&bank, question, &learner).await?;
        let drills = behind(question, &pack, &home)?;
        if options.json {
            print_json(&feedback, answered.estimate, &drills)?;
        } else {
            answered.print(&feedback);
            drills.iter().for_each(print_drill);
        }
        learner.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// What somebody has answered.
pub(super) struct Answered {
    text: String,
    seconds: Option<u32>,
    estimate: Option<u32>,
}

impl Answered {
    /// Shows the question, takes the answer at the terminal, and asks what it is worth before that is shown.
    pub(super) fn by_hand(question: &Question, estimate: Option<u32>) -> Result<Answered, Failure> {
        print_paragraph(&format!("{BOLD}{}{BOLD:#}", question.prompt), "");
        print_paragraph(&format!("{DIM}{}{DIM:#}\n", about(question)), "");
        let began = Instant::now();
        let text = write_answer(question)?;
        let seconds = u32::try_from(began.elapsed().as_secs()).ok();
        let estimate = match estimate {
            None => ask_estimate()?,
            given => given,
        };
        Ok(Answered { text, seconds, estimate })
    }

    /// Gives feedback and keeps it all.
    pub(super) async fn record(
        &self,
        bank: &Bank,
        question: &Question,
        learner: &Learner,
    ) -> Result<Feedback, Failure> {
        let feedback = bank.feedback(question, &self.text);
        let given = Given {
            question,
            text: &self.text,
            seconds: self.seconds,
            estimate: self.estimate,
            feedback: &feedback,
        };
        learner.record(&given).await?;
        Ok(feedback)
    }

    pub(super) fn print(&self, feedback: &Feedback) {
        print_feedback(feedback, &self.text);
        if let Some(estimate) = self.estimate {
            let gap = i64::from(estimate) - i64::from(feedback.score);
            println!("\nYou expected {estimate}: {gap:+} against the score.");
        }
    }
}

/// The question to answer next: the one that is due longest, else the first that was never answered.
async fn next<'b>(bank: &'b Bank, learner: &Learner) -> Result<&'b Question, Failure> {
    let known = |kind: CardKind, name: &str| kind == CardKind::Question && bank.question(name).is_some();
    let due = learner.store.due_cards_among(now_ms(), 1, known).await?;
    if let Some(question) = due.first().and_then(|card| bank.question(&card.name)) {
        return Ok(question);
    }
    let answered = learner.store.questions_answered().await?;
    let new = |question: &&Question| !answered.iter().any(|done| done.question == question.id);
    bank.questions.iter().find(new).ok_or_else(|| {
        Failure::usage("every question is answered, and none is due yet")
            .hint("name one: hotseat questions list")
    })
}

fn print_json(feedback: &Feedback, estimate: Option<u32>, drills: &[Value]) -> Result<(), Failure> {
    let mut shape = serde_json::to_value(feedback).map_err(Failure::bug)?;
    shape["estimate"] = estimate.into();
    shape["drills"] = drills.into();
    println!("{shape}");
    Ok(())
}

/// The drills behind a question, with the learner's own figures where they have passed.
fn behind(question: &Question, pack: &Pack, home: &Home) -> Result<Vec<Value>, Failure> {
    if question.drills.is_empty() {
        return Ok(Vec::new());
    }
    let runs = home.all_runs();
    let mut drills = Vec::new();
    for name in &question.drills {
        let pass =
            |run: &&crate::home::StoredRun| run.verdict.drill == *name && run.verdict.ruling == Ruling::Pass;
        let passed = runs.iter().rev().find(pass);
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
        println!(
            "\n{GOOD}You have done this{GOOD:#}: {} ({}). Use your own figures:",
            text("title"),
            text("run")
        );
        for figure in drill["figures"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            println!("  {figure}");
        }
    } else {
        println!("\nDo it, do not only tell it: hotseat drill start {}  ({})", text("name"), text("title"));
    }
}
