//! A check: one claim about a run, as SQL over its evidence. Read from `checks/<name>.sql`.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evidence::{EvidenceError, Reading, TableShape};

const PARTS: &str = "claim, need, unit, with, figure, needs, counterexamples, unless";

/// How a figure's `got` must stand to its `need`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Relation {
    /// `got` is not greater.
    #[serde(rename = "at most")]
    AtMost,
    /// `got` is not smaller.
    #[serde(rename = "at least")]
    AtLeast,
    /// `got` is equal.
    #[serde(rename = "exactly")]
    Exactly,
}

impl Relation {
    /// As a check's file says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Relation::AtMost => "at most",
            Relation::AtLeast => "at least",
            Relation::Exactly => "exactly",
        }
    }
}

/// A query of a check, and where its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// The query, with the comments around it.
    pub text: String,
    /// The line of the file on which `text` begins, from 1.
    pub line: usize,
}

/// One claim: its figure is shown whether it holds or not, its counterexamples only if not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The file's name, without `.sql`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// One sentence, true when the check holds.
    pub claim: String,
    /// How the figure's `got` must stand to its `need`.
    pub need: Relation,
    /// What the figure counts.
    pub unit: String,
    /// Gives `need`, `got` and perhaps `par`.
    pub figure: Sql,
    /// Gives a row for each thing that is missing to decide.
    pub needs: Option<Sql>,
    /// Gives the rows that contradict the claim.
    pub counterexamples: Sql,
    /// Asked only when the claim is contradicted: gives a row for each reason why that cannot be held against
    /// who handed in.
    pub unless: Option<Sql>,
}

/// What is wrong with a check's file, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {what}", path.display())]
pub struct CheckError {
    /// The check's file.
    pub path: PathBuf,
    line: usize,
    what: String,
}

impl CheckError {
    /// The line, from 1. A part that is missing altogether is missing on line 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        Some(self.line)
    }

    /// The mistake, and what to write instead.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl Check {
    /// Reads the check `name` from the text of its file. `path` is for messages. The SQL is not
    /// looked at; [`Check::validate`] does that.
    pub fn parse(name: &str, path: &Path, source: &str) -> Result<Check, CheckError> {
        let file = File { path, parts: parts(path, source)? };
        Ok(Check {
            name: name.into(),
            path: path.into(),
            claim: file.claim()?,
            need: file.relation()?,
            unit: file.words("unit", "name what is counted, as in `-- unit: rows`")?,
            figure: file.sql("figure")?,
            needs: file.get("needs").map(|_| file.sql("needs")).transpose()?,
            counterexamples: file.sql("counterexamples")?,
            unless: file.get("unless").map(|_| file.sql("unless")).transpose()?,
        })
    }

    /// Every mistake in the SQL that shows without a run, given the tables that the drill's
    /// parameter sets and probes will write.
    #[must_use]
    pub fn validate(&self, tables: &[TableShape]) -> Vec<CheckError> {
        let mut errors = Vec::new();
        let parts =
            [Some(&self.figure), self.needs.as_ref(), Some(&self.counterexamples), self.unless.as_ref()];
        for sql in parts.into_iter().flatten() {
            if let Err((below, what)) = columns_of(&sql.text, tables) {
                errors.push(self.error(sql.line + below, what));
            }
        }
        if let Ok(Some(columns)) = columns_of(&self.figure.text, tables)
            && let Some(what) = wrong_figure_columns(&columns)
        {
            errors.push(self.error(self.figure.line, what));
        }
        errors
    }

    fn error(&self, line: usize, what: String) -> CheckError {
        CheckError { path: self.path.clone(), line, what }
    }
}

