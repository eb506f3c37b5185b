//! The ruling on a whole run: its findings, what stopped it, what makes it void.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Figure, Finding, Judged, RUNS, State, Verdict};
use crate::check::Relation;
use crate::drill::{Drill, Level};
use crate::evidence::Rows;
use crate::run::{BUILD, ENDED, RECIPE, START};
use crate::sql::Value;

/// What the built-in claim says.
const RUNS_CLAIM: &str = "What you handed in runs without an error, and so does what comes after it.";

/// What a program does wrong, by the code that stands in the place of an SQLSTATE.
const PROGRAM_CODES: [(&str, &str); 4] = [
    (RECIPE, "it does not say how your program is run"),
    (BUILD, "your program is not built"),
    (START, "your program does not start"),
    (ENDED, "your program has ended while it was needed"),
];

/// How long things took, in milliseconds. Drawn, never judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Timing {
    /// The whole judging.
    pub total_ms: u64,
    /// The part of it in what was handed in: its statements, index builds, queries and loads.
    pub own_ms: u64,
    /// From the end of the last accepted script to the first finding.
    pub first_figures_ms: Option<u64>,
}

impl Finding {
    /// The built-in claim, broken by a statement that failed. `aftermath` tells that the statement
    /// was the judge's, and works where the submission has not been.
    pub fn does_not_run(
        file: &str,
        line: Option<usize>,
        sqlstate: &str,
        message: &str,
        aftermath: bool,
    ) -> Finding {
        let of_a_program = PROGRAM_CODES.iter().find(|(code, _)| *code == sqlstate);
        let what = match of_a_program {
            Some((_, what)) => what,
            None if aftermath => "the judge's statement fails after your work",
            None => "your statement fails",
        };
        let line = line.and_then(|line| i64::try_from(line).ok());
        let mut cells = vec![
            ("file", Value::Text(file.into())),
            ("line", line.map_or(Value::Null, Value::Int)),
            ("what", Value::Text(what.into())),
            ("sqlstate", Value::Text(sqlstate.into())),
            ("message", Value::Text(message.into())),
        ];
        if of_a_program.is_some() {
            cells.retain(|(name, _)| *name != "sqlstate");
        }
        let counterexamples = Rows {
            columns: cells.iter().map(|(name, _)| (*name).to_string()).collect(),
            rows: vec![cells.into_iter().map(|(_, value)| value).collect()],
            more: 0,
        };
        let figure = Figure {
            need: Value::Int(0),
            got: Value::Int(1),
            par: Some(Value::Int(0)),
            relation: Relation::AtMost,
            unit: "errors".into(),
        };
        Finding {
            check: RUNS.into(),
            claim: RUNS_CLAIM.into(),
            state: State::Broken { figure, counterexamples },
        }
    }

    /// Whether the claim is contradicted.
    pub fn is_broken(&self) -> bool {
        matches!(self.state, State::Broken { .. })
    }
}

impl Verdict {
    /// Rules on a run: what was found, what stopped it (if anything did), and why it is void (if it is).
    pub fn rule(
        drill: &Drill,
        level: &Level,
        seed: u64,
        mut findings: Vec<Finding>,
        stopped: Option<Finding>,
        why_void: Option<String>,
    ) -> Verdict {
        findings.extend(stopped);
        let examined = |name: &str| findings.iter().any(|f| f.check == name);
        let order = drill.phases(level).flat_map(|(_, phase)| &phase.decides);
        let not_examined = order.filter(|name| !examined(name)).cloned().collect();
        let judged =
            Judged { drill: drill.name.clone(), version: drill.version, level: level.name.clone(), seed };
        Verdict::from_findings(judged, findings, not_examined, why_void)
    }

    /// The names of the broken claims.
    pub fn broken(&self) -> Vec<&str> {
        self.findings.iter().filter(|f| f.is_broken()).map(|f| f.check.as_str()).collect()
    }

    /// Whether the scenario ran to its end, so that every check of today can be examined.
    pub fn is_complete(&self) -> bool {
        self.not_examined.is_empty()
    }

    /// Why the run itself was worthless, which no newer check can change.
    pub fn why_void_of_the_run(&self) -> Option<String> {
        let undecided = self.findings.iter().any(|f| matches!(f.state, State::Inconclusive(_)));
        if undecided { None } else { self.why_void.clone() }
    }
}
