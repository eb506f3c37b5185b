//! A résumé as its owner and as others see it. Others see what an allow-list lets through: of a bullet
//! its text, and of everything else what does not lie under the key `hotseat`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::source::{Source, below};

/// The key under which an entry's private things lie: tags, notes, variants.
const PRIVATE: &str = "hotseat";
const BULLETS: &str = "highlights";

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A passed drill's run, by its name.
    Run {
        /// Such as `slow-query-7`.
        run: String,
        /// The figure that it stands for; all of the bullet's, without one.
        figure: Option<String>,
    },
    /// The owner's own word.
    Source {
        /// A line of theirs.
        source: String,
        /// The figure that it stands for; all of the bullet's, without one.
        figure: Option<String>,
    },
}

impl Evidence {
    /// The figure that it stands for; all of the bullet's, without one.
    #[must_use]
    pub fn figure(&self) -> Option<&str> {
        match self {
            Evidence::Run { figure, .. } | Evidence::Source { figure, .. } => figure.as_deref(),
        }
    }
}

/// One bullet with what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bullet {
    /// Its place in the source, such as `work[0].highlights[2]`.
    pub field: String,
    /// What others read, with inline Markdown.
    pub text: String,
    /// The variants that it is for; all, if it has none.
    pub tags: Vec<String>,
    /// For its owner alone.
    pub notes: Option<String>,
    /// Where its figures come from.
    pub evidence: Vec<Evidence>,
}

/// A source in one of its variants.
#[derive(Debug, Clone)]
pub struct Resume<'s> {
    source: &'s Source,
    variant: Option<String>,
}

impl<'s> Resume<'s> {
    /// The whole of it, or what is for one variant: what has its tag, and what has none. An unknown tag
    /// gives the known ones.
    pub fn of(source: &'s Source, variant: Option<&str>) -> Result<Resume<'s>, Vec<String>> {
        let known = tags(source.value());
        match variant {
            Some(tag) if !known.contains(tag) => Err(known.into_iter().collect()),
            _ => Ok(Resume { source, variant: variant.map(str::to_owned) }),
        }
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// What others may see, as JSON Resume.
    #[must_use]
    pub fn public(&self) -> Value {
        let mut value = self.of_value(self.source.value());
        if let Some(Value::Object(own)) = self.own_words()
            && let Some(Value::Object(basics)) = value.get_mut("basics")
        {
            for (key, text) in own.iter().filter(|(key, _)| ["label", "summary"].contains(&key.as_str())) {
                basics.insert(key.clone(), text.clone());
            }
        }
        value
    }

    /// The variant's own label and summary.
    fn own_words(&self) -> Option<&Value> {
        self.source.value().get(PRIVATE)?.get("variants")?.get(self.variant.as_deref()?)
    }

    fn of_value(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let shown = map.iter().filter(|(key, _)| *key != PRIVATE);
                let of_key = |(key, value): (&String, &Value)| match value {
                    Value::Array(items) if key == BULLETS => (
                        key.clone(),
                        Value::Array(items.iter().filter_map(|it| self.of_bullet(it)).collect()),
                    ),
                    other => (key.clone(), self.of_value(other)),
                };
                Value::Object(shown.map(of_key).collect::<Map<_, _>>())
            }
            Value::Array(items) => {
                let of_variant = |item: &&Value| self.takes(&item[PRIVATE]["tags"]);
                Value::Array(items.iter().filter(of_variant).map(|item| self.of_value(item)).collect())
            }
            other => other.clone(),
        }
    }

    fn of_bullet(&self, bullet: &Value) -> Option<Value> {
        match bullet {
            Value::Object(map) => self.takes(&bullet["tags"]).then(|| map.get("text").cloned()).flatten(),
            other => Some(other.clone()),
        }
    }

    fn takes(&self, tags: &Value) -> bool {
        let tags = texts(tags);
        self.variant.as_ref().is_none_or(|variant| tags.is_empty() || tags.contains(variant))
    }

    /// The bullets that this variant shows, in the order of the source.
    #[must_use]
    pub fn bullets(&self) -> Vec<Bullet> {
        let mut found = Vec::new();
        for section in crate::source::SECTIONS {
            for (index, item) in list(self.source.value(), section).iter().enumerate() {
                if !self.takes(&item[PRIVATE]["tags"]) {
                    continue;
                }
                for (number, bullet) in list(item, BULLETS).iter().enumerate() {
                    let field = format!("{section}[{index}].{BULLETS}[{number}]");
                    found.extend(self.bullet(bullet, field));
                }
            }
        }
        found
    }

    fn bullet(&self, bullet: &Value, field: String) -> Option<Bullet> {
        if let Value::String(text) = bullet {
            let (text, tags, evidence) = (text.clone(), Vec::new(), Vec::new());
            return Some(Bullet { field, text, tags, notes: None, evidence });
        }
        let text = bullet.get("text")?.as_str()?.to_string();
        let notes = bullet.get("notes").and_then(Value::as_str).map(str::to_owned);
        let evidence = match bullet.get("evidence") {
            Some(Value::Array(items)) => items.iter().filter_map(evidence).collect(),
            Some(one) => evidence(one).into_iter().collect(),
            None => Vec::new(),
        };
        let tags = texts(&bullet["tags"]);
        self.takes(&bullet["tags"]).then_some(Bullet { field, text, tags, notes, evidence })
    }

    /// The notes of entries, each with its place in the source.
    #[must_use]
    pub fn entry_notes(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for section in crate::source::SECTIONS {
            for (index, item) in list(self.source.value(), section).iter().enumerate() {
                if let Some(notes) = item[PRIVATE]["notes"].as_str() {
                    found.push((format!("{section}[{index}]"), notes.to_string()));
                }
            }
        }
        found
    }
}

fn evidence(value: &Value) -> Option<Evidence> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let figure = text("figure");
    match (text("run"), text("source")) {
        (Some(run), _) => Some(Evidence::Run { run, figure }),
        (None, Some(source)) => Some(Evidence::Source { source, figure }),
        (None, None) => None,
    }
}

/// Every tag and every named variant.
fn tags(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, "", &mut found);
    if let Some(Value::Object(variants)) = value.get(PRIVATE).and_then(|own| own.get("variants")) {
        found.extend(variants.keys().cloned());
    }
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect(value, &below(path, key), found);
            }
            if path.rsplit('.').next() == Some(PRIVATE) || path.contains(BULLETS) {
                found.extend(texts(&value["tags"]));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        _ => {}
    }
}

/// The texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The list under a key; an empty one, if there is none.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
