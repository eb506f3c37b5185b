//! Rows of the evidence, by the names of their columns; and texts and figures as charts print them.

use judge::evidence::{EvidenceError, Reading, Rows};
use judge::sql::Value;
use judge::verdict::shown;

/// No chart has more cells than this; SQL adds up what would be more.
const CELLS_MAX: usize = 100_000;

/// What a query has answered.
pub(super) struct Facts(Rows);

/// One row of it.
#[derive(Clone, Copy)]
pub(super) struct Fact<'f> {
    columns: &'f [String],
    row: &'f [Value],
}

impl Facts {
    /// Asks a query. A table that this run has not written has no rows.
    pub(super) fn ask(reading: &Reading, sql: &str) -> Result<Facts, EvidenceError> {
        match reading.query(sql) {
            Ok(rows) => Ok(Facts(rows)),
            Err(EvidenceError::Sql { message, .. }) if message.starts_with("no such ") => {
                Ok(Facts(Rows::default()))
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Fact<'_>> {
        self.0.rows.iter().map(|row| Fact { columns: &self.0.columns, row })
    }

    pub(super) fn first(&self) -> Option<Fact<'_>> {
        self.iter().next()
    }
}

impl Fact<'_> {
    fn cell(&self, name: &str) -> Option<&Value> {
        self.row.get(self.columns.iter().position(|column| column == name)?)
    }

    /// An integer; none if it is null or no number.
    pub(super) fn maybe(&self, name: &str) -> Option<i64> {
        match self.cell(name)? {
            Value::Int(number) => Some(*number),
            Value::Float(number) => Some(*number as i64),
            _ => None,
        }
    }

    pub(super) fn int(&self, name: &str) -> i64 {
        self.maybe(name).unwrap_or(0)
    }

    /// A text; other values as they are shown, null as nothing.
    pub(super) fn text(&self, name: &str) -> String {
        match self.cell(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Int(number)) => number.to_string(),
            Some(other) => shown(other),
        }
    }
}

/// The tables that a run has written besides the contract's and that have these columns.
pub(super) fn tables_with(reading: &Reading, columns: &[&str]) -> Result<Vec<String>, EvidenceError> {
    let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table'
               UNION SELECT name FROM par.sqlite_schema WHERE type = 'table' ORDER BY 1";
    let names: Vec<String> = Facts::ask(reading, sql)?.iter().map(|it| it.text("name")).collect();
    let has = |name: &String| {
        ["main", "par"].iter().any(|side| {
            let asked = reading.columns(&format!("SELECT * FROM {side}.{}", quoted(name)));
            asked.is_ok_and(|found| columns.iter().all(|it| found.iter().any(|column| column == it)))
        })
    };
    Ok(names.into_iter().filter(has).collect())
}

/// A reading that hands out as many rows as a chart may have cells.
pub(super) fn wide(reading: Reading) -> Reading {
    reading.handing_out(CELLS_MAX)
}

/// A name as SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
}

/// A text as SQL. A NUL would end it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

/// `1,234,567`
pub(super) fn figure(number: i64) -> String {
    shown(&Value::Int(number))
}

/// A cell of the table behind a chart.
pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// The table behind a chart.
pub(super) fn table(columns: &[&str], rows: Vec<Vec<Value>>) -> Rows {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Rows { columns, rows, more: 0 }
}

/// 1, 2 or 5 with noughts, so that a scale up to `highest` has at most so many steps.
pub(super) fn step(highest: i64, steps_max: i64) -> i64 {
    round_step(highest as f64, steps_max as f64).max(1.0) as i64
}

/// The smallest of 1, 2 and 5 times a power of ten of which at most `steps_max` lie within `span`.
pub(super) fn round_step(span: f64, steps_max: f64) -> f64 {
    let least = span / steps_max;
    let power = 10_f64.powi(least.log10().floor() as i32);
    let steps = [1.0, 2.0, 5.0].map(|digit| digit * power);
    steps.into_iter().find(|step| *step >= least).unwrap_or(10.0 * power)
}
