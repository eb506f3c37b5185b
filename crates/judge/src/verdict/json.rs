//! The JSON shape of a finding, and of values in it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};
use utoipa::openapi::RefOr;
use utoipa::{PartialSchema, ToSchema};

use super::{Figure, Finding, State};
use crate::check::Relation;
use crate::evidence::Rows;
use crate::sql::Value;

/// The version of the JSON shape of a verdict, always 1. Another one is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema;

const SCHEMA: u64 = 1;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Schema, D::Error> {
        match u64::deserialize(deserializer)? {
            SCHEMA => Ok(Schema),
            other => Err(serde::de::Error::custom(format!(
                "the verdict has schema {other}, and this hotseat reads schema {SCHEMA}; judge again"
            ))),
        }
    }
}

/// See [`Finding`] for what is there when.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Finding)]
pub(super) struct FindingJson {
    check: String,
    claim: String,
    state: StateJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relation: Option<Relation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    need: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    got: Option<Json>,
    /// Outer `None`: there is no figure. Null: the figure has no par.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    par: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counterexamples: Option<Vec<Map<String, Json>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more: Option<u64>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FindingState)]
enum StateJson {
    Held,
    Broken,
    Inconclusive,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl PartialSchema for Schema {
    fn schema() -> RefOr<utoipa::openapi::schema::Schema> {
        u64::schema()
    }
}

impl ToSchema for Schema {}

/// A finding is described as it is written.
impl PartialSchema for Finding {
    fn schema() -> RefOr<utoipa::openapi::schema::Schema> {
        FindingJson::schema()
    }
}

impl ToSchema for Finding {
    fn name() -> std::borrow::Cow<'static, str> {
        FindingJson::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<utoipa::openapi::schema::Schema>)>) {
        FindingJson::schemas(schemas);
    }
}

impl From<Finding> for FindingJson {
    fn from(finding: Finding) -> FindingJson {
        let mut json = FindingJson {
            check: finding.check,
            claim: finding.claim,
            state: StateJson::Held,
            relation: None,
            need: None,
            got: None,
            par: None,
            unit: None,
            why: None,
            counterexamples: None,
            more: None,
        };
        match finding.state {
            State::Held(figure) => json.put(figure),
            State::Broken { figure, counterexamples } => {
                json.state = StateJson::Broken;
                json.put(figure);
                json.more = Some(counterexamples.more);
                json.counterexamples = Some(objects(counterexamples));
            }
            State::Inconclusive(why) => {
                json.state = StateJson::Inconclusive;
                json.why = Some(why);
            }
        }
        json
    }
}

impl FindingJson {
    fn put(&mut self, figure: Figure) {
        self.relation = Some(figure.relation);
        self.need = Some(to_json(figure.need));
        self.got = Some(to_json(figure.got));
        self.par = Some(figure.par.map_or(Json::Null, to_json));
        self.unit = Some(figure.unit);
    }

    fn figure(&mut self) -> Result<Figure, String> {
        let lacks = |key: &str| format!("the finding `{}` lacks `{key}`", self.check);
        Ok(Figure {
            relation: self.relation.ok_or_else(|| lacks("relation"))?,
            need: from_json(self.need.take().ok_or_else(|| lacks("need"))?),
            got: from_json(self.got.take().ok_or_else(|| lacks("got"))?),
            par: self.par.take().map(from_json).filter(|par| *par != Value::Null),
            unit: self.unit.take().ok_or_else(|| lacks("unit"))?,
        })
    }
}

impl TryFrom<FindingJson> for Finding {
    type Error = String;

    fn try_from(mut json: FindingJson) -> Result<Finding, String> {
        let state = match json.state {
            StateJson::Held => State::Held(json.figure()?),
            StateJson::Broken => {
                let figure = json.figure()?;
                let rows = json.counterexamples.take().unwrap_or_default();
                if rows.is_empty() {
                    return Err(format!("the finding `{}` is broken without a counterexample", json.check));
                }
                State::Broken { figure, counterexamples: table(rows, json.more.unwrap_or(0)) }
            }
            StateJson::Inconclusive => State::Inconclusive(json.why.take().unwrap_or_default()),
        };
        Ok(Finding { check: json.check, claim: json.claim, state })
    }
}

fn objects(table: Rows) -> Vec<Map<String, Json>> {
    let columns = table.columns;
    let object = |row: Vec<Value>| columns.iter().cloned().zip(row.into_iter().map(to_json)).collect();
    table.rows.into_iter().map(object).collect()
}

fn table(objects: Vec<Map<String, Json>>, more: u64) -> Rows {
    let columns: Vec<String> = objects.first().map(|it| it.keys().cloned().collect()).unwrap_or_default();
    let row = |mut object: Map<String, Json>| {
        columns.iter().map(|it| object.remove(it).map_or(Value::Null, from_json)).collect()
    };
    let rows = objects.into_iter().map(row).collect();
    Rows { columns, rows, more }
}

/// A value as JSON; a number that JSON lacks becomes a text.
pub fn to_json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => truth.into(),
        Value::Int(number) => number.into(),
        // JSON has no infinity.
        Value::Float(number) if !number.is_finite() => number.to_string().into(),
        Value::Float(number) => number.into(),
        Value::Text(text) => text.into(),
    }
}

/// Lists and objects are no values of a check; they are kept as their text.
fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Text(text),
        other => Value::Text(other.to_string()),
    }
}
