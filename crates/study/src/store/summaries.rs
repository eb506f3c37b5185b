//! What pages and summaries ask of the store: counts, and lists that end, without anybody's whole text.

use std::collections::BTreeSet;

use super::Store;
use super::answers::score as read_score;
use super::attempts::attempt;
use super::engine::Row;
use super::error::StoreError;
use super::ids::AnswerId;
use super::records::{AttemptLine, Counted, DayCount, DrillAttempt, ScoreOf};
use crate::words::Ruling;

impl Store {
    /// The names of all runs of drills that were recorded.
    pub async fn runs_recorded(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut session = self.engine.read().await?;
        let runs = session.all(include_str!("attempt_runs.sql"), &[], |row| row.text("run")).await?;
        Ok(runs.into_iter().collect())
    }

    /// How often a drill was tried and failed since it was passed last.
    pub async fn tries_since_pass(&self, drill: &str) -> Result<u32, StoreError> {
        let mut session = self.engine.read().await?;
        let cells = [drill.into()];
        let tries = session.one(include_str!("attempt_tries.sql"), &cells, |row| row.count("tries")).await?;
        Ok(tries.unwrap_or(0))
    }

    /// The scores of the last five answers to every question, by question, the newest first.
    pub async fn recent_scores(&self) -> Result<Vec<ScoreOf>, StoreError> {
        let mut session = self.engine.read().await?;
        let mut scores = session.all(include_str!("scores_recent.sql"), &[], score_of).await?;
        // The engines sort text in ways of their own.
        scores.sort_by(|a, b| (&a.question, b.when()).cmp(&(&b.question, a.when())));
        Ok(scores)
    }

    /// The last answers that had an estimate, the newest first, at most `limit` of them.
    pub async fn estimated_scores(&self, limit: u32) -> Result<Vec<ScoreOf>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("scores_estimated.sql"), &[limit.into()], score_of).await
    }

    /// The answers of a time, the first first, at most `limit` of them. Both ends in milliseconds since 1970.
    pub async fn scores_between(
        &self,
        from_ms: i64,
        before_ms: i64,
        limit: u32,
    ) -> Result<Vec<ScoreOf>, StoreError> {
        let (from, before) = (AnswerId::first_of(from_ms), AnswerId::first_of(before_ms));
        let cells = [from.as_str().into(), before.as_str().into(), limit.into()];
        self.engine.read().await?.all(include_str!("scores_between.sql"), &cells, score_of).await
    }

    /// How many answers were given on each day that has some, where clocks are `ahead_ms` ahead of UTC.
    pub async fn answers_by_day(
        &self,
        from_ms: i64,
        before_ms: i64,
        ahead_ms: i64,
    ) -> Result<Vec<DayCount>, StoreError> {
        let cells = [from_ms.into(), before_ms.into(), ahead_ms.into()];
        self.engine.read().await?.all(include_str!("answers_by_day.sql"), &cells, day).await
    }

    /// The same for drill attempts.
    pub async fn attempts_by_day(
        &self,
        from_ms: i64,
        before_ms: i64,
        ahead_ms: i64,
    ) -> Result<Vec<DayCount>, StoreError> {
        let cells = [from_ms.into(), before_ms.into(), ahead_ms.into()];
        self.engine.read().await?.all(include_str!("attempts_by_day.sql"), &cells, day).await
    }

    /// The drill attempts of a time, the first first, at most `limit` of them.
    pub async fn attempts_between(
        &self,
        from_ms: i64,
        before_ms: i64,
        limit: u32,
    ) -> Result<Vec<AttemptLine>, StoreError> {
        let cells = [from_ms.into(), before_ms.into(), limit.into()];
        let read = |row: &Row<'_>| {
            Ok(AttemptLine {
                run: row.text("run")?,
                drill: row.text("drill")?,
                level: row.text("level")?,
                ruling: ruling(row)?,
                at_ms: row.int("at_ms")?,
            })
        };
        self.engine.read().await?.all(include_str!("attempts_between.sql"), &cells, read).await
    }

    /// How often each level of each drill was judged, and how that went.
    pub async fn attempts_counted(&self) -> Result<Vec<Counted>, StoreError> {
        let read = |row: &Row<'_>| {
            Ok(Counted {
                drill: row.text("drill")?,
                level: row.text("level")?,
                ruling: ruling(row)?,
                attempts: row.count("attempts")?,
                hints_used: row.count("hints_used")?,
                last_ms: row.int("last_ms")?,
            })
        };
        let mut session = self.engine.read().await?;
        let mut counted = session.all(include_str!("attempts_counted.sql"), &[], read).await?;
        counted.sort_by(|a, b| (&a.drill, &a.level, a.ruling).cmp(&(&b.drill, &b.level, b.ruling)));
        Ok(counted)
    }

    /// The last attempt at a drill that passed.
    pub async fn last_pass(&self, drill: &str) -> Result<Option<DrillAttempt>, StoreError> {
        self.engine.read().await?.one(include_str!("attempt_passed.sql"), &[drill.into()], attempt).await
    }
}

fn score_of(row: &Row<'_>) -> Result<ScoreOf, StoreError> {
    Ok(ScoreOf { question: row.text("question")?, score: read_score(row)? })
}

fn day(row: &Row<'_>) -> Result<DayCount, StoreError> {
    Ok(DayCount { day: row.int("day")?, times: row.count("times")? })
}

fn ruling(row: &Row<'_>) -> Result<Ruling, StoreError> {
    let word = row.text("ruling")?;
    Ruling::from_word(&word).ok_or_else(|| row.wrong("ruling", &word))
}

impl ScoreOf {
    /// Sorts by time, and by id within one moment.
    fn when(&self) -> (i64, &AnswerId) {
        (self.score.given_at_ms, &self.score.answer)
    }
}
