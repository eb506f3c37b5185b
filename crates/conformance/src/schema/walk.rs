//! Which values inside a schema are schemas themselves.

use std::borrow::Cow;

use serde_json::Value;

use crate::source::push;

/// A schema inside another.
pub(crate) struct Child<'a> {
    pub(crate) keyword: &'static str,
    /// The name or index under the keyword, where it holds several.
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) value: &'a Value,
}

const SINGLE: [&str; 11] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];

impl Child<'_> {
    /// Whether the child is held against the same value as its parent.
    pub(crate) fn is_in_place(&self) -> bool {
        matches!(
            self.keyword,
            "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependentSchemas"
        )
    }

    pub(crate) fn push(&self, pointer: &mut String) -> usize {
        let length = push(pointer, self.keyword);
        if let Some(name) = &self.name {
            push(pointer, name);
        }
        length
    }
}

/// The schemas directly inside `schema`. Beside a `$ref`, OpenAPI 3.0 ignores everything.
pub(crate) fn children(schema: &Value, ref_is_alone: bool) -> Vec<Child<'_>> {
    let mut found = vec![];
    let Some(map) = schema.as_object() else { return found };
    if ref_is_alone && map.contains_key("$ref") {
        return found;
    }
    for keyword in SINGLE {
        found.extend(map.get(keyword).map(|value| Child { keyword, name: None, value }));
    }
    for keyword in LISTS {
        let items = map.get(keyword).and_then(Value::as_array).into_iter().flatten();
        found.extend(items.enumerate().map(|(index, value)| {
            let name = Some(Cow::Owned(index.to_string()));
            Child { keyword, name, value }
        }));
    }
    for keyword in MAPS {
        let members = map.get(keyword).and_then(Value::as_object).into_iter().flatten();
        found.extend(members.map(|(name, value)| Child { keyword, name: Some(Cow::Borrowed(name)), value }));
    }
    found
}

/// What [`walk`] tells about a schema.
pub(crate) struct Stop<'a, 'p> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: &'p str,
    /// The way into the value that the walk's first schema is held against, to the part that this one is
    /// held against: empty for the same value, `/a` for the member a, `/*` for one of several.
    pub(crate) inside: &'p str,
    /// One of several schemas that describe the same value together.
    pub(crate) is_composed: bool,
    /// Schemas around this one, up to where the walk began.
    pub(crate) depth: usize,
}

/// Visits a schema and every schema inside it, without following references.
pub(crate) fn walk<'a>(
    root: &'a Value,
    pointer: &str,
    ref_is_alone: bool,
    visit: &mut dyn FnMut(Stop<'a, '_>),
) {
    let mut walker = Walker { pointer: pointer.to_owned(), inside: String::new(), ref_is_alone };
    walker.step(root, false, 1, visit);
}

struct Walker {
    pointer: String,
    inside: String,
    ref_is_alone: bool,
}

impl Walker {
    fn step<'a>(
        &mut self,
        value: &'a Value,
        is_composed: bool,
        depth: usize,
        visit: &mut dyn FnMut(Stop<'a, '_>),
    ) {
        visit(Stop { value, pointer: &self.pointer, inside: &self.inside, is_composed, depth });
        for child in children(value, self.ref_is_alone) {
            let pointer_length = child.push(&mut self.pointer);
            let inside_length = self.inside.len();
            match (&child.name, child.keyword) {
                _ if child.is_in_place() => {}
                (Some(name), "properties" | "prefixItems") => {
                    push(&mut self.inside, name);
                }
                _ => self.inside.push_str("/*"),
            }
            self.step(child.value, child.is_in_place(), depth + 1, visit);
            self.pointer.truncate(pointer_length);
            self.inside.truncate(inside_length);
        }
    }
}
