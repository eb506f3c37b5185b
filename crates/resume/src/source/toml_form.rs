//! TOML to JSON with the line of each field, and back.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Mistake, below, line_of};

/// A table with this one key stands for JSON that TOML cannot say.
const JSON: &str = "hotseat-json";

/// Reads TOML; a mistake in it has its line, and the key that stands there.
pub(super) fn read(text: &str) -> Result<(Value, BTreeMap<String, usize>), Mistake> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let what = error.message().lines().next().unwrap_or_default();
        Mistake {
            line: line_of(text, at),
            field: field_at(text, at),
            what: format!("this is no TOML: {what}"),
        }
    })?;
    let mut lines = Lines { starts: starts(text), of: BTreeMap::new() };
    let value = of_table(table.get_ref(), "", &mut lines)?;
    Ok((value, lines.of))
}

/// Where lines start, and the line of each field.
struct Lines {
    starts: Vec<usize>,
    of: BTreeMap<String, usize>,
}

impl Lines {
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }
}

fn starts(text: &str) -> Vec<usize> {
    let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after).collect()
}

/// The key on the line where reading stopped, below the last header before it.
fn field_at(text: &str, at: usize) -> String {
    let line = line_of(text, at);
    let key = text.lines().take(line).filter_map(|it| it.split_once('=')).last().map(|(key, _)| key.trim());
    let headers = text.lines().take(line).map(str::trim).filter(|it| it.starts_with('['));
    let header = headers.last().unwrap_or_default().trim_matches(['[', ']', ' ']);
    let key = key.filter(|key| !key.is_empty() && key.len() < 80 && !key.starts_with(['#', '[']));
    key.map_or(header.to_string(), |key| below(header, key))
}

fn of_table(table: &DeTable<'_>, path: &str, lines: &mut Lines) -> Result<Value, Mistake> {
    let mut entries: Vec<(&Spanned<_>, &Spanned<DeValue<'_>>)> = table.iter().collect();
    // The order of the file is the order of the résumé.
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut map = Map::new();
    for (key, value) in entries {
        let name: &str = key.get_ref();
        let path = below(path, name);
        lines.of.insert(path.clone(), lines.line(key.span().start));
        map.insert(name.to_string(), of_value(value, &path, lines)?);
    }
    match map.get(JSON).and_then(Value::as_str) {
        Some(text) if map.len() == 1 => serde_json::from_str(text).map_err(|error| Mistake {
            line: lines.of.get(&below(path, JSON)).copied().unwrap_or(1),
            field: below(path, JSON),
            what: format!("this is no JSON: {error}"),
        }),
        _ => Ok(Value::Object(map)),
    }
}

fn of_value(value: &Spanned<DeValue<'_>>, path: &str, lines: &mut Lines) -> Result<Value, Mistake> {
    let at = value.span().start;
    let mistake =
        |what: &str, lines: &Lines| Mistake { line: lines.line(at), field: path.into(), what: what.into() };
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        // A date without quotes means the same as one with them.
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            Value::Number(
                number.map_err(|_| mistake("the number is too large; put it in quotes", lines))?.into(),
            )
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok().and_then(Number::from_f64);
            Value::Number(number.ok_or_else(|| mistake("JSON has no such number; put it in quotes", lines))?)
        }
        DeValue::Array(items) => {
            let mut list = Vec::new();
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                lines.of.insert(path.clone(), lines.line(item.span().start));
                list.push(of_value(item, &path, lines)?);
            }
            Value::Array(list)
        }
        DeValue::Table(table) => of_table(table, path, lines)?,
    })
}

/// Writes a résumé as TOML.
pub(super) fn write(value: &Value) -> Result<String, String> {
    let sayable = match value {
        // The outermost table cannot be anything else.
        Value::Object(map) => Value::Object(map.iter().map(|(key, it)| (key.clone(), said(it))).collect()),
        _ => return Err("a résumé is an object".into()),
    };
    toml::to_string_pretty(&sayable).map_err(|error| error.to_string())
}

/// A value with all that TOML cannot say put into words.
fn said(value: &Value) -> Value {
    let in_words = |value: &Value| {
        let text = Value::String(value.to_string());
        Value::Object(Map::from_iter([(JSON.to_string(), text)]))
    };
    match value {
        Value::Null => in_words(value),
        Value::Number(number) if number.is_u64() && number.as_i64().is_none() => in_words(value),
        Value::Array(items) => Value::Array(items.iter().map(said).collect()),
        // Somebody else's table of the same look must come back as it was.
        Value::Object(map) if map.len() == 1 && map.contains_key(JSON) => in_words(value),
        Value::Object(map) => Value::Object(map.iter().map(|(key, it)| (key.clone(), said(it))).collect()),
        other => other.clone(),
    }
}
