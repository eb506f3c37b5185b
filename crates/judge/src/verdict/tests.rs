#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Examines a check over evidence without rows; its SQL brings its own.
fn found(need: &str, figure: &str, needs: &str, counterexamples: &str) -> Finding {
    let source = format!(
        "-- claim: The page touches few blocks.\n-- need: {need}\n-- unit: blocks\n-- figure:\n{figure}\n\
         -- needs:\n{needs}\n-- counterexamples:\n{counterexamples}\n"
    );
    let check = Check::parse("few-blocks", Path::new("few-blocks.sql"), &source).unwrap();
    examine(&check, &Reading::empty(&[]).unwrap().within(1_000_000))
}

/// As a check with the part `unless` sees it.
fn found_unless(figure: &str, counterexamples: &str, unless: &str) -> Finding {
    let source = format!(
        "-- claim: Nobody is refused.\n-- need: exactly\n-- unit: payments\n-- with:\nWITH x AS (SELECT 'late' AS why)\n\
         -- figure:\n{figure}\n-- counterexamples:\n{counterexamples}\n-- unless:\n{unless}\n"
    );
    let check = Check::parse("calm", Path::new("calm.sql"), &source).unwrap();
    examine(&check, &Reading::empty(&[]).unwrap())
}

const ENOUGH: &str = "SELECT 1 WHERE 0";
const NONE: &str = "SELECT 1 AS page WHERE 0";
const TWO: &str = "SELECT 3 AS page, 4310 AS blocks UNION ALL SELECT 14, 9";

fn held() -> Finding {
    found("at most", "SELECT 120 AS need, 41 AS got, 40 AS par", ENOUGH, NONE)
}

fn broken() -> Finding {
    found("at most", "SELECT 120 AS need, 4310 AS got", ENOUGH, TWO)
}

fn inconclusive() -> Finding {
    found("at most", "SELECT 1 AS need, 1 AS got", "SELECT 'no page' AS x UNION ALL SELECT 'no plan'", NONE)
}

fn verdict(findings: Vec<Finding>, not_examined: &[&str], why_void: Option<&str>) -> Verdict {
    let judged = Judged { drill: "orders".into(), version: 2, level: "indexes".into(), seed: 42 };
    let not_examined = not_examined.iter().map(ToString::to_string).collect();
    Verdict::from_findings(judged, findings, not_examined, why_void.map(Into::into))
}

#[test]
fn a_finding_reads_as_one_line_and_a_table() {
    assert_eq!(
        held().lines(),
        ["held  few-blocks: The page touches few blocks.  need at most 120, got 41, par 40 blocks"]
    );
    assert_eq!(
        broken().lines(),
        [
            "broken  few-blocks: The page touches few blocks.  need at most 120, got 4,310 blocks",
            "  page  blocks",
            "     3    4310",
            "    14       9",
        ]
    );
    assert_eq!(
        inconclusive().lines(),
        ["inconclusive  few-blocks: The page touches few blocks.  no page; no plan"]
    );
}

#[test]
fn a_figure_holds_or_misses_its_need() {
    let is_held = |need: &str, figure: &str| {
        let sound = |rows| found(need, figure, ENOUGH, rows).state;
        match (sound(NONE), sound(TWO)) {
            (State::Held(_), State::Inconclusive(why)) => {
                assert!(why.contains("contradicts itself: its figure meets the need"), "{why}");
                true
            }
            (State::Inconclusive(why), State::Broken { .. }) => {
                assert!(why.contains("misses the need") && why.contains("gives 0 counter"), "{why}");
                false
            }
            other => panic!("{figure}: {other:?}"),
        }
    };
    assert!(is_held("at most", "SELECT 5 AS need, 5 AS got"));
    assert!(!is_held("at most", "SELECT 5 AS need, 5.001 AS got"));
    assert!(is_held("at least", "SELECT 0.5 AS need, 1 AS got"));
    assert!(!is_held("at least", "SELECT 9007199254740993 AS need, 9007199254740992 AS got"));
    assert!(is_held("exactly", "SELECT 'a' AS need, 'a' AS got"));
    assert!(!is_held("exactly", "SELECT 2 AS need, 3 AS got"));
}

