//! A document in memory: its JSON value, and the line on which each part of it stands.

mod lines;
mod pointer;
mod scalar;
mod yaml;

pub(crate) use lines::Lines;
pub(crate) use pointer::{join, place, push, target};

use serde_json::Value;

use crate::Defect;

/// Longest document that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// Most values in a document, with every alias written out.
pub(crate) const MAX_NODES: usize = 50_000;
/// Most bytes of text in a document, with every alias written out.
pub(crate) const MAX_TEXT_BYTES: usize = 4 << 20;
/// Deepest nesting of a document.
pub(crate) const MAX_DEPTH: usize = 64;
/// Longest name of a member, in bytes.
pub(crate) const MAX_KEY_BYTES: usize = 256;

/// What was handed in, parsed.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) root: Value,
    /// None when the text could only be read as JSON.
    lines: Option<Lines>,
}

impl Source {
    /// Parses `text` as YAML 1.2, of which JSON is (almost) a part.
    pub(crate) fn read(text: &str) -> Result<Self, Defect> {
        if text.len() > MAX_BYTES {
            let what = format!(
                "the document has {} bytes; at most {MAX_BYTES} are read. Take out what the service does \
                 not need, such as embedded data",
                text.len()
            );
            return Err(Defect::nowhere("size", what));
        }
        match yaml::read(text) {
            Ok((root, lines)) => Ok(Self { root, lines: Some(lines) }),
            Err(defect) => match json(text) {
                Some(root) if defect.rule == "syntax" => Ok(Self { root, lines: None }),
                _ => Err(defect),
            },
        }
    }

    /// The value that a JSON pointer leads to.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// The line of the value that a JSON pointer leads to, or of the nearest value around it.
    pub(crate) fn line(&self, pointer: &str) -> Option<usize> {
        self.lines.as_ref().map(|lines| lines.find(&self.root, pointer))
    }

    /// A defect at a JSON pointer.
    pub(crate) fn defect(&self, rule: &'static str, pointer: &str, what: impl Into<String>) -> Defect {
        Defect { line: self.line(pointer), ..Defect::new(rule, place(pointer), what) }
    }
}

/// JSON that YAML's rules reject, such as escapes of surrogate pairs.
fn json(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let (nodes, depth) = measure(&value, 1);
    (nodes <= MAX_NODES && depth <= MAX_DEPTH && keys_fit(&value)).then_some(value)
}

/// Values in a value, and how deep they are nested.
fn measure(value: &Value, depth: usize) -> (usize, usize) {
    let mut total = (1, depth);
    let mut add = |(nodes, deepest): (usize, usize)| total = (total.0 + nodes, total.1.max(deepest));
    match value {
        Value::Array(items) => items.iter().for_each(|item| add(measure(item, depth + 1))),
        Value::Object(map) => map.values().for_each(|item| add(measure(item, depth + 1))),
        _ => {}
    }
    total
}

fn keys_fit(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(keys_fit),
        Value::Object(map) => map.iter().all(|(key, item)| key.len() <= MAX_KEY_BYTES && keys_fit(item)),
        _ => true,
    }
}
