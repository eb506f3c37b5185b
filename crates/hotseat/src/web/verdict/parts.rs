//! Parts of a verdict's page: claims, counterexamples, charts, and tables of values.

use judge::evidence::Rows;
use judge::sql::Value;
use judge::verdict::{COUNTEREXAMPLES_SHOWN, Figure, Finding, State, Verdict, shown};

use crate::charts::Chart;

/// A longer cell is cut, in characters.
const CELL_CHARS_MAX: usize = 300;

/// A claim as a line of the table.
pub(in crate::web) struct Claim {
    pub(in crate::web) state: &'static str,
    pub(in crate::web) check: String,
    pub(in crate::web) claim: String,
    pub(in crate::web) need: String,
    pub(in crate::web) got: String,
    pub(in crate::web) par: String,
    pub(in crate::web) unit: String,
    /// Why it is inconclusive.
    pub(in crate::web) why: Option<String>,
}

/// A broken claim with its smallest counterexamples.
pub(in crate::web) struct Broken {
    pub(in crate::web) check: String,
    pub(in crate::web) claim: String,
    pub(in crate::web) rows: Grid,
}

/// A claim of which today's checks say something else.
pub(in crate::web) struct Changed {
    pub(in crate::web) check: String,
    pub(in crate::web) before: String,
    pub(in crate::web) now: String,
}

/// A table of values.
pub(in crate::web) struct Grid {
    /// Each column's name, and whether it holds figures.
    pub(in crate::web) columns: Vec<(String, bool)>,
    /// Each cell, and whether it is a figure.
    pub(in crate::web) rows: Vec<Vec<(String, bool)>>,
    /// How many rows are not shown.
    pub(in crate::web) more: String,
}

/// A chart on a page.
pub(in crate::web) struct Shown {
    pub(in crate::web) name: String,
    pub(in crate::web) title: String,
    pub(in crate::web) caption: String,
    pub(in crate::web) svg: String,
    pub(in crate::web) rows: Grid,
    /// Whether it is the story of a counterexample.
    pub(in crate::web) is_story: bool,
}

impl Shown {
    pub(in crate::web) fn of(chart: &Chart) -> Shown {
        Shown {
            name: chart.name.clone(),
            title: chart.picture.title.clone(),
            caption: chart.caption.clone(),
            svg: chart.picture.inline(&format!("chart-{}", chart.name)),
            rows: grid(&chart.table, 200),
            is_story: chart.name == "timeline",
        }
    }
}

/// Values as a table of at most so many rows.
pub(in crate::web) fn grid(rows: &Rows, rows_max: usize) -> Grid {
    let number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
    let figures: Vec<bool> = (0..rows.columns.len())
        .map(|at| {
            let cells =
                || rows.rows.iter().filter_map(|row| row.get(at)).filter(|cell| **cell != Value::Null);
            cells().next().is_some() && cells().all(number)
        })
        .collect();
    let columns = rows.columns.iter().cloned().zip(figures.iter().copied()).collect();
    let row = |row: &Vec<Value>| row.iter().zip(&figures).map(|(it, figure)| (cell(it), *figure)).collect();
    let left = rows.rows.len().saturating_sub(rows_max) as u64 + rows.more;
    let more = if left > 0 { shown(&Value::Int(left as i64)) } else { String::new() };
    Grid { columns, rows: rows.rows.iter().take(rows_max).map(row).collect(), more }
}

/// A cell for people. Integers stand as they are, because they may be keys or years.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Int(number) => return number.to_string(),
        // Lines of a program's output stay lines.
        Value::Text(text) => {
            text.lines().map(|line| shown(&Value::Text(line.to_owned()))).collect::<Vec<_>>().join("\n")
        }
        other => shown(other),
    };
    match text.chars().count() <= CELL_CHARS_MAX {
        true => text,
        false => text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect(),
    }
}

pub(super) fn claims(findings: &[Finding]) -> Vec<Claim> {
    findings.iter().map(claim).collect()
}

fn claim(finding: &Finding) -> Claim {
    let (figure, why) = match &finding.state {
        State::Held(figure) | State::Broken { figure, .. } => (Some(figure), None),
        State::Inconclusive(why) => (None, Some(why.clone())),
    };
    let (need, got) = figure.map(need_and_got).unwrap_or_default();
    Claim {
        state: finding.state.word(),
        check: finding.check.clone(),
        claim: finding.claim.clone(),
        need: figure.map_or(String::new(), |it| format!("{} {need}", it.relation.words())),
        got,
        par: figure.and_then(|it| it.par.as_ref()).map_or(String::new(), shown),
        unit: figure.map_or(String::new(), |it| it.unit.clone()),
        why,
    }
}

/// Two decimals may hide why a claim is broken, as in "at most 3, got 3"; then all are shown.
fn need_and_got(it: &Figure) -> (String, String) {
    let (need, got) = (shown(&it.need), shown(&it.got));
    let exact = |value: &Value| match value {
        Value::Float(number) => number.to_string(),
        other => shown(other),
    };
    if need == got && it.need != it.got { (exact(&it.need), exact(&it.got)) } else { (need, got) }
}

pub(super) fn broken(findings: &[Finding]) -> Vec<Broken> {
    let broken = findings.iter().filter_map(|finding| match &finding.state {
        State::Broken { counterexamples, .. } => Some(Broken {
            check: finding.check.clone(),
            claim: finding.claim.clone(),
            rows: grid(counterexamples, COUNTEREXAMPLES_SHOWN),
        }),
        _ => None,
    });
    broken.collect()
}

/// What of a verdict is otherwise with today's checks.
pub(super) fn changes(before: &Verdict, now: &Verdict) -> Vec<Changed> {
    let told = |finding: Option<&Finding>| match finding.map(|it| (&it.state, claim(it))) {
        None => "not examined".to_owned(),
        Some((State::Inconclusive(why), _)) => format!("inconclusive: {why}"),
        Some((_, it)) => format!("{}: need {}, got {} {}", it.state, it.need, it.got, it.unit),
    };
    let all = before.findings.iter().chain(&now.findings).map(|it| &it.check);
    let mut seen: Vec<&String> = Vec::new();
    let mut changed = Vec::new();
    for check in all {
        if seen.contains(&check) {
            continue;
        }
        seen.push(check);
        let of = |verdict: &'_ Verdict| told(verdict.findings.iter().find(|it| it.check == *check));
        let (before, now) = (of(before), of(now));
        if before != now {
            changed.push(Changed { check: check.clone(), before, now });
        }
    }
    changed
}
