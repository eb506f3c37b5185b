#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;
use crate::check::Relation;
use crate::evidence::TableKind;
use crate::verdict::Figure;

const TEXT: &str = "## What your run shows\n\
You touched {{few-blocks.got}} of {{ few-blocks.need }}, par {{few-blocks.par}}.\n\
{{sql: SELECT 1000 +\n 234}} {{open.got}}\n";

fn findings() -> Vec<Finding> {
    let figure = Figure {
        need: Value::Int(12_000),
        got: Value::Float(4.5),
        par: None,
        relation: Relation::AtMost,
        unit: "blocks".into(),
    };
    let finding = |check: &str, state| Finding { check: check.into(), claim: "So.".into(), state };
    vec![finding("few-blocks", State::Held(figure)), finding("open", State::Inconclusive("why".into()))]
}

fn filled(text: &str) -> Result<String, DebriefError> {
    fill(text, &findings(), &Reading::empty(&[]).unwrap().within(100_000))
}

#[test]
fn a_text_quotes_the_run() {
    assert_eq!(
        filled(TEXT).unwrap(),
        "## What your run shows\nYou touched 4.5 of 12,000, par (not measured).\n1,234 (not measured)\n"
    );
    assert_eq!(filled("{{sql: SELECT max(op) FROM ops}}").unwrap(), "(not measured)");
    assert_eq!(filled("no { } braces").unwrap(), "no { } braces");
}

#[test]
fn checks_are_named_with_their_lines() {
    let named = checks_named(TEXT);
    assert_eq!(named.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 2, 2, 4]);
    assert_eq!((named[0].1.as_str(), named[3].1.as_str()), ("few-blocks", "open"));
}

#[test]
fn mistakes_are_named_with_their_lines() {
    let tables = [TableShape { name: "p".into(), kind: TableKind::Probe, columns: None }];
    let of =
        |text: &str| mistakes(text, &tables).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(of(TEXT), "");
    assert_eq!(of("{{sql: SELECT any FROM p}}"), "");
    for (error, expected) in [
        (
            of("\n{{few-blocks}}"),
            "line 2: `{{few-blocks}}` quotes nothing; write {{check.got}}, .need or .par",
        ),
        (of("{{a.gto}}"), "line 1: `{{a.gto}}` quotes nothing"),
        (of("{{a.got"), "line 1: `{{` has no `}}`"),
        (of("\n{{sql: SELECT 1\nFROM nowhere}}"), "line 3: no such table: nowhere"),
        (of("{{sql: SELECT 1, 2}}"), "line 1: the query gives 2 columns"),
        (of("{{sql: DELETE FROM ops}}"), "line 1: a query over evidence only reads"),
    ] {
        assert!(error.starts_with(expected), "{error}");
    }
    assert!(
        filled("\n{{sql: SELECT 1 UNION SELECT 2}}")
            .unwrap_err()
            .to_string()
            .contains("line 2: the query gives 2 rows")
    );
    assert!(filled("{{nothing}}").is_err());
}

proptest! {
    #[test]
    fn filling_never_panics(text in "([a-zé\n.{} ]|\\{\\{|\\}\\}|sql:|SELECT 1|few-blocks\\.got){0,30}") {
        let _ = filled(&text);
        let _ = mistakes(&text, &[]);
        let _ = checks_named(&text);
    }
}
