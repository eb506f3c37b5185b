//! YAML into a JSON value, event by event, within budgets that hostile text cannot get around.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Value};

use super::{Lines, MAX_DEPTH, MAX_KEY_BYTES, MAX_NODES, MAX_TEXT_BYTES, scalar};
use crate::{Defect, words::clip};

/// A value with its lines and what it costs.
#[derive(Clone, Default)]
struct Node {
    value: Value,
    lines: Lines,
    nodes: usize,
    text_bytes: usize,
}

/// A list or mapping whose end has not come yet.
struct Open {
    anchor: usize,
    node: Node,
    /// The name that waits for its value, and its line.
    key: Option<(String, usize)>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    text_bytes: usize,
    documents: usize,
    root: Option<Node>,
}

/// The one document in `text`.
pub(crate) fn read(text: &str) -> Result<(Value, Lines), Defect> {
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let what = format!("this is no YAML: {} (column {})", error.info(), error.marker().col() + 1);
            defect("syntax", error.marker().line(), what)
        })?;
        builder.take(event, span)?;
    }
    match builder.root {
        Some(node) => Ok((node.value, node.lines)),
        None => Err(Defect::nowhere("syntax", "the document is empty")),
    }
}

fn defect(rule: &'static str, line: usize, what: impl Into<String>) -> Defect {
    Defect { line: Some(line.max(1)), ..Defect::nowhere(rule, what) }
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Defect> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(defect(
                        "syntax",
                        line,
                        "a second YAML document begins here; only one may be handed in",
                    ));
                }
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, line),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), line)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Value::Array(vec![]), anchor, tag.as_deref(), line)
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(Value::Object(Map::new()), anchor, tag.as_deref(), line)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.add(open.node, open.anchor, line),
                None => Ok(()),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, value: Value, anchor: usize, tag: Option<&Tag>, line: usize) -> Result<(), Defect> {
        if self.open.len() >= MAX_DEPTH {
            return Err(defect("nesting", line, format!("more than {MAX_DEPTH} levels of nesting")));
        }
        if self.awaits_key() {
            return Err(defect("syntax", line, "a list or mapping cannot be the name of a member"));
        }
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
            return Err(unknown_tag(line));
        }
        self.spend(1, 0, line)?;
        let lines = Lines { line, children: vec![] };
        self.open.push(Open { anchor, node: Node { value, lines, nodes: 1, text_bytes: 0 }, key: None });
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), Defect> {
        if self.awaits_key() {
            return self.key(text, line);
        }
        self.spend(1, text.len(), line)?;
        let value = match tag {
            None if style == ScalarStyle::Plain => scalar::plain(text),
            None => Ok(Value::String(text.to_owned())),
            Some(tag) if !tag.is_yaml_core_schema() && tag.suffix.is_empty() => {
                Ok(Value::String(text.to_owned()))
            }
            Some(tag) if !tag.is_yaml_core_schema() => return Err(unknown_tag(line)),
            Some(tag) if tag.suffix == "str" => Ok(Value::String(text.to_owned())),
            Some(_) => scalar::plain(text),
        };
        let value = value.map_err(|what| defect("syntax", line, what))?;
        let lines = Lines { line, children: vec![] };
        self.add(Node { value, lines, nodes: 1, text_bytes: text.len() }, anchor, line)
    }

    fn key(&mut self, text: &str, line: usize) -> Result<(), Defect> {
        if text.len() > MAX_KEY_BYTES {
            let what = format!("a name of {} bytes; at most {MAX_KEY_BYTES} are read", text.len());
            return Err(defect("size", line, what));
        }
        if text == "<<" {
            let what = "`<<` (merge) is no part of YAML 1.2; write the members out, or use `$ref`";
            return Err(defect("syntax", line, what));
        }
        self.spend(0, text.len(), line)?;
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if open.node.value.get(text).is_some() {
            let what = format!("`{}` stands here a second time; which of the two counts?", clip(text));
            return Err(defect("duplicate-key", line, what));
        }
        open.node.text_bytes += text.len();
        open.key = Some((text.to_owned(), line));
        Ok(())
    }

    fn alias(&mut self, anchor: usize, line: usize) -> Result<(), Defect> {
        if self.awaits_key() {
            return Err(defect("syntax", line, "an alias cannot be the name of a member"));
        }
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(defect("aliases", line, "this alias stands inside the value that it repeats"));
        };
        let (nodes, text_bytes) = (known.nodes, known.text_bytes);
        let depth = self.open.len() + depth(&known.lines);
        self.spend(nodes, text_bytes, line)?;
        if depth > MAX_DEPTH {
            return Err(defect("nesting", line, format!("more than {MAX_DEPTH} levels of nesting")));
        }
        let node = self.anchors.get(&anchor).cloned().unwrap_or_default();
        self.add(node, 0, line)
    }

    /// Puts a finished value where it belongs.
    fn add(&mut self, node: Node, anchor: usize, line: usize) -> Result<(), Defect> {
        if anchor != 0 {
            self.spend(0, node.text_bytes, line)?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.node.nodes += node.nodes;
        open.node.text_bytes += node.text_bytes;
        let mut lines = node.lines;
        match (&mut open.node.value, open.key.take()) {
            (Value::Object(map), Some((key, key_line))) => {
                lines.line = key_line;
                map.insert(key, node.value);
            }
            (Value::Array(items), _) => items.push(node.value),
            _ => return Err(defect("syntax", line, "a value without a name")),
        }
        open.node.lines.children.push(lines);
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.node.value.is_object() && open.key.is_none())
    }

    fn spend(&mut self, nodes: usize, text_bytes: usize, line: usize) -> Result<(), Defect> {
        self.nodes += nodes;
        self.text_bytes += text_bytes;
        if self.nodes > MAX_NODES || self.text_bytes > MAX_TEXT_BYTES {
            let what = format!(
                "the document grows past {MAX_NODES} values or {MAX_TEXT_BYTES} bytes of text here, with its \
                 aliases written out"
            );
            return Err(defect("size", line, what));
        }
        Ok(())
    }
}

fn unknown_tag(line: usize) -> Defect {
    defect("syntax", line, "tags of one's own (`!name`) have no meaning in OpenAPI")
}

fn depth(lines: &Lines) -> usize {
    1 + lines.children.iter().map(depth).max().unwrap_or(0)
}
