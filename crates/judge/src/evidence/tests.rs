#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod delays;
mod laws;
mod plans;

use tempfile::TempDir;

use super::*;

fn op(no: i64) -> OpRecord {
    OpRecord {
        op: no,
        phase: 1,
        tick: 1,
        component: "bank".into(),
        client: no % 16,
        grp: Value::Null,
        no,
        params: r#"{"source": 17, "target": 4711, "amount": 250}"#.into(),
        scheduled_us: None,
        started_us: no * 100,
        ended_us: no * 100 + no * 7919 % 100_003,
        outcome: Outcome::Done,
        sqlstate: None,
        reason: None,
        tries: 1,
    }
}

fn columns(names: &[(&str, ColumnType)]) -> Vec<(String, ColumnType)> {
    names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect()
}

fn place(no: Option<i64>) -> ProbeUse {
    ProbeUse { phase: 1, tick: 1, component: "full".into(), no }
}

/// A finished run in a folder of its own, and how to read it.
fn run(write: impl FnOnce(&mut Evidence)) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let mut evidence = Evidence::create(&dir.path().join("run.sqlite")).unwrap();
    write(&mut evidence);
    let path = evidence.finish().unwrap();
    (dir, path)
}

fn asked(reading: &Reading, sql: &str) -> Vec<Vec<Value>> {
    reading.query(sql).unwrap().rows
}

fn refused(reading: &Reading, sql: &str) -> String {
    reading.query(sql).unwrap_err().to_string()
}

#[test]
fn a_file_has_its_name_only_when_it_is_complete() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("run.sqlite");
    let part = dir.path().join("run.sqlite.part");
    let evidence = Evidence::create(&path).unwrap();
    assert!(part.exists() && !path.exists());
    drop(evidence);
    assert!(!part.exists() && !path.exists());

    std::fs::write(&part, "left over").unwrap();
    assert_eq!(Evidence::create(&path).unwrap().finish().unwrap(), path);
    assert!(!part.exists() && path.exists());
    let again = Evidence::create(&path).unwrap_err();
    assert!(matches!(again, EvidenceError::Exists { .. }), "{again}");
}

#[test]
fn a_run_can_be_read_before_it_has_ended() {
    let dir = TempDir::new().unwrap();
    let mut evidence = Evidence::create(&dir.path().join("run.sqlite")).unwrap();
    for no in 1..=3 {
        evidence.gate(1, no).unwrap();
        evidence.op(&op(no)).unwrap();
        let so_far = evidence.checkpoint().unwrap();
        let reading = Reading::open(&so_far, Some(&so_far)).unwrap();
        assert_eq!(asked(&reading, "SELECT max(no) FROM gates"), [[Value::Int(no)]]);
        assert_eq!(asked(&reading, "SELECT count(*) FROM ops"), [[Value::Int(no)]]);
        // Written while the reading is open, though not while it is asked.
        evidence.parameters(&format!("p{no}"), &columns(&[("x", ColumnType::Int)]), []).unwrap();
    }
    let path = evidence.finish().unwrap();
    let reading = Reading::open(&path, None).unwrap();
    assert_eq!(
        asked(&reading, "SELECT (SELECT count(*) FROM gates), (SELECT count(*) FROM p3)"),
        [[3, 0].map(Value::Int)]
    );
}

