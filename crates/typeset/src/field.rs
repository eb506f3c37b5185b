//! A value of the résumé together with its place, so that every warning can say where.

use serde_json::Value;

/// A value, or nothing, at a place such as `work[2].highlights[0]`.
#[derive(Debug, Clone)]
pub(crate) struct Field<'a> {
    value: Option<&'a Value>,
    place: String,
}

impl<'a> Field<'a> {
    /// The whole résumé.
    pub(crate) fn root(value: &'a Value) -> Field<'a> {
        Field { value: Some(value), place: String::new() }
    }

    pub(crate) fn get(&self, name: &str) -> Field<'a> {
        let place = if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) };
        Field { value: self.value.and_then(|value| value.get(name)), place }
    }

    /// The members of a list. A single value counts as a list of one, for that is what its writer meant.
    pub(crate) fn items(&self) -> Vec<Field<'a>> {
        match self.value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => {
                let item =
                    |(index, value)| Field { value: Some(value), place: format!("{}[{index}]", self.place) };
                values.iter().enumerate().map(item).collect()
            }
            Some(_) => vec![self.clone()],
        }
    }

    /// A text, or a number as it is written. Blank counts as absent.
    pub(crate) fn text(&self) -> Option<String> {
        let text = match self.value? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// All texts within, each with its place, in the order of the file.
    pub(crate) fn texts(&self) -> Vec<(String, &'a str)> {
        match self.value {
            Some(Value::String(text)) => vec![(self.place.clone(), text)],
            Some(Value::Array(_)) => self.items().iter().flat_map(Field::texts).collect(),
            Some(Value::Object(members)) => members.keys().flat_map(|name| self.get(name).texts()).collect(),
            _ => Vec::new(),
        }
    }
}
