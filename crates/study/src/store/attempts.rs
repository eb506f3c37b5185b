//! Drill attempts, with their verdicts.

use super::Store;
use super::answers::json;
use super::engine::{Row, Session};
use super::error::StoreError;
use super::faults::Sound as _;
use super::ids::AttemptId;
use super::records::{DrillAttempt, NewAttempt};
use crate::words::{CardKind, Ruling, Task};

impl Store {
    /// Records a run of a drill with its review and the card's new state, and ticks it off in the plan if it was
    /// passed: all of it or nothing. A run that was recorded before stays as it is.
    pub async fn record_drill_attempt(&self, new: &NewAttempt) -> Result<AttemptId, StoreError> {
        let attempt = DrillAttempt {
            id: AttemptId::of(new),
            run: new.run.clone(),
            drill: new.drill.clone(),
            level: new.level.clone(),
            ruling: new.ruling,
            seed: new.seed,
            at_ms: new.at_ms,
            hints_used: new.hints_used,
            verdict: new.verdict.clone(),
        };
        attempt.check()?;
        let mut session = self.engine.write().await?;
        if session.attempt(&attempt.id).await?.is_none() {
            session.put_attempt(&attempt).await?;
            if let Some(review) = &new.review {
                let source = attempt.id.as_str();
                session.review(CardKind::Drill, &new.drill, new.at_ms, source, review).await?;
            }
            if attempt.ruling == Ruling::Pass {
                session.note_done(Task::Do, &attempt.drill, attempt.at_ms).await?;
            }
        }
        session.commit().await?;
        Ok(attempt.id)
    }

    /// Every attempt at a drill, the newest first.
    pub async fn drill_attempts(&self, drill: &str) -> Result<Vec<DrillAttempt>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("attempts_of.sql"), &[drill.into()], attempt).await
    }
}

impl Session {
    pub(super) async fn attempt(&mut self, id: &AttemptId) -> Result<Option<DrillAttempt>, StoreError> {
        self.one(include_str!("attempt.sql"), &[id.as_str().into()], attempt).await
    }

    pub(super) async fn put_attempt(&mut self, attempt: &DrillAttempt) -> Result<(), StoreError> {
        let seed = attempt.seed.to_string();
        let cells = [
            attempt.id.as_str().into(),
            attempt.run.as_str().into(),
            attempt.drill.as_str().into(),
            attempt.level.as_str().into(),
            attempt.ruling.word().into(),
            seed.as_str().into(),
            attempt.at_ms.into(),
            attempt.hints_used.into(),
            attempt.verdict.text().into(),
        ];
        self.execute(include_str!("attempt_insert.sql"), &cells).await.map(|_| ())
    }
}

pub(super) fn attempt(row: &Row<'_>) -> Result<DrillAttempt, StoreError> {
    let (id, ruling, seed) = (row.text("id")?, row.text("ruling")?, row.text("seed")?);
    Ok(DrillAttempt {
        id: AttemptId::parse(&id).ok_or_else(|| row.wrong("id", &id))?,
        run: row.text("run")?,
        drill: row.text("drill")?,
        level: row.text("level")?,
        ruling: Ruling::from_word(&ruling).ok_or_else(|| row.wrong("ruling", &ruling))?,
        seed: seed.parse().map_err(|_| row.wrong("seed", &seed))?,
        at_ms: row.int("at_ms")?,
        hints_used: row.count("hints_used")?,
        verdict: json(row, "verdict")?,
    })
}