#[test]
fn a_check_that_goes_wrong_decides_nothing() {
    let why = |figure: &str, needs: &str, rows: &str| match found("at most", figure, needs, rows).state {
        State::Inconclusive(why) => why,
        other => panic!("{other:?}"),
    };
    let good = "SELECT 1 AS need, 2 AS got";
    for (why, expected) in [
        (why("SELECT NULL AS got, 1 AS need", ENOUGH, TWO), "few-blocks.sql:5: the figure has no `got`"),
        (
            why("SELECT 1 AS need, 2 AS got UNION ALL SELECT 3, 4", ENOUGH, TWO),
            "few-blocks.sql:5: the figure gives 2 rows",
        ),
        (
            why("SELECT 1 AS need, 'x' AS got", ENOUGH, TWO),
            "the figure cannot be compared (need at most 1, got x",
        ),
        (why(good, ENOUGH, "SELECT 1\nFROM nowhere"), "few-blocks.sql:10: no such table: nowhere"),
        (why(good, "SELECT abs(-9223372036854775808)", TWO), "few-blocks.sql:7: integer overflow"),
        (
            why(
                good,
                ENOUGH,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n",
            ),
            "few-blocks.sql:9: the query did not end within 1000000 steps",
        ),
    ] {
        assert!(why.starts_with(expected), "{why}");
    }
}

#[test]
fn unless_is_asked_only_of_a_broken_claim() {
    let broken = "SELECT 0 AS need, 2 AS got";
    let state = found_unless(broken, TWO, "SELECT why FROM x UNION ALL SELECT 'busy'").state;
    assert_eq!(state, State::Inconclusive("late; busy".into()));
    assert!(found_unless(broken, TWO, "SELECT why FROM x WHERE why <> 'late'").is_broken());
    // What holds needs no excuse, not even one that goes wrong.
    for unless in ["SELECT why FROM x", "SELECT abs(-9223372036854775808)"] {
        assert!(matches!(found_unless("SELECT 0 AS need, 0 AS got", NONE, unless).state, State::Held(_)));
    }
    let State::Inconclusive(why) = found_unless(broken, TWO, "SELECT 1\nFROM nowhere").state else {
        panic!("a mistake of the check is not the learner's");
    };
    assert_eq!(why, "calm.sql:12: no such table: nowhere");
}

#[test]
fn any_broken_claim_fails_and_any_open_one_voids() {
    let ruled = |findings, not_examined: &[&str], why| {
        let verdict = verdict(findings, not_examined, why);
        (verdict.ruling.word(), verdict.exit_code(), verdict.why_void)
    };
    let void = |why: &str| ("void", 3, Some(why.to_owned()));
    assert_eq!(ruled(vec![held()], &[], None), ("pass", 0, None));
    assert_eq!(ruled(vec![held(), broken(), inconclusive()], &["later"], None), ("fail", 1, None));
    assert_eq!(ruled(vec![held(), inconclusive()], &[], None), void("few-blocks: no page; no plan"));
    assert_eq!(ruled(vec![held()], &["a", "b"], None), void("not examined: a, b"));
    assert_eq!(ruled(vec![broken()], &[], Some("the server died")), void("the server died"));
}

