//! How much the store holds.

use serde::Serialize;
use utoipa::ToSchema;

use super::Store;
use super::engine::Row;
use super::error::StoreError;

/// How many of each a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StoreCounts)]
pub struct Counts {
    /// Answers, each with its feedback.
    pub answers: u64,
    /// Questions and drills that were reviewed at least once.
    pub cards: u64,
    /// Reviews of them.
    pub reviews: u64,
    /// Runs of drills that were judged.
    pub attempts: u64,
    /// Items of the plan, those that are done included.
    pub plan_items: u64,
}

impl Store {
    /// How much it holds.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let read = |row: &Row<'_>| {
            Ok(Counts {
                answers: row.count("answers")?,
                cards: row.count("cards")?,
                reviews: row.count("reviews")?,
                attempts: row.count("attempts")?,
                plan_items: row.count("plan_items")?,
            })
        };
        let counts = self.engine.read().await?.one(include_str!("counts.sql"), &[], read).await?;
        Ok(counts.expect("a query without a FROM has one row"))
    }
}
