//! What a validator does not mind and an author cannot have meant.

use serde_json::{Map, Value};

use super::{Schemas, translate::ONLY_31, walk::walk};
use crate::{
    reader::{Reader, Version},
    source::join,
    words::{clip, kind, shown, type_name},
};

type Schema = Map<String, Value>;

pub(super) fn check(reader: &mut Reader<'_>, schemas: &Schemas<'_>, initial: usize) {
    for pointer in &schemas.pointers[..initial] {
        let Some(root) = schemas.source.at(pointer) else { continue };
        walk(root, pointer, schemas.version == Version::V30, &mut |stop| {
            let Some(map) = stop.value.as_object() else { return };
            if map.contains_key("$ref") && schemas.version == Version::V30 {
                return;
            }
            version_keywords(reader, map, stop.pointer);
            if !stop.is_composed {
                required(reader, map, stop.pointer);
            }
            enumeration(reader, map, stop.pointer);
            format(reader, map, stop.pointer);
            limits(reader, map, stop.pointer);
            let is_list = types(map).contains(&"array");
            let is_open = !["items", "prefixItems", "contains", "$ref", "allOf"]
                .iter()
                .any(|name| map.contains_key(*name));
            if is_list && is_open {
                reader.defect("array-items", stop.pointer, "a list of what? Describe its `items`");
            }
        });
    }
}

/// The types that a schema names.
fn types(map: &Schema) -> Vec<&str> {
    match map.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

/// Keywords that the document's version of OpenAPI ignores, though the author counts on them.
fn version_keywords(reader: &mut Reader<'_>, map: &Schema, pointer: &str) {
    let version = reader.version;
    let mut defect = |name: &str, what: &str| reader.defect("version-keyword", &join(pointer, name), what);
    if version == Version::V31 {
        if map.contains_key("nullable") {
            defect(
                "nullable",
                "OpenAPI 3.1 ignores `nullable`; write `type: [string, \"null\"]` or the like",
            );
        }
        return;
    }
    for name in ONLY_31.iter().filter(|name| map.contains_key(**name)) {
        defect(name, "OpenAPI 3.0 ignores this keyword; write the document in 3.1.0");
    }
    if map.get("nullable") == Some(&Value::Bool(true)) && !map.contains_key("type") {
        defect("nullable", "`nullable` counts only beside `type`");
    }
    match map.get("type") {
        Some(Value::Array(_)) => {
            defect("type", "OpenAPI 3.0 knows one type only; write `nullable: true`, or use 3.1.0")
        }
        Some(Value::String(name)) if name == "null" => {
            defect("type", "OpenAPI 3.0 has no type null; write `nullable: true`")
        }
        _ => {}
    }
    for name in ["exclusiveMinimum", "exclusiveMaximum"] {
        if map.get(name).is_some_and(Value::is_number) {
            defect(name, "in OpenAPI 3.0 this is true or false beside the limit; use 3.1.0 for a number");
        }
    }
}

/// A name in `required` that is none of the properties beside it.
fn required(reader: &mut Reader<'_>, map: &Schema, pointer: &str) {
    let composed = ["allOf", "anyOf", "oneOf", "$ref", "if", "patternProperties"];
    if composed.iter().any(|name| map.contains_key(*name)) {
        return;
    }
    let properties = map.get("properties").and_then(Value::as_object);
    let is_described = properties.is_some() || map.get("additionalProperties") == Some(&Value::Bool(false));
    let names = map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for name in names {
        if is_described && !properties.is_some_and(|properties| properties.contains_key(name)) {
            let what = format!("`{}` is required and not among the properties", clip(name));
            reader.defect("required-property", &join(pointer, "required"), what);
        }
    }
}

fn enumeration(reader: &mut Reader<'_>, map: &Schema, pointer: &str) {
    let Some(Value::Array(values)) = map.get("enum") else { return };
    let at = join(pointer, "enum");
    if values.is_empty() {
        reader.defect("enum", &at, "no value fits an `enum` without values");
    }
    let types = types(map);
    let nullable = map.get("nullable") == Some(&Value::Bool(true));
    for value in values {
        let fits =
            types.is_empty() || types.iter().any(|name| is_of(value, name)) || (nullable && value.is_null());
        if !fits {
            let wanted: Vec<&str> = types.iter().map(|name| type_name(name)).collect();
            let what =
                format!("{} is {}, and `type` wants {}", shown(value), kind(value), wanted.join(" or "));
            reader.defect("enum", &at, what);
        }
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // An unknown type is another rule's matter.
        _ => true,
    }
}

/// A format that belongs to another type.
fn format(reader: &mut Reader<'_>, map: &Schema, pointer: &str) {
    let Some(format) = map.get("format").and_then(Value::as_str) else { return };
    let of: &[&str] = match format {
        "int32" | "int64" => &["integer", "number"],
        "float" | "double" => &["number"],
        "date-time" | "date" | "time" | "duration" | "email" | "hostname" | "ipv4" | "ipv6" | "uri"
        | "uri-reference" | "uuid" | "byte" | "binary" | "password" => &["string"],
        _ => return,
    };
    let types = types(map);
    if !types.is_empty() && !types.iter().any(|name| of.contains(name)) {
        let what =
            format!("the format {format} belongs to {}, not to {}", type_name(of[0]), type_name(types[0]));
        reader.defect("type-format", &join(pointer, "format"), what);
    }
}

/// A lower limit above its upper one.
fn limits(reader: &mut Reader<'_>, map: &Schema, pointer: &str) {
    let pairs = [
        ("minimum", "maximum"),
        ("exclusiveMinimum", "exclusiveMaximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ];
    for (least, most) in pairs {
        let value = |name: &str| map.get(name).and_then(Value::as_f64);
        if let (Some(low), Some(high)) = (value(least), value(most))
            && low > high
        {
            reader.defect("limits", pointer, format!("no value fits: `{least}` is above `{most}`"));
        }
    }
}
