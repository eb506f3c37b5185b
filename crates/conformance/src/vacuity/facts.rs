//! What a schema says about objects, with the parts of `allOf` put together.

use serde_json::Value;

use crate::{
    schema::{Schemas, children},
    source::join,
};

const MAX_DEPTH: usize = 16;
/// Keywords that say nothing about which values fit.
const COMMENTS: [&str; 17] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "nullable",
    "externalDocs",
    "xml",
    "discriminator",
    "$comment",
    "$schema",
    "$defs",
    "allOf",
    "$ref",
];

#[derive(Default)]
pub(super) struct Facts<'a> {
    pub(super) is_object: bool,
    pub(super) properties: Vec<&'a Value>,
    pub(super) requires_any: bool,
    /// Where members of any name and kind are invited.
    pub(super) catch_all: Option<String>,
    /// Members are bounded by something other than `properties`.
    pub(super) is_bounded: bool,
}

impl<'a> Facts<'a> {
    pub(super) fn of(schemas: &Schemas<'a>, schema: &'a Value, pointer: &str) -> Self {
        let mut facts = Self::default();
        facts.add(schemas, schema, pointer, 0);
        facts
    }

    fn add(&mut self, schemas: &Schemas<'a>, schema: &'a Value, pointer: &str, depth: usize) {
        let Some(map) = schema.as_object() else { return };
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(id) = schemas.reference(schema)
            && let Some(target) = schemas.at(id)
        {
            self.add(schemas, target, &schemas.pointers[id], depth + 1);
        }
        let members = map.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for (index, member) in members.enumerate() {
            self.add(schemas, member, &format!("{pointer}/allOf/{index}"), depth + 1);
        }
        self.is_object |= match map.get("type") {
            Some(Value::String(one)) => one == "object",
            Some(Value::Array(several)) => several.iter().any(|one| one == "object"),
            _ => false,
        };
        self.properties.extend(
            map.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.values()),
        );
        let is_some = |name: &str| map.get(name).and_then(Value::as_u64).is_some_and(|least| least > 0);
        self.requires_any |=
            map.get("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty());
        self.requires_any |= is_some("minProperties");
        match map.get("additionalProperties") {
            Some(value) if accepts_anything(schemas, value, 0) => {
                self.catch_all = Some(join(pointer, "additionalProperties"));
            }
            Some(_) => self.is_bounded = true,
            None => {}
        }
        let bounds = ["patternProperties", "propertyNames", "anyOf", "oneOf", "const", "enum", "if"];
        self.is_bounded |= bounds.iter().any(|name| map.contains_key(*name));
    }
}

/// Whether every JSON value fits.
pub(super) fn accepts_anything(schemas: &Schemas<'_>, schema: &Value, depth: usize) -> bool {
    let map = match schema {
        Value::Bool(all) => return *all,
        Value::Object(map) => map,
        _ => return false,
    };
    if depth > MAX_DEPTH {
        return false;
    }
    let inner = |value: &Value| accepts_anything(schemas, value, depth + 1);
    if let Some(id) = schemas.reference(schema)
        && !schemas.at(id).is_none_or(inner)
    {
        return false;
    }
    map.iter().all(|(name, value)| match name.as_str() {
        "allOf" => value.as_array().is_none_or(|members| members.iter().all(inner)),
        "anyOf" | "oneOf" => value.as_array().is_none_or(|members| members.iter().any(inner)),
        "type" => is_every_type(value),
        "properties" => value.as_object().is_none_or(|members| members.is_empty()),
        "additionalProperties" => is_open_end(value),
        name => COMMENTS.contains(&name) || name.starts_with("x-"),
    })
}

/// `additionalProperties: true`, or `{}`. Nothing is followed here: this schema is about another value.
fn is_open_end(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_object().is_some_and(|map| map.is_empty())
}

fn is_every_type(value: &Value) -> bool {
    let Some(names) = value.as_array() else { return false };
    ["null", "boolean", "number", "string", "array", "object"]
        .iter()
        .all(|name| names.iter().any(|one| one == name))
}

/// Whether a member may be any text or any number.
pub(super) fn is_unconstrained<'a>(schemas: &Schemas<'a>, schema: &'a Value) -> bool {
    let (schema, _) = schemas.behind(schema, "");
    if accepts_anything(schemas, schema, 0) {
        return true;
    }
    let Some(map) = schema.as_object() else { return false };
    let is_plain = match map.get("type") {
        Some(Value::String(one)) => is_open(one),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).all(is_open),
        _ => false,
    };
    // A width of numbers is how they are kept, not what they may be.
    let says_more = map.iter().any(|(name, value)| match name.as_str() {
        "type" => false,
        "format" => !matches!(value.as_str(), Some("int32" | "int64" | "float" | "double" | "password")),
        name => !COMMENTS.contains(&name) && !name.starts_with("x-"),
    });
    is_plain && !says_more && children(schema, false).is_empty()
}

fn is_open(kind: &str) -> bool {
    matches!(kind, "string" | "integer" | "number" | "null" | "object")
}
