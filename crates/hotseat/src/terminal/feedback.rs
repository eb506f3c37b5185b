//! Feedback on an answer, as people read it.

use anstream::println;
use study::feedback::{Feedback, Part, PointFound, State};

use super::{BAD, BOLD, DIM, GOOD, UNSURE, print_paragraph};
use crate::use_cases::asking::length;

/// As wide as what [`mark`] gives, with a blank.
const HANG: &str = "       ";

/// The answer with the words that earned something, then what they earned and what is missing.
pub(crate) fn print_feedback(feedback: &Feedback, answer: &str) {
    println!();
    marked(answer, &feedback.points).lines().for_each(|line| print_paragraph(line, ""));
    println!();
    match feedback.why_gated.as_deref().zip(feedback.gated) {
        Some((why, gate)) => {
            print_paragraph(&format!("{BAD}0 of 100{BAD:#} {}: {why}", gate.in_words()), "");
        }
        None => println!("{BOLD}{} of 100{BOLD:#}", feedback.score),
    }
    println!("{DIM}{}{DIM:#}\n", length(feedback));
    if feedback.gated.is_none() {
        feedback.points.iter().for_each(|point| print_point(point, answer));
        println!("\n{BOLD}How it is told{BOLD:#}");
        feedback.structure.iter().for_each(print_part);
        print_level(feedback);
    }
    println!("\n{BOLD}What an interviewer would ask now{BOLD:#}");
    feedback.followups.iter().for_each(|question| print_item(question));
}

fn print_item(text: &str) {
    print_paragraph(&format!("- {text}"), "  ");
}

fn mark(state: State) -> String {
    match state {
        State::Met => format!("{GOOD}met   {GOOD:#}"),
        State::Partly => format!("{UNSURE}partly{UNSURE:#}"),
        State::Missed => format!("{BAD}missed{BAD:#}"),
    }
}

fn print_point(point: &PointFound, answer: &str) {
    print_paragraph(&format!("{} {}", mark(point.state), point.says), HANG);
    if point.state == State::Partly {
        let said: Vec<String> = point
            .quotes
            .iter()
            .map(|[start, end]| answer.chars().skip(*start).take(end - start).collect())
            .collect();
        print_paragraph(&format!("{HANG}{DIM}you said: {}{DIM:#}", said.join(" … ")), HANG);
    }
}

fn print_part(part: &Part) {
    print_paragraph(&format!("{} {}", mark(part.state), part.says), HANG);
    if let Some(advice) = &part.advice {
        print_paragraph(&format!("{HANG}{DIM}{advice}{DIM:#}"), HANG);
    }
}

fn print_level(feedback: &Feedback) {
    let level = feedback.level.map_or("below junior", |level| level.word());
    println!("\n{BOLD}Level: {level}{BOLD:#}");
    if !feedback.lacks.is_empty() {
        println!("For the next one it lacks:");
        feedback.lacks.iter().for_each(|lack| print_item(lack));
    }
}

/// The answer, with the words that earned something in bold green.
fn marked(answer: &str, points: &[PointFound]) -> String {
    let mut ranges: Vec<[usize; 2]> = points.iter().flat_map(|point| point.quotes.iter().copied()).collect();
    ranges.sort_unstable();
    let mut text = String::new();
    let mut inside = false;
    for (at, c) in answer.trim_end().chars().enumerate() {
        let earned = ranges.iter().any(|[start, end]| (*start..*end).contains(&at));
        if earned != inside {
            text.push_str(&if earned { format!("{GOOD}") } else { format!("{GOOD:#}") });
            inside = earned;
        }
        // What an answer holds must not steer the terminal.
        text.push(if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c });
    }
    if inside {
        text.push_str(&format!("{GOOD:#}"));
    }
    text
}
