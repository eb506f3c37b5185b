//! Charts over evidence that holds something of everything, all of it with hostile names.

use std::path::Path;

use judge::evidence::{
    ColumnType, Evidence, OpRecord, Outcome, PlanMode, PlanRecord, ProbeUse, Reading, WaitRecord,
};
use judge::sql::Value;
use proptest::prelude::*;

use super::super::operations::{bound_us, search, steps};
use super::super::{Before, Chart, of_run};
use super::{HOSTILE, well_formed};

/// Without a NUL, which SQLite would take for the end.
fn hostile() -> String {
    HOSTILE.replace('\0', "")
}

fn plan(probe: &str, component: &str, no: i64, blocks: i64) -> PlanRecord {
    let node = serde_json::json!([{ "Plan": {
        "Node Type": hostile(), "Actual Rows": 5, "Actual Loops": 1, "Shared Hit Blocks": blocks,
        "Plans": [{ "Node Type": "Seq Scan", "Relation Name": hostile(), "Index Name": hostile(),
                    "Actual Rows": 5, "Actual Loops": 2, "Shared Hit Blocks": blocks / 2 }]
    } }]);
    let (probe, component, json) = (probe.to_owned(), component.to_owned(), node.to_string());
    PlanRecord { probe, phase: 1, tick: 1, component, no: Some(no), mode: PlanMode::Custom, json }
}

fn op(op: i64, grp: Value) -> OpRecord {
    OpRecord {
        op,
        phase: 1,
        tick: 1,
        component: hostile(),
        client: op,
        grp,
        no: op,
        params: serde_json::json!({ hostile(): hostile(), "n": op }).to_string(),
        scheduled_us: None,
        started_us: 1_000 + op * 7,
        ended_us: 1_100 + op * op * 50,
        outcome: if op % 3 == 0 { Outcome::Refused } else { Outcome::Done },
        sqlstate: None,
        reason: Some(hostile()),
        tries: 1 + op % 4,
    }
}

fn write(path: &Path) {
    let mut evidence = Evidence::create(path).expect("it is new");
    let done = "evidence is written";
    evidence.phase_started(1, &hostile(), 1, 1_000).expect(done);
    evidence.phase_ended(1, 1, 900_000).expect(done);
    for (probe, no) in [(hostile(), 1), (hostile(), 2)] {
        evidence.plan(&plan(&probe, "small", no, 10)).expect(done);
        evidence.plan(&plan(&probe, "large", no, 1_000)).expect(done);
    }
    for number in 1..60 {
        let grp = if number < 4 { Value::Text(hostile()) } else { Value::Null };
        evidence.op(&op(number, grp)).expect(done);
    }
    let wait = WaitRecord { op: 1, holder: Some(2), line: Some(3), lock: Some(hostile()), relation: None };
    evidence.wait(&wait).expect(done);
    let at = ProbeUse { phase: 1, tick: 1, component: "small".into(), no: None };
    let columns = [("wal_records".to_owned(), ColumnType::Int), ("rows".to_owned(), ColumnType::Int)];
    evidence.probe("it's \"paid\"", &at, &columns, [vec![Value::Int(7), Value::Int(9)]]).expect(done);
    evidence.finish().expect(done);
}

fn drawn(dir: &Path) -> Vec<Chart> {
    let path = dir.join("evidence.sqlite");
    let open = |par| Reading::open(&path, par).expect("it can be read");
    let before = Before { run: hostile(), reading: open(None) };
    of_run(&[], open(Some(&path)), Some(before), None).expect("it can be drawn")
}

#[test]
fn what_the_evidence_holds_decides_what_is_drawn() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("evidence.sqlite"));
    let charts = drawn(dir.path());
    let names: Vec<&str> = charts.iter().map(|chart| &*chart.name).collect();
    assert_eq!(names, ["plans", "sizes", "prices", "lanes", "tries", "operations"]);
    for chart in &charts {
        for svg in [chart.picture.standalone(), chart.picture.inline(&chart.name)] {
            well_formed(&svg);
            assert!(!svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        assert!(!chart.table.rows.is_empty() && !chart.picture.about.is_empty(), "{}", chart.name);
        let width = chart.table.columns.len();
        assert!(chart.table.rows.iter().all(|row| row.len() == width), "{}", chart.name);
    }
}

#[test]
fn evidence_without_anything_has_no_charts() {
    let empty = Reading::empty(&[]).expect("it can be made");
    assert!(of_run(&[], empty, None, None).expect("it can be drawn").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sql_finds_the_step_of_a_latency(us in 0_i64..20_000_000) {
        let reading = Reading::empty(&[]).expect("it can be made");
        let bounds: Vec<i64> = (1..steps()).map(bound_us).collect();
        let sql = format!("SELECT {} FROM (SELECT {us} AS us)", search(&bounds, 0));
        let rows = reading.query(&sql).expect("it is a query").rows;
        let step = bounds.iter().take_while(|bound| us >= **bound).count();
        prop_assert_eq!(&rows, &vec![vec![Value::Int(step as i64)]]);
    }
}
