//! The evidence of a stored run, to look into: its tables, and queries that only read.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use judge::evidence::{CONTRACT_SQL, EvidenceError, ROWS_MAX, Reading, Rows};
use judge::sql::Value;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;

/// A query may take so long.
pub(crate) const QUERY_LIMIT: Duration = Duration::from_secs(5);
/// A query may be so long, in characters.
pub(crate) const QUERY_CHARS_MAX: usize = 20_000;

/// So many rows of a table are looked at beforehand.
const FIRST_ROWS: usize = 3;

/// The tables of a run's evidence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tables {
    /// The version of this shape.
    pub schema: u32,
    pub run: String,
    /// Whether the reference's evidence lies beside it, as `par`.
    pub has_par: bool,
    pub tables: Vec<Table>,
}

/// A table of the evidence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvidenceTable)]
pub(crate) struct Table {
    pub name: String,
    pub kind: TableKind,
    /// What a row of it is, in a sentence.
    pub about: String,
    /// Null for a view: nobody counts it before it is asked.
    pub rows: Option<u64>,
    pub columns: Vec<String>,
    /// Its first rows, for the page.
    #[serde(skip)]
    #[schema(ignore)]
    pub first: Rows,
}

/// What a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EvidenceTableKind)]
pub(crate) enum TableKind {
    /// Every run has it.
    Contract,
    /// Made of other tables.
    View,
    /// A parameter set or a probe of this drill.
    Drill,
}

/// What a query over evidence has answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EvidenceAnswer)]
pub(crate) struct Answered {
    /// The version of this shape.
    pub schema: u32,
    pub columns: Vec<String>,
    /// In the order of the columns: numbers, texts, nulls.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    #[serde(serialize_with = "as_json")]
    pub rows: Vec<Vec<Value>>,
    /// How many more rows there are.
    pub more: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl TableKind {
    /// The word for people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            TableKind::Contract => "in every run",
            TableKind::View => "view",
            TableKind::Drill => "of this drill",
        }
    }
}

/// Lists what a run has written.
pub(crate) fn tables(run: &str, dir: &Path) -> Result<Tables, Failure> {
    let reading = open(dir)?.for_at_most(QUERY_LIMIT);
    let ask = |sql: &str| reading.query(sql).map_err(told);
    let about = abouts();
    let listed =
        ask("SELECT name, type FROM main.sqlite_schema WHERE type IN ('table', 'view') ORDER BY rowid")?;
    let mut tables = Vec::new();
    for row in &listed.rows {
        let [Value::Text(name), Value::Text(kind)] = &row[..] else { continue };
        let quoted = format!("main.\"{}\"", name.replace('"', "\"\""));
        let kind = match (about.contains_key(name), &**kind) {
            (_, "view") => TableKind::View,
            (true, _) => TableKind::Contract,
            (false, _) => TableKind::Drill,
        };
        let columns = reading.columns(&format!("SELECT * FROM {quoted}")).map_err(told)?;
        let rows = match kind {
            TableKind::View => None,
            _ => {
                match ask(&format!("SELECT count(*) FROM {quoted}"))?.rows.first().and_then(|row| row.first())
                {
                    Some(Value::Int(n)) => u64::try_from(*n).ok(),
                    _ => None,
                }
            }
        };
        let about = about.get(name).cloned().unwrap_or_else(|| of_drill(&columns));
        let first = match kind {
            TableKind::View => Rows::default(),
            _ => ask(&format!("SELECT * FROM {quoted} LIMIT {FIRST_ROWS}"))?,
        };
        tables.push(Table { name: name.clone(), kind, about, rows, columns, first });
    }
    let has_par = dir.join(judge::PAR_FILE).exists();
    Ok(Tables { schema: 1, run: run.to_owned(), has_par, tables })
}

/// Asks one query, which only reads.
pub(crate) fn query(dir: &Path, sql: &str, rows_max: usize) -> Result<Answered, Failure> {
    if sql.chars().nth(QUERY_CHARS_MAX).is_some() {
        return Err(Failure::usage(format!("a query has at most {QUERY_CHARS_MAX} characters")));
    }
    let reading = open(dir)?.for_at_most(QUERY_LIMIT).handing_out(rows_max.min(ROWS_MAX * 100));
    let began = Instant::now();
    let answer = reading.query(sql).map_err(told)?;
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Answered { schema: 1, columns: answer.columns, rows: answer.rows, more: answer.more, took_ms })
}

impl Answered {
    /// What was answered, without how long it took.
    pub(crate) fn into_rows(self) -> Rows {
        Rows { columns: self.columns, rows: self.rows, more: self.more }
    }
}

fn as_json<S: serde::Serializer>(rows: &[Vec<Value>], to: S) -> Result<S::Ok, S::Error> {
    let json = |row: &Vec<Value>| row.iter().cloned().map(judge::verdict::to_json).collect::<Vec<_>>();
    to.collect_seq(rows.iter().map(json))
}

fn open(dir: &Path) -> Result<Reading, Failure> {
    judge::open_run(dir).map_err(told)
}

/// Everything that can be wrong with a query, or with an old file, is for who asks.
pub(crate) fn told(error: EvidenceError) -> Failure {
    match error {
        EvidenceError::Sql { .. } => Failure::usage(error).hint("the tables and their columns stand below"),
        error => Failure::usage(error),
    }
}

fn of_drill(columns: &[String]) -> String {
    let probe = columns.iter().any(|name| name == "phase") && columns.iter().any(|name| name == "row");
    match probe {
        true => "A probe of this drill: what it read, by phase and component.".to_owned(),
        false => "A parameter set of this drill: one row for each time that something runs.".to_owned(),
    }
}

/// What the contract's comments say of each of its tables and views.
fn abouts() -> BTreeMap<String, String> {
    let mut abouts = BTreeMap::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in CONTRACT_SQL.lines() {
        if let Some(text) = line.strip_prefix("--") {
            comment.push(text.trim());
            continue;
        }
        let created = ["CREATE TABLE ", "CREATE VIEW "].into_iter().find_map(|word| line.strip_prefix(word));
        if let Some(name) = created.and_then(|rest| rest.split([' ', '(']).next()) {
            abouts.insert(name.to_owned(), comment.join(" "));
        }
        comment.clear();
    }
    abouts
}

/// An answer as comma-separated values, after RFC 4180.
pub(crate) fn csv(answer: &Answered) -> String {
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Text(text) => field(text),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
    };
    let names: Vec<String> = answer.columns.iter().map(|name| field(name)).collect();
    let rows = answer.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(","));
    std::iter::once(names.join(",")).chain(rows).map(|line| line + "\r\n").collect()
}

fn field(text: &str) -> String {
    match text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_the_contract_is_explained() {
        let abouts = abouts();
        let created = CONTRACT_SQL.lines().filter(|line| line.starts_with("CREATE ")).count();
        assert_eq!(abouts.len(), created);
        assert!(abouts.values().all(|about| about.len() > 20), "{abouts:?}");
    }

    #[test]
    fn cells_of_a_csv_stay_cells() {
        let text = |text: &str| Value::Text(text.to_owned());
        let row = vec![text("a,b"), text("say \"no\"\nor not"), Value::Null, Value::Int(7), text("")];
        let columns = ["a", "b\"c", "d", "e", "f"].map(str::to_owned).to_vec();
        let answer = Answered { schema: 1, columns, rows: vec![row], more: 0, took_ms: 1 };
        assert_eq!(csv(&answer), "a,\"b\"\"c\",d,e,f\r\n\"a,b\",\"say \"\"no\"\"\nor not\",,7,\"\"\r\n");
    }
}
