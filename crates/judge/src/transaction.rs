//! The language of `takes = "transaction"`: SQL with `\gset`, `\if` and `\retry`.

use crate::sql::{self, Kind, Lexer, Reading, SqlError, Token, Value};

#[cfg(test)]
mod tests;

/// Deeper than anyone writes, and shallow enough to walk by recursion.
const DEPTH_MAX: usize = 32;

/// One operation of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// The SQLSTATEs of the `\retry on …` line; empty without one.
    pub retry_on: Vec<String>,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

/// A step of a transaction; `line` is where it begins, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, clippy::allow_attributes, reason = "the names say it")]
pub enum Step {
    /// A statement. With `capture` (it ended in `\gset`), the columns of its one row become
    /// variables, each named `prefix` and the column's name.
    Sql { line: usize, text: String, capture: bool, prefix: String },
    /// `\if :variable`
    If { line: usize, variable: String, then: Vec<Step>, otherwise: Vec<Step> },
    /// `\retry`: roll back, and run the transaction again.
    Retry { line: usize },
}

/// Why a text is not a transaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, clippy::allow_attributes, reason = "the messages say it")]
pub enum TransactionError {
    #[error(transparent)]
    Sql(#[from] SqlError),
    #[error(
        "line {line}: there is no `{command}` here; there are \\gset, \\if, \\else, \\endif, \
         \\retry on … and \\retry"
    )]
    Unknown { line: usize, command: String },
    #[error("line {line}: there is no \\elif here; write \\else, \\if … \\endif, \\endif")]
    Elif { line: usize },
    #[error("line {line}: `{command}` must begin a line; put it on a line of its own")]
    NotAtLineStart { line: usize, command: String },
    #[error(
        "line {line}: `{command}` stands inside the statement that begins in line {began}; \
         end that with `;` or \\gset first"
    )]
    InStatement { line: usize, command: String, began: usize },
    #[error("line {line}: \\gset ends a query, and none is open; write it in place of its `;`")]
    NothingToStore { line: usize },
    #[error("line {line}: \\gset takes one prefix of letters, digits and _, not `{found}`")]
    Prefix { line: usize, found: String },
    #[error("line {line}: \\if takes one variable, not `{found}`; write \\if :name")]
    Condition { line: usize, found: String },
    #[error("line {line}: `{command}` stands alone on its line; take `{found}` away")]
    Surplus { line: usize, command: String, found: String },
    #[error("line {line}: `{command}` has no \\if before it; add \\if :name, or take it away")]
    WithoutIf { line: usize, command: String },
    #[error(
        "line {line}: the \\if in line {began} has its \\else in line {first} already; \
         take one away"
    )]
    SecondElse { line: usize, began: usize, first: usize },
    #[error("line {line}: this \\if has no \\endif; write \\endif on the line after its last step")]
    NoEndif { line: usize },
    #[error("line {line}: \\if is nested more than {DEPTH_MAX} deep; write it flatter")]
    TooDeep { line: usize },
    #[error("line {line}: \\retry on … must come before everything else; move it to the top")]
    RetryOnLate { line: usize },
    #[error(
        "line {line}: \\retry on … is in line {first} already; \
         write all SQLSTATEs on that line"
    )]
    SecondRetryOn { line: usize, first: usize },
    #[error("line {line}: \\retry on names no SQLSTATE; write \\retry on 40001 40P01")]
    NoSqlState { line: usize },
    #[error(
        "line {line}: `{found}` is no SQLSTATE, which has five characters 0-9 and A-Z; \
         write them like \\retry on 40001 40P01"
    )]
    NotSqlState { line: usize, found: String },
    #[error(
        "line {line}: `\\retry {found}` means nothing here; \
         write \\retry by itself, or \\retry on 40001 at the top"
    )]
    RetryWhat { line: usize, found: String },
    #[error("there is no SQL statement; write at least one")]
    Empty,
}

