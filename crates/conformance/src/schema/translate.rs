//! Schemas of OpenAPI 3.0 and 3.1 as JSON Schema 2020-12, which the validator speaks.

use serde_json::{Map, Value, json};

use super::{Schemas, children, walk::Child};
use crate::{
    model::SchemaId,
    reader::{Direction, Version},
};

/// Keywords with a meaning in both flavours.
const SHARED: [&str; 16] = [
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
];
const COMPOSED: [&str; 6] = ["allOf", "oneOf", "anyOf", "not", "items", "properties"];

/// Keywords that came with 3.1; 3.0 has no meaning for them.
pub(super) const ONLY_31: [&str; 16] = [
    "const",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "prefixItems",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$defs",
    "examples",
];

/// Formats that are held against values; others are comments.
const FORMATS: [&str; 11] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
];

/// The schema with the number `id`, with references as `#/$defs/NUMBER`.
pub(super) fn translate(schemas: &Schemas<'_>, id: SchemaId, direction: Direction) -> Value {
    schemas.at(id).map_or(Value::Bool(true), |value| schema(schemas, value, direction))
}

fn schema(schemas: &Schemas<'_>, value: &Value, direction: Direction) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let mut out = Map::new();
    if let Some(id) = schemas.reference(value) {
        out.insert("$ref".to_owned(), Value::String(format!("#/$defs/{id}")));
    }
    let is_v30 = schemas.version == Version::V30;
    if map.contains_key("$ref") && is_v30 {
        return Value::Object(out);
    }
    for (name, value) in map {
        let name = name.as_str();
        let read = SHARED.contains(&name)
            || COMPOSED.contains(&name)
            || name == "additionalProperties"
            || (!is_v30 && ONLY_31.contains(&name) && name != "examples");
        let asserted_format =
            name == "format" && value.as_str().is_some_and(|format| FORMATS.contains(&format));
        if read || asserted_format {
            out.insert(name.to_owned(), value.clone());
        }
    }
    for child in children(value, is_v30) {
        put(&mut out, &child, schema(schemas, child.value, direction));
    }
    if is_v30 {
        modernise(&mut out, map);
    }
    integer_bounds(&mut out, map);
    if schemas.is_directed {
        direct(schemas, &mut out, map, direction);
    }
    Value::Object(out)
}

/// Puts a translated schema where the one it came from stands.
fn put(out: &mut Map<String, Value>, child: &Child<'_>, value: Value) {
    let Some(holder) = out.get_mut(child.keyword) else { return };
    let place = match &child.name {
        None => Some(holder),
        Some(name) => match holder {
            Value::Object(map) => map.get_mut(name.as_ref()),
            Value::Array(items) => name.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        },
    };
    if let Some(place) = place {
        *place = value;
    }
}

/// What 3.0 wrote otherwise: `nullable`, and limits that are excluded by a boolean.
fn modernise(out: &mut Map<String, Value>, map: &Map<String, Value>) {
    if map.get("nullable") == Some(&Value::Bool(true))
        && let Some(kind @ Value::String(_)) = map.get("type")
    {
        out.insert("type".to_owned(), json!([kind, "null"]));
    }
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(Value::Bool(excludes)) = map.get(exclusive) {
            out.remove(exclusive);
            if *excludes && let Some(value) = out.remove(limit) {
                out.insert(exclusive.to_owned(), value);
            }
        }
    }
}

/// `int32` and `int64` are limits.
fn integer_bounds(out: &mut Map<String, Value>, map: &Map<String, Value>) {
    let (least, most) = match map.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    if !out.contains_key("minimum") && !out.contains_key("exclusiveMinimum") {
        out.insert("minimum".to_owned(), least.into());
    }
    if !out.contains_key("maximum") && !out.contains_key("exclusiveMaximum") {
        out.insert("maximum".to_owned(), most.into());
    }
}

/// A `readOnly` member is required in answers only, a `writeOnly` one in requests only.
fn direct(
    schemas: &Schemas<'_>,
    out: &mut Map<String, Value>,
    map: &Map<String, Value>,
    direction: Direction,
) {
    let flag = match direction {
        Direction::Request => "readOnly",
        Direction::Answer => "writeOnly",
    };
    let Some(properties) = map.get("properties").and_then(Value::as_object) else { return };
    let Some(Value::Array(required)) = out.get_mut("required") else { return };
    required.retain(|name| {
        let property = name.as_str().and_then(|name| properties.get(name));
        let direct = property.and_then(|property| property.get(flag));
        let behind = property
            .and_then(|property| schemas.reference(property))
            .and_then(|id| schemas.at(id))
            .and_then(|schema| schema.get(flag));
        direct.or(behind) != Some(&Value::Bool(true))
    });
}
