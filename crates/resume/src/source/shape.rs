//! What JSON Resume 1.x says of its fields, and hotseat of its own; other fields may hold anything.

use serde_json::Value;

use super::{Mistake, Source, below};
use crate::date::Date;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Date,
    Object,
    /// A list, whose items are looked up as `path[]`.
    List,
    Texts,
    Bullets,
    Evidence,
}

/// The fields, with `[]` for any item of a list.
const FIELDS: &[(&str, Kind)] = &[
    ("basics", Kind::Object),
    ("basics.location", Kind::Object),
    ("basics.profiles", Kind::List),
    ("basics.profiles[]", Kind::Object),
    ("meta", Kind::Object),
    ("hotseat", Kind::Object),
    ("hotseat.variants", Kind::Object),
    ("skills[].keywords", Kind::Texts),
    ("interests[].keywords", Kind::Texts),
    ("projects[].keywords", Kind::Texts),
    ("projects[].roles", Kind::Texts),
    ("education[].courses", Kind::Texts),
];

/// The sections that are lists of objects.
pub(crate) const SECTIONS: [&str; 11] = [
    "work",
    "volunteer",
    "education",
    "projects",
    "awards",
    "certificates",
    "publications",
    "skills",
    "languages",
    "interests",
    "references",
];

/// Fields of a section's items (or of `basics` and what is in it) that hold a text.
const TEXTS: [(&str, &str); 14] = [
    ("basics", "name label image email phone url summary"),
    ("basics.location", "address postalCode city countryCode region"),
    ("basics.profiles[]", "network username url"),
    ("work[]", "name location description position url summary"),
    ("volunteer[]", "organization position url summary"),
    ("education[]", "institution url area studyType score"),
    ("projects[]", "name description url entity type"),
    ("awards[]", "title awarder summary"),
    ("certificates[]", "name url issuer"),
    ("publications[]", "name publisher url summary"),
    ("skills[]", "name level"),
    ("languages[]", "language fluency"),
    ("interests[]", "name"),
    ("references[]", "name reference"),
];

const DATES: [&str; 4] = ["startDate", "endDate", "date", "releaseDate"];
const BULLET: [&str; 4] = ["text", "tags", "notes", "evidence"];

fn kind(pattern: &str) -> Option<Kind> {
    if let Some((_, kind)) = FIELDS.iter().find(|(path, _)| *path == pattern) {
        return Some(*kind);
    }
    if SECTIONS.contains(&pattern) {
        return Some(Kind::List);
    }
    if pattern.strip_suffix("[]").is_some_and(|section| SECTIONS.contains(&section)) {
        return Some(Kind::Object);
    }
    if let Some(variant) = pattern.strip_prefix("hotseat.variants.") {
        return Some(if variant.contains('.') { Kind::Text } else { Kind::Object });
    }
    let (parent, key) = pattern.rsplit_once('.')?;
    let texts = TEXTS.iter().find(|(at, _)| *at == parent);
    if texts.is_some_and(|(_, keys)| keys.split(' ').any(|it| it == key)) {
        return Some(Kind::Text);
    }
    let in_item = parent.ends_with("[]") && !parent.contains('.');
    match key {
        "highlights" if in_item => Some(Kind::Bullets),
        "hotseat" if in_item => Some(Kind::Object),
        _ if in_item && DATES.contains(&key) => Some(Kind::Date),
        "notes" if parent.ends_with("[].hotseat") => Some(Kind::Text),
        "tags" if parent.ends_with("[].hotseat") => Some(Kind::Texts),
        "text" | "notes" if parent.ends_with(".highlights[]") => Some(Kind::Text),
        "tags" if parent.ends_with(".highlights[]") => Some(Kind::Texts),
        "evidence" if parent.ends_with(".highlights[]") => Some(Kind::Evidence),
        _ => None,
    }
}

/// Everything that is not as it should be.
pub(super) fn mistakes(source: &Source) -> Vec<Mistake> {
    let mut found = Vec::new();
    let Value::Object(map) = &source.value else {
        let what = "a résumé is an object with `basics`, `work` and so on".into();
        return vec![Mistake { line: 1, field: String::new(), what }];
    };
    let mut say = |field: &str, what: String| {
        found.push(Mistake { line: source.line(field), field: field.into(), what });
    };
    for (key, value) in map {
        visit(value, key, key, &mut say);
    }
    let name = source.value.pointer("/basics/name").and_then(Value::as_str).unwrap_or_default();
    if name.trim().is_empty() && found.is_empty() {
        let mistake = Mistake {
            line: source.line("basics"),
            field: "basics.name".into(),
            what: "there is no name; write it as `name` in `basics`".into(),
        };
        found.push(mistake);
    }
    found
}

