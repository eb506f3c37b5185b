//! A résumé's source, `resume.toml` or JSON Resume, read so that every mistake has its line and field,
//! and every field that nobody knows is kept.

mod places;
mod shape;
#[cfg(test)]
mod tests;
mod toml_form;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub(crate) use shape::SECTIONS;
pub use shape::near_misses;

/// The largest source that is read, in bytes.
pub const SOURCE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// How a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `resume.toml`.
    Toml,
    /// JSON Resume 1.x, `resume.json`.
    Json,
}

/// One mistake in a source: what, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeMistake)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The field, such as `work[0].startDate`; empty where there is none.
    pub field: String,
    /// What is wrong, and what to write instead.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.what),
            field => write!(f, "line {}, {field}: {}", self.line, self.what),
        }
    }
}

/// A source without mistakes.
#[derive(Debug, Clone)]
pub struct Source {
    value: Value,
    lines: BTreeMap<String, usize>,
}

impl Source {
    /// Reads a source; all its mistakes, if there are any.
    pub fn read(text: &str, form: Form) -> Result<Source, Vec<Mistake>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > SOURCE_BYTES_MAX {
            let what = format!("the source has {} bytes; {SOURCE_BYTES_MAX} is the most", text.len());
            return Err(vec![Mistake { line: 1, field: String::new(), what }]);
        }
        let (value, lines) = match form {
            Form::Toml => toml_form::read(text),
            Form::Json => places::read(text),
        }
        .map_err(|mistake| vec![mistake])?;
        let source = Source { value, lines };
        let mistakes = shape::mistakes(&source);
        if mistakes.is_empty() { Ok(source) } else { Err(mistakes) }
    }

    /// The whole of it, private things too.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The line of a field, from 1; of the nearest one around it that has a line.
    #[must_use]
    pub fn line(&self, field: &str) -> usize {
        let mut field = field;
        loop {
            if let Some(line) = self.lines.get(field) {
                return *line;
            }
            match field.rfind(['.', '[']) {
                Some(end) => field = &field[..end],
                None => return 1,
            }
        }
    }

    /// As `resume.toml`. What TOML cannot say (a null, a large number) is written so that
    /// [`Source::read`] gives it back.
    pub fn to_toml(&self) -> Result<String, String> {
        toml_form::write(&self.value)
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        pretty(&self.value)
    }
}

/// JSON for people, with a newline at its end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value can be written") + "\n"
}

/// `path` with a key below it.
pub(crate) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.into() } else { format!("{path}.{key}") }
}

/// The line of a place in a text, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}
