//! Values that no honest schema accepts all of: a way to see through disguises such as `not: false`.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// One or two values of each type, of no API in particular.
static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-7919.25),
        json!(""),
        json!("\u{1} no date, no name \u{1f980}"),
        json!([]),
        json!([null, [{}]]),
        json!({}),
        json!({ "\u{1}": [{ "\u{2}": -1 }] }),
    ]
});

/// Whether the schema accepts values of every type.
pub(super) fn fits_anything(validator: &Validator) -> bool {
    VALUES.iter().all(|value| validator.is_valid(value))
}

/// Whether the schema accepts the empty object, and objects with one member of any type under a strange name.
pub(super) fn fits_any_object(validator: &Validator) -> bool {
    validator.is_valid(&json!({}))
        && VALUES.iter().all(|value| validator.is_valid(&json!({ "\u{1}": value })))
}
