//! Asks the evidence of a stored run or load one query, and prints its rows with tabs between the cells:
//! `cargo run --release -p judge --example ask -- RUN_DIR 'SELECT …'`. The reference's run is `par`, if there is one.

use std::error::Error;
use std::path::Path;

use judge::sql::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, query] = arguments.as_slice() else {
        return Err("usage: ask RUN_DIR QUERY".into());
    };
    let dir = Path::new(dir);
    let reading = judge::open_run(dir)?;
    let found = reading.query(query)?;
    if found.more > 0 {
        return Err(format!("the query has {} rows too many", found.more).into());
    }
    for row in found.rows {
        println!("{}", row.iter().map(cell).collect::<Vec<_>>().join("\t"));
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
    }
}
