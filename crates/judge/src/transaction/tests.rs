#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use proptest::prelude::*;

const TRANSFER: &str = "\
-- move money
\\retry on 40001 40P01 -- both

BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT balance >= :amount AS enough, 'a;\\if' AS x
  FROM account WHERE id = :from \\gset acc_
  \\if :acc_enough  /* go */
  UPDATE account SET balance = balance - :amount; UPDATE b SET c = 1;
\\else
  -- nothing to do
  \\if :again
    \\retry
  \\endif
\\endif
COMMIT";

fn sql(line: usize, text: &str) -> Step {
    let (text, prefix) = (text.to_owned(), String::new());
    Step::Sql { line, text, capture: false, prefix }
}

#[test]
fn a_whole_transaction() {
    let found = parse(TRANSFER).unwrap();
    assert_eq!(found.retry_on, ["40001", "40P01"]);
    assert_eq!(found.statements(), 5);
    let [begin, query, choice, commit] = &found.steps[..] else {
        panic!("{found:?}");
    };
    assert_eq!(*begin, sql(4, "BEGIN ISOLATION LEVEL SERIALIZABLE"));
    let text = "SELECT balance >= :amount AS enough, 'a;\\if' AS x\n  FROM account WHERE id = :from";
    let (text, prefix) = (text.to_owned(), "acc_".to_owned());
    let captured = Step::Sql { line: 5, text, capture: true, prefix };
    assert_eq!(*query, captured);
    let again = Step::If {
        line: 11,
        variable: "again".to_owned(),
        then: vec![Step::Retry { line: 12 }],
        otherwise: vec![],
    };
    let update = "UPDATE account SET balance = balance - :amount";
    let both = Step::If {
        line: 7,
        variable: "acc_enough".to_owned(),
        then: vec![sql(8, update), sql(8, "UPDATE b SET c = 1")],
        otherwise: vec![again],
    };
    assert_eq!(*choice, both);
    assert_eq!(*commit, sql(15, "COMMIT"));
}

