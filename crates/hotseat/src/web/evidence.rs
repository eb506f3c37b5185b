//! The evidence of a run: its tables, and a box for queries over them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::App;
use super::page::{Frame, Page, render};
use super::verdict::{Grid, grid, stored};
use crate::failure::Failure;
use crate::use_cases::evidence::{Answered, Tables, csv, query};

/// So many rows of an answer are shown; the rest is counted.
const ROWS_SHOWN: usize = 200;
/// So many rows of an answer are handed out as a file.
const ROWS_IN_FILE: usize = 100_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    sql: Option<String>,
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct EvidencePage {
    frame: Frame,
    run: String,
    sql: String,
    answer: Option<Answer>,
    error: Option<Failure>,
    /// None while they are being read.
    tables: Option<Vec<Listed>>,
    has_par: bool,
    troubles: Vec<String>,
    examples: Vec<Example>,
}

/// What the query in the box has answered.
struct Answer {
    rows: Grid,
    count: usize,
    took_ms: u64,
}

struct Listed {
    name: String,
    kind: &'static str,
    about: String,
    rows: String,
    columns: String,
    first: Grid,
    /// The query that shows its first rows.
    sql: String,
}

struct Example {
    told: &'static str,
    sql: &'static str,
    table: &'static str,
}

const EXAMPLES: [Example; 9] = [
    Example { told: "What was run, on what", table: "run", sql: "SELECT * FROM run" },
    Example {
        told: "Blocks of each plan, beside the reference's",
        table: "plans",
        sql: "SELECT probe, component, no, mode, p.blocks AS yours, r.blocks AS par\nFROM plan_costs AS p\nLEFT JOIN par.plan_costs AS r USING (probe, phase, component, no, mode)\nORDER BY p.blocks DESC",
    },
    Example {
        told: "The dearest plan nodes",
        table: "plans",
        sql: "SELECT probe, component, no, path, node, relation, index_name, rows, loops, blocks\nFROM plan_nodes\nORDER BY blocks DESC\nLIMIT 50",
    },
    Example {
        told: "How operations ended, and how long they took",
        table: "ops",
        sql: "SELECT p.name AS phase, outcome, count(*) AS operations, round(avg(tries), 2) AS starts,\n       percentile(o.ended_us - o.started_us, 0.99) / 1000.0 AS p99_ms\nFROM ops AS o\nJOIN phases AS p USING (phase, tick)\nGROUP BY p.name, outcome",
    },
    Example {
        told: "Who waited for whom",
        table: "waits",
        sql: "SELECT w.op, late.params AS who_waits, early.params AS for_whom, w.line, w.lock\nFROM waits AS w\nJOIN ops AS late ON late.op = w.op\nJOIN ops AS early ON early.op = w.holder",
    },
    Example {
        told: "Answers by phase and status",
        table: "exchanges",
        sql: "SELECT p.name AS phase, method, status, count(*) AS exchanges,\n       median(e.ended_us - e.started_us) / 1000.0 AS median_ms\nFROM exchanges AS e\nJOIN phases AS p USING (phase, tick)\nGROUP BY p.phase, method, status",
    },
    Example {
        told: "Charges for one reference",
        table: "charges",
        sql: "SELECT reference, count(*) AS charges, sum(amount) AS amount\nFROM charges\nGROUP BY reference\nORDER BY charges DESC",
    },
    Example {
        told: "Faults, and where they landed",
        table: "landings",
        sql: "SELECT kind, does, victim, instance, at_us / 1000 AS at_ms, over_us / 1000 AS over_ms\nFROM landings\nORDER BY at_us",
    },
    Example {
        told: "What was handed in",
        table: "handed_in",
        sql: "SELECT slot, file, content FROM handed_in",
    },
];

/// `GET /runs/{run}/evidence`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let stored = stored(&app, &run).await?;
    let told = app.told_soon(&stored).await;
    let sql = asked.sql.unwrap_or_default();
    let (answer, error) = match sql.trim().is_empty() {
        true => (None, None),
        false => match ask(&app, stored.dir.clone(), sql.clone(), ROWS_SHOWN).await {
            Ok(answer) => (Some(shown(answer)), None),
            Err(failure) => (None, Some(failure)),
        },
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let tables = told.as_ref().and_then(|told| told.tables.as_ref());
    let page = EvidencePage {
        frame: Frame::new(format!("Evidence of {run}"), "/drills"),
        run,
        sql,
        answer,
        error,
        has_par: tables.is_some_and(|it| it.has_par),
        examples: examples(tables),
        troubles: told.as_ref().map_or_else(Vec::new, |told| told.unreadable.iter().cloned().collect()),
        tables: told.as_ref().map(|_| listed(tables)),
    };
    Ok((status, render(&page)?).into_response())
}

/// `GET /runs/{run}/evidence.csv`
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Path(run): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, super::failed::Failed> {
    let stored = stored(&app, &run).await?;
    let answer = ask(&app, stored.dir, asked.sql.unwrap_or_default(), ROWS_IN_FILE).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{run}.csv\"")),
    ];
    Ok((headers, csv(&answer)).into_response())
}

/// Asks a query when it is its turn.
pub(super) async fn ask(
    app: &App,
    dir: std::path::PathBuf,
    sql: String,
    rows_max: usize,
) -> Result<Answered, Failure> {
    app.archive.in_turn(move || query(&dir, &sql, rows_max)).await
}

fn shown(answer: Answered) -> Answer {
    let count = answer.rows.len();
    let took_ms = answer.took_ms;
    Answer { rows: grid(&answer.into_rows(), ROWS_SHOWN), count, took_ms }
}

fn examples(tables: Option<&Tables>) -> Vec<Example> {
    let has_rows = |name: &str| {
        tables.is_some_and(|it| it.tables.iter().any(|table| table.name == name && table.rows > Some(0)))
    };
    EXAMPLES.into_iter().filter(|it| has_rows(it.table)).collect()
}

fn listed(tables: Option<&Tables>) -> Vec<Listed> {
    let listed = tables.into_iter().flat_map(|it| &it.tables).map(|table| Listed {
        name: table.name.clone(),
        kind: table.kind.word(),
        about: table.about.clone(),
        rows: table.rows.map_or_else(String::new, |rows| {
            judge::verdict::shown(&judge::sql::Value::Int(i64::try_from(rows).unwrap_or(i64::MAX)))
        }),
        columns: table.columns.join(", "),
        first: grid(&table.first, 3),
        sql: format!("SELECT * FROM \"{}\" LIMIT 100", table.name.replace('"', "\"\"")),
    });
    let mut listed: Vec<Listed> = listed.collect();
    // What the run has not written is the least worth looking at.
    listed.sort_by_key(|it| it.rows == "0");
    listed
}
