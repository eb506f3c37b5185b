//! Documents and bodies that are made to do harm.

use std::time::{Duration, Instant};

use conformance::Document;

use crate::fixture::{PAYMENTS, around, broken, get, read};

/// Far more than any of these needs, also without optimisation; a hang would not end.
const HANG: Duration = Duration::from_secs(60);

fn refused(text: &str, rules: &[&str]) {
    let start = Instant::now();
    let names = broken(text);
    assert!(start.elapsed() < HANG, "{rules:?} hangs");
    assert!(names.iter().any(|name| rules.contains(name)), "{names:?} instead of {rules:?}");
}

fn with_schemas(schemas: &str) -> String {
    let text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/S0'}\ncomponents:\n  schemas:\n";
    format!("{text}{schemas}")
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..20 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    refused(&text, &["size"]);
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), vec!["*a"; 10_000].join(", "));
    refused(&long, &["size"]);
    refused("a: &a [*a]\n", &["aliases"]);
}

#[test]
fn large_and_deep_texts_are_refused() {
    refused(&" ".repeat(10 << 20), &["size"]);
    refused(&"- a\n".repeat(200_000), &["size"]);
    refused(&"[".repeat(500_000), &["nesting", "syntax"]);
    refused(&"{a: ".repeat(200_000), &["nesting", "syntax"]);
    refused(&"- ".repeat(400_000), &["nesting", "syntax"]);
    refused(&"? ".repeat(400_000), &["nesting", "syntax"]);
    refused(&format!("{}: 1", "k".repeat(100_000)), &["size", "syntax"]);
    refused(&"\"".repeat(1_000_001), &["syntax"]);
    refused(&"&a ".repeat(300_000), &["syntax"]);
    refused(&"!".repeat(1_000_000), &["syntax"]);
    refused(&format!("a: |\n{}", " \n".repeat(500_000)), &["openapi", "syntax", "size"]);
    refused(&format!("a: {}", "1".repeat(1_000_000)), &["openapi", "syntax"]);
    refused("", &["syntax"]);
    refused("\u{0}", &["syntax", "openapi"]);
    refused("--- a\n--- b\n", &["syntax"]);
}

#[test]
fn references_that_double_are_refused() {
    let mut schemas = String::new();
    for level in 0..20 {
        let next = level + 1;
        schemas.push_str(&format!(
            "    S{level}: {{allOf: [{{$ref: '#/components/schemas/S{next}'}}, {{$ref: '#/components/schemas/S{next}'}}]}}\n"
        ));
    }
    schemas.push_str("    S20: {type: string}\n");
    refused(&with_schemas(&schemas), &["size", "nesting"]);
    let wide = schemas
        .replace("allOf: [", "type: object, properties: {a: ")
        .replace("}, {$ref", "}, b: {$ref")
        .replace("]}", "}}");
    refused(&with_schemas(&wide), &["size", "nesting"]);
}

#[test]
fn long_chains_of_references_are_refused() {
    let mut schemas = String::new();
    for level in 0..5000 {
        schemas.push_str(&format!("    S{level}: {{$ref: '#/components/schemas/S{}'}}\n", level + 1));
    }
    schemas.push_str("    S5000: {type: string}\n");
    refused(&with_schemas(&schemas), &["nesting"]);
    let nested = schemas.replace("{$ref", "{type: array, items: {$ref").replace("'}", "'}}");
    refused(&with_schemas(&nested), &["nesting"]);
}

#[test]
fn circles_are_refused() {
    let circle = "    S0: {anyOf: [{type: string}, {not: {$ref: '#/components/schemas/S1'}}]}\n    S1: {if: {$ref: '#/components/schemas/S0'}}\n";
    refused(&with_schemas(circle), &["ref-cycle"]);
    let document = read(&with_schemas(circle));
    let _ = document.examine(&get("/a", 200, "1"));
    refused(&with_schemas("    S0: {$ref: '#/components/schemas/S0'}\n"), &["ref-cycle"]);
    refused(&with_schemas("    S0: {allOf: [{$ref: '#/components/schemas/S0/allOf/0'}]}\n"), &["ref-cycle"]);
}

