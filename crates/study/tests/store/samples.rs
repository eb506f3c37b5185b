//! Answers, attempts and plans to fill a store with.

use study::store::{
    CardKind, Json, NewAnswer, NewAttempt, NewReview, Plan, PlanDay, PlanItem, Rating, Ruling, Scored, Store,
    Task, Weekday,
};

use super::support::reps;

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// 2026-11-24T14:41:54.123Z.
pub(crate) const NOW_MS: i64 = 1_795_531_314_123;

pub(crate) fn answer(question: &str, text: &str, given_at_ms: i64) -> NewAnswer {
    NewAnswer {
        question: question.into(),
        text: text.into(),
        given_at_ms,
        seconds: Some(95),
        estimate: Some(60),
        feedback: scored(72),
        review: None,
    }
}

pub(crate) fn scored(score: u8) -> Scored {
    let body =
        serde_json::json!({"schema": 1, "score": score, "why": "größer\nals \"gedacht\"", "share": 0.1});
    Scored { score, gated: None, level: Some("senior".into()), body: Json::of(&body).expect("it is JSON") }
}

pub(crate) fn review(rating: Rating, reps_before: u32, due_ms: i64) -> NewReview {
    NewReview { rating, elapsed_days: 3, reps_before, stability_days: 3.173_f32, difficulty: 5.28, due_ms }
}

/// One that is reviewed, as the store's card now stands.
pub(crate) async fn reviewed(store: &Store, question: &str, text: &str, given_at_ms: i64) -> NewAnswer {
    let before = reps(store, CardKind::Question, question).await;
    let review = review(Rating::Good, before, given_at_ms + 3 * DAY_MS);
    NewAnswer { review: Some(review), ..answer(question, text, given_at_ms) }
}

pub(crate) fn attempt(run: &str, at_ms: i64) -> NewAttempt {
    NewAttempt {
        run: run.into(),
        drill: "slow-query".into(),
        level: "senior".into(),
        ruling: Ruling::Pass,
        seed: u64::MAX,
        at_ms,
        hints_used: 2,
        verdict: Json::parse(r#"{"ruling":"pass","figures":[1.0,0.30000000000000004]}"#).expect("it is JSON"),
        review: None,
    }
}

pub(crate) fn item(task: Task, name: &str) -> PlanItem {
    PlanItem { task, name: name.into(), minutes: 25, done_at_ms: None, pinned: false }
}

pub(crate) fn plan(made_at_ms: i64) -> Plan {
    let day = |date: &str, items| PlanDay { date: date.into(), items };
    Plan {
        interview: Some("2026-12-24".into()),
        hours_per_week: 7.5,
        days_off: [Weekday::Saturday, Weekday::Sunday].into(),
        made_at_ms,
        days: vec![
            day("2026-11-24", vec![item(Task::Read, "preparing"), item(Task::Answer, "explain-index")]),
            day(
                "2026-11-25",
                vec![PlanItem { pinned: true, ..item(Task::Do, "slow-query") }, item(Task::Answer, "cap")],
            ),
        ],
    }
}

/// Something of everything.
pub(crate) async fn fill(store: &Store) {
    for (number, question) in (0..).zip(["explain-index", "cap", "explain-index"]) {
        let text = format!("First I measure.\r\n\n+++\n\nThen {number} 🦀 things.  ");
        let answer = reviewed(store, question, &text, NOW_MS + number * DAY_MS).await;
        store.record_answer(&answer).await.expect("an answer is recorded");
    }
    let mut gated = answer("cap", "fine", NOW_MS + 5 * DAY_MS);
    gated.feedback = Scored { score: 0, gated: Some("too-short".into()), level: None, ..scored(0) };
    (gated.estimate, gated.seconds) = (None, None);
    store.record_answer(&gated).await.expect("an answer is recorded");
    let first =
        NewAttempt { review: Some(review(Rating::Again, 0, NOW_MS)), ..attempt("slow-query-1", NOW_MS) };
    store.record_drill_attempt(&first).await.expect("an attempt is recorded");
    let second = NewAttempt { ruling: Ruling::Void, seed: 100_017, ..attempt("slow-query-2", NOW_MS + 1) };
    store.record_drill_attempt(&second).await.expect("an attempt is recorded");
    store.set_plan(&plan(NOW_MS)).await.expect("a plan is kept");
    let done = store.mark_done("2026-11-24", Task::Read, "preparing", NOW_MS + 7).await;
    assert!(done.expect("an item is marked"), "the plan has the item");
}