fn visit(value: &Value, path: &str, pattern: &str, say: &mut dyn FnMut(&str, String)) {
    let kind = kind(pattern);
    // JSON Resume's files often write null for what is not known.
    if value.is_null() && !pattern.ends_with(']') {
        return;
    }
    match (kind, value) {
        (None, _) => {}
        (Some(Kind::Text), Value::String(_)) => {}
        (Some(Kind::Date), Value::String(text)) if text.is_empty() || Date::parse(text).is_some() => {}
        (Some(Kind::Date), Value::String(text)) => {
            say(path, format!("`{text}` is no date; write \"2021\", \"2021-04\" or \"2021-04-01\""));
        }
        (Some(Kind::Texts), Value::Array(items)) => {
            for (index, _) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
                say(&format!("{path}[{index}]"), "only texts belong in this list; put it in quotes".into());
            }
        }
        (Some(Kind::Bullets), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                bullet(item, &format!("{path}[{index}]"), &format!("{pattern}[]"), say);
            }
        }
        (Some(Kind::Evidence), _) => evidence(value, path, say),
        (Some(Kind::List), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &format!("{path}[{index}]"), &format!("{pattern}[]"), say);
            }
        }
        (Some(Kind::Object), Value::Object(map)) => {
            for (key, value) in map {
                visit(value, &below(path, key), &below(pattern, key), say);
            }
            order_of_dates(value, path, say);
        }
        (Some(kind), found) => say(path, format!("this is {}; write {}", a(found), wanted(kind))),
    }
}

fn bullet(value: &Value, path: &str, pattern: &str, say: &mut dyn FnMut(&str, String)) {
    match value {
        Value::String(_) => {}
        Value::Object(map) => {
            if !map.get("text").is_some_and(Value::is_string) {
                say(path, "a bullet needs a `text`".into());
            }
            for key in map.keys().filter(|key| !BULLET.contains(&key.as_str())) {
                say(&below(path, key), format!("a bullet has no `{key}`, only {}", BULLET.join(", ")));
            }
            for (key, value) in map.iter().filter(|(key, _)| *key != "text" || map["text"].is_string()) {
                visit(value, &below(path, key), &below(pattern, key), say);
            }
        }
        other => say(path, format!("this is {}; a bullet is a text, or a table with `text`", a(other))),
    }
}

fn evidence(value: &Value, path: &str, say: &mut dyn FnMut(&str, String)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                match item {
                    Value::Object(_) => evidence(item, &path, say),
                    other => say(&path, format!("this is {}; write {}", a(other), wanted(Kind::Evidence))),
                }
            }
        }
        Value::Object(map) => {
            let known = ["run", "source", "figure"];
            for (key, value) in map {
                let place = below(path, key);
                match value {
                    _ if !known.contains(&key.as_str()) => {
                        say(&place, format!("evidence has no `{key}`, only {}", known.join(", ")));
                    }
                    Value::String(text) if !text.trim().is_empty() => {}
                    _ => say(&place, "write it as a text in quotes, and not an empty one".into()),
                }
            }
            if map.contains_key("run") == map.contains_key("source") {
                say(path, "evidence has either a `run` or a `source`".into());
            }
        }
        other => say(path, format!("this is {}; write {}", a(other), wanted(Kind::Evidence))),
    }
}

fn order_of_dates(value: &Value, path: &str, say: &mut dyn FnMut(&str, String)) {
    let date = |key: &str| value.get(key).and_then(Value::as_str).and_then(Date::parse);
    if let (Some(start), Some(end)) = (date("startDate"), date("endDate"))
        && end.is_before(start)
    {
        say(&below(path, "endDate"), "it ends before it begins".into());
    }
}

fn a(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text in quotes",
        Kind::Date => "a date in quotes: \"2021\", \"2021-04\" or \"2021-04-01\"",
        Kind::Object => "a table",
        Kind::List => "a list of tables",
        Kind::Texts => "a list of texts",
        Kind::Bullets => "a list of bullets",
        Kind::Evidence => "{ run = \"slow-query-7\" } or { source = \"where the figure comes from\" }",
    }
}

/// Fields that nobody knows and that look like one that is known: kept as they are, and worth a look.
#[must_use]
pub fn near_misses(source: &Source) -> Vec<Mistake> {
    let mut found = Vec::new();
    let Value::Object(top) = source.value() else { return found };
    let mut look = |path: &str, map: &serde_json::Map<String, Value>, known: &[&str]| {
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = known.iter().find(|name| distance(key, name) <= 2 && name.len() > 3);
            if let Some(name) = near {
                let field = below(path, key);
                let what = format!("kept, but never shown; is it `{name}`?");
                found.push(Mistake { line: source.line(&field), field, what });
            }
        }
    };
    let sections: Vec<&str> = SECTIONS.into_iter().chain(["basics", "meta", "hotseat"]).collect();
    look("", top, &sections);
    for section in SECTIONS {
        let texts = TEXTS.iter().find(|(at, _)| at.strip_suffix("[]") == Some(section));
        let mut known: Vec<&str> = texts.map_or(vec![], |(_, keys)| keys.split(' ').collect());
        known.extend(DATES);
        known.extend(["highlights", "keywords", "roles", "courses", "hotseat"]);
        for (index, item) in top.get(section).and_then(Value::as_array).into_iter().flatten().enumerate() {
            if let Value::Object(map) = item {
                look(&format!("{section}[{index}]"), map, &known);
            }
        }
    }
    found
}

/// How many letters one would have to change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
