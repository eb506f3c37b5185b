//! What goes into a query, and what comes out of it.

use sqlx::postgres::PgRow;
use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Postgres, Row as _, Sqlite};

use crate::store::error::StoreError;

/// A value that goes into a query.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Cell<'a> {
    Int(Option<i64>),
    Real(f64),
    Text(Option<&'a str>),
}

impl From<i64> for Cell<'_> {
    fn from(value: i64) -> Self {
        Cell::Int(Some(value))
    }
}

impl From<u32> for Cell<'_> {
    fn from(value: u32) -> Self {
        Cell::Int(Some(value.into()))
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(value: Option<i64>) -> Self {
        Cell::Int(value)
    }
}

impl From<f32> for Cell<'_> {
    fn from(value: f32) -> Self {
        Cell::Real(value.into())
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(value: &'a str) -> Self {
        Cell::Text(Some(value))
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Cell::Text(value)
    }
}

/// A query with its values, in the order of `$1`, `$2`, …
pub(super) fn bound<DB: Kinds>(sql: &'static str, cells: &[Cell<'_>]) -> Query<'static, DB, DB::Arguments> {
    cells.iter().fold(sqlx::query::<DB>(sql), |query, cell| DB::bind(query, *cell))
}

/// What both engines can take.
pub(super) trait Kinds: Database {
    fn bind<'q>(query: Query<'q, Self, Self::Arguments>, cell: Cell<'_>) -> Query<'q, Self, Self::Arguments>;
}

macro_rules! kinds {
    ($($engine:ty),*) => {$(
        impl Kinds for $engine {
            fn bind<'q>(
                query: Query<'q, Self, Self::Arguments>,
                cell: Cell<'_>,
            ) -> Query<'q, Self, Self::Arguments> {
                match cell {
                    Cell::Int(value) => query.bind(value),
                    Cell::Real(value) => query.bind(value),
                    Cell::Text(value) => query.bind(value),
                }
            }
        }
    )*};
}
kinds!(Sqlite, Postgres);

/// A row, read by the names of its columns. What does not fit its column's type is damage.
pub(in crate::store) struct Row<'r> {
    pub(super) at: &'r str,
    pub(super) cells: &'r dyn Cells,
}

impl Row<'_> {
    pub(in crate::store) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.maybe_int(column)?.ok_or_else(|| self.wrong(column, "nothing"))
    }

    pub(in crate::store) fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.cells.int(column).map_err(|source| StoreError::of(self.at, source))
    }

    /// A whole number that is small and not negative.
    pub(in crate::store) fn count<N: TryFrom<i64>>(&self, column: &str) -> Result<N, StoreError> {
        let value = self.int(column)?;
        N::try_from(value).map_err(|_| self.wrong(column, &value.to_string()))
    }

    pub(in crate::store) fn maybe_count<N: TryFrom<i64>>(
        &self,
        column: &str,
    ) -> Result<Option<N>, StoreError> {
        let Some(value) = self.maybe_int(column)? else { return Ok(None) };
        N::try_from(value).map(Some).map_err(|_| self.wrong(column, &value.to_string()))
    }

    pub(in crate::store) fn real(&self, column: &str) -> Result<f32, StoreError> {
        let value = self.cells.real(column).map_err(|source| StoreError::of(self.at, source))?;
        value.map(|it| it as f32).ok_or_else(|| self.wrong(column, "nothing"))
    }

    pub(in crate::store) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.maybe_text(column)?.ok_or_else(|| self.wrong(column, "nothing"))
    }

    pub(in crate::store) fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.cells.text(column).map_err(|source| StoreError::of(self.at, source))
    }

    /// Something that this store never writes.
    pub(in crate::store) fn wrong(&self, column: &str, value: &str) -> StoreError {
        StoreError::Damaged { at: self.at.into(), why: format!("`{column}` holds {value}") }
    }
}

/// The three kinds of cells, and nothing (NULL) in any of them.
pub(super) trait Cells {
    fn int(&self, column: &str) -> sqlx::Result<Option<i64>>;
    fn real(&self, column: &str) -> sqlx::Result<Option<f64>>;
    fn text(&self, column: &str) -> sqlx::Result<Option<String>>;
}

macro_rules! cells {
    ($($row:ty),*) => {$(
        impl Cells for $row {
            fn int(&self, column: &str) -> sqlx::Result<Option<i64>> {
                self.try_get(column)
            }
            fn real(&self, column: &str) -> sqlx::Result<Option<f64>> {
                self.try_get(column)
            }
            fn text(&self, column: &str) -> sqlx::Result<Option<String>> {
                self.try_get(column)
            }
        }
    )*};
}
cells!(SqliteRow, PgRow);
