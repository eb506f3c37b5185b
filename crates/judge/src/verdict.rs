//! From checks and evidence to a verdict. Pure: the same evidence always gets the same one.

mod json;
mod rule;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::{Check, Relation, Sql, lines_above};
use crate::evidence::{Reading, Rows};
use crate::sql::Value;

pub use json::{Schema, to_json};
pub use rule::Timing;
pub use text::{COUNTEREXAMPLES_SHOWN, shown, table};

/// The claim that is built in: everything handed in ran without an error.
pub const RUNS: &str = "runs";

/// What became of one claim. As JSON:
///
/// ```json
/// {"check": "few-blocks", "claim": "The page touches few blocks.", "state": "broken",
///  "relation": "at most", "need": 120, "got": 4310, "par": 40, "unit": "blocks",
///  "counterexamples": [{"page": 3, "blocks": 4310}], "more": 0}
/// ```
///
/// `state` is `held` (no `counterexamples`, no `more`), `broken`, or `inconclusive` (no figure,
/// and `why` says what is missing). `par` is null where the reference has no figure of its own.
/// `more` counts the counterexamples that are not listed. A number that JSON lacks is a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "json::FindingJson", try_from = "json::FindingJson")]
pub struct Finding {
    /// The check's name.
    pub check: String,
    /// Its claim, one sentence.
    pub claim: String,
    /// What became of it.
    pub state: State,
}

/// The three things that can become of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nothing contradicts it.
    Held(Figure),
    /// The rows contradict it, the smallest first.
    Broken {
        /// What was counted.
        figure: Figure,
        /// At least one row.
        counterexamples: Rows,
    },
    /// It cannot be decided, and this is why.
    Inconclusive(String),
}

/// What was needed and what was got.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The bound.
    pub need: Value,
    /// What this run has.
    pub got: Value,
    /// What the reference's run has.
    pub par: Option<Value>,
    /// How `got` must stand to `need`.
    pub relation: Relation,
    /// What is counted.
    pub unit: String,
}

/// The decision about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ruling {
    /// Every claim holds.
    Pass,
    /// A claim is contradicted.
    Fail,
    /// The run could not be judged. Never counts against the learner.
    Void,
}

impl Ruling {
    /// The word for people and for JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Ruling::Pass => "pass",
            Ruling::Fail => "fail",
            Ruling::Void => "void",
        }
    }
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The drill's name.
    pub drill: String,
    /// The drill's version.
    pub version: u32,
    /// The level that was judged at.
    pub level: String,
    /// The run's seed, which repeats it.
    pub seed: u64,
}

/// A run's ruling and everything behind it. As JSON, `schema` is the version of this shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// The version of the JSON shape.
    pub schema: Schema,
    /// The drill's name.
    pub drill: String,
    /// The drill's version.
    pub version: u32,
    /// The level that was judged at.
    pub level: String,
    /// The run's seed, which repeats it.
    pub seed: u64,
    /// The decision.
    pub ruling: Ruling,
    /// One for each check that was examined, in their order.
    pub findings: Vec<Finding>,
    /// Checks that were not reached, because the run ended at a broken one.
    pub not_examined: Vec<String>,
    /// Why the run could not be judged, if the ruling is void.
    pub why_void: Option<String>,
    /// The stored run's name.
    #[serde(default)]
    pub run: Option<String>,
    /// Where the evidence lies.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub evidence: Option<PathBuf>,
    /// Drawn, never judged.
    #[serde(default)]
    pub timing: Timing,
}

impl Verdict {
    /// Rules on a run. `fault_of_ours` says why the run is worthless as evidence (a component died
    /// by itself, a fault did not land); then it is void, whatever the checks have found in it.
    /// Else a broken claim fails it, and an inconclusive or unexamined one makes it void.
    #[must_use]
    pub fn from_findings(
        judged: Judged,
        findings: Vec<Finding>,
        not_examined: Vec<String>,
        fault_of_ours: Option<String>,
    ) -> Verdict {
        let broken = findings.iter().any(|it| matches!(it.state, State::Broken { .. }));
        let why_void =
            fault_of_ours.or_else(|| if broken { None } else { undecided(&findings) }).or_else(|| {
                let unfinished = !broken && !not_examined.is_empty();
                unfinished.then(|| format!("not examined: {}", not_examined.join(", ")))
            });
        let ruling = match (&why_void, broken) {
            (Some(_), _) => Ruling::Void,
            (None, true) => Ruling::Fail,
            (None, false) => Ruling::Pass,
        };
        let Judged { drill, version, level, seed } = judged;
        Verdict {
            schema: Schema,
            drill,
            version,
            level,
            seed,
            ruling,
            findings,
            not_examined,
            why_void,
            run: None,
            evidence: None,
            timing: Timing::default(),
        }
    }

