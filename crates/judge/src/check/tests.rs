#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;
use crate::evidence::TableKind;

const GOOD: &str = "\
-- A comment at the top, see https://example.org/why
-- claim: Every page shows exactly the rows that the original query shows.
-- need: at most
-- unit: rows
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par
FROM answers; -- all of them
-- needs:
SELECT 'no page was answered' AS missing WHERE NOT EXISTS (SELECT 1 FROM answers);
-- counterexamples:
SELECT id AS page FROM answers
  -- note: an indented comment is no part
ORDER BY id;
";

fn parse(source: &str) -> Result<Check, CheckError> {
    Check::parse("same-rows", Path::new("checks/same-rows.sql"), source)
}

fn tables(columns: Option<&[&str]>) -> Vec<TableShape> {
    let columns = columns.map(|names| names.iter().map(ToString::to_string).collect());
    vec![TableShape { name: "answers".into(), kind: TableKind::Probe, columns }]
}

fn mistakes(source: &str, columns: Option<&[&str]>) -> Vec<String> {
    parse(source).unwrap().validate(&tables(columns)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_check_is_read_whole() {
    let check = parse(GOOD).unwrap();
    assert_eq!(check.claim, "Every page shows exactly the rows that the original query shows.");
    assert_eq!((check.need, check.unit.as_str()), (Relation::AtMost, "rows"));
    assert_eq!((check.figure.line, check.counterexamples.line), (6, 11));
    assert!(check.figure.text.ends_with("FROM answers; -- all of them"));
    assert_eq!(check.needs.as_ref().map(|it| it.line), Some(9));
    assert_eq!(parse(&GOOD.replace('\n', "\r\n")).unwrap().claim, check.claim);
    assert_eq!(check.validate(&tables(Some(&["id"]))), []);
    assert_eq!(check.validate(&tables(None)), []);
}

#[test]
fn every_mistake_of_form_is_named_with_its_line() {
    let swap = |old: &str, new: &str| parse(&GOOD.replacen(old, new, 1)).unwrap_err().to_string();
    for (error, expected) in [
        (swap("-- claim:", "-- Claim:"), "1: the part claim is missing; write a line `-- claim:`"),
        (
            swap("Every page shows exactly the rows that the original query shows.", ""),
            "2: the claim is empty",
        ),
        (swap("query shows.", "query shows"), "2: the claim is no sentence"),
        (swap("at most", "about"), "3: `about` is no need; write `at most`, `at least` or `exactly`"),
        (swap("at most", "at most 5"), "3: `at most 5` is no need"),
        (swap("-- unit: rows", "-- unit:"), "4: the unit is empty"),
        (
            swap("-- unit: rows", "-- units: rows"),
            "4: `-- units:` is no part of a check; the parts are claim, ",
        ),
        (swap("-- unit: rows", "SELECT 1"), "4: this line is in no query; put it below `-- figure:`"),
        (swap("-- figure:", "-- figure: SELECT 1"), "5: SQL beside `-- figure:` is a comment"),
        (swap("-- needs:", "-- figure:"), "8: the part figure is there twice, first on line 5"),
        (swap("-- counterexamples:", "--"), "1: the part counterexamples is missing"),
        (swap("-- counterexamples:", "-- counter:"), "10: `-- counter:` is no part"),
    ] {
        assert!(error.starts_with(&format!("checks/same-rows.sql:{expected}")), "{error}");
    }
    assert_eq!(parse("").unwrap_err().line(), Some(1));
}

#[test]
fn mistakes_of_sql_are_named_with_file_and_line() {
    let swap = |old: &str, new: &str| mistakes(&GOOD.replacen(old, new, 1), Some(&["id"])).join("\n");
    for (error, expected) in [
        (swap("FROM answers; --", "FRM answers; --"), "7: near \"FRM\": syntax error"),
        (swap("ORDER BY id", "ORDER BY idd"), "13: no such column: idd"),
        (
            swap("EXISTS (SELECT 1 FROM answers)", "EXISTS (SELECT 1 FROM answer)"),
            "9: no such table: answer; the drill's own tables are: `answers`",
        ),
        (swap("AS got", "AS have"), "6: the figure has no column `got`"),
        (swap("NULL AS par", "NULL AS reference"), "6: `reference` is no column of a figure"),
        (
            swap("SELECT id AS page", "DELETE"),
            "11: a query over evidence only reads, and this one wants to change `answers`",
        ),
        (swap("ORDER BY id", "; SELECT 2"), "11: there is more than one statement"),
        (swap("count(*)", ":seed"), "6: there are no variables in a check"),
    ] {
        assert!(error.starts_with(&format!("checks/same-rows.sql:{expected}")), "{error}");
    }
    let both = GOOD.replacen("FROM answers; --", "FRM answers; --", 1).replacen("BY id", "BY", 1);
    assert_eq!(mistakes(&both, Some(&["id"])).len(), 2);
}

#[test]
fn mistakes_of_an_excuse_are_named_with_file_and_line() {
    let with = |unless: &str| format!("{GOOD}-- unless:\n{unless}");
    let good = with("SELECT 'busy' AS why FROM lateness\nWHERE late_us > (SELECT count(*) FROM answers);\n");
    let check = parse(&good).unwrap();
    assert_eq!(check.unless.as_ref().map(|it| it.line), Some(15));
    assert_eq!(check.validate(&tables(Some(&["id"]))), []);
    assert_eq!(parse(GOOD).unwrap().unless, None);
    for (source, expected) in [
        (good.replace("late_us", "late_ms"), "16: no such column: late_ms"),
        (good.replace("FROM lateness", "FROM latness"), "15: no such table: latness"),
    ] {
        let error = mistakes(&source, Some(&["id"])).join("\n");
        assert!(error.starts_with(&format!("checks/same-rows.sql:{expected}")), "{error}");
    }
    let error = parse(&with("-- nothing\n")).unwrap_err().to_string();
    assert_eq!(error, "checks/same-rows.sql:14: the part unless is empty; write a SELECT below this line");
}

#[test]
fn columns_that_only_a_run_can_tell_are_not_held_against_a_check() {
    let swap = |old: &str, new: &str| mistakes(&GOOD.replacen(old, new, 1), None).join("\n");
    assert_eq!(swap("ORDER BY id", "ORDER BY anything"), "");
    assert!(swap("ORDER BY id", "ORDER id").contains("syntax error"));
    assert!(
        swap("SELECT id AS page FROM answers", "SELECT id FROM answers, other")
            .contains("no such table: other")
    );
    assert!(swap("ORDER BY id", "WHERE anything = :seed").contains("11: there are no variables in a check"));
    assert!(swap("SELECT 0 AS need, count(*) AS got", "SELECT anything AS need").contains("no column `got`"));
    // A query that does not touch that table is held to its columns.
    assert!(
        swap("EXISTS (SELECT 1 FROM answers)", "EXISTS (SELECT nope FROM ops)")
            .contains("no such column: nope")
    );
}

proptest! {
    #[test]
    fn parsing_never_panics(source in any::<String>()) {
        let _ = parse(&source);
    }

    #[test]
    fn parsing_anything_like_a_check_never_panics(
        lines in prop::collection::vec("(-- ?(claim|need|unit|figure|needs|counterexamples|other): ?)?[ -~é]{0,12}", 0..12),
    ) {
        if let Ok(check) = parse(&lines.join("\n")) {
            let _ = check.validate(&tables(None));
        }
    }
}

#[test]
fn what_stands_under_with_is_part_of_every_query_and_keeps_its_lines() {
    let text = "-- claim: It holds.\n-- need: exactly\n-- unit: rows\n-- with:\nWITH a AS (\n  SELECT 1 AS x\n)\n\
                -- figure:\nSELECT 0 AS need, count(*) AS got FROM a;\n-- counterexamples:\nSELECT y FROM a;\n";
    let check = Check::parse("with", Path::new("with.sql"), text).expect("a check");
    assert_eq!(check.figure.text.lines().count(), 5, "{}", check.figure.text);
    let mistakes = check.validate(&[]);
    let told: Vec<_> = mistakes.iter().map(|it| (it.line(), it.what())).collect();
    assert_eq!(told, [(Some(11), "no such column: y")]);
    let late =
        text.replace("-- with:\nWITH a AS (\n  SELECT 1 AS x\n)\n", "") + "-- with:\nWITH a AS (SELECT 1)\n";
    let error = Check::parse("with", Path::new("with.sql"), &late).expect_err("a mistake");
    assert!(error.what().contains("stands above all queries"), "{error}");
}
