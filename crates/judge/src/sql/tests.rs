#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use proptest::prelude::*;

fn texts(source: &str) -> Vec<String> {
    let statements = split(source).expect("splits");
    statements.into_iter().map(|s| s.text).collect()
}

fn variables() -> Variables {
    let pairs = [
        ("n", Value::Int(5)),
        ("minus", Value::Int(-5)),
        ("day", Value::Text("2024-01-31".into())),
        ("null", Value::Null),
        ("truth", Value::Bool(true)),
        ("path", Value::Text(r"o'c:\x".into())),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

fn filled(text: &str) -> String {
    fill(text, &variables())
}

fn placed(text: &str) -> Result<(String, Vec<String>), SqlError> {
    positional(text, &["n", "day", "lo"].map(str::to_owned))
}

#[test]
fn statements_know_their_lines() {
    let found = split("-- hello\n\n  SELECT 1;\n/* a\n b */ SELECT\n2 -- end\n;;\n-- bye\n").unwrap();
    let expected = [(3, "SELECT 1"), (5, "SELECT\n2")];
    let expected = expected.map(|(line, text)| Statement { line, text: text.to_owned() });
    assert_eq!(found, expected);
}

#[test]
fn semicolons_inside_something_do_not_split() {
    for whole in [
        "SELECT 'a;''b;'",
        r"SELECT E'a\';b', e'\\'",
        "SELECT E'a'\n -- on\n  '\\';b'",
        r#"SELECT U&'\0061;' , U&"d;" , "a;""b;""#,
        r"SELECT '\' , 1",
        "SELECT $$a;b$$, $t$ ; $$ ; $t$, $1, $é$;$é$",
        "SELECT a$$b, 1 -- ;\n, /* ; /* ; */ ; */ 2",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT (2); SELECT 3)",
        "SELECT $1 $a$;$a$",
    ] {
        assert_eq!(texts(&format!("{whole};SELECT 2")), [whole, "SELECT 2"], "{whole}");
    }
    assert_eq!(texts("SELECT a$$b;SELECT $$c$$"), ["SELECT a$$b", "SELECT $$c$$"]);
    assert_eq!(texts(r"SELECT '\';SELECT 2"), [r"SELECT '\'", "SELECT 2"]);
}

#[test]
fn standard_bodies_stay_whole() {
    for whole in [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
        "create or replace procedure p()\nbegin /* x */ atomic insert into t values (case 1 when 1 then 2 end); end",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT t.case; END",
    ] {
        assert_eq!(texts(&format!("{whole};SELECT 2;")), [whole, "SELECT 2"]);
    }
    assert_eq!(texts("BEGIN; SELECT 1; END; SELECT 2").len(), 4);
    assert_eq!(texts("BEGIN; SELECT CASE WHEN a THEN 1 END; COMMIT").len(), 3);
}

#[test]
fn what_cannot_be_split_is_named_with_its_line() {
    for (source, line, word) in [
        ("SELECT 1;\nSELECT 'a\n;", 2, "string"),
        ("\nSELECT E'a\\'", 2, "string"),
        ("\n\n\"a", 3, "quoted identifier"),
        ("SELECT\n/* a /* b */", 2, "comment"),
        ("SELECT\n$a$ $$ $b$", 2, "dollar quote"),
        ("SELECT 1;\n\\copy t from 'x'", 2, "`\\copy`"),
        ("SELECT 1\n\\;", 2, "`\\;`"),
        ("SELECT 1;\nCOPY t (a)\nFROM stdin;\n1\tit's\n\\.\n", 2, "COPY"),
        ("copy t from\nstdin", 1, "COPY"),
        ("SELECT\n'\0'", 2, "NUL"),
    ] {
        let error = split(source).unwrap_err();
        assert_eq!(error.line(), Some(line), "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert!(error.to_string().starts_with(&format!("line {line}: ")), "{error}");
    }
    assert_eq!(texts("COPY t TO STDOUT; COPY t FROM '/x'").len(), 2);
    assert_eq!(texts("SELECT a FROM stdin").len(), 1);
}

#[test]
fn one_is_one() {
    assert_eq!(one(" SELECT 1; -- that is it").unwrap().text, "SELECT 1");
    assert_eq!(one("-- nothing\n;"), Err(SqlError::NoStatement));
    assert_eq!(one("SELECT 1;\n\nSELECT 2"), Err(SqlError::SecondStatement { line: 3 }));
}

#[test]
fn values_as_sql() {
    for (value, raw, literal) in [
        (Value::Null, "NULL", "NULL"),
        (Value::Bool(false), "false", "'false'"),
        (Value::Int(-7), "-7", "'-7'"),
        (Value::Float(0.5), "0.5", "'0.5'"),
        (Value::Float(1e300), "1e300", "'1e300'"),
        (Value::Float(f64::NAN), "'NaN'::float8", "'NaN'"),
        (Value::Float(f64::NEG_INFINITY), "'-Infinity'::float8", "'-Infinity'"),
        (Value::Text("it's".into()), "'it''s'", "'it''s'"),
        (Value::Text(r"a\'b".into()), r"E'a\\''b'", r"E'a\\''b'"),
    ] {
        assert_eq!((value.raw().as_str(), value.literal().as_str()), (raw, literal));
    }
}

#[test]
fn filling() {
    for (text, expected) in [
        (
            "SELECT :n, :'n', :day, :'day', :null, :truth",
            "SELECT 5, '5', '2024-01-31', '2024-01-31', NULL, true",
        ),
        (":names :n_ :nn :m :'m'", ":names :n_ :nn :m :'m'"),
        (":n::int, a::n, :day::date, x:=:n, a:::n", "5::int, a::n, '2024-01-31'::date, x:=5, a:::n"),
        ("(:n)+:n;:n", "(5)+5;5"),
        ("':n' \":n\" $$:n$$ $a$:n$a$ /*:n*/ --:n\n:n", "':n' \":n\" $$:n$$ $a$:n$a$ /*:n*/ --:n\n5"),
        ("E'\\':n' :n", "E'\\':n' 5"),
        ("1-:minus, 2%:minus, (:minus)", "1- -5, 2% -5, (-5)"),
        ("SELECT:n", "SELECT 5"),
        ("'a':'n':day", "'a' '5' '2024-01-31'"),
        ("e:'n', :'n'::text", "e '5', '5'::text"),
        (":path", r"E'o''c:\\x'"),
        (
            "a[1:n], a[b:n], a[f(x):n], a[b[1]:n], a[:n], a[1: :n]",
            "a[1:n], a[b:n], a[f(x):n], a[b[1]:n], a[5], a[1: 5]",
        ),
        ("é:n 'open :n", "é 5 'open :n"),
    ] {
        assert_eq!(filled(text), expected);
    }
}

#[test]
fn placing() {
    let (text, used) = placed("SELECT :lo, ':n' WHERE a=:n AND:lo > :'lo' AND b[1:n] = c::day").unwrap();
    assert_eq!(text, "SELECT $3, ':n' WHERE a=$1 AND $3 > $3 AND b[1:n] = c::day");
    assert_eq!(used, ["n", "lo"]);
    let error = placed("SELECT\n:nn").unwrap_err();
    assert_eq!(error.to_string(), "line 2: there is no parameter `:nn`; use one of `:n`, `:day`, `:lo`");
    assert!(positional(":a", &[]).unwrap_err().to_string().contains("there are none"));
    assert_eq!(placed("SELECT\n'").unwrap_err().line(), Some(2));
}

#[test]
fn positions_are_lines() {
    let text = "é\nb\nc";
    let lines: Vec<_> = (0..=9).map(|position| line_of(text, position)).collect();
    assert_eq!(lines, [1, 1, 1, 2, 2, 3, 3, 3, 3, 3]);
}

/// Reads a literal back, by the rules of the server's manual, 4.1.2.
fn unquoted(literal: &str) -> String {
    let escapes = literal.starts_with('E');
    let body = literal.trim_start_matches('E');
    let mut letters = body[1..body.len() - 1].chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        let special = letter == '\'' || (escapes && letter == '\\');
        if special {
            assert_eq!(letters.next(), Some(letter), "{literal}");
        }
        text.push(letter);
    }
    text
}

/// A statement made of pieces that each hide semicolons, quotes and variables in their own way.
fn statement() -> impl Strategy<Value = String> {
    let hidden = "[a-z;:'\" \n-]{0,8}";
    let piece = prop_oneof![
        "[a-z]{1,5}",
        "[0-9]{1,3}",
        hidden.prop_map(|s: String| format!("'{}'", s.replace('\'', "''"))),
        hidden.prop_map(|s: String| format!("E'{}\\''", s.replace('\'', "\\'"))),
        hidden.prop_map(|s: String| format!("\"{}\"", s.replace('"', "\"\""))),
        hidden.prop_map(|s: String| format!("$q${s}$q$")),
        hidden.prop_map(|s: String| format!("$${s}$$")),
        hidden.prop_map(|s: String| format!("(1 /*{s}/*{s}*/;*/ ; --{}\n)", s.replace('\n', ""))),
        Just("::".to_owned()),
    ];
    // The end keeps comments away from the semicolon, where they would be stripped.
    prop::collection::vec(piece, 1..6).prop_map(|pieces| format!("SELECT {} x", pieces.join(" ")))
}

/// Text that is likely to open and close things.
fn mess() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[-'\"$\\\\;:/*()\\[\\]\n eEuU&a1é]{0,6}",
        Just("BEGIN ATOMIC ".to_owned()),
        Just("CREATE FUNCTION ".to_owned()),
        Just(" END".to_owned()),
        Just(" CASE ".to_owned()),
        Just("COPY FROM STDIN".to_owned()),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn joined_statements_come_back(statements in prop::collection::vec(statement(), 0..6)) {
        let source = statements.join(";\n");
        prop_assert_eq!(texts(&source), statements);
        for found in split(&source).unwrap() {
            let from: String = source.split('\n').skip(found.line - 1).collect::<Vec<_>>().join("\n");
            prop_assert!(from.starts_with(&found.text));
        }
    }

    #[test]
    fn nothing_panics(source in mess(), any in any::<String>()) {
        for source in [source, any] {
            let lines = source.matches('\n').count() + 1;
            if let Err(error) = split(&source) {
                prop_assert!(error.line().is_some_and(|line| (1..=lines).contains(&line)));
            }
            let _ = (one(&source), filled(&source), placed(&source), line_of(&source, 7));
            prop_assert_eq!(fill(&source, &Variables::new()), source.as_str());
            let tokens: String = Lexer::new(&source).map(|token| token.text).collect();
            prop_assert_eq!(tokens, source);
        }
    }

    #[test]
    fn quotes_are_left_alone(statement in statement()) {
        prop_assert_eq!(filled(&statement), statement);
    }

    #[test]
    fn literals_read_back(text in "[a'\\\\\"é\n$:]{0,12}", any in "[^\0]*") {
        for text in [text, any] {
            let literal = Value::Text(text.clone()).literal();
            prop_assert_eq!(unquoted(&literal), text.as_str());
            let tokens: Vec<_> = Lexer::new(&literal).map(|token| token.kind).collect();
            prop_assert_eq!(tokens, [Kind::Quoted]);
        }
    }

    #[test]
    fn a_filled_value_is_one_token(
        text in "[a'\\\\;: -]{0,12}",
        before in "([a-z+,(]|''|E'a'|\"a\"|-){0,1}[a-z]{0,1}",
        after in "(|''|\"a\"|[+,)$ -][a-z]{0,2})",
    ) {
        let variables = Variables::from([("v".to_owned(), Value::Text(text.clone()))]);
        let whole = fill(&format!("{before}:v{after}"), &variables);
        let literal = Value::Text(text).literal();
        let whole_token = |t: Token| t.kind == Kind::Quoted && t.text == literal;
        prop_assert!(Lexer::new(&whole).any(whole_token), "{}", whole);
    }
}
