//! Findings as lines for people. Without colour; whoever prints them adds it.

use super::{Figure, Finding, RUNS, State};
use crate::evidence::Rows;
use crate::sql::Value;

/// How many counterexamples are shown; they come smallest first, so these explain the most.
pub const COUNTEREXAMPLES_SHOWN: usize = 5;
/// The widest cell of a table, in characters.
const CELL_CHARS_MAX: usize = 60;

impl State {
    /// The word that a finding begins with.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            State::Held(_) => "held",
            State::Broken { .. } => "broken",
            State::Inconclusive(_) => "inconclusive",
        }
    }
}

impl Finding {
    /// The finding in one line that begins with [`State::word`] and, if it is broken, a table of
    /// its smallest counterexamples below.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (facts, examples) = match &self.state {
            State::Held(it) => (figure(it), Vec::new()),
            State::Broken { figure: it, counterexamples } => {
                (figure(it), examples(&self.check, counterexamples))
            }
            State::Inconclusive(why) => (clean(why), Vec::new()),
        };
        let headline = format!("{}  {}: {}  {facts}", self.state.word(), self.check, self.claim);
        let indented = examples.into_iter().map(|line| format!("  {line}"));
        std::iter::once(headline).chain(indented).collect()
    }
}

/// The smallest counterexamples as a table. What a program said last stands below it, because it has lines and
/// is wider than a cell.
fn examples(check: &str, rows: &Rows) -> Vec<String> {
    let message = rows.columns.iter().position(|name| name == "message");
    let is_of_a_program = check == RUNS && !rows.columns.iter().any(|name| name == "sqlstate");
    let Some(message) = message.filter(|_| is_of_a_program) else {
        return table(rows, COUNTEREXAMPLES_SHOWN);
    };
    let mut others = rows.clone();
    others.columns.remove(message);
    let said: Vec<Value> = others.rows.iter_mut().map(|row| row.remove(message)).collect();
    let said = said.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.lines().map(clean)),
        _ => None,
    });
    table(&others, COUNTEREXAMPLES_SHOWN).into_iter().chain(said.flatten()).collect()
}

/// `need at most 120, got 41, par 40 blocks`
pub(super) fn figure(it: &Figure) -> String {
    let (mut need, mut got) = (shown(&it.need), shown(&it.got));
    if need == got && it.need != it.got {
        // Two decimals hide why it is broken, as in "need at most 3, got 3".
        (need, got) = (plain(&it.need), plain(&it.got));
    }
    let par = it.par.as_ref().map(|par| format!(", par {}", shown(par))).unwrap_or_default();
    format!("need {} {need}, got {got}{par} {}", it.relation.words(), it.unit)
}

/// A value for people: 1,234,567 and at most two decimals; control characters made visible.
#[must_use]
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => grouped(&number.to_string()),
        Value::Float(number) => float(*number),
        Value::Text(text) => clean(text),
    }
}

/// An aligned table with its header, of at most `rows_max` rows; a last line counts the others.
/// Integers stand as they are, because here they may be keys or years.
#[must_use]
pub fn table(rows: &Rows, rows_max: usize) -> Vec<String> {
    let mut lines = vec![rows.columns.iter().map(|name| cut(&clean(name))).collect::<Vec<_>>()];
    for row in rows.rows.iter().take(rows_max) {
        lines.push(row.iter().map(|value| cut(&cell(value))).collect());
    }
    let widths: Vec<usize> = (0..rows.columns.len())
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|it| chars(it)).max().unwrap_or(0))
        .collect();
    let is_numeric: Vec<bool> = (0..rows.columns.len())
        .map(|column| rows.rows.iter().filter_map(|row| row.get(column)).all(is_number))
        .collect();
    let mut lines: Vec<String> = lines.iter().map(|line| aligned(line, &widths, &is_numeric)).collect();
    let left = rows.rows.len().saturating_sub(rows_max) as u64 + rows.more;
    if left > 0 {
        lines.push(format!("… and {} more", grouped(&left.to_string())));
    }
    lines
}

/// The rows as one line of text: what is missing, in a check's words.
pub(super) fn joined(rows: &Rows) -> String {
    let line = |row: &Vec<Value>| row.iter().map(cell).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = rows.rows.iter().take(COUNTEREXAMPLES_SHOWN).map(line).collect();
    let left = (rows.rows.len() - lines.len()) as u64 + rows.more;
    let more = if left > 0 { format!("; and {} more", grouped(&left.to_string())) } else { String::new() };
    lines.join("; ") + &more
}

fn aligned(cells: &[String], widths: &[usize], is_numeric: &[bool]) -> String {
    let mut line = String::new();
    for ((cell, width), is_numeric) in cells.iter().zip(widths).zip(is_numeric) {
        let pad = " ".repeat(width - chars(cell));
        let (before, after) = if *is_numeric { (pad.as_str(), "") } else { ("", pad.as_str()) };
        line.push_str(&format!("{before}{cell}{after}  "));
    }
    line.trim_end().to_owned()
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Null)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        other => shown(other),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Float(number) => number.to_string(),
        other => shown(other),
    }
}

fn float(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e15 {
        return number.to_string();
    }
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    match decimals {
        Some(decimals) => format!("{}.{decimals}", grouped(whole)),
        None if whole == "-0" => "0".into(),
        None => grouped(whole),
    }
}

/// Groups the digits of an integer by three.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a learner's row says must not move the cursor of a terminal.
fn clean(text: &str) -> String {
    let visible =
        |it: char| it.is_control() || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().fold(String::with_capacity(text.len()), |mut line, it| {
        if visible(it) {
            line.extend(it.escape_default())
        } else {
            line.push(it)
        }
        line
    })
}

fn cut(text: &str) -> String {
    if chars(text) <= CELL_CHARS_MAX {
        return text.into();
    }
    text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
}

fn chars(text: &str) -> usize {
    text.chars().count()
}
