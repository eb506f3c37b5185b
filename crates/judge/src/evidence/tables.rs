//! The tables of parameter sets and probes: their names, their keys, their columns.

use super::{ColumnType, EvidenceError};

/// Names that a parameter set or a probe cannot have: the contract's tables and views, the
/// reference's schema and what SQLite keeps for itself.
const RESERVED_TABLES: [&str; 24] = [
    "run",
    "handed_in",
    "phases",
    "statements",
    "ops",
    "waits",
    "gates",
    "faults",
    "landings",
    "plans",
    "plan_costs",
    "plan_nodes",
    "exchanges",
    "calls",
    "charges",
    "lives",
    "messages",
    "document",
    "deviations",
    "par",
    "main",
    "temp",
    "json_each",
    "json_tree",
];
pub(super) const PARAMETERS_KEY: [&str; 1] = ["no"];
pub(super) const PROBE_KEY: [&str; 5] = ["phase", "tick", "component", "no", "row"];

/// A table of a parameter set or a probe, as it was first written.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) key: &'static [&'static str],
    pub(super) columns: Vec<(String, ColumnType)>,
    pub(super) insert: String,
}

impl Known {
    pub(super) fn new(name: &str, key: &'static [&'static str], columns: &[(String, ColumnType)]) -> Known {
        let marks = vec!["?"; key.len() + columns.len()].join(", ");
        let insert = format!("INSERT INTO main.{} VALUES ({marks})", quoted(name));
        Known { key, columns: columns.to_vec(), insert }
    }
}

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let own = self.columns.iter().map(|(name, kind)| format!("{name} {}", kind.word()));
        let all: Vec<String> = self.key.iter().map(ToString::to_string).chain(own).collect();
        write!(f, "({})", all.join(", "))
    }
}

/// Whether a name belongs to the evidence itself, or to SQLite.
pub(crate) fn is_table_of_its_own(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let kept = ["sqlite_", "pragma_"].iter().any(|prefix| lower.starts_with(prefix));
    kept || RESERVED_TABLES.contains(&&*lower)
}

/// The statement that creates the table of a parameter set or probe, or what is wrong with it.
pub(super) fn create_table(
    name: &str,
    key: &[&str],
    columns: &[(String, ColumnType)],
) -> Result<String, EvidenceError> {
    if name.is_empty() || name.contains('\0') || is_table_of_its_own(name) {
        return Err(EvidenceError::TableName { table: name.into() });
    }
    let mut seen: Vec<String> = key.iter().map(ToString::to_string).collect();
    let mut defined: Vec<String> = key
        .iter()
        .map(|name| format!("{name} {}", if *name == "component" { "TEXT" } else { "INTEGER" }))
        .collect();
    for (column, kind) in columns {
        let lower = column.to_ascii_lowercase();
        let why = match () {
            () if lower.is_empty() || lower.contains('\0') => "has no usable name",
            () if key.contains(&&*lower) => "has the name of a column that every row gets",
            () if seen.contains(&lower) => "is named twice (upper and lower case count as one)",
            () => "",
        };
        if !why.is_empty() {
            return Err(EvidenceError::ColumnName { table: name.into(), column: column.clone(), why });
        }
        seen.push(lower);
        defined.push(format!("{} {}", quoted(column), kind.affinity()));
    }
    Ok(format!("CREATE TABLE main.{} ({})", quoted(name), defined.join(", ")))
}

pub(super) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
