//! Schemas that are wrong in one place.

use crate::fixture::{around, broken, changed, deviations, get, payments_30, read};

#[test]
fn each_mistake_in_a_schema_is_caught_by_its_rule() {
    for (rule, from, to) in [
        ("schema", "type: integer\n          minimum: 400", "type: number-ish\n          minimum: 400"),
        ("schema", "required: [type, title, status]", "required: true"),
        ("schema", "minLength: 1\n          maxLength: 64", "minLength: -1\n          maxLength: 64"),
        ("pattern", "^card_[a-z0-9]{4,32}$", "^card_["),
        (
            "version-keyword",
            "type: [string, \"null\"]\n        \"400\"",
            "type: string\n                    nullable: true\n        \"400\"",
        ),
        ("required-property", "required: [type, title, status]", "required: [type, title, state]"),
        ("enum", "enum: [captured, declined, pending]", "enum: []"),
        ("enum", "enum: [captured, declined, pending]", "enum: [captured, 7]"),
        (
            "type-format",
            "type: string\n          format: date-time",
            "type: integer\n          format: date-time",
        ),
        ("limits", "minimum: 400\n          maximum: 599", "minimum: 599\n          maximum: 400"),
        (
            "array-items",
            "type: array\n                    items:\n                      $ref: \"#/components/schemas/Payment\"",
            "type: array",
        ),
        ("example", "amount: 1250", "amount: 12.5"),
        ("example", "default: 20", "default: 200"),
        ("ref", "    Problem:\n      type: object", "    Problem:\n      $id: other\n      type: object"),
    ] {
        let text = changed(from, to);
        assert_eq!(broken(&text), [rule], "{from:?} became {to:?}");
    }
}

#[test]
fn keywords_of_the_other_version_are_named() {
    let text = payments_30();
    for (from, to) in [
        ("enum: [captured, declined, pending]", "const: captured"),
        ("type: string\n          nullable: true", "type: [string, \"null\"]"),
        ("minimum: 0\n          exclusiveMinimum: true", "exclusiveMinimum: 0"),
        ("type: string\n          nullable: true", "allOf: [{type: string}]\n          nullable: true"),
    ] {
        assert!(text.contains(from), "the fixture has no {from:?}");
        let names = broken(&text.replacen(from, to, 1));
        assert!(names.contains(&"version-keyword"), "{to}: {names:?}");
    }
}

/// In `allOf`, one part may require what another describes.
#[test]
fn composed_schemas_may_require_what_others_describe() {
    let schema = r#"{"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}},
        {"properties": {"b": {"type": "string"}}, "required": ["a", "b"]}]}"#;
    assert_eq!(broken(&around(schema)), [""; 0]);
}

#[test]
fn a_broken_schema_is_told_once_and_hinders_no_other() {
    let document =
        read(&changed("type: integer\n          minimum: 400", "type: whole\n          minimum: 400"));
    assert_eq!(document.defects().len(), 1, "{:?}", document.defects());
    assert_eq!(document.defects()[0].place, "components.schemas.Problem.properties.status.type");
    assert_eq!(deviations(&document, &get("/v1/payments/p1", 200, "[]")), ["body-schema"]);
}

#[test]
fn recursive_schemas_are_followed() {
    let schema = r##"{"type": "object", "required": ["name"], "properties": {"name": {"type": "string"},
        "children": {"type": "array",
        "items": {"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema"}}}}"##;
    let document = read(&around(schema));
    assert_eq!(document.defects(), []);
    let fits = r#"{"name": "a", "children": [{"name": "b", "children": []}]}"#;
    assert_eq!(document.examine(&get("/a", 200, fits)), []);
    let found = document.examine(&get("/a", 200, r#"{"name": "a", "children": [{"name": 1}]}"#));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, "response body /children/0/name");
    assert_eq!((found[0].expected.as_str(), found[0].got.as_str()), ("a string", "1 (an integer)"));
}

#[test]
fn read_only_members_are_required_in_answers_alone() {
    let text = changed(
        "reference:\n          type: string\n          minLength",
        "reference:\n          readOnly: true\n          type: string\n          minLength",
    );
    let document = read(&text);
    let without = r#"{"amount": 1250, "currency": "EUR", "card": "card_visa01"}"#;
    let exchange = crate::fixture::post(without, 201, crate::fixture::PAYMENT);
    assert_eq!(document.examine(&exchange), []);
}
