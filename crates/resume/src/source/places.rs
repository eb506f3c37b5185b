//! JSON read together with the line of each of its fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Mistake, below, line_of};

enum Frame {
    Object { key: String, names: bool },
    List { index: usize },
}

/// Reads JSON; a mistake in it has its line, and the field in which reading stopped.
pub(super) fn read(text: &str) -> Result<(Value, BTreeMap<String, usize>), Mistake> {
    match serde_json::from_str(text) {
        Ok(value) => Ok((value, scan(text, text.len()).0)),
        Err(error) => {
            let before = text.lines().take(error.line().saturating_sub(1));
            let at = before.map(|line| line.len() + 1).sum::<usize>() + error.column();
            let (_, field) = scan(text, at.min(text.len()));
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or(&what);
            let what = format!("this is no JSON: {what}");
            Err(Mistake { line: error.line().max(1), field, what })
        }
    }
}

/// The line of every field before `end`, and the last field that was begun.
fn scan(text: &str, end: usize) -> (BTreeMap<String, usize>, String) {
    let bytes = text.as_bytes();
    let (mut lines, mut open, mut at, mut line) = (BTreeMap::new(), Vec::<Frame>::new(), 0, 1);
    let mut last = String::new();
    let mut begin = |open: &[Frame], line: usize, last: &mut String| {
        *last = path(open);
        lines.insert(last.clone(), line);
    };
    while at < end {
        match bytes[at] {
            b'\n' => line += 1,
            b'"' => {
                let close = string_end(bytes, at);
                match open.last_mut() {
                    Some(Frame::Object { key, names: true }) => {
                        let quoted = text.get(at..close).unwrap_or_default();
                        *key = serde_json::from_str(quoted).unwrap_or_default();
                        begin(&open, line, &mut last);
                    }
                    _ => begin(&open, line, &mut last),
                }
                at = close;
                continue;
            }
            b'{' => {
                begin(&open, line, &mut last);
                open.push(Frame::Object { key: String::new(), names: true });
            }
            b'[' => {
                begin(&open, line, &mut last);
                open.push(Frame::List { index: 0 });
            }
            b'}' | b']' => drop(open.pop()),
            b':' => {
                if let Some(Frame::Object { names, .. }) = open.last_mut() {
                    *names = false;
                }
            }
            b',' => match open.last_mut() {
                Some(Frame::Object { names, .. }) => *names = true,
                Some(Frame::List { index }) => *index += 1,
                None => {}
            },
            b' ' | b'\t' | b'\r' => {}
            _ => {
                begin(&open, line, &mut last);
                while at < end && !matches!(bytes[at], b',' | b'}' | b']' | b'\n') {
                    at += 1;
                }
                continue;
            }
        }
        at += 1;
    }
    debug_assert!(end < text.len() || line == line_of(text, end));
    (lines, last)
}

/// The place after a string that begins here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn path(open: &[Frame]) -> String {
    open.iter().fold(String::new(), |path, frame| match frame {
        Frame::Object { key, .. } => below(&path, key),
        Frame::List { index } => format!("{path}[{index}]"),
    })
}
