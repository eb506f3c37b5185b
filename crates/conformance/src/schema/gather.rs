//! The first walk: every schema, every reference, every example.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Gathered, walk::walk};
use crate::{
    reader::{Reader, Version},
    source::{join, target},
    words::clip,
};

/// Keywords that change what a `$ref` means; none of them is needed in an OpenAPI document.
const UNREAD: [&str; 5] = ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"];

pub(super) fn gather<'a>(reader: &mut Reader<'a>) -> Gathered<'a> {
    let source = reader.source;
    let initial = reader.sites.pointers.len();
    let mut positions = HashSet::new();
    let mut references: Vec<(String, &'a Value)> = vec![];
    let mut examples: Vec<(String, &'static str, &'a Value)> = vec![];
    let mut unread = vec![];
    let mut is_directed = false;
    let mut patterns = HashSet::new();
    for id in 0..initial {
        let Some(root) = source.at(&reader.sites.pointers[id]) else { continue };
        let ref_is_alone = reader.version == Version::V30;
        walk(root, &reader.sites.pointers[id], ref_is_alone, &mut |stop| {
            positions.insert(std::ptr::from_ref(stop.value));
            let Some(map) = stop.value.as_object() else { return };
            references.extend(map.get("$ref").map(|reference| (stop.pointer.to_owned(), reference)));
            is_directed |= map.contains_key("readOnly") || map.contains_key("writeOnly");
            patterns.extend(map.get("pattern").and_then(Value::as_str));
            let names = map.get("patternProperties").and_then(Value::as_object);
            patterns.extend(names.into_iter().flat_map(|names| names.keys().map(String::as_str)));
            for keyword in ["example", "default", "examples"] {
                examples.extend(map.get(keyword).map(|value| (stop.pointer.to_owned(), keyword, value)));
            }
            unread.extend(
                UNREAD
                    .iter()
                    .filter(|name| map.contains_key(**name))
                    .map(|name| (stop.pointer.to_owned(), name)),
            );
        });
    }
    for (pointer, name) in unread {
        reader.defect(
            "ref",
            &pointer,
            format!("`{name}` is not read here; name the schema under `components.schemas` and use `$ref`"),
        );
    }
    let mut refs = HashMap::new();
    for (pointer, reference) in references {
        follow(reader, &positions, &mut refs, &pointer, reference);
    }
    for (pointer, keyword, value) in examples {
        add_samples(reader, &pointer, keyword, value);
    }
    Gathered { refs, is_directed, patterns: patterns.len(), initial }
}

fn follow<'a>(
    reader: &mut Reader<'a>,
    positions: &HashSet<*const Value>,
    refs: &mut HashMap<&'a str, usize>,
    pointer: &str,
    reference: &'a Value,
) {
    let Some(text) = reference.as_str() else {
        reader.defect("ref", pointer, "the value of `$ref` must be text");
        return;
    };
    if refs.contains_key(text) {
        return;
    }
    let at = match target(text) {
        Ok(at) => at,
        Err((rule, what)) => {
            reader.defect(rule, pointer, what);
            return;
        }
    };
    match reader.source.at(&at) {
        None => {
            reader.defect("ref", pointer, format!("there is no `{}` in this document", clip(text)));
        }
        Some(value) if !positions.contains(&std::ptr::from_ref(value)) => {
            reader.defect("ref", pointer, format!("`{}` is no schema", clip(text)));
        }
        Some(_) => {
            refs.insert(text, reader.sites.add(&at));
        }
    }
}

fn add_samples<'a>(reader: &mut Reader<'a>, pointer: &str, keyword: &str, value: &'a Value) {
    let schema = reader.sites.add(pointer);
    let at = join(pointer, keyword);
    match value {
        Value::Array(items) if keyword == "examples" => {
            for (index, value) in items.iter().enumerate() {
                reader.sample(format!("{at}/{index}"), value, schema);
            }
        }
        _ if keyword == "examples" => {
            reader.defect("structure", &at, "`examples` of a schema is a list");
        }
        _ => reader.sample(at, value, schema),
    }
}
