//! Answers, what was expected of them and what the feedback said.

use super::Store;
use super::engine::{Row, Session};
use super::error::StoreError;
use super::faults::Sound as _;
use super::ids::AnswerId;
use super::json::Json;
use super::records::{Answer, Answered, NewAnswer, Score, Scored};
use crate::words::{CardKind, Task};

impl Store {
    /// Records an answer with its estimate, its feedback, its review and the card's new state, and ticks it off
    /// in the plan: all of it or nothing. Once this returns, it is there.
    pub async fn record_answer(&self, new: &NewAnswer) -> Result<AnswerId, StoreError> {
        let answer = Answer {
            id: AnswerId::fresh(new.given_at_ms),
            question: new.question.clone(),
            given_at_ms: new.given_at_ms,
            seconds: new.seconds,
            estimate: new.estimate,
            feedback: new.feedback.clone(),
            text: new.text.clone(),
        };
        answer.check()?;
        let mut session = self.engine.write().await?;
        session.put_answer(&answer).await?;
        if let Some(review) = &new.review {
            let source = answer.id.as_str();
            session.review(CardKind::Question, &new.question, new.given_at_ms, source, review).await?;
        }
        session.note_done(Task::Answer, &new.question, new.given_at_ms).await?;
        session.commit().await?;
        Ok(answer.id)
    }

    /// One answer.
    pub async fn answer(&self, id: &AnswerId) -> Result<Option<Answer>, StoreError> {
        self.engine.read().await?.answer(id).await
    }

    /// Every answer to a question, the newest first.
    pub async fn answers_to(&self, question: &str) -> Result<Vec<Answer>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("answers_to.sql"), &[question.into()], answer).await
    }

    /// The scores of the last answers to a question, the newest first, at most `limit` of them.
    pub async fn scores(&self, question: &str, limit: u32) -> Result<Vec<Score>, StoreError> {
        let mut session = self.engine.read().await?;
        session.all(include_str!("scores.sql"), &[question.into(), limit.into()], score).await
    }

    /// Which questions were answered, and how often, by their ids.
    pub async fn questions_answered(&self) -> Result<Vec<Answered>, StoreError> {
        let read = |row: &Row<'_>| {
            Ok(Answered {
                question: row.text("question")?,
                answers: row.count("answers")?,
                last_ms: row.int("last_ms")?,
            })
        };
        let mut session = self.engine.read().await?;
        let mut answered = session.all(include_str!("questions_answered.sql"), &[], read).await?;
        // The engines sort text in ways of their own.
        answered.sort_by(|a, b| a.question.cmp(&b.question));
        Ok(answered)
    }
}

impl Session {
    pub(super) async fn answer(&mut self, id: &AnswerId) -> Result<Option<Answer>, StoreError> {
        self.one(include_str!("answer.sql"), &[id.as_str().into()], answer).await
    }

    pub(super) async fn put_answer(&mut self, answer: &Answer) -> Result<(), StoreError> {
        let id = answer.id.as_str();
        let cells = [
            id.into(),
            answer.question.as_str().into(),
            answer.given_at_ms.into(),
            answer.seconds.map(i64::from).into(),
            answer.text.as_str().into(),
        ];
        self.execute(include_str!("answer_insert.sql"), &cells).await?;
        if let Some(estimate) = answer.estimate {
            let cells = [id.into(), i64::from(estimate).into()];
            self.execute(include_str!("estimate_insert.sql"), &cells).await?;
        }
        let Scored { score, gated, level, body } = &answer.feedback;
        let cells = [
            id.into(),
            i64::from(*score).into(),
            gated.as_deref().into(),
            level.as_deref().into(),
            body.text().into(),
        ];
        self.execute(include_str!("feedback_insert.sql"), &cells).await?;
        Ok(())
    }
}

pub(super) fn answer(row: &Row<'_>) -> Result<Answer, StoreError> {
    let id = row.text("id")?;
    Ok(Answer {
        id: AnswerId::parse(&id).ok_or_else(|| row.wrong("id", &id))?,
        question: row.text("question")?,
        given_at_ms: row.int("given_at_ms")?,
        seconds: row.maybe_count("seconds")?,
        estimate: row.maybe_count("estimate")?,
        feedback: Scored {
            score: row.count("score")?,
            gated: row.maybe_text("gated")?,
            level: row.maybe_text("level")?,
            body: json(row, "body")?,
        },
        text: row.text("text")?,
    })
}

pub(super) fn score(row: &Row<'_>) -> Result<Score, StoreError> {
    let id = row.text("id")?;
    Ok(Score {
        answer: AnswerId::parse(&id).ok_or_else(|| row.wrong("id", &id))?,
        given_at_ms: row.int("given_at_ms")?,
        score: row.count("score")?,
        gated: row.maybe_text("gated")?,
        estimate: row.maybe_count("estimate")?,
    })
}

pub(super) fn json(row: &Row<'_>, column: &str) -> Result<Json, StoreError> {
    let text = row.text(column)?;
    Json::parse(&text).map_err(|problem| row.wrong(column, &format!("no JSON ({problem})")))
}