/// As deep as is allowed, on the small stack that a test has.
#[test]
fn the_deepest_schemas_and_bodies_fit_on_the_stack() {
    let mut schemas =
        String::from("    S0: {type: object, additionalProperties: {$ref: '#/components/schemas/T0'}}\n");
    for level in 0..10 {
        schemas.push_str(&format!(
            "    T{level}: {{allOf: [{{$ref: '#/components/schemas/T{}'}}]}}\n",
            level + 1
        ));
    }
    schemas.push_str("    T10: {type: object, additionalProperties: {$ref: '#/components/schemas/T0'}}\n");
    let document = read(&with_schemas(&schemas));
    assert_eq!(document.defects(), []);
    let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    let found = document.examine(&get("/a", 200, &nested(63)));
    assert_eq!(found.iter().map(|one| one.rule).collect::<Vec<_>>(), ["body-schema"]);
    assert_eq!(document.examine(&get("/a", 200, &nested(100)))[0].expected, "at most 64 levels of nesting");
    assert_eq!(document.examine(&get("/a", 200, &nested(100_000)))[0].rule, "body-not-json");
}

/// Each level of such a body would double the work.
#[test]
fn bodies_that_double_the_work_are_not_examined() {
    for schema in [
        "{type: object, additionalProperties: {allOf: [{$ref: '#/components/schemas/S0'}, {$ref: '#/components/schemas/S0'}]}}",
        "{anyOf: [{type: object, properties: {a: {$ref: '#/components/schemas/S0'}}}, {properties: {a: {$ref: '#/components/schemas/S0'}}, required: [b]}]}",
    ] {
        let document = read(&with_schemas(&format!("    S0: {schema}\n")));
        assert_eq!(document.defects(), []);
        let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        let start = Instant::now();
        assert!(document.examine(&get("/a", 200, &nested(63)))[0].expected.contains("levels of nesting"));
        let _ = document.examine(&get("/a", 200, &nested(12)));
        assert!(start.elapsed() < HANG);
    }
}

#[test]
fn patterns_that_backtrack_are_given_up() {
    let document = read(&around(r#"{"type": "string", "pattern": "^(?=a)(a+)+\\1$"}"#));
    let start = Instant::now();
    let body = format!("\"{}b\"", "a".repeat(5000));
    let _ = document.examine(&get("/a", 200, &body));
    assert!(start.elapsed() < HANG);
    refused(
        &around(r#"{"type": "string", "pattern": "(((((a{100}){100}){100}){100}){100})"}"#),
        &["pattern"],
    );
}

/// Every operation repeats a long answer, and every schema has a pattern of its own.
#[test]
fn parts_that_multiply_are_refused() {
    let media: String = (0..300).map(|index| format!("        a/m{index}: {{}}\n")).collect();
    let paths: String = (0..1000)
        .map(|index| {
            format!("  /p{index}: {{get: {{responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}}}\n")
        })
        .collect();
    let head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n";
    refused(
        &format!(
            "{head}components:\n  responses:\n    R:\n      description: d\n      content:\n{media}paths:\n{paths}"
        ),
        &["size"],
    );
    let schemas: String =
        (0..300).map(|index| format!("    S{index}: {{type: string, pattern: '^a{index}'}}\n")).collect();
    refused(&with_schemas(&schemas), &["size"]);
}

#[test]
fn nothing_outside_the_document_is_read() {
    for reference in
        ["file:///secret.yaml", "http://127.0.0.1:9/x", "other.yaml", "//host/x", "json-schema:///meta"]
    {
        let text = PAYMENTS.replacen("#/components/schemas/Payment", reference, 1);
        let document = Document::read(&text).expect("a document");
        assert_eq!(document.defects()[0].rule, "ref-remote", "{reference}");
    }
}