impl TransactionError {
    /// The line that the error is about, from 1, if it is about one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Sql(error) => error.line(),
            Self::Empty => None,
            Self::Unknown { line, .. }
            | Self::Elif { line }
            | Self::NotAtLineStart { line, .. }
            | Self::InStatement { line, .. }
            | Self::NothingToStore { line }
            | Self::Prefix { line, .. }
            | Self::Condition { line, .. }
            | Self::Surplus { line, .. }
            | Self::WithoutIf { line, .. }
            | Self::SecondElse { line, .. }
            | Self::NoEndif { line }
            | Self::TooDeep { line }
            | Self::RetryOnLate { line }
            | Self::SecondRetryOn { line, .. }
            | Self::NoSqlState { line }
            | Self::NotSqlState { line, .. }
            | Self::RetryWhat { line, .. } => Some(*line),
        }
    }
}

impl Transaction {
    /// How many SQL statements are written in it, on all branches.
    #[must_use]
    pub fn statements(&self) -> usize {
        count_sql(&self.steps)
    }
}

fn count_sql(steps: &[Step]) -> usize {
    let count = |step: &Step| match step {
        Step::Sql { .. } => 1,
        Step::If { then, otherwise, .. } => count_sql(then) + count_sql(otherwise),
        Step::Retry { .. } => 0,
    };
    steps.iter().map(count).sum()
}

/// Whether `\if` takes this value as true.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    let counts = |number: f64| number != 0.0 && !number.is_nan();
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Int(number) => *number != 0,
        Value::Float(number) => counts(*number),
        Value::Text(text) => {
            let text = text.trim().to_ascii_lowercase();
            // A numeric comes as text.
            matches!(text.as_str(), "t" | "true" | "on" | "yes") || text.parse::<f64>().is_ok_and(counts)
        }
    }
}

/// Reads a transaction.
///
/// # Errors
/// When a meta-command is unknown or out of place, the SQL cannot be split, or there is none.
pub fn parse(source: &str) -> Result<Transaction, TransactionError> {
    sql::refuse_nul(source)?;
    let mut parser = Parser::new(source);
    while let Some(token) = parser.lexer.next() {
        if token.kind == Kind::Command {
            parser.command(&token)?;
        } else if parser.reading.take(&token)? {
            parser.end_statement(None);
        }
    }
    parser.end_statement(None);
    if let Some(Branch { line, .. }) = parser.open.last() {
        return Err(TransactionError::NoEndif { line: *line });
    }
    let (_, retry_on) = parser.retry_on.unwrap_or_default();
    let steps = parser.steps;
    let transaction = Transaction { retry_on, steps };
    match transaction.statements() {
        0 => Err(TransactionError::Empty),
        _ => Ok(transaction),
    }
}

struct Parser<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    reading: Reading<'a>,
    retry_on: Option<(usize, Vec<String>)>,
    /// The `\if`s that wait for their `\endif`, the innermost last.
    open: Vec<Branch>,
    /// The steps of the list that is being read: of the innermost branch, or the outermost list.
    steps: Vec<Step>,
}

struct Branch {
    line: usize,
    variable: String,
    /// The steps before the `\if`.
    before: Vec<Step>,
    /// Once `\else` has come: its line, and the steps before it.
    then: Option<(usize, Vec<Step>)>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            lexer: Lexer::new(source),
            reading: Reading::default(),
            retry_on: None,
            open: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn command(&mut self, token: &Token<'a>) -> Result<(), TransactionError> {
        let line = token.line;
        let found = self.lexer.arguments().trim();
        match token.text {
            "\\gset" => return self.gset(line, found),
            "\\elif" => return Err(TransactionError::Elif { line }),
            "\\if" | "\\else" | "\\endif" | "\\retry" => self.check_place(token)?,
            _ => {
                let command = token.text.to_owned();
                return Err(TransactionError::Unknown { line, command });
            }
        }
        if matches!(token.text, "\\else" | "\\endif") && !found.is_empty() {
            let (command, found) = (token.text.to_owned(), found.to_owned());
            return Err(TransactionError::Surplus { line, command, found });
        }
        match token.text {
            "\\if" => self.begin_if(line, found),
            "\\else" => self.turn_else(line),
            "\\endif" => self.end_if(line),
            _ => self.retry(line, found),
        }
    }