    /// The exit code of a command that ends with this verdict: 0 pass, 1 fail, 3 void.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.ruling {
            Ruling::Pass => 0,
            Ruling::Fail => 1,
            Ruling::Void => 3,
        }
    }
}

fn undecided(findings: &[Finding]) -> Option<String> {
    let whys: Vec<String> = findings
        .iter()
        .filter_map(|it| match &it.state {
            State::Inconclusive(why) => Some(format!("{}: {why}", it.check)),
            _ => None,
        })
        .collect();
    (!whys.is_empty()).then(|| whys.join("; "))
}

/// Asks the evidence for what a check claims. Whatever goes wrong in doing so makes the finding
/// inconclusive, never broken: a check's mistake is not the learner's.
#[must_use]
pub fn examine(check: &Check, reading: &Reading) -> Finding {
    let state = decide(check, reading).unwrap_or_else(State::Inconclusive);
    Finding { check: check.name.clone(), claim: check.claim.clone(), state }
}

fn decide(check: &Check, reading: &Reading) -> Result<State, String> {
    if let Some(needs) = &check.needs {
        let missing = ask(check, needs, reading)?;
        if !missing.rows.is_empty() {
            return Ok(State::Inconclusive(text::joined(&missing)));
        }
    }
    let figure = figure(check, ask(check, &check.figure, reading)?)?;
    let counterexamples = ask(check, &check.counterexamples, reading)?;
    match (meets(&figure)?, counterexamples.rows.is_empty()) {
        (true, true) => Ok(State::Held(figure)),
        (false, false) => match excuse(check, reading)? {
            Some(why) => Ok(State::Inconclusive(why)),
            None => Ok(State::Broken { figure, counterexamples }),
        },
        (met, _) => {
            let count = counterexamples.rows.len() as u64 + counterexamples.more;
            let meets = if met { "meets" } else { "misses" };
            Err(format!(
                "the check contradicts itself: its figure {meets} the need ({}), and it gives {count} \
                 counterexamples",
                text::figure(&figure)
            ))
        }
    }
}

/// Why the counterexamples cannot be held against who handed in, if the check knows a reason.
fn excuse(check: &Check, reading: &Reading) -> Result<Option<String>, String> {
    let Some(unless) = &check.unless else { return Ok(None) };
    let reasons = ask(check, unless, reading)?;
    Ok((!reasons.rows.is_empty()).then(|| text::joined(&reasons)))
}

fn ask(check: &Check, sql: &Sql, reading: &Reading) -> Result<Rows, String> {
    reading.query(&sql.text).map_err(|error| {
        let line = sql.line + lines_above(&sql.text, &error);
        format!("{}:{line}: {error}", check.path.display())
    })
}

fn figure(check: &Check, rows: Rows) -> Result<Figure, String> {
    let at = || format!("{}:{}", check.path.display(), check.figure.line);
    let count = rows.rows.len() as u64 + rows.more;
    let [row] = &rows.rows[..] else {
        return Err(format!("{}: the figure gives {count} rows, and must give one", at()));
    };
    let cell = |name: &str| {
        let column = rows.columns.iter().position(|it| it.eq_ignore_ascii_case(name));
        column.and_then(|column| row.get(column)).filter(|value| **value != Value::Null).cloned()
    };
    let known = |name: &str| {
        cell(name).ok_or_else(|| {
            format!("{}: the figure has no `{name}`; let `-- needs:` say what is missing then", at())
        })
    };
    Ok(Figure {
        need: known("need")?,
        got: known("got")?,
        par: cell("par"),
        relation: check.need,
        unit: check.unit.clone(),
    })
}

fn meets(figure: &Figure) -> Result<bool, String> {
    let order = match (&figure.got, &figure.need) {
        (Value::Text(got), Value::Text(need)) if figure.relation == Relation::Exactly => {
            return Ok(got == need);
        }
        (Value::Int(got), Value::Int(need)) => Some(got.cmp(need)),
        (got, need) => match (number(got), number(need)) {
            (Some(got), Some(need)) => got.partial_cmp(&need),
            _ => None,
        },
    };
    let order = order.ok_or_else(|| format!("the figure cannot be compared ({})", text::figure(figure)))?;
    Ok(match figure.relation {
        Relation::AtMost => order.is_le(),
        Relation::AtLeast => order.is_ge(),
        Relation::Exactly => order.is_eq(),
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Value::Null | Value::Text(_) => None,
    }
}
