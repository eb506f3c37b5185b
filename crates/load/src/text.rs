//! The report as text for a terminal of 80 columns.

use std::fmt;

use crate::{Percentiles, Report, Second};

/// Displays a report: what was offered and answered, latency beside service time, failures, and how it went over
/// time. No colour; at most 80 columns.
pub struct Text<'a>(pub &'a Report);

const COLUMNS: usize = 80;
/// Lines of the chart; longer runs have several seconds in a line.
const CHART_LINES: usize = 20;

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        if let Some(why) = report.fell_behind() {
            wrapped(f, &format!("VOID: {why}"))?;
            writeln!(f)?;
        }
        counts(f, report)?;
        writeln!(f)?;
        times(f, report)?;
        writeln!(f)?;
        generator(f, report)?;
        chart(f, &report.seconds)
    }
}

fn counts(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let rate = |per_s: f64| format!("{} a second", thousands(per_s.round() as u64));
    let line = |f: &mut fmt::Formatter<'_>, name: &str, count: u64, note: &str| {
        writeln!(f, "{}", format!("{name:<10}{:>12}   {note}", thousands(count)).trim_end())
    };
    let kind = if report.open_loop { "on schedule" } else { "each client after its last answer" };
    let offered = format!("{}, {kind}", rate(report.offered_per_s));
    line(f, "offered", report.offered, &offered)?;
    line(f, "answered", report.answered, &rate(report.answered_per_s))?;
    let failures = report.failures.iter().map(|(kind, count)| (kind.name().to_owned(), *count));
    let errors = report.statuses.range(500..).map(|(status, count)| (format!("status {status}"), *count));
    let mut kinds: Vec<(String, u64)> = failures.chain(errors).collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    line(f, "failed", report.failed(), &list(&kinds))?;
    let outcomes = report.outcomes;
    if outcomes.refused + outcomes.unknown > 0 {
        line(f, "", outcomes.refused, "of them certainly never reached the server")?;
        line(f, "", outcomes.unknown, "of them may have had their effect")?;
    }
    let statuses: Vec<(String, u64)> =
        report.statuses.iter().map(|(status, count)| (status.to_string(), *count)).collect();
    if !statuses.is_empty() {
        writeln!(f, "{:<25}{}", "statuses", list(&statuses))?;
    }
    if report.stopped {
        writeln!(f, "The run was stopped after {}.", time(Some(report.elapsed_us)))?;
    }
    if report.requests_ran_out {
        writeln!(f, "The requests ran out after {}.", time(Some(report.elapsed_us)))?;
    }
    Ok(())
}

/// The first few by name; a line has no room for all.
fn list(kinds: &[(String, u64)]) -> String {
    let shown = |(name, count): &(String, u64)| format!("{name} {}", thousands(*count));
    let mut text = String::new();
    for (at, kind) in kinds.iter().enumerate() {
        let next = shown(kind);
        if text.chars().count() + next.chars().count() > 40 {
            return format!("{text} and {} more", kinds.len() - at);
        }
        text = if text.is_empty() { next } else { format!("{text} · {next}") };
    }
    text
}

fn times(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    writeln!(f, "{:<10}{:>12}{:>14}", "", "latency", "service")?;
    let rows = |times: &Percentiles| [times.p50_us, times.p90_us, times.p99_us, times.p999_us, times.max_us];
    let names = ["p50", "p90", "p99", "p99.9", "slowest"];
    let notes = [
        "latency: from the scheduled start",
        "service: from the actual start",
        "failures count as slower than all",
        "",
        "of those answered",
    ];
    let rows = rows(&report.latency).into_iter().zip(rows(&report.service));
    for ((name, (latency, service)), note) in names.iter().zip(rows).zip(notes) {
        let (latency, service) = (time(latency), time(service));
        writeln!(f, "{}", format!("{name:<10}{latency:>12}{service:>14}    {note}").trim_end())?;
    }
    Ok(())
}

fn generator(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    if report.open_loop {
        writeln!(
            f,
            "generator {:>12}   its own lag, p99; at most {}, allowed {}",
            time(report.lag.p99_us),
            time(report.lag.max_us),
            time(Some(report.lag_max_us))
        )?;
    }
    let busy = format!("{:.0} %", report.busy_share * 100.0);
    writeln!(f, "{:<10}{busy:>12}   of the time busy", if report.open_loop { "" } else { "generator" })?;
    let opened = thousands(report.connections_opened);
    writeln!(f, "{:<10}{opened:>12}   connections, at most {} at once", "", report.connections_peak)?;
    if report.waited > 0 {
        let waited = thousands(report.waited);
        writeln!(f, "{:<10}{waited:>12}   had to wait for a connection; latency counts it", "")?;
    }
    if report.surplus_answers > 0 {
        let surplus = thousands(report.surplus_answers);
        writeln!(f, "{:<10}{surplus:>12}   answers were followed by bytes nobody asked for", "")?;
    }
    Ok(())
}

/// p99 over time, with a bar; several seconds share a line by their worst.
fn chart(f: &mut fmt::Formatter<'_>, seconds: &[Second]) -> fmt::Result {
    if seconds.len() < 2 {
        return Ok(());
    }
    let per_line = seconds.len().div_ceil(CHART_LINES);
    let lines: Vec<Second> = seconds.chunks(per_line).map(worst).collect();
    let most_us = lines.iter().filter_map(|line| line.p99_us).max().unwrap_or_default().max(1);
    writeln!(f, "\n{:>8}{:>13}{:>13}{:>12}", "at", "offered", "failed", "p99")?;
    for line in lines {
        let room = COLUMNS - 49;
        let bar = match line.p99_us {
            Some(p99_us) => "█".repeat((p99_us as f64 / most_us as f64 * room as f64).round() as usize),
            // No percentile: too many had no answer, or there was nothing to answer.
            None if line.offered > 0 => "×".repeat(room),
            None => String::new(),
        };
        let at = format!("{} s", line.second);
        let (offered, failed) = (thousands(line.offered), thousands(line.failed));
        let p99 = if line.offered > 0 { time(line.p99_us) } else { String::new() };
        writeln!(f, "{}", format!("{at:>8}{offered:>13}{failed:>13}{p99:>12}   {bar}").trim_end())?;
    }
    Ok(())
}

fn worst(seconds: &[Second]) -> Second {
    let mut sum = seconds.first().copied().unwrap_or_default();
    for next in seconds.iter().skip(1) {
        let none_of = |second: &Second| second.offered > 0 && second.p99_us.is_none();
        let p99_us = if none_of(&sum) || none_of(next) { None } else { sum.p99_us.max(next.p99_us) };
        sum = Second {
            offered: sum.offered + next.offered,
            failed: sum.failed + next.failed,
            p50_us: sum.p50_us.max(next.p50_us),
            p99_us,
            ..sum
        };
    }
    sum
}

fn time(us: Option<u64>) -> String {
    match us {
        None => "no answer".to_owned(),
        Some(us @ 0..1_000) => format!("{us} µs"),
        Some(us @ 1_000..1_000_000) => format!("{:.2} ms", us as f64 / 1e3),
        Some(us) => format!("{:.2} s", us as f64 / 1e6),
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn wrapped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > COLUMNS {
            writeln!(f)?;
            column = 0;
        } else if column > 0 {
            write!(f, " ")?;
            column += 1;
        }
        write!(f, "{word}")?;
        column += length;
    }
    writeln!(f)
}
