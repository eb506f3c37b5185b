//! After the findings: what happened to the first counterexample that has a story, and how to send it again.

use std::path::Path;

use anstream::println;
use judge::history::History;
use judge::verdict::Finding;

use super::{BAD, BOLD, DIM, curl, timeline};

/// The width where there is no terminal.
const COLUMNS: usize = 80;
/// A ladder and its words need so much.
const COLUMNS_MIN: usize = 60;

/// Prints the history of a run with what is broken in it, if it has one.
pub(crate) fn print_story(findings: &[Finding], dir: &Path) {
    let Ok(reading) = judge::open_run(dir) else { return };
    match History::first(findings, &reading) {
        Ok(Some((finding, history))) => print_history(finding, &history, dir),
        Ok(None) => {}
        Err(error) => println!("\n{DIM}what happened cannot be shown: {error}{DIM:#}"),
    }
}

fn print_history(finding: &Finding, history: &History, dir: &Path) {
    let of = judge::verdict::shown(&judge::sql::Value::Text(history.of.clone()));
    println!("\n{BOLD}what happened to {of}{BOLD:#} ({})", finding.check);
    let columns = console::Term::stdout().size_checked().map_or(COLUMNS, |(_, columns)| usize::from(columns));
    for line in timeline::lines(history, columns.max(COLUMNS_MIN)) {
        println!("{}", coloured(&line));
    }
    println!("\n{BOLD}its first request, to send to your own service{BOLD:#}");
    for line in curl::lines(&history.request, &dir.join(judge::EVIDENCE_FILE)) {
        println!("{line}");
    }
}

fn coloured(line: &str) -> String {
    line.replace(timeline::CUT, &format!("{BAD}{}{BAD:#}", timeline::CUT))
}
