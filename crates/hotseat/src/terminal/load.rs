//! What a load came to, for people.

use anstream::println;
use load::{Report, Text};

use super::{BAD, BOLD, UNSURE, print_paragraph};

/// Prints what was asked for and what was measured.
pub(crate) fn print_load(title: &str, report: &Report) {
    print_paragraph(&format!("{BOLD}{title}{BOLD:#}\n"), "  ");
    for line in Text(report).to_string().lines() {
        let style = match line.split_whitespace().next() {
            Some("VOID:") => UNSURE,
            Some("failed") if report.failed() > 0 => BAD,
            Some("p99") => BOLD,
            _ => {
                println!("{line}");
                continue;
            }
        };
        let word = line.find(' ').unwrap_or(line.len());
        println!("{style}{}{style:#}{}", &line[..word], &line[word..]);
    }
    println!();
}
