//! What a conversation keeps of its answers, and fills into its next requests as `{name}`.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Columns;
use crate::bench::exchange::{Question, Reply};
use crate::sql::Value;

/// Names and their values; a name without a value was looked for and not found.
#[derive(Debug, Default)]
pub(super) struct Kept {
    values: BTreeMap<String, String>,
    names: BTreeSet<String>,
}

impl Kept {
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Takes from an answer what the row's `keep` names: a JSON pointer into the body, or `header Name`.
    pub(super) fn keep(&mut self, columns: &Columns, row: &[Value], reply: Option<&Reply>) {
        let Some(keep) = columns.keep(row) else { return };
        let places: BTreeMap<String, String> = serde_json::from_str(keep).unwrap_or_default();
        let body: serde_json::Value =
            reply.and_then(|reply| serde_json::from_slice(&reply.body).ok()).unwrap_or_default();
        for (name, place) in places {
            let found = match place.strip_prefix("header ") {
                Some(header) => reply.and_then(|reply| reply.header(header)).map(path_of),
                None => match body.pointer(&place) {
                    Some(serde_json::Value::String(text)) => Some(encoded(text)),
                    Some(serde_json::Value::Number(number)) => Some(number.to_string()),
                    _ => None,
                },
            };
            self.names.insert(name.clone());
            match found {
                Some(value) => self.values.insert(name, value),
                None => self.values.remove(&name),
            };
        }
    }

    /// A row's request with the names filled in, or which name has no value.
    pub(super) fn question(&self, columns: &Columns, row: &[Value]) -> Result<Question, String> {
        let mut question = columns.question(row);
        question.path = self.filled(&question.path)?;
        question.body = question.body.as_deref().map(|body| self.filled(body)).transpose()?;
        for (_, value) in &mut question.headers {
            *value = self.filled(value)?;
        }
        Ok(question)
    }

    fn filled(&self, text: &str) -> Result<String, String> {
        let mut filled = text.to_string();
        for name in &self.names {
            let mark = format!("{{{name}}}");
            if filled.contains(&mark) {
                let value = self.values.get(name).ok_or_else(|| {
                    format!("not sent: an earlier answer of this conversation had no `{name}`")
                })?;
                filled = filled.replace(&mark, value);
            }
        }
        Ok(filled)
    }
}

/// A `Location` may be a whole URL; only its path is asked for.
fn path_of(location: &str) -> String {
    let rest = location.split_once("://").map_or(location, |(_, rest)| rest);
    match (location.contains("://"), rest.find('/')) {
        (true, Some(slash)) => rest[slash..].to_string(),
        (true, None) => "/".to_string(),
        _ => rest.to_string(),
    }
}

/// A value in a form that fits into a path or a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_path_or_a_url() {
        assert_eq!(path_of("/v1/payments/7"), "/v1/payments/7");
        assert_eq!(path_of("http://127.0.0.1:80/v1/payments/7"), "/v1/payments/7");
        assert_eq!(path_of("http://127.0.0.1"), "/");
    }

    #[test]
    fn a_cursor_survives_a_query() {
        assert_eq!(encoded("a+b/c=="), "a%2Bb%2Fc%3D%3D");
    }
}
