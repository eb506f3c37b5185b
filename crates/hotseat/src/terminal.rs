//! What people see: a progress bar, findings as they come, the verdict.

pub(crate) mod curl;
mod feedback;
mod load;
mod story;
pub(crate) mod timeline;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anstream::println;
use anstyle::{AnsiColor, Style};
use folder::numbered;
use indicatif::{ProgressBar, ProgressStyle};
use judge::bench::{Event, Watcher};
use judge::drill::Drill;
use judge::evidence::Reading;
use judge::verdict::{Finding, Ruling, State, Verdict};

use crate::charts;
pub(crate) use feedback::print_feedback;
pub(crate) use load::print_load;
pub(crate) use story::print_story;

/// A narrower terminal is left to break lines by itself.
const COLUMNS_MIN: usize = 20;
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default().bold();

/// Prints a paragraph; on a terminal its lines break between words, and all but the first are indented.
pub(crate) fn print_paragraph(text: &str, indent: &str) {
    let columns = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    match columns {
        Some(columns) => println!("{}", fill(text, columns, indent)),
        None => println!("{text}"),
    }
}

/// Prints Markdown as it is, its lines broken as [`print_paragraph`] does.
pub(crate) fn print_text(text: &str) {
    for line in text.lines() {
        let text = line.trim_start();
        let item = text.strip_prefix("- ").or_else(|| numbered(text)).unwrap_or(text);
        print_paragraph(line, &" ".repeat(line.len() - item.len()));
    }
}

fn fill(text: &str, columns: usize, indent: &str) -> String {
    let options = textwrap::Options::new(columns.max(COLUMNS_MIN)).subsequent_indent(indent);
    textwrap::fill(text, options)
}

/// Shows what goes on while a drill is judged or a server loaded. Clones write on the same bar.
#[derive(Clone)]
pub(crate) struct Live {
    bar: ProgressBar,
    /// Whether findings are printed as they come.
    findings: bool,
    doing: Arc<Mutex<String>>,
}

impl Live {
    /// With `findings`, each is printed as soon as it is there.
    pub(crate) fn new(findings: bool) -> Live {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Live { bar, findings, doing: Arc::default() }
    }

    /// Says what goes on now, before each of the bench's own words.
    pub(crate) fn doing(&self, what: impl Into<String>) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
        self.say("");
    }

    fn say(&self, what: &str) {
        let doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        let gap = if doing.is_empty() || what.is_empty() { "" } else { " · " };
        self.bar.set_message(format!("{doing}{gap}{what}"));
    }

    /// Prints without disturbing the bar.
    pub(crate) fn print(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Live {
    fn event(&self, event: Event<'_>) {
        match event {
            // Also without a terminal, or a pipe would seem to hang.
            Event::Waiting => self.bar.suspend(|| {
                anstream::eprintln!("waiting: another hotseat is judging on this bench");
            }),
            Event::Doing(what) => self.say(what),
            Event::Building { component } => {
                self.say(&format!("making the data of `{component}` (once for this version)"))
            }
            Event::Phase { name, number, of } => self.say(&format!("{number}/{of} {name}")),
            Event::Finding(finding) if self.findings => self.bar.suspend(|| print_finding(finding)),
            Event::Finding(_) | Event::Ended(_) | Event::Fault { .. } => {}
        }
    }
}

/// A finding with its smallest counterexamples.
pub(crate) fn print_finding(finding: &Finding) {
    let style = match finding.state {
        State::Held(_) => GOOD,
        State::Broken { .. } => BAD,
        State::Inconclusive(_) => UNSURE,
    };
    let lines = finding.lines();
    let word = finding.state.word();
    for (index, line) in lines.iter().enumerate() {
        match line.strip_prefix(word) {
            Some(rest) if index == 0 => {
                print_paragraph(&format!("{style}{word}{style:#}{rest}"), "        ");
            }
            _ => println!("{line}"),
        }
    }
}

/// The ruling, what was not reached, and what to do next.
pub(crate) fn print_ruling(verdict: &Verdict, repeat: &str) {
    let (style, word) = match verdict.ruling {
        Ruling::Pass => (GOOD, "PASS"),
        Ruling::Fail => (BAD, "FAIL"),
        Ruling::Void => (UNSURE, "VOID"),
    };
    let broken = verdict.broken();
    let told = match verdict.ruling {
        Ruling::Pass => format!("all {} claims hold", verdict.findings.len()),
        Ruling::Fail => format!("broken: {}", broken.join(", ")),
        Ruling::Void => {
            let why = verdict.why_void.as_deref().unwrap_or("the run could not be judged");
            format!("this run does not count, and it is not your fault: {why}")
        }
    };
    println!("\n{style}{word}{style:#} {} ({}): {told}", verdict.drill, verdict.level);
    if verdict.ruling == Ruling::Fail && !verdict.not_examined.is_empty() {
        println!("{DIM}not reached: {}{DIM:#}", verdict.not_examined.join(", "));
    }
    if let Some(evidence) = &verdict.evidence {
        println!("evidence  {}", evidence.display());
        let pictures = evidence.parent().map(charts::drawn).unwrap_or_default();
        if !pictures.is_empty() {
            println!("pictures  {}, beside it", pictures.join(", "));
        }
    }
    println!("seed      {}, repeat with: {repeat}", verdict.seed);
    println!(
        "{DIM}took {:.1} s, {:.1} s of it in what you handed in{DIM:#}",
        verdict.timing.total_ms as f64 / 1e3,
        verdict.timing.own_ms as f64 / 1e3
    );
}

/// The debrief, with the learner's own figures in it.
pub(crate) fn print_debrief(drill: &Drill, verdict: &Verdict, reading: &Reading) {
    match judge::debrief::fill(&drill.debrief, &verdict.findings, reading) {
        Ok(text) => {
            println!();
            print_text(text.trim());
        }
        Err(error) => println!("\n{DIM}the debrief cannot be shown: {error}{DIM:#}"),
    }
}
