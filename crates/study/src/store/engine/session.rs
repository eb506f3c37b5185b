//! A conversation with one of the engines.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, Postgres, Sqlite};

use super::row::{Cell, Row, bound};
use crate::store::error::StoreError;

/// A conversation with the engine. One that is dropped inside a transaction takes it back.
#[derive(Debug)]
pub(in crate::store) struct Session {
    line: Line,
    at: Arc<str>,
    /// A transaction has begun and is not committed.
    open: bool,
}

#[derive(Debug)]
pub(super) enum Line {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Session {
    pub(super) fn new(line: Line, at: Arc<str>) -> Session {
        Session { line, at, open: false }
    }

    pub(super) async fn begin(&mut self, statement: &'static str) -> Result<(), StoreError> {
        self.open = true;
        self.execute(statement, &[]).await.map(|_| ())
    }

    /// Makes the transaction last. Once this returns, it will be there whatever happens to us.
    pub(in crate::store) async fn commit(mut self) -> Result<(), StoreError> {
        self.execute("COMMIT", &[]).await?;
        self.open = false;
        Ok(())
    }

    /// Performs a statement and says how many rows it changed.
    pub(in crate::store) async fn execute(
        &mut self,
        sql: &'static str,
        cells: &[Cell<'_>],
    ) -> Result<u64, StoreError> {
        let done = match &mut self.line {
            Line::Sqlite(line) => bound(sql, cells).execute(&mut **line).await.map(|it| it.rows_affected()),
            Line::Postgres(line) => bound(sql, cells).execute(&mut **line).await.map(|it| it.rows_affected()),
        };
        done.map_err(|source| StoreError::of(&self.at, source))
    }

    /// Performs the statements of a migration.
    pub(in crate::store) async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let done = match &mut self.line {
            Line::Sqlite(line) => line.execute(sqlx::raw_sql(sql)).await.map(|_| ()),
            Line::Postgres(line) => line.execute(sqlx::raw_sql(sql)).await.map(|_| ()),
        };
        done.map_err(|source| StoreError::of(&self.at, source))
    }

    /// The row of a query that has one, or none.
    pub(in crate::store) async fn one<T>(
        &mut self,
        sql: &'static str,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        // To its end: a statement that has given its row may still have to be carried out.
        self.all(sql, cells, read).await.map(|mut rows| rows.pop())
    }

    /// The rows of a query.
    pub(in crate::store) async fn all<T>(
        &mut self,
        sql: &'static str,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.each(sql, cells, |row| {
            rows.push(read(row)?);
            Ok(More::Yes)
        })
        .await?;
        Ok(rows)
    }

    /// Hands over the rows of a query one by one, without holding them all in memory.
    pub(in crate::store) async fn each(
        &mut self,
        sql: &'static str,
        cells: &[Cell<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<More, StoreError>,
    ) -> Result<(), StoreError> {
        let at = self.at.clone();
        let wrong = |source| StoreError::of(&at, source);
        match &mut self.line {
            Line::Sqlite(line) => {
                let mut rows = bound::<Sqlite>(sql, cells).fetch(&mut **line);
                while let Some(row) = rows.try_next().await.map_err(wrong)? {
                    if take(&Row { at: &at, cells: &row })? == More::No {
                        break;
                    }
                }
            }
            Line::Postgres(line) => {
                let mut rows = bound::<Postgres>(sql, cells).fetch(&mut **line);
                while let Some(row) = rows.try_next().await.map_err(wrong)? {
                    if take(&Row { at: &at, cells: &row })? == More::No {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Drop for Session {
    /// Nobody knows in which state a failed transaction left the connection (SQLite ends some by
    /// itself), so the next one gets a fresh connection.
    fn drop(&mut self) {
        if self.open {
            match &mut self.line {
                Line::Sqlite(line) => line.close_on_drop(),
                Line::Postgres(line) => line.close_on_drop(),
            }
        }
    }
}

/// Whether whoever reads rows wants the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum More {
    Yes,
    No,
}
