//! Questions that only this learner is asked: about their own runs, and the bullets made from them.

use super::Store;
use super::engine::{Row, Session};
use super::error::StoreError;
use super::faults::Sound as _;
use super::records::OwnQuestion;

impl Store {
    /// Adds questions; those that are there already stay as they are. How many were new.
    pub async fn add_own_questions(&self, questions: &[OwnQuestion]) -> Result<u64, StoreError> {
        let mut session = self.engine.write().await?;
        let mut added = 0;
        for question in questions {
            question.check()?;
            added += session.put_own_question(question).await?;
        }
        session.commit().await?;
        Ok(added)
    }

    /// Every such question, the oldest first.
    pub async fn own_questions(&self) -> Result<Vec<OwnQuestion>, StoreError> {
        self.engine.read().await?.own_questions().await
    }
}

impl Session {
    pub(super) async fn own_questions(&mut self) -> Result<Vec<OwnQuestion>, StoreError> {
        let mut all = self.all(include_str!("own_questions_all.sql"), &[], own_question).await?;
        // The engines sort text in ways of their own.
        all.sort_by(|a, b| (a.added_at_ms, &a.id).cmp(&(b.added_at_ms, &b.id)));
        Ok(all)
    }

    pub(super) async fn put_own_question(&mut self, question: &OwnQuestion) -> Result<u64, StoreError> {
        let cells = [
            question.id.as_str().into(),
            question.prompt.as_str().into(),
            question.run.as_str().into(),
            question.added_at_ms.into(),
        ];
        self.execute(include_str!("own_question_insert.sql"), &cells).await
    }
}

fn own_question(row: &Row<'_>) -> Result<OwnQuestion, StoreError> {
    Ok(OwnQuestion {
        id: row.text("id")?,
        prompt: row.text("prompt")?,
        run: row.text("run")?,
        added_at_ms: row.int("added_at_ms")?,
    })
}
