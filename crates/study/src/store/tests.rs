//! What cannot be seen from outside: steps of the future, locks, dates.

use std::path::Path;
use std::time::Duration;

use super::json::Json;
use super::migrations::STEPS;
use super::moment::{LAST_MS, from_rfc3339, is_date, to_rfc3339};
use super::{NewAnswer, Scored, Store, StoreError};

const FIRST: &[&str] = &[include_str!("migrations/0001_begin.sql")];
const NEXT: &[&str] = &[
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_days_off.sql"),
    include_str!("migrations/0003_pinned.sql"),
    include_str!("migrations/0004_own_questions.sql"),
    "ALTER TABLE answers ADD COLUMN mood TEXT; UPDATE answers SET mood = 'calm'",
];
const BROKEN: &[&str] = &[
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_days_off.sql"),
    include_str!("migrations/0003_pinned.sql"),
    include_str!("migrations/0004_own_questions.sql"),
    "ALTER TABLE answers ADD COLUMN mood TEXT; UPDATE no_such_table SET mood = 'calm'",
];
const SHORT: Duration = Duration::from_millis(1);

async fn open(path: &Path, steps: &'static [&'static str]) -> Result<Store, StoreError> {
    Store::open_with(path.as_os_str(), super::WAIT, steps).await
}

fn answer() -> NewAnswer {
    let body = Json::parse("{}").expect("it is JSON");
    NewAnswer {
        question: "cap".into(),
        text: "I would".into(),
        given_at_ms: 1,
        seconds: None,
        estimate: None,
        feedback: Scored { score: 50, gated: None, level: None, body },
        review: None,
    }
}

#[tokio::test]
async fn an_older_store_is_brought_forward_with_all_it_holds() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("store.sqlite");
    let store = open(&path, STEPS).await.expect("it is made");
    let id = store.record_answer(&answer()).await.expect("it is recorded");
    store.close().await;
    let error = open(&path, BROKEN).await.expect_err("the step is wrong");
    assert!(matches!(error, StoreError::Query { .. }), "{error:?}");
    let store = open(&path, STEPS).await.expect("nothing of the wrong step is left");
    assert!(store.answer(&id).await.expect("it can be read").is_some());
    store.close().await;
    let store = open(&path, NEXT).await.expect("it is brought forward");
    let mut session = store.engine.read().await.expect("it can be read");
    let mood = session.one("SELECT mood FROM answers", &[], |row| row.text("mood")).await;
    assert_eq!(mood.expect("the step was done"), Some("calm".into()));
    drop(session);
    store.close().await;
    let error = open(&path, STEPS).await.expect_err("the older hotseat does not know it");
    assert!(matches!(error, StoreError::Newer { found: 5, known: 4, .. }), "{error:?}");
    open(&path, NEXT).await.expect("the newer one does");
}

#[tokio::test]
async fn a_plan_from_before_days_off_and_pins_has_none() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("store.sqlite");
    let store = open(&path, FIRST).await.expect("it is made");
    let mut session = store.engine.write().await.expect("it can be written to");
    session
        .script(
            "INSERT INTO plan (the_only, hours_per_week, made_at_ms) VALUES (1, 7.5, 1);
             INSERT INTO plan_items (date, position, task, name, minutes)
             VALUES ('2026-11-24', 0, 'read', 'preparing', 5)",
        )
        .await
        .expect("a plan is made");
    session.commit().await.expect("it is kept");
    store.close().await;
    let store = open(&path, STEPS).await.expect("it is brought forward");
    let plan = store.plan().await.expect("it can be read").expect("the plan is there");
    assert_eq!((plan.hours_per_week, plan.days_off.len()), (7.5, 0));
    assert!(plan.days[0].items.iter().all(|item| !item.pinned));
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_a_dropped_transaction_is_taken_back() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("store.sqlite");
    let store = open(&path, STEPS).await.expect("it is made");
    let other = Store::open_with(path.as_os_str(), SHORT, STEPS).await.expect("it opens");
    let mut session = store.engine.write().await.expect("nobody else writes");
    session
        .script("DELETE FROM plan; INSERT INTO plan VALUES (1, NULL, 5, 5, '')")
        .await
        .expect("it is written");
    let error = other.record_answer(&answer()).await.expect_err("somebody writes");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(other.questions_answered().await.expect("readers need not wait").is_empty());
    drop(session);
    store.record_answer(&answer()).await.expect("the lock is gone");
    other.record_answer(&answer()).await.expect("for everybody");
    assert_eq!(store.plan().await.expect("it can be read"), None);
}

#[test]
fn moments_are_written_for_people_and_read_back() {
    let known = [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_826_799_999, "2000-02-29T12:19:59.999Z"),
        (1_795_531_314_123, "2026-11-24T14:41:54.123Z"),
        (LAST_MS, "9999-12-31T23:59:59.999Z"),
    ];
    for (at_ms, text) in known {
        assert_eq!(to_rfc3339(at_ms), text);
        assert_eq!(from_rfc3339(text), Some(at_ms));
    }
    for day in (0..LAST_MS).step_by(86_400_000 * 97) {
        assert_eq!(from_rfc3339(&to_rfc3339(day)), Some(day));
        assert!(is_date(&to_rfc3339(day)[..10]));
    }
    for wrong in
        ["", "2026-11-24", "2026-11-24T14:41:54Z", "2026-11-24T14:61:54.123Z", "2026-02-29T00:00:00.000Z"]
    {
        assert_eq!(from_rfc3339(wrong), None, "{wrong}");
    }
    for wrong in
        ["2026-02-29", "2026-00-10", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-011", "día de hoy", ""]
    {
        assert!(!is_date(wrong), "{wrong}");
    }
    assert!(is_date("2028-02-29"));
}

#[test]
fn json_is_kept_as_it_is() {
    for text in [r#"{"b":1.0,"a":[0.1,1e400,"\u0000"]}"#, "null", r#"" two  spaces ""#] {
        let json = Json::parse(text).expect("it is JSON");
        assert_eq!(json.text(), text);
        assert_eq!(serde_json::to_string(&json).expect("it can be written"), text);
    }
    assert_eq!(Json::parse("[1,\r\n2]").expect("it is JSON").text(), "[1,  2]");
    for wrong in ["", "{", "nul", "1 2"] {
        assert!(Json::parse(wrong).is_err(), "{wrong}");
    }
}