#[test]
fn the_json_is_as_documented() {
    let verdict = verdict(vec![held(), broken(), inconclusive()], &["later"], None);
    let claim = "The page touches few blocks.";
    let expected = json!({
        "schema": 1, "drill": "orders", "version": 2, "level": "indexes", "seed": 42, "ruling": "fail",
        "findings": [
            {"check": "few-blocks", "claim": claim, "state": "held", "relation": "at most",
             "need": 120, "got": 41, "par": 40, "unit": "blocks"},
            {"check": "few-blocks", "claim": claim, "state": "broken", "relation": "at most",
             "need": 120, "got": 4310, "par": null, "unit": "blocks",
             "counterexamples": [{"page": 3, "blocks": 4310}, {"page": 14, "blocks": 9}], "more": 0},
            {"check": "few-blocks", "claim": claim, "state": "inconclusive", "why": "no page; no plan"},
        ],
        "not_examined": ["later"], "why_void": null, "run": null, "evidence": null,
        "timing": {"total_ms": 0, "own_ms": 0, "first_figures_ms": null},
    });
    assert_eq!(serde_json::to_value(&verdict).unwrap(), expected);
    let text = serde_json::to_string(&verdict).unwrap();
    assert!(text.contains(r#"{"page":3,"blocks":4310}"#), "columns keep their order: {text}");
    assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);

    let newer = text.replacen("\"schema\":1", "\"schema\":2", 1);
    let error = serde_json::from_str::<Verdict>(&newer).unwrap_err().to_string();
    assert!(error.contains("has schema 2"), "{error}");
    let hollow = r#"{"check": "c", "claim": "C.", "state": "held", "need": 1}"#;
    let error = serde_json::from_str::<Finding>(hollow).unwrap_err().to_string();
    assert!(error.contains("lacks `relation`"), "{error}");
}

#[test]
fn numbers_and_cells_are_made_for_people() {
    let float = |number| shown(&Value::Float(number));
    assert_eq!(shown(&Value::Int(-1_234_567)), "-1,234,567");
    assert_eq!(shown(&Value::Int(i64::MIN)), "-9,223,372,036,854,775,808");
    assert_eq!(shown(&Value::Int(100)), "100");
    assert_eq!([float(1234.5), float(2.0), float(0.125), float(-0.001)], ["1,234.5", "2", "0.12", "0"]);
    assert_eq!([float(f64::INFINITY), float(100.0)], ["inf", "100"]);
    assert_eq!(shown(&Value::Text("a\x1b[2J\nb".into())), "a\\u{1b}[2J\\nb");

    let close = found("at most", "SELECT 3 AS need, 3.001 AS got", ENOUGH, TWO);
    assert!(close.lines()[0].ends_with("need at most 3, got 3.001 blocks"), "{:?}", close.lines());

    let wide = Rows {
        columns: vec!["name".into(), "n".into()],
        rows: (0..7).map(|n| vec![Value::Text("é".repeat(58 + n)), Value::Int(2020)]).collect(),
        more: 1_000,
    };
    let lines = table(&wide, COUNTEREXAMPLES_SHOWN);
    assert_eq!(lines.len(), 1 + 5 + 1);
    assert_eq!(lines[4], format!("{}…  2020", "é".repeat(59)));
    assert_eq!(lines[6], "… and 1,002 more");
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        // serde_json reads the last bit of a float only with its feature float_roundtrip.
        any::<i32>().prop_map(|it| Value::Float(f64::from(it) / 4.0)),
        any::<String>().prop_map(Value::Text),
    ]
}

proptest! {
    #[test]
    fn findings_survive_json(
        (need, got) in (value(), value()),
        par in prop::option::of(value()),
        rows in prop::collection::vec((value(), value()), 1..5),
        more in any::<u64>(),
    ) {
        let figure = Figure { need, got, par, relation: Relation::Exactly, unit: "rows".into() };
        let rows = rows.into_iter().map(|(a, b)| vec![a, b]).collect();
        let counterexamples = Rows { columns: vec!["z".into(), "a".into()], rows, more };
        for state in [State::Held(figure.clone()), State::Broken { figure, counterexamples }] {
            let finding = Finding { check: "c".into(), claim: "C.".into(), state };
            let text = serde_json::to_string(&finding).unwrap();
            prop_assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), finding.clone());
            prop_assert!(finding.lines().iter().all(|line| !line.contains(char::is_control)));
        }
    }
}