/// The columns of a query's answer, as far as evidence without rows can tell, or what is wrong with
/// it and how many lines below its first. A table whose columns are not known is granted those that
/// the query asks for.
pub(crate) fn columns_of(sql: &str, tables: &[TableShape]) -> Result<Option<Vec<String>>, (usize, String)> {
    let lower = sql.to_ascii_lowercase();
    let in_the_dark =
        tables.iter().any(|it| it.columns.is_none() && lower.contains(&it.name.to_ascii_lowercase()));
    let mut granted: Vec<String> = Vec::new();
    loop {
        let reading = Reading::empty(&with_columns(tables, &granted)).map_err(|e| (0, e.to_string()))?;
        let error = match reading.columns(sql) {
            Ok(columns) => return Ok(Some(columns)),
            Err(error) => error,
        };
        let EvidenceError::Sql { message, .. } = &error else { return Err((0, error.to_string())) };
        if in_the_dark && !is_certain(message) {
            let wanted = message.strip_prefix("no such column: ").and_then(|name| name.rsplit('.').next());
            match wanted {
                Some(name) if granted.len() < GRANTED_MAX && !granted.iter().any(|it| it == name) => {
                    granted.push(name.into());
                    continue;
                }
                // Such as a name that more than one table could have.
                _ => return Ok(None),
            }
        }
        let below = lines_above(sql, &error);
        if message.starts_with("no such table") {
            let own: Vec<_> = tables.iter().map(|it| format!("`{}`", it.name)).collect();
            let own = if own.is_empty() { "none".into() } else { own.join(", ") };
            return Err((below, format!("{message}; the drill's own tables are: {own}")));
        }
        return Err((below, message.clone()));
    }
}

/// A query asks for fewer columns than this.
const GRANTED_MAX: usize = 100;

fn with_columns(tables: &[TableShape], granted: &[String]) -> Vec<TableShape> {
    let table = |it: &TableShape| TableShape {
        columns: it.columns.clone().or_else(|| Some(granted.to_vec())),
        ..it.clone()
    };
    tables.iter().map(table).collect()
}

/// How many lines of a query are above the mistake that was found in it.
pub(crate) fn lines_above(sql: &str, error: &EvidenceError) -> usize {
    let EvidenceError::Sql { message, offset } = error else { return 0 };
    // SQLite does not say where a missing table is named.
    let table = || message.strip_prefix("no such table: ")?.split(' ').next();
    let end = offset.or_else(|| sql.to_ascii_lowercase().find(&table()?.to_ascii_lowercase()));
    let above = sql.as_bytes().get(..end.unwrap_or(0)).unwrap_or_default();
    above.iter().filter(|byte| **byte == b'\n').count()
}

fn is_certain(message: &str) -> bool {
    let certain = [
        "near ",
        "incomplete input",
        "unrecognized token",
        "no such table",
        "no such function",
        "wrong number of arguments",
        "there ",
    ];
    certain.iter().any(|start| message.starts_with(start))
}

fn wrong_figure_columns(columns: &[String]) -> Option<String> {
    let has = |name: &str| columns.iter().any(|it| it.eq_ignore_ascii_case(name));
    if let Some(missing) = ["need", "got"].into_iter().find(|name| !has(name)) {
        return Some(format!("the figure has no column `{missing}`; write SELECT … AS need, … AS got"));
    }
    let known = |name: &str| ["need", "got", "par"].iter().any(|it| it.eq_ignore_ascii_case(name));
    let other = columns.iter().find(|name| !known(name))?;
    Some(format!("`{other}` is no column of a figure; it has need, got and perhaps par, once each"))
}

/// A part of the file: what follows its mark, and the lines below.
struct Part<'a> {
    name: &'static str,
    line: usize,
    rest: &'a str,
    body: Vec<&'a str>,
}

struct File<'a> {
    path: &'a Path,
    parts: Vec<Part<'a>>,
}