#[test]
fn every_fact_is_kept() {
    let (_dir, path) = run(|it| {
        it.note("seed", &Value::Int(1)).unwrap();
        it.note("seed", &Value::Int(42)).unwrap();
        it.handed_in("schema", "schema.sql", "CREATE …").unwrap();
        it.phase_started(1, "measure", 2, 10).unwrap();
        it.phase_ended(1, 2, 20).unwrap();
        it.statement(&StatementRecord {
            phase: 1,
            tick: 2,
            component: "full".into(),
            source: "slot:schema".into(),
            line: Some(3),
            sql: "SELEC 1".into(),
            started_us: 11,
            ended_us: 12,
            rows: None,
            sqlstate: Some("42601".into()),
            message: Some("syntax error".into()),
        })
        .unwrap();
        it.op(&OpRecord { grp: Value::Text("a".into()), outcome: Outcome::Unknown, ..op(9) }).unwrap();
        let wait =
            WaitRecord { op: 9, holder: Some(8), line: Some(2), lock: None, relation: Some("t".into()) };
        it.wait(&wait).unwrap();
        it.gate(9, 1).unwrap();
        let late = LatenessRecord {
            component: "judge".into(),
            instance: None,
            started_us: 1,
            ended_us: 9,
            late_us: 4,
        };
        it.late(1, 2, &late).unwrap();
        it.fault(&FaultRecord { op: Some(9), kind: "cut".into(), at: 1, effect: true }).unwrap();
    });
    let reading = Reading::open(&path, None).unwrap();
    let line = |table: &str| {
        let rows = asked(&reading, &format!("SELECT * FROM {table}"));
        let cells: Vec<String> = rows.concat().iter().map(crate::verdict::shown).collect();
        cells.join("|")
    };
    assert_eq!(line("run"), "seed|42");
    assert_eq!(line("handed_in"), "schema|schema.sql|CREATE …");
    assert_eq!(line("phases"), "1|measure|2|10|20");
    assert_eq!(line("statements"), "1|2|full|slot:schema|3|SELEC 1|11|12|–|42601|syntax error");
    let params = op(9).params;
    assert_eq!(line("ops"), format!("9|1|1|bank|9|a|9|{params}|–|900|72,171|unknown|–|–|1"));
    assert_eq!(line("waits"), "9|8|2|–|t");
    assert_eq!(line("gates"), "9|1");
    assert_eq!(line("lateness"), "1|2|judge|–|1|9|4");
    assert_eq!(line("faults"), "9|cut|1|1");
}

#[test]
fn tables_of_parameters_and_probes_number_their_rows() {
    let (_dir, path) = run(|it| {
        let pages = columns(&[("lo", ColumnType::Int), ("since", ColumnType::Text)]);
        let row = |n| vec![Value::Int(n), Value::Text("1.50".into())];
        assert_eq!(it.parameters("pages", &pages, [row(5), row(6)]).unwrap(), 2);
        let odd = columns(&[("a \"b\"", ColumnType::Float), ("ok", ColumnType::Bool)]);
        let cells = || vec![Value::Float(f64::NAN), Value::Bool(true)];
        it.probe("answers; --", &place(Some(1)), &odd, [cells(), cells()]).unwrap();
        it.probe("answers; --", &place(None), &odd, [vec![Value::Float(2.0), Value::Null]]).unwrap();
        it.probe("unread", &place(None), &odd, []).unwrap();
    });
    let reading = Reading::open(&path, None).unwrap();
    let text = |text: &str| Value::Text(text.into());
    assert_eq!(asked(&reading, "SELECT * FROM pages")[1], [Value::Int(2), Value::Int(6), text("1.50")]);
    let answers = reading.query("SELECT no, row, \"a \"\"b\"\"\", ok FROM \"answers; --\"").unwrap();
    assert_eq!(answers.columns, ["no", "row", "a \"b\"", "ok"]);
    assert_eq!(answers.rows[1], [Value::Int(1), Value::Int(2), text("NaN"), Value::Int(1)]);
    assert_eq!(answers.rows[2], [Value::Null, Value::Int(1), Value::Float(2.0), Value::Null]);
    assert_eq!(asked(&reading, "SELECT count(*) FROM unread"), [[Value::Int(0)]]);
}

