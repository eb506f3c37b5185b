//! Documents that promise nothing.

use crate::fixture::{around, changed, read};

fn vacuities(text: &str) -> Vec<&'static str> {
    let document = read(text);
    let mut names: Vec<_> = document.vacuities().iter().map(|defect| defect.rule).collect();
    names.dedup();
    names
}

#[test]
fn answers_that_may_be_anything_are_named() {
    for (rule, schema) in [
        ("body-any", "{}"),
        ("body-any", "true"),
        ("body-any", r#"{"description": "anything"}"#),
        ("body-any", r#"{"type": ["string", "number", "boolean", "object", "array", "null"]}"#),
        ("body-any", r#"{"anyOf": [{"type": "string"}, {}]}"#),
        ("body-any", r#"{"allOf": [{}, true]}"#),
        ("body-any", r#"{"type": "array", "items": {}}"#),
        ("body-any", r#"{"not": false}"#),
        ("body-any", r#"{"minLength": 0, "minProperties": 0, "required": []}"#),
        ("body-any", r#"{"if": {"type": "string"}, "else": {}}"#),
        ("body-bare-object", r#"{"type": "object", "minProperties": 0}"#),
        ("body-bare-object", r#"{"type": "object", "not": {"required": ["never"]}}"#),
        ("body-bare-object", r#"{"type": "object", "patternProperties": {"^never$": {"type": "string"}}}"#),
        ("body-bare-object", r#"{"type": "object"}"#),
        ("body-bare-object", r#"{"type": ["object", "null"]}"#),
        ("body-bare-object", r#"{"type": "array", "items": {"type": "object"}}"#),
        ("body-bare-object", r#"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#),
        (
            "body-catch-all",
            r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}, "additionalProperties": true}"#,
        ),
        (
            "body-catch-all",
            r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}, "additionalProperties": {}}"#,
        ),
        ("body-no-required", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#),
        ("body-hollow", r#"{"type": "object", "required": ["a", "b"], "properties": {"a": {}, "b": true}}"#),
    ] {
        assert_eq!(vacuities(&around(schema)), [rule], "{schema}");
    }
}

#[test]
fn answers_that_promise_something_are_left_alone() {
    for schema in [
        r#"{"type": "string"}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}}"#,
        r#"{"type": "object", "required": ["a"], "properties": {"a": {}, "b": {"type": "integer"}}}"#,
        r#"{"type": "object", "minProperties": 1, "properties": {"a": {"type": "string"}}}"#,
        r#"{"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"required": ["a"]}]}"#,
        r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#,
        "false",
    ] {
        assert_eq!(vacuities(&around(schema)), [""; 0], "{schema}");
    }
}

#[test]
fn documents_that_say_too_little_are_named() {
    let open = "type: object\n      required: [amount]\n      properties:\n        amount: {type: integer, format: int64}\n        currency: {type: string}\n    Other:\n      type: object\n      additionalProperties: false";
    for (rule, from, to) in [
        (
            "only-default",
            "\"200\":\n          description: the service runs",
            "2XX:\n          description: whatever",
        ),
        (
            "only-default",
            "\"200\":\n          description: the service runs",
            "default:\n          description: whatever",
        ),
        (
            "success-no-schema",
            "schema:\n                $ref: \"#/components/schemas/Payment\"\n        \"404\"",
            "x-none: true\n        \"404\"",
        ),
        (
            "content-any",
            "application/json:\n            schema:\n              $ref",
            "\"*/*\":\n            schema:\n              $ref",
        ),
        (
            "body-any",
            "schema:\n              $ref: \"#/components/schemas/NewPayment\"\n            example:\n              amount: 1250",
            "x-none:\n              amount: 1250",
        ),
    ] {
        assert_eq!(vacuities(&changed(from, to)), [rule], "{to}");
    }
    let text = changed(
        "    NewPayment:\n      type: object\n      additionalProperties: false",
        &format!("    NewPayment:\n      {open}"),
    );
    let text = text.replace("            example:\n              amount: 1250\n              currency: EUR\n              card: card_visa01\n              reference: order 7\n", "");
    assert_eq!(vacuities(&text), ["request-unconstrained"]);
    assert_eq!(vacuities("{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {}}"), ["no-operations"]);
}

#[test]
fn a_vacuity_is_told_where_the_schema_stands() {
    let text = changed(
        "    Problem:\n      type: object\n      required: [type, title, status]\n",
        "    Problem:\n      type: object\n",
    );
    let document = read(&text);
    let [vacuity] = document.vacuities() else { panic!("{:?}", document.vacuities()) };
    assert_eq!((vacuity.rule, vacuity.place.as_str()), ("body-no-required", "components.schemas.Problem"));
    assert!(
        vacuity
            .line
            .is_some_and(|line| text.lines().nth(line - 1).is_some_and(|line| line.contains("Problem")))
    );
}
