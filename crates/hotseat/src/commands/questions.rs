use std::process::ExitCode;

use anstream::println;
use clap::{Args, Subcommand};
use serde_json::json;
use study::bank::Bank;
use study::proof::{Scored, prove};
use study::question::Question;

use super::Options;
use crate::failure::Failure;
use crate::pack::Pack;
use crate::terminal::{BAD, BOLD, DIM, GOOD, print_paragraph, print_text};
use crate::use_cases::guide::{self, QuestionShown, find};

/// Questions: list, search, show; prove that their rubrics are right
#[derive(Debug, Args)]
pub(crate) struct Questions {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List all questions
    List,
    /// Find questions about something
    Search {
        /// What about
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Show a question: why it is asked, what a strong answer covers, a tip
    Show {
        /// Its id, or its number in the guide
        question: String,
        /// The sample answer too
        #[arg(long)]
        sample: bool,
    },
    /// Score the answers in the pack, and hostile ones made from them, against the bars
    Prove {
        /// Only these questions
        questions: Vec<String>,
        /// Print a Markdown table, as in docs/feedback.md
        #[arg(long)]
        table: bool,
    },
}

impl Questions {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        match self.what {
            What::List => list(&bank.questions.iter().collect::<Vec<_>>(), options.json),
            What::Search { words } => list(&bank.search(&words.join(" ")), options.json),
            What::Show { question, sample } => show(find(&bank, &question)?, sample, options.json),
            What::Prove { questions, table } => {
                for name in &questions {
                    find(&bank, name)?;
                }
                return prove_all(&bank, &pack, &questions, table, options.json);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(questions: &[&Question], json: bool) {
    if json {
        println!("{}", json!(guide::Questions::of(questions)));
        return;
    }
    for question in questions {
        println!("{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", question.id, about(question));
        print_paragraph(&format!("  {}", question.prompt), "  ");
    }
    match questions.len() {
        0 => println!("no question is about that; all of them: hotseat questions list"),
        n => println!("\n{n} questions. Answer one: hotseat ask ID"),
    }
}

/// What kind of question it is, on one line.
pub(super) fn about(question: &Question) -> String {
    let guide = question.guide.map_or_else(String::new, |number| format!(" · no. {number} of the guide"));
    format!(
        "{} · {} · {} min · {}{guide}",
        question.kind.word(),
        question.level.word(),
        question.minutes,
        question.topics.join(", ")
    )
}

fn show(question: &Question, sample: bool, json: bool) {
    if json {
        println!("{}", json!(QuestionShown::new(question)));
        return;
    }
    print_paragraph(&format!("{BOLD}{}{BOLD:#}", question.prompt), "");
    print_paragraph(&format!("{DIM}{} · {}{DIM:#}", question.id, about(question)), "");
    for (title, text) in [
        ("Why interviewers ask", &question.why),
        ("What a strong answer covers", &question.covers),
        ("Tip", &question.tip),
    ] {
        println!("\n{BOLD}{title}{BOLD:#}");
        print_text(text);
    }
    println!("\n{BOLD}Follow-up questions{BOLD:#}");
    question.follow_ups.iter().for_each(|text| print_text(&format!("- {text}")));
    if sample {
        println!("\n{BOLD}Sample answer{BOLD:#}");
        print_text(&question.sample);
    } else {
        println!(
            "\n{DIM}Answer it: hotseat ask {0}. A sample answer: hotseat questions show {0} --sample{DIM:#}",
            question.id
        );
    }
    for drill in &question.drills {
        println!("{DIM}Do it: hotseat drill start {drill}{DIM:#}");
    }
}

fn prove_all(
    bank: &Bank,
    pack: &Pack,
    only: &[String],
    table: bool,
    json: bool,
) -> Result<ExitCode, Failure> {
    let wanted = |q: &&Question| {
        only.is_empty() || only.iter().any(|name| bank.question(name).is_some_and(|w| w.id == q.id))
    };
    let mut rows: Vec<Scored> = Vec::new();
    for question in bank.questions.iter().filter(wanted) {
        rows.extend(prove(bank, question, pack.folder())?);
    }
    let right = rows.iter().filter(|row| row.wrong.is_none()).count();
    if json {
        println!("{}", json!({ "schema": 1, "answers": rows, "right": right, "of": rows.len() }));
    } else if table {
        print_table(&rows);
    } else {
        rows.iter().for_each(print_row);
        let style = if right == rows.len() { GOOD } else { BAD };
        println!("\n{style}{right} of {}{style:#} answers are scored within the bars", rows.len());
    }
    Ok(ExitCode::from(u8::from(right != rows.len())))
}

fn print_row(row: &Scored) {
    let name = format!("{}/{}", row.question, row.answer);
    let gate = row.gated.map_or_else(String::new, |gate| format!("  {}", gate.in_words()));
    let found = format!("{} of {}", row.found, row.points);
    match &row.wrong {
        None => println!("{GOOD}right{GOOD:#} {name:<64} {:>3}  {found:<8}{gate}", row.score),
        Some(bar) => {
            println!("{BAD}WRONG{BAD:#} {name:<64} {:>3}  {found:<8}{gate}  must be {bar}", row.score)
        }
    }
}

/// One line a question: its answers, and the hostile one that got most.
fn print_table(rows: &[Scored]) {
    println!(
        "| question | strong | fair | weak | blind strong | blind fair | blind weak | points found, blind strong | hostile, highest |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for of_question in rows.chunk_by(|a, b| a.question == b.question) {
        let scores = |start: &str| {
            let found: Vec<String> = of_question
                .iter()
                .filter(|row| row.answer.starts_with(start))
                .map(|row| row.score.to_string())
                .collect();
            if found.is_empty() { "–".into() } else { found.join(", ") }
        };
        let points: Vec<String> = of_question
            .iter()
            .filter(|row| row.answer.starts_with("blind-strong"))
            .map(|row| format!("{} of {}", row.found, row.points))
            .collect();
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            of_question[0].question,
            scores("strong"),
            scores("fair"),
            scores("weak"),
            scores("blind-strong"),
            scores("blind-fair"),
            scores("blind-weak"),
            points.join(", "),
            of_question
                .iter()
                .filter(|row| row.answer.starts_with("hostile"))
                .map(|row| row.score)
                .max()
                .unwrap_or(0)
        );
    }
}
