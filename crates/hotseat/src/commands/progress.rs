use std::process::ExitCode;

use anstream::println;
use clap::Args;
use judge::verdict::Ruling;
use serde::Serialize;
use study::question::Question;
use study::store::Score;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD};

/// A band is drawn over so many of the last answers.
const BAND: u32 = 5;
/// With fewer answers there is no band: one score says little.
const BAND_MIN: usize = 3;

/// Show where you stand: bands over your last answers, your estimates against them, drills passed
#[derive(Debug, Args)]
pub(crate) struct Progress {}

#[derive(Serialize)]
struct Standing {
    question: String,
    answers: u64,
    /// The lowest, the middle and the highest score of the last answers; null below three of them.
    band: Option<[u8; 3]>,
    /// How far estimates lay above the scores, on average; null without any.
    estimate_gap: Option<f64>,
}

#[derive(Serialize)]
struct Drill {
    drill: String,
    tries: usize,
    levels_passed: Vec<String>,
    hints_used: u32,
}

impl Progress {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let mut standings = Vec::new();
        for answered in learner.store.questions_answered().await? {
            let scores = learner.store.scores(&answered.question, BAND).await?;
            standings.push(Standing {
                band: band(&scores),
                estimate_gap: gap(&scores),
                answers: answered.answers,
                question: answered.question,
            });
        }
        let mut drills = Vec::new();
        for name in pack.drills() {
            let attempts = learner.store.drill_attempts(&name).await?;
            let passed = attempts.iter().filter(|attempt| attempt.ruling.word() == Ruling::Pass.word());
            let mut levels_passed: Vec<String> = passed.map(|attempt| attempt.level.clone()).collect();
            levels_passed.sort();
            levels_passed.dedup();
            drills.push(Drill {
                tries: attempts.len(),
                levels_passed,
                hints_used: attempts.iter().map(|attempt| attempt.hints_used).max().unwrap_or(0),
                drill: name,
            });
        }
        learner.store.close().await;
        if options.json {
            println!("{}", serde_json::json!({ "schema": 1, "questions": standings, "drills": drills }));
            return Ok(ExitCode::SUCCESS);
        }
        print(&standings, &drills, &|id| bank.question(id));
        Ok(ExitCode::SUCCESS)
    }
}

fn band(scores: &[Score]) -> Option<[u8; 3]> {
    let mut points: Vec<u8> = scores.iter().map(|score| score.score).collect();
    points.sort_unstable();
    (points.len() >= BAND_MIN).then(|| [points[0], points[points.len() / 2], points[points.len() - 1]])
}

fn gap(scores: &[Score]) -> Option<f64> {
    let gaps: Vec<f64> =
        scores.iter().filter_map(|score| Some(f64::from(score.estimate?) - f64::from(score.score))).collect();
    (!gaps.is_empty()).then(|| (gaps.iter().sum::<f64>() / gaps.len() as f64 * 10.0).round() / 10.0)
}

fn print<'q>(standings: &[Standing], drills: &[Drill], known: &dyn Fn(&str) -> Option<&'q Question>) {
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