    fn check_place(&self, token: &Token<'a>) -> Result<(), TransactionError> {
        let (line, command) = (token.line, token.text.to_owned());
        if let Some(began) = self.reading.line() {
            return Err(TransactionError::InStatement { line, command, began });
        }
        let before = self.source[..token.start].rsplit('\n').next();
        if before.is_some_and(|before| !before.trim().is_empty()) {
            return Err(TransactionError::NotAtLineStart { line, command });
        }
        Ok(())
    }

    fn gset(&mut self, line: usize, prefix: &str) -> Result<(), TransactionError> {
        if self.reading.line().is_none() {
            return Err(TransactionError::NothingToStore { line });
        }
        if !prefix.is_empty() && !is_name(prefix) {
            let found = prefix.to_owned();
            return Err(TransactionError::Prefix { line, found });
        }
        self.end_statement(Some(prefix));
        Ok(())
    }

    fn end_statement(&mut self, gset: Option<&str>) {
        let statement = self.reading.close(self.source);
        self.steps.extend(statement.map(|statement| Step::Sql {
            line: statement.line,
            text: statement.text,
            capture: gset.is_some(),
            prefix: gset.unwrap_or_default().to_owned(),
        }));
    }

    fn begin_if(&mut self, line: usize, found: &str) -> Result<(), TransactionError> {
        let Some(variable) = found.strip_prefix(':').filter(|name| is_name(name)) else {
            let found = found.to_owned();
            return Err(TransactionError::Condition { line, found });
        };
        if self.open.len() == DEPTH_MAX {
            return Err(TransactionError::TooDeep { line });
        }
        self.open.push(Branch {
            line,
            variable: variable.to_owned(),
            before: std::mem::take(&mut self.steps),
            then: None,
        });
        Ok(())
    }

    fn turn_else(&mut self, line: usize) -> Result<(), TransactionError> {
        let Some(branch) = self.open.last_mut() else {
            let command = "\\else".to_owned();
            return Err(TransactionError::WithoutIf { line, command });
        };
        if let Some((first, _)) = branch.then {
            let began = branch.line;
            return Err(TransactionError::SecondElse { line, began, first });
        }
        branch.then = Some((line, std::mem::take(&mut self.steps)));
        Ok(())
    }

    fn end_if(&mut self, line: usize) -> Result<(), TransactionError> {
        let Some(branch) = self.open.pop() else {
            let command = "\\endif".to_owned();
            return Err(TransactionError::WithoutIf { line, command });
        };
        let last = std::mem::replace(&mut self.steps, branch.before);
        let (then, otherwise) = match branch.then {
            Some((_, then)) => (then, last),
            None => (last, Vec::new()),
        };
        self.steps.push(Step::If { line: branch.line, variable: branch.variable, then, otherwise });
        Ok(())
    }

    fn retry(&mut self, line: usize, found: &str) -> Result<(), TransactionError> {
        let mut words = found.split_whitespace();
        match words.next() {
            None => {
                self.steps.push(Step::Retry { line });
                Ok(())
            }
            Some("on") => self.retry_on(line, words.map(str::to_owned).collect()),
            Some(_) => {
                let found = found.to_owned();
                Err(TransactionError::RetryWhat { line, found })
            }
        }
    }

    fn retry_on(&mut self, line: usize, states: Vec<String>) -> Result<(), TransactionError> {
        if !self.steps.is_empty() || !self.open.is_empty() {
            return Err(TransactionError::RetryOnLate { line });
        }
        if let Some((first, _)) = self.retry_on {
            return Err(TransactionError::SecondRetryOn { line, first });
        }
        if states.is_empty() {
            return Err(TransactionError::NoSqlState { line });
        }
        let sound = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        let wrong = |state: &&String| state.len() != 5 || !state.chars().all(sound);
        if let Some(found) = states.iter().find(wrong).cloned() {
            return Err(TransactionError::NotSqlState { line, found });
        }
        self.retry_on = Some((line, states));
        Ok(())
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.starts_with(|c: char| c.is_ascii_digit()) && !text.is_empty() && letters.all(sound)
}