#[test]
fn tables_that_cannot_be_are_refused() {
    let (_dir, _) = run(|it| {
        let one = columns(&[("x", ColumnType::Int)]);
        for name in ["Ops", "plan_costs", "par", "sqlite_x", "json_each", ""] {
            let error = it.parameters(name, &one, []).unwrap_err();
            assert!(matches!(error, EvidenceError::TableName { .. }), "{name}: {error}");
        }
        let twice = columns(&[("x", ColumnType::Int), ("X", ColumnType::Int)]);
        let twice = it.parameters("p", &twice, []).unwrap_err().to_string();
        assert!(twice.contains("`X` of `p` is named twice"), "{twice}");
        let key = it.probe("q", &place(None), &columns(&[("Tick", ColumnType::Int)]), []).unwrap_err();
        assert!(key.to_string().contains("every row gets"), "{key}");

        it.probe("q", &place(None), &one, []).unwrap();
        let other = columns(&[("y", ColumnType::Int)]);
        let other = it.probe("q", &place(None), &other, []).unwrap_err().to_string();
        assert!(other.contains("no, row, x integer) at first"), "{other}");
        let wide = it.probe("q", &place(None), &one, [vec![]]).unwrap_err();
        assert!(matches!(wide, EvidenceError::RowWidth { columns: 1, cells: 0, .. }), "{wide}");
        let set = it.parameters("Q", &one, []).unwrap_err();
        assert!(matches!(set, EvidenceError::Twice { .. }), "{set}");
        it.probe("q", &place(None), &one, [vec![Value::Int(1)]]).expect("the table is still known");
    });
}

#[test]
fn the_references_run_never_stands_in_for_the_learners() {
    let one = columns(&[("x", ColumnType::Int)]);
    let (_mine, mine) = run(|it| {
        it.probe("both", &place(None), &one, []).unwrap();
    });
    let (_par, par) = run(|it| {
        it.probe("both", &place(None), &one, [vec![Value::Int(1)]]).unwrap();
        it.probe("original", &place(None), &one, [vec![Value::Int(7)]]).unwrap();
    });
    let reading = Reading::open(&mine, Some(&par)).unwrap();
    assert_eq!(asked(&reading, "SELECT count(*) FROM both"), [[Value::Int(0)]]);
    assert_eq!(asked(&reading, "SELECT x FROM par.original"), [[Value::Int(7)]]);
    let missing = refused(&reading, "SELECT x FROM original");
    assert_eq!(missing, "no such table: original (this run has not written it)");

    let alone = Reading::open(&mine, None).unwrap();
    let counts = "SELECT (SELECT count(*) FROM par.ops), (SELECT count(*) FROM par.plan_nodes)";
    assert_eq!(asked(&alone, counts), [[Value::Int(0), Value::Int(0)]]);
    assert!(refused(&alone, "SELECT x FROM par.original").contains("reference's run"));
}

#[test]
fn a_query_only_reads() {
    let (_dir, path) = run(|it| it.gate(1, 1).unwrap());
    let reading = Reading::open(&path, Some(&path)).unwrap();
    for (sql, why) in [
        ("DELETE FROM gates", "change `gates`"),
        ("UPDATE par.gates SET no = 2", "change `gates`"),
        ("DROP TABLE gates", "reads"),
        ("CREATE TEMP TABLE t (x)", "reads"),
        ("ATTACH ':memory:' AS other", "open another file"),
        ("VACUUM INTO '/tmp/evidence-copy'", "open another file"),
        ("PRAGMA query_only = OFF", "the pragma query_only"),
        ("SELECT * FROM pragma_table_info('ops')", "pragma"),
        ("BEGIN", "open a transaction"),
        ("SELECT load_extension('x')", "load_extension"),
        ("SELECT random()", "differs"),
        ("SELECT 1; DELETE FROM gates", "change `gates`"),
        ("SELECT 1; SELECT 2", "more than one"),
        ("-- nothing", "no query"),
        ("SELECT :seed", "no variables"),
        ("SELECT \"gtae\" FROM gates", "no such column: \"gtae\""),
        ("SELECT percentile('a', 0.5)", "takes numbers"),
        ("SELECT percentile(1, 99)", "from 0 to 1"),
        ("SELECT zeroblob(1000000000)", "too big"),
    ] {
        let error = refused(&reading, sql);
        assert!(error.contains(why), "{sql}: {error}");
    }
    assert_eq!(asked(&reading, "SELECT * FROM gates"), [[Value::Int(1), Value::Int(1)]]);
}

