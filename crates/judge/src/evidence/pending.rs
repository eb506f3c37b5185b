//! Rows on their way into a table that gets very many: written many to a statement, because SQLite's
//! work for a statement is as much as for the rows.

use std::ops::Range;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};

/// The rows of one statement.
const ROWS: usize = 64;

/// Rows that are not written yet, in memory that is used again and again.
#[derive(Debug)]
pub(super) struct Pending {
    table: &'static str,
    /// Columns of the table.
    width: usize,
    cells: Vec<Cell>,
    texts: Vec<u8>,
    insert_all: String,
}

#[derive(Debug)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(Range<usize>),
}

impl Pending {
    pub(super) fn new(table: &'static str, width: usize) -> Pending {
        let insert_all = insert(table, width, ROWS);
        Pending { table, width, cells: Vec::with_capacity(width * ROWS), texts: Vec::new(), insert_all }
    }

    /// Takes a row, and writes all when there are enough.
    pub(super) fn push(&mut self, db: &Connection, row: &[ValueRef<'_>]) -> rusqlite::Result<()> {
        debug_assert_eq!(row.len(), self.width);
        for cell in row {
            let cell = match *cell {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(number) => Cell::Real(number),
                ValueRef::Text(text) | ValueRef::Blob(text) => {
                    let start = self.texts.len();
                    self.texts.extend_from_slice(text);
                    Cell::Text(start..self.texts.len())
                }
            };
            self.cells.push(cell);
        }
        if self.cells.len() < self.width * ROWS {
            return Ok(());
        }
        self.write(db)
    }

    /// Writes what has been taken so far.
    pub(super) fn write(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let rows = self.cells.len() / self.width;
        let written = match rows {
            0 => Ok(()),
            ROWS => {
                db.prepare_cached(&self.insert_all).and_then(|mut statement| self.execute(&mut statement))
            }
            // Seldom, and seldom as many again: not worth a place in the cache.
            fewer => db
                .prepare(&insert(self.table, self.width, fewer))
                .and_then(|mut statement| self.execute(&mut statement)),
        };
        self.cells.clear();
        self.texts.clear();
        written
    }

    fn execute(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        for (index, cell) in (1..).zip(&self.cells) {
            let cell = match cell {
                // A parameter that is not bound is NULL.
                Cell::Null => continue,
                Cell::Integer(number) => ValueRef::Integer(*number),
                Cell::Real(number) => ValueRef::Real(*number),
                Cell::Text(place) => ValueRef::Text(&self.texts[place.clone()]),
            };
            statement.raw_bind_parameter(index, ToSqlOutput::Borrowed(cell))?;
        }
        statement.raw_execute().map(drop)
    }
}

fn insert(table: &str, width: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    format!("INSERT INTO {table} VALUES {}", vec![row; rows].join(", "))
}
