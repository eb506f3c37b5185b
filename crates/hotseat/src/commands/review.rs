use std::process::ExitCode;

use anstream::println;
use clap::Args;
use console::{Key, Term};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;
use study::bank::Bank;
use study::plan::FEEDBACK_MINUTES;
use study::question::Question;
use study::schedule::{Candidate, Card, choose, recall};
use study::words::CardKind;

use super::Options;
use super::ask::Answered;
use super::plan::is_offered;
use crate::answering::is_interactive;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::{Learner, now_ms};
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_paragraph, print_text};

/// Go through what is due, one key a step; in a pipe or with --json, list it
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// How many minutes you have
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

/// Something that is due.
#[derive(Serialize)]
struct Due {
    kind: CardKind,
    name: String,
    /// How likely it is to be remembered now, 0 to 1.
    recall: f64,
    /// When it fell due, in milliseconds since 1970, UTC.
    due_ms: i64,
    minutes: u32,
}

impl Review {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let due = self.due(&pack, &bank, &learner).await?;
        if options.json {
            println!("{}", serde_json::json!({ "schema": 1, "due": due }));
        } else if is_interactive() {
            go_through(&due, &bank, &learner).await?;
        } else {
            due.iter().for_each(print_due);
        }
        learner.store.close().await;
        Ok(ExitCode::SUCCESS)
    }

    /// What is due and fits into the minutes, the most urgent first.
    async fn due(&self, pack: &Pack, bank: &Bank, learner: &Learner) -> Result<Vec<Due>, Failure> {
        let minutes = |card: &Card| match card.kind {
            CardKind::Question => bank.question(&card.name).map_or(0, |q| q.minutes) + FEEDBACK_MINUTES,
            CardKind::Drill => pack.drill(&card.name).map_or(0, |drill| drill.minutes),
        };
        let now = now_ms();
        let cards = learner.cards(|kind, name| is_offered(bank, pack, kind, name)).await?;
        let candidates: Vec<Candidate> =
            cards.into_iter().map(|card| Candidate { minutes: minutes(&card), card }).collect();
        // With a date ahead, what adds most to that day comes first, due or not.
        let today = ZonedDateTime::now().date();
        let plan = learner.store.plan().await?;
        let date = plan.and_then(|plan| plan.interview?.parse::<Date>().ok());
        let chosen = choose(&candidates, now, today, date, self.minutes);
        let due = chosen.into_iter().map(|place| &candidates[place]);
        Ok(due
            .map(|candidate| Due {
                kind: candidate.card.kind,
                name: candidate.card.name.clone(),
                recall: (recall(&candidate.card, now) * 1000.0).round() / 1000.0,
                due_ms: candidate.card.due,
                minutes: candidate.minutes,
            })
            .collect())
    }
}

fn print_due(due: &Due) {
    let what = match due.kind {
        CardKind::Question => format!("hotseat ask {}", due.name),
        CardKind::Drill => format!("hotseat drill start {}", due.name),
    };
    println!("{:<32} {:>3.0} % remembered · {} min · {what}", due.name, due.recall * 100.0, due.minutes);
}

/// The loop: a question, a key; an answer, its feedback, a key.
async fn go_through(due: &[Due], bank: &Bank, learner: &Learner) -> Result<(), Failure> {
    let term = Term::stderr();
    if due.is_empty() {
        println!("nothing is due; something new: hotseat ask");
    }
    for (at, item) in due.iter().enumerate() {
        println!("\n{DIM}{} of {}{DIM:#}", at + 1, due.len());
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
    let answered = Answered::by_hand(question, None)?;
    let feedback = answered.record(bank, question, learner).await?;
    answered.print(&feedback);
    if key(term, "o: show the sample answer · any other key: go on")? == 'o' {
        println!();
        print_text(&question.sample);
    }
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
