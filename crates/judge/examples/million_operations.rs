//! How long it takes to record a million operations and to ask for their p99. Prints one line a run,
//! in milliseconds: together, recorded, asked.
//! `cargo run --release -p judge --example million_operations -- RUNS`

use std::error::Error;
use std::time::Instant;

use judge::evidence::{Evidence, OpRecord, Outcome, Reading};
use judge::sql::Value;

const OPERATIONS: i64 = 1_000_000;
const P99: &str = "SELECT percentile(ended_us - started_us, 0.99) FROM ops WHERE outcome = 'done'";

fn main() -> Result<(), Box<dyn Error>> {
    let runs: usize = std::env::args().nth(1).ok_or("usage: million_operations RUNS")?.parse()?;
    for _ in 0..runs {
        let dir = tempfile::tempdir()?;
        let mut operation = operation();
        let began = Instant::now();
        let mut evidence = Evidence::create(&dir.path().join(judge::EVIDENCE_FILE))?;
        for number in 1..=OPERATIONS {
            operation.op = number;
            operation.client = number % 16;
            operation.no = number;
            operation.started_us = number * 50;
            operation.ended_us = operation.started_us + took_us(number);
            evidence.op(&operation)?;
        }
        let path = evidence.finish()?;
        let recorded = began.elapsed();
        let found = Reading::open(&path, None)?.query(P99)?;
        let both = began.elapsed();
        if found.rows != [[Value::Int(p99())]] {
            return Err(format!("the p99 is {}, and the evidence says {:?}", p99(), found.rows).into());
        }
        let asked = both - recorded;
        println!("{}\t{}\t{}", both.as_millis(), recorded.as_millis(), asked.as_millis());
    }
    Ok(())
}

/// An operation as a load records it.
fn operation() -> OpRecord {
    OpRecord {
        op: 0,
        phase: 1,
        tick: 1,
        component: "bank".into(),
        client: 0,
        grp: Value::Null,
        no: 0,
        params: r#"{"from_account":417,"to_account":233,"cents":250}"#.into(),
        scheduled_us: None,
        started_us: 0,
        ended_us: 0,
        outcome: Outcome::Done,
        sqlstate: None,
        reason: None,
        tries: 1,
    }
}

/// Looks random, and its percentile is known.
fn took_us(number: i64) -> i64 {
    number * 7919 % 100_003
}

fn p99() -> i64 {
    let mut took: Vec<i64> = (1..=OPERATIONS).map(took_us).collect();
    took.sort_unstable();
    took[took.len() / 100 * 99 - 1]
}
