//! Reads SQL as far as a judge must: where statements end, and where variables stand.

use std::collections::BTreeMap;
use std::convert::Infallible;

pub(crate) use lexer::{Kind, Lexer, Token};
use lexer::{is_word, newlines};

mod lexer;
#[cfg(test)]
mod tests;

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The line of its first token, from 1.
    pub line: usize,
    /// From its first token to its last: without the semicolon, with the comments in between.
    pub text: String,
}

/// Why a text cannot be taken as SQL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, clippy::allow_attributes, reason = "the messages say it")]
pub enum SqlError {
    #[error("line {line}: the {what} that begins here never ends; close it")]
    Unterminated { line: usize, what: &'static str },
    #[error(
        "line {line}: `{command}` is a psql command, and psql commands are not SQL; \
         take it out, or write what it does in SQL"
    )]
    PsqlCommand { line: usize, command: String },
    #[error(
        "line {line}: COPY … FROM STDIN has nothing to read from here; \
         write the rows as INSERT … VALUES, or make them with INSERT … SELECT generate_series(…)"
    )]
    CopyFromStdin { line: usize },
    #[error(
        "line {line}: there is a NUL byte, which PostgreSQL cannot read; \
         save the file as UTF-8 text"
    )]
    Nul { line: usize },
    #[error("there is no statement; write exactly one")]
    NoStatement,
    #[error("line {line}: a second statement begins here; there must be exactly one")]
    SecondStatement { line: usize },
    #[error("line {line}: there is no parameter `:{name}`; {there}")]
    UnknownParameter { line: usize, name: String, there: String },
}

impl SqlError {
    /// The line that the error is about, from 1, if it is about one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::NoStatement => None,
            Self::Unterminated { line, .. }
            | Self::PsqlCommand { line, .. }
            | Self::CopyFromStdin { line }
            | Self::Nul { line }
            | Self::SecondStatement { line }
            | Self::UnknownParameter { line, .. } => Some(*line),
        }
    }
}

/// Splits an SQL script into its statements, leaving out empty ones.
///
/// # Errors
/// When a quote or comment never ends, or the script holds something that only psql can do.
pub fn split(source: &str) -> Result<Vec<Statement>, SqlError> {
    refuse_nul(source)?;
    let mut statements = Vec::new();
    let mut reading = Reading::default();
    for token in Lexer::new(source) {
        if reading.take(&token)? {
            statements.extend(reading.close(source));
        }
    }
    statements.extend(reading.close(source));
    Ok(statements)
}

/// The only statement of `source`; a semicolon after it is allowed.
///
/// # Errors
/// When there is none or a second one, or the text cannot be split.
pub fn one(source: &str) -> Result<Statement, SqlError> {
    let mut statements = split(source)?.into_iter();
    let first = statements.next().ok_or(SqlError::NoStatement)?;
    match statements.next() {
        Some(Statement { line, .. }) => Err(SqlError::SecondStatement { line }),
        None => Ok(first),
    }
}

/// What a variable holds.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, clippy::allow_attributes, reason = "the names say it")]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Any other, as the server prints it.
    Text(String),
}

impl Value {
    /// What stands in for `:name`. Text is quoted here too, so that a date needs no quotes.
    #[must_use]
    pub fn raw(&self) -> String {
        match self {
            Self::Null | Self::Text(_) => self.literal(),
            Self::Float(number) if !number.is_finite() => format!("{}::float8", self.literal()),
            Self::Bool(_) | Self::Int(_) | Self::Float(_) => self.plain(),
        }
    }

    /// What stands in for `:'name'`: a quoted literal, or NULL.
    #[must_use]
    pub fn literal(&self) -> String {
        if *self == Self::Null {
            return self.plain();
        }
        let plain = self.plain().replace('\'', "''");
        if plain.contains('\\') {
            format!("E'{}'", plain.replace('\\', "\\\\"))
        } else {
            format!("'{plain}'")
        }
    }