#[test]
fn a_query_has_a_budget_and_a_limit_of_rows() {
    let (_dir, path) = run(|_| {});
    let reading = Reading::open(&path, None).unwrap().within(1_000_000);
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n";
    let endless = format!("{numbers}) SELECT count(*) FROM n");
    assert!(matches!(reading.query(&endless), Err(EvidenceError::Budget { steps: 1_000_000 })));
    let impatient = Reading::open(&path, None).unwrap().for_at_most(std::time::Duration::ZERO);
    assert!(matches!(impatient.query(&endless), Err(EvidenceError::Time { seconds: 0 })));
    let few = Reading::open(&path, None).unwrap().handing_out(2);
    let three = few.query(&format!("{numbers} WHERE i < 3) SELECT i FROM n")).unwrap();
    assert_eq!((three.rows.len(), three.more), (2, 1));
    let rows = reading.query(&format!("{numbers} WHERE i < 1234) SELECT i, i FROM n")).unwrap();
    assert_eq!((rows.rows.len(), rows.more), (ROWS_MAX, 234));
    assert_eq!(rows.columns, ["i", "i_2"]);
    let counted = |_| reading.query(&format!("{numbers}) SELECT i FROM n")).unwrap().more;
    let [first, second] = [0, 1].map(counted);
    assert!(first > 10_000 && first == second, "{first} {second}");
}

#[test]
fn what_is_no_evidence_is_refused_with_a_reason() {
    let (dir, path) = run(|it| (1..5_000).for_each(|no| it.op(&op(no)).unwrap()));
    let file = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let whole = std::fs::read(&path).unwrap();
    let mut later = whole.clone();
    later[60..64].copy_from_slice(&7_u32.to_be_bytes());
    for (bad, why) in [
        (dir.path().join("missing"), "not there"),
        (
            file("text", b"this is a text of more than a hundred bytes; ".repeat(9).as_slice()),
            "no SQLite file",
        ),
        (file("empty", b""), "some other SQLite file"),
        (file("short", &whole[..whole.len() / 2]), "cut short"),
        (file("later", &later), "version 7"),
    ] {
        for opened in [Reading::open(&bad, None), Reading::open(&path, Some(&bad))] {
            let error = opened.unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(bad.to_str().unwrap()), "{error}");
        }
    }
    // Damage in the middle shows when it is read.
    let mut hurt = whole.clone();
    let middle = hurt.len() / 2;
    hurt[middle..].fill(0xff);
    let reading = Reading::open(&file("hurt", &hurt), None).unwrap();
    assert!(refused(&reading, "SELECT sum(length(params)) FROM ops").contains("damaged"));
}

#[test]
fn a_million_operations_are_recorded_and_ranked() {
    // Without optimisation a million takes several seconds.
    let count = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let (_dir, path) = run(|it| {
        let mut record = op(1);
        for no in 1..=count {
            record.op = no;
            record.no = no;
            record.ended_us = record.started_us + no * 7919 % 100_003;
            it.op(&record).unwrap();
        }
    });
    let reading = Reading::open(&path, None).unwrap();
    let ranked = asked(&reading, "SELECT percentile(ended_us - started_us, 0.99), count(*) FROM ops");
    let mut took: Vec<i64> = (1..=count).map(|no| no * 7919 % 100_003).collect();
    took.sort_unstable();
    assert_eq!(ranked, [[Value::Int(took[count as usize / 100 * 99 - 1]), Value::Int(count)]]);
}