#[test]
fn gset_ends_a_query_anywhere_on_a_line() {
    let found = parse("BEGIN; SELECT 1 AS a \\gset\nSELECT 2 AS b\n\\gset p_ -- x\r\nEND;\r\n");
    let found = found.unwrap();
    let captures = found.steps.iter().map(|step| match step {
        Step::Sql { line, capture, .. } => (*line, *capture),
        _ => unreachable!(),
    });
    assert_eq!(captures.collect::<Vec<_>>(), [(1, false), (1, true), (2, true), (4, false)]);
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (source, line, word) in [
        ("SELECT 1;\n\\set x 1", 2, "`\\set`"),
        ("SELECT 1;\n\\sleep it's", 2, "`\\sleep`"),
        ("SELECT 1;\n\\ if", 2, "`\\`"),
        ("\\if :a\nSELECT 1;\n\\elif :b\n\\endif", 3, "\\elif"),
        ("\\if :a\nSELECT 1;\n\\else\n\\else\n\\endif", 4, "line 3"),
        ("SELECT 1;\n\\if :a\n\\if :b\n\\endif", 2, "\\endif"),
        ("SELECT 1;\n\\else", 2, "`\\else` has no \\if"),
        ("SELECT 1;\n\\endif", 2, "`\\endif` has no \\if"),
        ("SELECT 1;\n\\if a\n\\endif", 2, "`a`"),
        ("SELECT 1;\n\\if\n\\endif", 2, "\\if :name"),
        ("SELECT 1;\n\\if :a :b\n\\endif", 2, "`:a :b`"),
        ("\\if :a\nSELECT 1;\n\\endif :a", 3, "`:a`"),
        ("\\if :a\nSELECT 1\n\\endif", 3, "line 2"),
        ("SELECT 1; \\retry", 1, "begin a line"),
        ("SELECT 1;\n\\gset", 2, "none is open"),
        ("SELECT 1\n\\gset a b", 2, "`a b`"),
        ("SELECT 1 \\gset ;", 1, "`;`"),
        ("\\retry on\nSELECT 1", 1, "no SQLSTATE"),
        ("\n\\retry on 40001 40p01\nSELECT 1", 2, "`40p01`"),
        ("\\retry on 4000\nSELECT 1", 1, "`4000`"),
        ("SELECT 1;\n\\retry on 40001", 2, "top"),
        ("\\if :a\n\\retry on 40001\n\\endif\nSELECT 1", 2, "top"),
        ("\\retry on 40001\n\\retry on 40P01\nSELECT 1", 2, "line 1"),
        ("SELECT 1;\n\\retry now", 2, "`\\retry now`"),
        ("SELECT 1;\n\nSELECT 'a", 3, "string"),
        ("SELECT 1;\nCOPY t FROM STDIN;", 2, "COPY"),
        ("SELECT 1;\n\0", 2, "NUL"),
    ] {
        let error = parse(source).expect_err(source);
        assert_eq!(error.line(), Some(line), "{source}: {error}");
        assert!(error.to_string().contains(word), "{source}: {error}");
        let start = format!("line {line}: ");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
}

#[test]
fn a_transaction_needs_sql() {
    for source in ["", "-- nothing\n;", "\\retry", "\\retry on 40001\n\\if :a\n\\endif"] {
        assert_eq!(parse(source), Err(TransactionError::Empty), "{source}");
    }
}

#[test]
fn nesting_has_a_bottom() {
    let nested = |depth: usize| {
        let (open, close) = ("\\if :a\n".repeat(depth), "\\endif\n".repeat(depth));
        parse(&format!("{open}SELECT 1;\n{close}"))
    };
    assert_eq!(nested(DEPTH_MAX).unwrap().statements(), 1);
    let line = DEPTH_MAX + 1;
    assert_eq!(nested(100_000), Err(TransactionError::TooDeep { line }));
}

#[test]
fn truth() {
    let text = |text: &str| Value::Text(text.to_owned());
    for word in ["t", "true", "TRUE", "on", "yes", "1", "-2", "0.50", " t "] {
        assert!(truthy(&text(word)), "{word}");
    }
    for word in ["", "0", "f", "false", "off", "no", "0.00", "NaN", "maybe"] {
        assert!(!truthy(&text(word)), "{word}");
    }
    assert!(truthy(&Value::Bool(true)) && truthy(&Value::Int(-1)) && truthy(&Value::Float(0.1)));
    assert!(!truthy(&Value::Null) && !truthy(&Value::Bool(false)) && !truthy(&Value::Int(0)));
    assert!(!truthy(&Value::Float(0.0)) && !truthy(&Value::Float(f64::NAN)));
}

fn mess() -> impl Strategy<Value = String> {
    let lines = [
        "\\if :a",
        "\\else",
        "\\endif",
        "\\retry",
        "\\retry on 40001",
        "\\elif",
        "\\gset",
        "\\gset p_",
        "SELECT 1;",
        "SELECT 1",
        "SELECT (';",
        "-- it's",
        "/* ; */",
        "",
        "\\",
        "\\x é",
        "$$",
        "'",
    ];
    let line = prop_oneof![
        6 => prop::sample::select(lines.to_vec()).prop_map(str::to_owned),
        1 => "[-\\\\;:'$/*a1é \n]{0,6}",
    ];
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn nothing_panics(source in mess(), any in any::<String>()) {
        for source in [source, any] {
            let lines = source.matches('\n').count() + 1;
            match parse(&source) {
                Ok(found) => prop_assert!(found.statements() > 0),
                Err(error) => {
                    let inside = error.line().is_none_or(|line| (1..=lines).contains(&line));
                    prop_assert!(inside, "{}", error);
                }
            }
        }
    }

    #[test]
    fn an_error_is_where_the_mistake_is(
        good in prop::collection::vec(prop::sample::select(vec![
            "SELECT ';\n';", "-- it's", "", "/* \n\n */", "\\if :a\nSELECT 1;\n\\else\n\\retry\n\\endif",
            "SELECT 1\n\\gset", "SELECT $$\n\\if$$ \\gset p_ -- x",
        ]), 0..8),
        bad in prop::sample::select(vec![
            "\\set a 1", "\\elif :a", "\\else", "\\endif", "\\gset", "\\retry soon", "\\if a", "SELECT 'a",
        ]),
    ) {
        let before = good.join("\n") + "\n";
        let line = before.matches('\n').count() + 1;
        let error = parse(&format!("{before}{bad}\n;")).unwrap_err();
        prop_assert_eq!(error.line(), Some(line), "{}", error);
    }
}
