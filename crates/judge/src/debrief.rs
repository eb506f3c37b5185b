//! The text after a verdict quotes the run: `{{few-blocks.got}}` and `{{sql: SELECT …}}`.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::check::columns_of;
use crate::evidence::{Reading, TableShape};
use crate::sql::Value;
use crate::verdict::{Finding, State, shown};

/// Stands where the run has no such figure: the check was not decided, or there is no par.
const NOT_MEASURED: &str = "(not measured)";

/// What is wrong with a debriefing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct DebriefError {
    /// The line of the text, from 1.
    pub line: usize,
    /// The mistake, and what to write instead.
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Need,
    Got,
    Par,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Quote<'a> {
    Figure(&'a str, Field),
    Sql(&'a str),
}

/// `{{…}}` in a text: where, and what it quotes or what is wrong with it.
struct Placeholder<'a> {
    range: Range<usize>,
    line: usize,
    quote: Result<Quote<'a>, String>,
}

/// The names of the checks that a text quotes figures of, each with its line, from 1.
#[must_use]
pub fn checks_named(text: &str) -> Vec<(usize, String)> {
    let name = |it: Placeholder<'_>| match it.quote {
        Ok(Quote::Figure(check, _)) => Some((it.line, check.to_owned())),
        _ => None,
    };
    placeholders(text).into_iter().filter_map(name).collect()
}

/// Every mistake that shows without a run: placeholders that quote nothing, and wrong SQL, given
/// the tables that the drill's parameter sets and probes will write.
#[must_use]
pub fn mistakes(text: &str, tables: &[TableShape]) -> Vec<DebriefError> {
    let mistake = |it: Placeholder<'_>| match it.quote {
        Err(what) => Some(DebriefError { line: it.line, what }),
        Ok(Quote::Figure(..)) => None,
        Ok(Quote::Sql(sql)) => match columns_of(sql, tables) {
            Err((below, what)) => Some(DebriefError { line: it.line + below, what }),
            Ok(Some(columns)) if columns.len() != 1 => Some(DebriefError {
                line: it.line,
                what: format!("the query gives {} columns; a quotation is one value", columns.len()),
            }),
            Ok(_) => None,
        },
    };
    placeholders(text).into_iter().filter_map(mistake).collect()
}

/// Fills every placeholder with what the run has to say. The text stays Markdown; whatever the
/// learner's rows put into it is for the caller to sanitise, like all of it.
pub fn fill(text: &str, findings: &[Finding], reading: &Reading) -> Result<String, DebriefError> {
    let mut filled = String::with_capacity(text.len());
    let mut end = 0;
    for it in placeholders(text) {
        let value = it
            .quote
            .and_then(|quote| match quote {
                Quote::Figure(check, field) => Ok(figure(check, field, findings)),
                Quote::Sql(sql) => value(sql, reading),
            })
            .map_err(|what| DebriefError { line: it.line, what })?;
        filled.push_str(&text[end..it.range.start]);
        match value {
            None | Some(Value::Null) => filled.push_str(NOT_MEASURED),
            Some(value) => filled.push_str(&shown(&value)),
        }
        end = it.range.end;
    }
    filled.push_str(&text[end..]);
    Ok(filled)
}

fn figure(check: &str, field: Field, findings: &[Finding]) -> Option<Value> {
    let figure = match &findings.iter().find(|it| it.check == check)?.state {
        State::Held(figure) | State::Broken { figure, .. } => figure,
        State::Inconclusive(_) => return None,
    };
    match field {
        Field::Need => Some(figure.need.clone()),
        Field::Got => Some(figure.got.clone()),
        Field::Par => figure.par.clone(),
    }
}

fn value(sql: &str, reading: &Reading) -> Result<Option<Value>, String> {
    let mut answer = reading.query(sql).map_err(|error| error.to_string())?;
    if answer.columns.len() != 1 || answer.rows.len() > 1 {
        let (rows, columns) = (answer.rows.len() as u64 + answer.more, answer.columns.len());
        return Err(format!("the query gives {rows} rows of {columns} columns; a quotation is one value"));
    }
    Ok(answer.rows.pop().and_then(|mut row| row.pop()))
}

fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let line = 1 + text[..start].matches('\n').count();
        let Some(length) = text[start..].find("}}") else {
            let quote = Err("`{{` has no `}}`; close it".to_owned());
            found.push(Placeholder { range: start..text.len(), line, quote });
            break;
        };
        let end = start + length + 2;
        found.push(Placeholder { range: start..end, line, quote: quote(&text[start + 2..end - 2]) });
        from = end;
    }
    found
}

fn quote(inside: &str) -> Result<Quote<'_>, String> {
    if let Some(sql) = inside.trim_start().strip_prefix("sql:") {
        return Ok(Quote::Sql(sql));
    }
    let wrong = || {
        let inside = inside.trim();
        format!(
            "`{{{{{inside}}}}}` quotes nothing; write {{{{check.got}}}}, .need or .par, or {{{{sql: SELECT …}}}}"
        )
    };
    let (check, field) = inside.trim().rsplit_once('.').ok_or_else(wrong)?;
    let field = match field {
        "need" => Field::Need,
        "got" => Field::Got,
        "par" => Field::Par,
        _ => return Err(wrong()),
    };
    if check.is_empty() || check.contains(char::is_whitespace) {
        return Err(wrong());
    }
    Ok(Quote::Figure(check, field))
}
