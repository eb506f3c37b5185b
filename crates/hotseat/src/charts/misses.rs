//! Counterexamples that say both what was due and what came, as pairs of points.

use judge::evidence::Rows;
use judge::sql::Value;
use judge::verdict::{Finding, State, shown};

use super::Chart;
use super::facts::{round_step, table};
use super::svg::{Svg, short};

const WIDTH: f64 = 1000.0;
const ROW: f64 = 26.0;
const LEFT: f64 = 350.0;
const SCALE: f64 = 500.0;
const TOP: f64 = 80.0;
/// The smallest counterexamples explain the most.
const ROWS_MAX: usize = 12;
/// What was due, by the names that checks give it.
const DUE: [&str; 3] = ["expected", "allowed", "need"];

/// There is one for the first broken claim whose counterexamples have `got` and what was due as numbers.
pub(super) fn chart(findings: &[Finding]) -> Option<Chart> {
    findings.iter().find_map(|finding| {
        let State::Broken { counterexamples, .. } = &finding.state else { return None };
        let place = |name: &str| counterexamples.columns.iter().position(|it| it == name);
        let (got, due) = (place("got")?, DUE.iter().find_map(|name| place(name))?);
        let rows: Vec<(String, f64, f64)> = counterexamples
            .rows
            .iter()
            .take(ROWS_MAX)
            .filter_map(|row| Some((label(row, &[got, due]), number(row.get(due)?)?, number(row.get(got)?)?)))
            .collect();
        (!rows.is_empty()).then(|| draw(finding, counterexamples, &counterexamples.columns[due], &rows))
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) if number.is_finite() => Some(*number),
        _ => None,
    }
}

/// The row's other cells, in a few words.
fn label(row: &[Value], without: &[usize]) -> String {
    let others = row.iter().enumerate().filter(|(at, value)| !without.contains(at) && **value != Value::Null);
    others
        .map(|(_, value)| match value {
            Value::Int(number) => number.to_string(),
            other => shown(other),
        })
        .collect::<Vec<_>>()
        .join(" · ")
}

/// `+1,234`
fn signed(number: f64) -> String {
    let shown = shown(&Value::Float(number));
    if number > 0.0 { format!("+{shown}") } else { shown }
}

/// Round values between these two, three or more of them.
pub(super) fn marks(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let step = round_step(high - low, 8.0);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).map(move |number| number as f64 * step)
}

fn draw(finding: &Finding, all: &Rows, due: &str, rows: &[(String, f64, f64)]) -> Chart {
    let title = format!("{}: {due} and got", finding.check);
    let told = rows.iter().map(|(label, due_at, got)| format!("{label}: {due} {due_at}, got {got}"));
    let about = format!("{}.", told.collect::<Vec<_>>().join("; "));
    let mut svg = Svg::new(WIDTH, TOP + ROW * rows.len() as f64 + 26.0, &title, &about);
    svg.text((16.0, 26.0), "head", &title);
    svg.circle((24.0, 48.0), 5.0, "a open");
    svg.text((36.0, 52.0), "", due);
    svg.circle((124.0, 48.0), 5.0, "d");
    svg.text((136.0, 52.0), "", "got");
    let values = || rows.iter().flat_map(|(_, due, got)| [*due, *got]);
    let low = values().fold(0.0_f64, f64::min);
    let high = values().fold(low + 1.0, f64::max);
    let x = |value: f64| LEFT + SCALE * (value - low) / (high - low);
    let floor = TOP + ROW * rows.len() as f64;
    for value in marks(low, high) {
        svg.line((x(value), TOP - 6.0), (x(value), floor), "grid");
        svg.text((x(value), floor + 16.0), "small mid", &shown(&Value::Float(value)));
    }
    for (index, (label, due, got)) in rows.iter().enumerate() {
        let y = TOP + ROW * index as f64 + 8.0;
        svg.text((LEFT - 16.0, y + 4.0), "small end", &short(label, 50));
        svg.line((x(*due), y), (x(*got), y), "d thick");
        svg.circle((x(*due), y), 5.0, "a open");
        svg.circle((x(*got), y), 5.0, "d");
        svg.text((x(due.max(*got)) + 12.0, y + 4.0), "small", &signed(got - due));
    }
    let left = all.rows.len() as u64 + all.more - rows.len() as u64;
    let more = if left > 0 { format!(" {left} more are not drawn.") } else { String::new() };
    let columns: Vec<&str> = all.columns.iter().map(String::as_str).collect();
    Chart {
        name: "misses".to_owned(),
        caption: format!("{} The smallest counterexamples first.{more}", finding.claim),
        picture: svg.finish(),
        table: table(&columns, all.rows.iter().take(ROWS_MAX).cloned().collect()),
    }
}
