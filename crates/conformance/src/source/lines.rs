//! The lines of a document's values, as a tree of the same shape.

use serde_json::Value;

/// The line of one value, and the lines of what is in it, in the same order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) line: usize,
    pub(crate) children: Vec<Lines>,
}

impl Lines {
    /// The line of the value that `pointer` leads to, or of the last value on the way that there is.
    pub(crate) fn find(&self, root: &Value, pointer: &str) -> usize {
        let (mut lines, mut value) = (self, root);
        for segment in pointer.split('/').skip(1) {
            let name = segment.replace("~1", "/").replace("~0", "~");
            let step = match value {
                Value::Object(map) => map.iter().position(|(key, _)| *key == name).zip(map.get(&name)),
                Value::Array(items) => {
                    name.parse().ok().and_then(|index: usize| Some(index).zip(items.get(index)))
                }
                _ => None,
            };
            let Some((next, inner)) =
                step.and_then(|(index, inner)| lines.children.get(index).zip(Some(inner)))
            else {
                break;
            };
            (lines, value) = (next, inner);
        }
        lines.line
    }
}
