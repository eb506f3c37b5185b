//! Parameter sets: rows drawn from the seed, the same for both runs of a judging.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use tokio::sync::Notify;
use tokio_postgres::types::Type;

use super::{Halt, Run, column_types, typed_row};
use crate::JudgeError;
use crate::bench::Database;
use crate::bench::session::{Refusal, Role};
use crate::sql::{self, Value, Variables};

/// More rows than this are no parameter set.
const PARAMETERS_MAX: u64 = 200_000;

/// The parameter sets of a judging. The reference's run draws them, on data with its indexes, while
/// the learner's is at work already.
#[derive(Default)]
pub(crate) struct Drawn {
    sets: RefCell<BTreeMap<String, Rc<Parameters>>>,
    arrived: Notify,
}

/// The rows of a parameter set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub columns: Vec<(String, Type)>,
    pub rows: Vec<Vec<Value>>,
}

impl Run<'_> {
    /// The rows of a parameter set, once they are drawn.
    pub(crate) async fn parameters(&self, name: &str) -> Result<Rc<Parameters>, JudgeError> {
        let set = loop {
            let arrived = self.drawn.arrived.notified();
            if let Some(set) = self.drawn.sets.borrow().get(name) {
                break Rc::clone(set);
            }
            arrived.await;
        };
        if self.recorded.borrow_mut().insert(name.to_string()) {
            let columns = column_types(&set.columns);
            self.evidence.borrow_mut().parameters(name, &columns, set.rows.iter().cloned())?;
        }
        Ok(set)
    }

    /// Draws the parameter sets of a component, before anything else happens to it.
    pub(super) async fn draw_parameters(&self, component: &str, database: &Database) -> Result<(), Halt> {
        for (name, set) in self.drill.scenario.parameters.iter().filter(|(_, set)| set.on == component) {
            let session = self.session_in(database, Role::App).await?;
            let ours = |line: Option<usize>, e: String| {
                let line = line.map_or_else(String::new, |l| format!(":{l}"));
                JudgeError::Drill(format!("{}{line}: {e}", set.sql.file))
            };
            let statement = sql::one(&set.sql.text).map_err(|e| ours(e.line(), e.to_string()))?;
            let text = sql::fill(&statement.text, &self.variables(component, 1));
            let refused = |r: Refusal| ours(Some(statement.line), r.message);
            let columns = session.columns(&text).await.map_err(refused)?;
            let found = session.query(&text, PARAMETERS_MAX).await.map_err(refused)?;
            let rows: Vec<_> = found.rows.iter().map(|row| typed_row(row, &columns)).collect();
            self.drawn.sets.borrow_mut().insert(name.clone(), Rc::new(Parameters { columns, rows }));
            self.drawn.arrived.notify_waiters();
        }
        Ok(())
    }
}

impl Parameters {
    /// A row as variables.
    pub(crate) fn variables(&self, index: usize) -> Variables {
        self.columns
            .iter()
            .zip(&self.rows[index])
            .map(|((name, _), value)| (name.clone(), value.clone()))
            .collect()
    }

    /// A row as a JSON object.
    pub(crate) fn json(&self, index: usize) -> String {
        let cells = self.columns.iter().zip(&self.rows[index]);
        let object: serde_json::Map<String, serde_json::Value> =
            cells.map(|((name, _), value)| (name.clone(), json(value))).collect();
        serde_json::Value::Object(object).to_string()
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(n) => (*n).into(),
        Value::Float(x) => (*x).into(),
        Value::Text(s) => s.clone().into(),
        Value::Bool(b) => (*b).into(),
    }
}
