//! What the store keeps, as plain data. Times are milliseconds since 1970-01-01, UTC, and the caller
//! says what time it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{AnswerId, AttemptId};
use super::json::Json;
use crate::words::{CardKind, Rating, Ruling, Task, Weekday};

/// An answer that was just given, with all that came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAnswer {
    /// The question's id in the pack.
    pub question: String,
    /// The answer as it was given.
    pub text: String,
    /// When.
    pub given_at_ms: i64,
    /// How long it took to give, in seconds; none where nobody measured.
    pub seconds: Option<u32>,
    /// The score that the learner expected, 0 to 100, said before it was shown; none if not asked.
    pub estimate: Option<u8>,
    /// What the feedback said.
    pub feedback: Scored,
    /// What it does to the question's card; none if it does not count as a review.
    pub review: Option<NewReview>,
}

/// Feedback as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    /// 0 to 100.
    pub score: u8,
    /// The gate that it did not pass, such as `too-short`.
    pub gated: Option<String>,
    /// The highest level that it shows, such as `senior`.
    pub level: Option<String>,
    /// The whole feedback.
    pub body: Json,
}

/// What a review does to its card. The store counts reviews and lapses itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// How well it was remembered.
    pub rating: Rating,
    /// Whole days since the card's last review; 0 if there was none.
    pub elapsed_days: u32,
    /// [`Card::reps`] of the card from which the new state was computed; 0 if there was no card. If
    /// somebody else reviewed the card since, nothing is recorded and the error says so.
    pub reps_before: u32,
    /// FSRS: after so many days it is remembered with a probability of 90 per cent.
    pub stability_days: f32,
    /// FSRS: 1 to 10.
    pub difficulty: f32,
    /// When it is due.
    pub due_ms: i64,
}

/// An answer in the store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The question's id in the pack.
    pub question: String,
    /// When it was given.
    pub given_at_ms: i64,
    /// How long it took to give, in seconds; none where nobody measured.
    pub seconds: Option<u32>,
    /// The score that the learner expected, 0 to 100; none if not asked.
    pub estimate: Option<u8>,
    /// What the feedback said.
    pub feedback: Scored,
    /// The answer as it was given.
    pub text: String,
}

/// The part of an answer that progress is drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// The answer.
    pub answer: AnswerId,
    /// When it was given.
    pub given_at_ms: i64,
    /// 0 to 100.
    pub score: u8,
    /// The gate that it did not pass.
    pub gated: Option<String>,
    /// The score that the learner expected, 0 to 100.
    pub estimate: Option<u8>,
}

/// A score, and what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScoreOf {
    /// The question's id in the pack that it was in.
    pub question: String,
    /// The score.
    pub score: Score,
}

/// How often something was done on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// Days since 1970-01-01, where the learner is.
    pub day: i64,
    /// How often.
    pub times: u32,
}

/// A drill attempt without its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptLine {
    /// The run's name.
    pub run: String,
    /// The drill's name in the pack.
    pub drill: String,
    /// The level at which it was done.
    pub level: String,
    /// What the judge said.
    pub ruling: Ruling,
    /// When it was judged.
    pub at_ms: i64,
}

/// How often a level of a drill was judged with one ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The drill's name in the pack.
    pub drill: String,
    /// The level.
    pub level: String,
    /// What the judge said.
    pub ruling: Ruling,
    /// How often it did.
    pub attempts: u32,
    /// The most hints that had been taken.
    pub hints_used: u32,
    /// When it did last.
    pub last_ms: i64,
}

/// How often a question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The question's id in the pack that it was in.
    pub question: String,
    /// How many answers there are.
    pub answers: u64,
    /// When the last of them was given.
    pub last_ms: i64,
}

/// What is remembered of a question or drill, and when it is due. There is none before the first
/// review. It stays when the pack no longer has what it stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// What it stands for.
    pub kind: CardKind,
    /// The question's id or the drill's name.
    pub name: String,
    /// FSRS: after so many days it is remembered with a probability of 90 per cent.
    pub stability_days: f32,
    /// FSRS: 1 to 10.
    pub difficulty: f32,
    /// When it was last reviewed.
    pub last_review_ms: i64,
    /// When it is due.
    pub due_ms: i64,
    /// How many reviews it has.
    pub reps: u32,
    /// How many of them were rated [`Rating::Again`].
    pub lapses: u32,
}

/// One time that a card was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// What the card stands for.
    pub kind: CardKind,
    /// The card's name.
    pub name: String,
    /// When.
    pub at_ms: i64,
    /// How well it was remembered.
    pub rating: Rating,
    /// Whole days since the review before; 0 for the first.
    pub elapsed_days: u32,
    /// The id of the answer (of a question's card) or of the drill attempt (of a drill's) that was rated.
    pub source: String,
}

/// A run of a drill that was just judged.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAttempt {
    /// The run's name, such as `slow-query-7`.
    pub run: String,
    /// The drill's name in the pack.
    pub drill: String,
    /// The level at which it was done.
    pub level: String,
    /// What the judge said.
    pub ruling: Ruling,
    /// The seed that repeats it.
    pub seed: u64,
    /// When it was judged.
    pub at_ms: i64,
    /// How many hints had been taken.
    pub hints_used: u32,
    /// The whole verdict.
    pub verdict: Json,
    /// What it does to the drill's card; none if it does not count as a review (a void run never does).
    pub review: Option<NewReview>,
}

/// A drill attempt in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrillAttempt {
    /// Its id.
    pub id: AttemptId,
    /// The run's name.
    pub run: String,
    /// The drill's name in the pack.
    pub drill: String,
    /// The level at which it was done.
    pub level: String,
    /// What the judge said.
    pub ruling: Ruling,
    /// The seed that repeats it.
    pub seed: u64,
    /// When it was judged.
    pub at_ms: i64,
    /// How many hints had been taken.
    pub hints_used: u32,
    /// The whole verdict.
    pub verdict: Json,
}

/// What the learner intends to do, day by day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The day of the interview as an ISO 8601 date, such as `2026-12-24`; none if there is none yet.
    pub interview: Option<String>,
    /// How many hours a week the learner has.
    pub hours_per_week: f32,
    /// The days of the week on which nothing is planned; exports of old have none.
    #[serde(default)]
    pub days_off: BTreeSet<Weekday>,
    /// When it was made.
    pub made_at_ms: i64,
    /// The days that have something, in order.
    pub days: Vec<PlanDay>,
}

/// A day of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDay {
    /// An ISO 8601 date, such as `2026-11-24`.
    pub date: String,
    /// What is to be done, in order. The same task with the same name comes once a day.
    pub items: Vec<PlanItem>,
}

/// One thing to do on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanItem {
    /// What is to be done with it.
    pub task: Task,
    /// The advice page, the question or the drill.
    pub name: String,
    /// How long it is expected to take.
    pub minutes: u32,
    /// When it was done; none until then.
    pub done_at_ms: Option<i64>,
    /// Whether the learner has put it on its day; exports of old do not say so of anything.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(it: &bool) -> bool {
    !it
}

/// A question about one of the learner's own runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnQuestion {
    /// Such as `own-slow-query-7-1`; its card and answers go by it, as those of a pack's question.
    pub id: String,
    /// The question.
    pub prompt: String,
    /// The run that it is about.
    pub run: String,
    /// When it was added.
    pub added_at_ms: i64,
}
