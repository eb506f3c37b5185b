//! For any store: export, import and export again give the same bytes.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use study::store::{
    CardKind, Json, NewAnswer, NewAttempt, NewReview, Plan, PlanDay, PlanItem, Rating, Ruling, Scored, Store,
    Task, Weekday, export, import,
};

use super::support::{Home, cards_add_up, files, reps};

/// Something that a learner does.
#[derive(Debug, Clone)]
enum Event {
    Answers(NewAnswer),
    Attempts(NewAttempt),
    Plans(Plan),
}

const LAST_MS: i64 = 253_402_300_799_999;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", "[^\\p{C}]{1,20}", "[a-zA-Z/.+\"'\\\\-]{1,100}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[^\0]{0,200}", "(\\+\\+\\+|\r|\n|a| ){0,20}", Just(String::new())]
}

fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![0..=LAST_MS, 1_795_000_000_000..=1_795_000_001_000_i64]
}

fn json() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        any::<f64>().prop_map(|it| serde_json::json!({"b": it, "a": [it, null]})),
        any::<String>().prop_map(|it| serde_json::json!({ it: "\n" })),
        Just(serde_json::json!([])),
    ];
    let spaced = Just(Json::parse("{ \"a\" :\r\n 1e2 }").expect("it is JSON"));
    prop_oneof![value.prop_map(|it| Json::of(&it).expect("it is JSON")), spaced]
}

fn review() -> impl Strategy<Value = NewReview> {
    let rating = (1..=4_u8).prop_map(|it| Rating::try_from(it).expect("1 to 4 are ratings"));
    (rating, any::<u32>(), f32::MIN_POSITIVE..=f32::MAX, 1.0..=10.0_f32, moment()).prop_map(
        |(rating, elapsed_days, stability_days, difficulty, due_ms)| NewReview {
            rating,
            elapsed_days,
            reps_before: 0,
            stability_days,
            difficulty,
            due_ms,
        },
    )
}

fn answers() -> impl Strategy<Value = Event> {
    let scored = (0..=100_u8, option::of(name()), option::of(name()), json())
        .prop_map(|(score, gated, level, body)| Scored { score, gated, level, body });
    (name(), text(), moment(), option::of(any::<u32>()), option::of(0..=100_u8), scored, option::of(review()))
        .prop_map(|(question, text, given_at_ms, seconds, estimate, feedback, review)| {
            Event::Answers(NewAnswer { question, text, given_at_ms, seconds, estimate, feedback, review })
        })
}

fn attempts() -> impl Strategy<Value = Event> {
    let ruling = prop_oneof![Just(Ruling::Pass), Just(Ruling::Fail), Just(Ruling::Void)];
    let numbers = (any::<u64>(), moment(), any::<u32>());
    (name(), name(), name(), ruling, numbers, json(), option::of(review())).prop_map(
        |(run, drill, level, ruling, (seed, at_ms, hints_used), verdict, review)| {
            Event::Attempts(NewAttempt {
                run,
                drill,
                level,
                ruling,
                seed,
                at_ms,
                hints_used,
                verdict,
                review,
            })
        },
    )
}

fn plans() -> impl Strategy<Value = Event> {
    let date = (1970..=9999, 1..=12, 1..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let task = prop_oneof![Just(Task::Read), Just(Task::Answer), Just(Task::Do)];
    let item = (task, name(), any::<u32>(), option::of(moment()), any::<bool>()).prop_map(
        |(task, name, minutes, done_at_ms, pinned)| PlanItem { task, name, minutes, done_at_ms, pinned },
    );
    let day = (date.clone(), vec(item, 1..5)).prop_map(|(date, items)| PlanDay { date, items });
    let weekday = prop_oneof![Just(Weekday::Monday), Just(Weekday::Wednesday), Just(Weekday::Sunday)];
    let days_off = btree_set(weekday, 0..3);
    (option::of(date), 0.0..=168.0_f32, days_off, moment(), vec(day, 0..4)).prop_map(
        |(interview, hours_per_week, days_off, made_at_ms, mut days)| {
            let mut seen = std::collections::BTreeSet::new();
            for day in &mut days {
                day.items.retain(|it| seen.insert((day.date.clone(), it.task, it.name.clone())));
            }
            days.retain(|day| !day.items.is_empty());
            Event::Plans(Plan { interview, hours_per_week, days_off, made_at_ms, days })
        },
    )
}

async fn happen(store: &Store, event: Event) {
    match event {
        Event::Answers(mut new) => {
            if let Some(review) = &mut new.review {
                review.reps_before = reps(store, CardKind::Question, &new.question).await;
            }
            store.record_answer(&new).await.expect("it is recorded");
        }
        Event::Attempts(mut new) => {
            if let Some(review) = &mut new.review {
                review.reps_before = reps(store, CardKind::Drill, &new.drill).await;
            }
            store.record_drill_attempt(&new).await.expect("it is recorded");
        }
        Event::Plans(plan) => store.set_plan(&plan).await.expect("it is kept"),
    }
}

async fn comes_back_the_same(from: Home, to: Home, events: Vec<Event>) {
    let (store, other) = (from.open().await, to.open().await);
    for event in events {
        happen(&store, event).await;
    }
    cards_add_up(&store).await;
    export(&store, &from.path("out")).await.expect("it is exported");
    import(&other, &from.path("out")).await.expect("it is imported");
    cards_add_up(&other).await;
    export(&other, &to.path("out")).await.expect("it is exported");
    assert_eq!(files(&from.path("out")), files(&to.path("out")));
}

fn for_any_store(cases: u32, test: impl AsyncFn(Vec<Event>)) {
    let event = prop_oneof![4 => answers(), 2 => attempts(), 1 => plans()];
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can be built");
    let mut runner =
        TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..Default::default() });
    let ran = runner.run(&vec(event, 0..12), |events| {
        runtime.block_on(test(events));
        Ok(())
    });
    ran.unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn export_import_export_is_the_same_on_sqlite() {
    for_any_store(32, async |events| comes_back_the_same(Home::sqlite(), Home::sqlite(), events).await);
}

#[test]
fn export_import_export_is_the_same_on_postgres() {
    for_any_store(8, async |events| {
        comes_back_the_same(Home::postgres().await, Home::postgres().await, events).await;
    });
}

#[test]
fn export_import_export_is_the_same_between_engines() {
    for_any_store(8, async |events| {
        comes_back_the_same(Home::sqlite(), Home::postgres().await, events).await;
    });
}
