//! What the columns of a parameter set say about each request.

use crate::JudgeError;
use crate::bench::exchange::Question;
use crate::run::Parameters;
use crate::sql::Value;

/// The places of the columns that mean something.
pub(super) struct Columns {
    method: usize,
    path: usize,
    headers: Option<usize>,
    body: Option<usize>,
    talk: Option<usize>,
    instance: Option<usize>,
    keep: Option<usize>,
    repeat_while: Option<usize>,
    again_on: Option<usize>,
    fault: Option<usize>,
    gateway: Option<usize>,
    reference: Option<usize>,
    once_hanging: Option<usize>,
}

fn text(row: &[Value], place: Option<usize>) -> Option<&str> {
    match place.map(|place| &row[place]) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn number(row: &[Value], place: Option<usize>) -> Option<usize> {
    match place.map(|place| &row[place]) {
        Some(Value::Int(number)) => usize::try_from(*number).ok(),
        _ => None,
    }
}

impl Columns {
    pub(super) fn of(set: &str, rows: &Parameters) -> Result<Columns, JudgeError> {
        let needed = |name: &str| {
            rows.column(name).ok_or_else(|| {
                JudgeError::Drill(format!("parameters `{set}`: requests need a column `{name}`"))
            })
        };
        Ok(Columns {
            method: needed("method")?,
            path: needed("path")?,
            headers: rows.column("headers"),
            body: rows.column("body"),
            talk: rows.column("talk"),
            instance: rows.column("instance"),
            keep: rows.column("keep"),
            repeat_while: rows.column("repeat_while"),
            again_on: rows.column("again_on"),
            fault: rows.column("fault"),
            gateway: rows.column("gateway"),
            reference: rows.column("reference"),
            once_hanging: rows.column("once_hanging"),
        })
    }

    /// The rows of each conversation, in the order in which conversations begin.
    pub(super) fn talks(&self, rows: &Parameters) -> Vec<Vec<usize>> {
        let Some(talk) = self.talk else {
            return (0..rows.rows.len()).map(|index| vec![index]).collect();
        };
        let mut talks: Vec<Vec<usize>> = Vec::new();
        let mut known = std::collections::BTreeMap::new();
        for (index, row) in rows.rows.iter().enumerate() {
            let at = *known.entry(row[talk].raw()).or_insert_with(|| {
                talks.push(Vec::new());
                talks.len() - 1
            });
            talks[at].push(index);
        }
        talks
    }

    /// The request as it is written, before names are filled in.
    pub(super) fn question(&self, row: &[Value]) -> Question {
        let headers = text(row, self.headers).and_then(|json| serde_json::from_str(json).ok());
        let headers: serde_json::Map<String, serde_json::Value> = headers.unwrap_or_default();
        let value =
            |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
        Question {
            method: text(row, Some(self.method)).unwrap_or_default().to_string(),
            path: text(row, Some(self.path)).unwrap_or_default().to_string(),
            headers: headers.into_iter().map(|(name, it)| (name, value(it))).collect(),
            body: text(row, self.body).map(str::to_string),
        }
    }

    pub(super) fn instance(&self, row: &[Value]) -> Option<usize> {
        number(row, self.instance)
    }

    /// It is sent once so many calls hang in the gateways.
    pub(super) fn once_hanging(&self, row: &[Value]) -> usize {
        number(row, self.once_hanging).unwrap_or(0)
    }

    /// A JSON object: name, and where its value lies in the answer.
    pub(super) fn keep<'v>(&self, row: &'v [Value]) -> Option<&'v str> {
        text(row, self.keep)
    }

    pub(super) fn repeat_while<'v>(&self, row: &'v [Value]) -> Option<&'v str> {
        text(row, self.repeat_while)
    }

    pub(super) fn again_on<'v>(&self, row: &'v [Value]) -> impl Iterator<Item = &'v str> {
        text(row, self.again_on).unwrap_or_default().split_whitespace()
    }

    pub(super) fn fault<'v>(&self, row: &'v [Value]) -> Option<&'v str> {
        text(row, self.fault)
    }

    pub(super) fn gateway<'v>(&self, row: &'v [Value]) -> Option<&'v str> {
        text(row, self.gateway)
    }

    pub(super) fn reference<'v>(&self, row: &'v [Value]) -> Option<&'v str> {
        text(row, self.reference)
    }
}