impl<'a> File<'a> {
    fn get(&self, name: &str) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| part.name == name)
    }

    fn error(&self, line: usize, what: String) -> CheckError {
        CheckError { path: self.path.into(), line, what }
    }

    fn part(&self, name: &str) -> Result<&Part<'a>, CheckError> {
        let missing = || format!("the part {name} is missing; write a line `-- {name}:`");
        self.get(name).ok_or_else(|| self.error(1, missing()))
    }

    /// The text beside the mark of `name`.
    fn words(&self, name: &str, instead: &str) -> Result<String, CheckError> {
        let part = self.part(name)?;
        match part.rest {
            "" => Err(self.error(part.line, format!("the {name} is empty; {instead}"))),
            rest => Ok(rest.into()),
        }
    }

    fn claim(&self) -> Result<String, CheckError> {
        let claim = self.words("claim", "write one sentence that is true when the check holds")?;
        if claim.len() > 1 && claim.ends_with('.') && !claim.ends_with("..") {
            return Ok(claim);
        }
        let what = "the claim is no sentence; write one, on this line, that ends with a full stop";
        Err(self.error(self.part("claim")?.line, what.into()))
    }

    fn relation(&self) -> Result<Relation, CheckError> {
        let instead = "write `at most`, `at least` or `exactly`";
        let words = self.words("need", instead)?;
        [Relation::AtMost, Relation::AtLeast, Relation::Exactly]
            .into_iter()
            .find(|it| it.words() == words)
            .ok_or(words)
            .or_else(|words| {
                let what = format!("`{words}` is no need; {instead} (the number comes from the figure)");
                Err(self.error(self.part("need")?.line, what))
            })
    }

    fn sql(&self, name: &str) -> Result<Sql, CheckError> {
        let part = self.part(name)?;
        if !part.rest.is_empty() {
            let what = format!("SQL beside `-- {name}:` is a comment; begin it on the next line");
            return Err(self.error(part.line, what));
        }
        let is_code = |line: &&str| !is_comment(line) && !line.trim_matches([' ', '\t', ';']).is_empty();
        if !part.body.iter().any(is_code) {
            let what = format!("the part {name} is empty; write a SELECT below this line");
            return Err(self.error(part.line, what));
        }
        let query = part.body.join("\n");
        let Some(with) = self.get("with").filter(|_| name != "with") else {
            return Ok(Sql { text: query, line: part.line + 1 });
        };
        if with.line > part.line {
            let what = format!("the part with stands above all queries; move it above `-- {name}:`");
            return Err(self.error(with.line, what));
        }
        let with = self.sql("with")?;
        // As many line breaks as the file has between them, so that places in the text are its places.
        let between = part.line + 1 - with.line - with.text.matches('\n').count();
        Ok(Sql { text: format!("{}{}{query}", with.text, "\n".repeat(between)), line: with.line })
    }
}

/// Cuts a file at its marks.
fn parts<'a>(path: &Path, source: &'a str) -> Result<Vec<Part<'a>>, CheckError> {
    let error = |line, what| CheckError { path: path.into(), line, what };
    let mut parts: Vec<Part<'a>> = Vec::new();
    for (line_no, line) in (1..).zip(source.trim_start_matches('\u{feff}').lines()) {
        if let Some((word, rest)) = mark(line) {
            let Some(name) = PARTS.split(", ").find(|name| *name == word) else {
                let what = format!(
                    "`-- {word}:` is no part of a check; the parts are {PARTS}. Indent the line if it is a comment"
                );
                return Err(error(line_no, what));
            };
            if let Some(first) = parts.iter().find(|part| part.name == name) {
                let what = format!("the part {name} is there twice, first on line {}; keep one", first.line);
                return Err(error(line_no, what));
            }
            parts.push(Part { name, line: line_no, rest: rest.trim(), body: Vec::new() });
            continue;
        }
        match parts.last_mut() {
            Some(part) if ["with", "figure", "needs", "counterexamples", "unless"].contains(&part.name) => {
                part.body.push(line)
            }
            _ if line.trim().is_empty() || is_comment(line) => {}
            _ => {
                let what = "this line is in no query; put it below `-- figure:`, `-- needs:`, `-- counterexamples:` or `-- unless:`";
                return Err(error(line_no, what.into()));
            }
        }
    }
    Ok(parts)
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("--")
}

/// The word and the rest of a line such as `-- word: rest`, which begins at the margin.
fn mark(line: &str) -> Option<(&str, &str)> {
    let (word, rest) = line.strip_prefix("--")?.trim_start().split_once(':')?;
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    // `-- https://…` is a comment.
    let is_mark = is_word && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_mark.then_some((word, rest))
}
