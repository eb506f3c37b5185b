use std::process::ExitCode;

use anstream::println;
use clap::Args;
use console::{Key, Term};
use study::bank::Bank;
use study::question::Question;
use study::store::OwnQuestion;
use study::words::CardKind;

use super::Options;
use super::ask::Sitting;
use crate::answering::{is_interactive, write_answer};
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_paragraph, print_text};
use crate::use_cases::asking::{self, HandedIn, own_question};
use crate::use_cases::reviewing::{Due, MINUTES, queue};

/// Go through what is due, one key a step; in a pipe or with --json, list it
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// How many minutes you have
    #[arg(long, default_value_t = MINUTES)]
    minutes: u32,
}

impl Review {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let queue = queue(self.minutes, &pack, &bank, &learner).await?;
        if options.json {
            println!("{}", serde_json::json!(queue));
        } else if is_interactive() {
            go_through(&queue.due, &bank, &learner).await?;
        } else {
            queue.due.iter().for_each(print_due);
        }
        learner.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

fn print_due(due: &Due) {
    let what = match due.kind {
        CardKind::Question if due.prompt.is_some() => due.prompt.clone().unwrap_or_default(),
        CardKind::Question => format!("hotseat ask {}", due.name),
        CardKind::Drill => format!("hotseat drill start {}", due.name),
    };
    let known = match due.is_new() {
        true => "not asked yet".to_owned(),
        false => format!("{:>3.0} % remembered", due.recall * 100.0),
    };
    println!("{:<32} {known} · {} min · {what}", due.name, due.minutes);
}

/// The loop: a question, a key; an answer, its feedback, a key.
async fn go_through(due: &[Due], bank: &Bank, learner: &Learner) -> Result<(), Failure> {
    let term = Term::stderr();
    if due.is_empty() {
        println!("nothing is due; something new: hotseat ask");
    }
    for (at, item) in due.iter().enumerate() {
        println!("\n{DIM}{} of {}{DIM:#}", at + 1, due.len());
        if item.prompt.is_some()
            && let Some(question) = own_question(&item.name, learner).await?
        {
            print_paragraph(&format!("{BOLD}{}{BOLD:#}", question.prompt), "");
            match key(&term, "a: answer · s: skip · q: stop")? {
                'q' => return Ok(()),
                's' => {}
                _ => answer_own(&question, learner).await?,
            }
            continue;
        }
        let Some(question) = bank.question(&item.name).filter(|_| item.kind == CardKind::Question) else {
            println!("{BOLD}{}{BOLD:#}: do this drill again: hotseat drill start {}", item.name, item.name);
            if !goes_on(&term, "any key: next · q: stop")? {
                return Ok(());
            }
            continue;
        };
        print_paragraph(&format!("{BOLD}{}{BOLD:#}", question.prompt), "");
        match key(&term, "a: answer · s: skip · q: stop")? {
            'q' => return Ok(()),
            's' => continue,
            _ => answer(question, bank, learner, &term).await?,
        }
        if at + 1 < due.len() && !goes_on(&term, "any key: next · q: stop")? {
            return Ok(());
        }
    }
    Ok(())
}

async fn answer(question: &Question, bank: &Bank, learner: &Learner, term: &Term) -> Result<(), Failure> {
    let answered = Sitting::by_hand(question, None)?;
    let feedback = answered.record(bank, question, learner).await?;
    answered.print(&feedback);
    if key(term, "o: show the sample answer · any other key: go on")? == 'o' {
        println!();
        print_text(&question.sample);
    }
    Ok(())
}

/// An answer about one's own run: no rubric knows it, so its form is weighed.
async fn answer_own(question: &OwnQuestion, learner: &Learner) -> Result<(), Failure> {
    let text = write_answer(&question.prompt)?;
    let handed_in = HandedIn { text, seconds: None, estimate: None };
    let (_, feedback) = asking::answer_own(question, &handed_in, learner).await?;
    println!("\n{BOLD}{} of 100{BOLD:#}, by its form alone", feedback.score);
    feedback.lacks.iter().for_each(|lack| println!("  {lack}"));
    Ok(())
}

fn goes_on(term: &Term, keys: &str) -> Result<bool, Failure> {
    Ok(key(term, keys)? != 'q')
}

/// Says which keys there are, and waits for one; Escape and Ctrl-C are `q`.
fn key(term: &Term, keys: &str) -> Result<char, Failure> {
    anstream::eprintln!("{DIM}{keys}{DIM:#}");
    match term.read_key().map_err(Failure::usage)? {
        Key::Char(c) => Ok(c.to_ascii_lowercase()),
        Key::Escape | Key::CtrlC => Ok('q'),
        _ => Ok(' '),
    }
}
