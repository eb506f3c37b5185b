//! What a learner did, kept: answers with their feedback, cards with their reviews, drill attempts and
//! the plan, in an SQLite file or in a schema of a PostgreSQL database.
//!
//! What was acknowledged stays, whatever happens to the process. Times come from the caller.

mod answers;
mod attempts;
mod cards;
mod counts;
mod engine;
mod error;
mod export;
mod faults;
mod ids;
mod import;
mod json;
mod migrations;
mod moment;
mod own_questions;
mod plan;
mod records;
mod summaries;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use engine::Engine;

pub use crate::words::{CardKind, Rating, Ruling, Task, Weekday};
pub use counts::Counts;
pub use error::StoreError;
pub use export::{Exported, export};
pub use ids::{AnswerId, AttemptId};
pub use import::{Imported, import};
pub use json::Json;
pub use records::{
    Answer, Answered, AttemptLine, Card, Counted, DayCount, DrillAttempt, NewAnswer, NewAttempt, NewReview,
    OwnQuestion, Plan, PlanDay, PlanItem, Review, Score, ScoreOf, Scored,
};

/// So long does one process wait for another that writes.
const WAIT: Duration = Duration::from_secs(10);
/// A file up to this size is looked through whenever it is opened; in a larger one, damage is found
/// where it is met, or by [`Store::examine`].
const EXAMINED_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A learner's store. Several processes, and several tasks of one, may use it at once.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
}

impl Store {
    /// Opens the store in a file, or behind an address such as `postgres://user@host/database`; there it
    /// is the first schema of the search path (`?options=-csearch_path%3Dname`). A store that is not
    /// there yet is made. One from a newer hotseat and a damaged one are refused and stay as they are.
    pub async fn open(at: impl AsRef<OsStr>) -> Result<Store, StoreError> {
        Store::open_with(at.as_ref(), WAIT, migrations::STEPS).await
    }

    async fn open_with(
        at: &OsStr,
        wait: Duration,
        steps: &'static [&'static str],
    ) -> Result<Store, StoreError> {
        let address =
            at.to_str().filter(|it| ["postgres://", "postgresql://"].iter().any(|s| it.starts_with(s)));
        let engine = match address {
            Some(address) => Engine::postgres(address, wait).await?,
            None => Engine::sqlite(Path::new(at), wait).await?,
        };
        let opened = async {
            let seen = migrations::seen(&engine, &mut engine.read().await?, steps).await?;
            if std::fs::metadata(at).is_ok_and(|file| file.len() <= EXAMINED_BYTES_MAX) {
                engine.examine().await?;
            }
            if seen < steps.len() {
                migrations::migrate(&engine, steps).await?;
            }
            engine.write_ahead().await
        };
        match opened.await {
            Ok(()) => Ok(Store { engine }),
            Err(error) => {
                engine.close().await;
                Err(error)
            }
        }
    }

    /// Reads the whole store and looks whether its parts fit together.
    pub async fn examine(&self) -> Result<(), StoreError> {
        self.engine.examine().await
    }

    /// Ends every connection. Without it nothing is lost; with it, SQLite leaves one file behind
    /// instead of three.
    pub async fn close(self) {
        self.engine.close().await;
    }
}