    fn plain(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) if number.is_infinite() => {
                let sign = if *number < 0.0 { "-" } else { "" };
                format!("{sign}Infinity")
            }
            // Debug writes 1e300 and 1.0 where Display would write 301 digits and an integer.
            Self::Float(number) => format!("{number:?}"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Variables by name.
pub type Variables = BTreeMap<String, Value>;

/// Puts values in place of `:name` and `:'name'`; names that are not there stay as they are.
#[must_use]
pub fn fill(text: &str, variables: &Variables) -> String {
    let Ok(filled) = replace::<Infallible>(text, |token| {
        let value = variables.get(token.name());
        Ok(match token.kind {
            Kind::Variable => value.map(Value::raw),
            Kind::QuotedVariable => value.map(Value::literal),
            _ => None,
        })
    });
    filled
}

/// Puts `$k` in place of `:name` and `:'name'`, where the name is the k-th of `names`, and
/// returns with the text those names that it uses, in the order of `names`.
///
/// # Errors
/// When a name is not among `names`, or a quote or comment never ends.
pub fn positional(text: &str, names: &[String]) -> Result<(String, Vec<String>), SqlError> {
    let mut used = vec![false; names.len()];
    let text = replace(text, |token| match token.kind {
        Kind::Unterminated(what) => Err(SqlError::Unterminated { line: token.line, what }),
        Kind::Variable | Kind::QuotedVariable => {
            let place = names.iter().position(|name| name == token.name());
            let place = place.ok_or_else(|| unknown_parameter(token, names))?;
            used[place] = true;
            Ok(Some(format!("${}", place + 1)))
        }
        _ => Ok(None),
    })?;
    let used = names.iter().zip(used).filter(|(_, used)| *used);
    Ok((text, used.map(|(name, _)| name.clone()).collect()))
}

fn unknown_parameter(token: &Token, names: &[String]) -> SqlError {
    let listed: Vec<_> = names.iter().map(|name| format!("`:{name}`")).collect();
    let there = if listed.is_empty() {
        "there are none to use here".to_owned()
    } else {
        format!("use one of {}", listed.join(", "))
    };
    SqlError::UnknownParameter { line: token.line, name: token.name().to_owned(), there }
}

/// The line in `text`, from 1, of a position as the server reports it: in characters, from 1.
#[must_use]
pub fn line_of(text: &str, position: usize) -> usize {
    let before = text.chars().take(position.saturating_sub(1));
    1 + before.filter(|c| *c == '\n').count()
}

/// Copies `text` with what `value` gives in place of a token.
fn replace<E>(text: &str, mut value: impl FnMut(&Token) -> Result<Option<String>, E>) -> Result<String, E> {
    let mut copy = String::with_capacity(text.len());
    let mut after_value = false;
    for token in Lexer::new(text) {
        let value = value(&token)?;
        let piece = value.as_deref().unwrap_or(token.text);
        if (after_value || value.is_some()) && would_merge(&copy, piece) {
            copy.push(' ');
        }
        copy.push_str(piece);
        after_value = value.is_some();
    }
    Ok(copy)
}

/// Whether two texts side by side would be read as something else than one after the other:
/// `1-:n` must not become a comment when n is -5, nor `'a':'b'` one literal.
fn would_merge(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    let sticks = |c: char| is_word(c) || c == '\'' || c == '"';
    sticks(last) && sticks(first) || "+-*/<>=~!@#%^&|`?".contains(last) && first == '-'
}

pub(crate) fn refuse_nul(source: &str) -> Result<(), SqlError> {
    let nul = source.split_once('\0');
    nul.map_or(Ok(()), |(before, _)| {
        let line = 1 + newlines(before);
        Err(SqlError::Nul { line })
    })
}

/// The statement that is being read, token by token.
#[derive(Default)]
pub(crate) struct Reading<'a> {
    /// Line of the first token, where it starts, and where the last token so far ends.
    span: Option<(usize, usize, usize)>,
    /// The first words, in lower case: they tell CREATE FUNCTION and COPY.
    head: String,
    head_words: usize,
    previous: &'a str,
    parentheses: usize,
    /// How many ENDs the body of a routine still needs.
    ends: usize,
}

impl<'a> Reading<'a> {
    /// Takes the next token; true when it is the semicolon that ends the statement.
    pub(crate) fn take(&mut self, token: &Token<'a>) -> Result<bool, SqlError> {
        let line = token.line;
        match token.kind {
            Kind::Blank => return Ok(false),
            Kind::Unterminated(what) => return Err(SqlError::Unterminated { line, what }),
            Kind::Command => {
                let command = token.text.to_owned();
                return Err(SqlError::PsqlCommand { line, command });
            }
            Kind::Symbol if token.text == ";" && self.parentheses == 0 && self.ends == 0 => {
                return Ok(true);
            }
            Kind::Symbol if token.text == "(" => self.parentheses += 1,
            Kind::Symbol if token.text == ")" => {
                self.parentheses = self.parentheses.saturating_sub(1);
            }
            Kind::Word if self.parentheses == 0 => self.take_word(token)?,
            _ => {}
        }
        let (line, start, _) = self.span.unwrap_or((line, token.start, 0));
        self.span = Some((line, start, token.start + token.text.len()));
        self.previous = token.text;
        Ok(false)
    }

    fn take_word(&mut self, token: &Token<'a>) -> Result<(), SqlError> {
        let is = |word: &str| token.text.eq_ignore_ascii_case(word);
        let follows = |word: &str| self.previous.eq_ignore_ascii_case(word);
        if is("stdin") && follows("from") && self.head.starts_with("copy ") {
            let line = self.line().unwrap_or(token.line);
            return Err(SqlError::CopyFromStdin { line });
        }
        let label = follows(".") || follows("as");
        if self.ends == 0 {
            self.ends = usize::from(is("atomic") && follows("begin") && self.in_routine());
        } else if is("case") && !label {
            self.ends += 1;
        } else if is("end") && !label {
            self.ends -= 1;
        }
        // CREATE OR REPLACE FUNCTION: four words tell.
        if self.head_words < 4 {
            self.head_words += 1;
            self.head.push_str(&token.text.to_ascii_lowercase());
            self.head.push(' ');
        }
        Ok(())
    }

    fn in_routine(&self) -> bool {
        let created = self.head.strip_prefix("create ").unwrap_or_default();
        let created = created.strip_prefix("or replace ").unwrap_or(created);
        created.starts_with("function ") || created.starts_with("procedure ")
    }

    /// The line where the statement began, if it has.
    pub(crate) fn line(&self) -> Option<usize> {
        self.span.map(|(line, ..)| line)
    }

    /// The statement as read so far, if there is one; the next token begins another.
    pub(crate) fn close(&mut self, source: &str) -> Option<Statement> {
        let (line, start, end) = std::mem::take(self).span?;
        let text = source[start..end].to_owned();
        Some(Statement { line, text })
    }
}
