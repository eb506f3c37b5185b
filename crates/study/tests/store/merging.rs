//! Two stores that went their own ways become one.

use study::store::{CardKind, NewAttempt, Rating, Task, export, import};

use super::on_both;
use super::samples::{DAY_MS, NOW_MS, attempt, fill, plan, review, reviewed};
use super::support::{Home, cards_add_up, everything, reps};

on_both! {
    async fn two_stores_that_parted_become_the_same(home: Home) {
        let another = home.like().await;
        let (one, two) = (home.open().await, another.open().await);
        fill(&one).await;
        export(&one, &home.path("first")).await.expect("it is exported");
        import(&two, &home.path("first")).await.expect("it is imported");
        for (number, store) in (1..).zip([&one, &two]) {
            for question in ["cap", &format!("only-in-{number}")] {
                let new = reviewed(store, question, "later", NOW_MS + number * 10 * DAY_MS).await;
                store.record_answer(&new).await.expect("it is recorded");
            }
        }
        let forgotten = Some(review(Rating::Again, 1, 5));
        let again = NewAttempt { review: forgotten, ..attempt("slow-query-3", NOW_MS + 9) };
        one.record_drill_attempt(&again).await.expect("it is recorded");
        export(&one, &home.path("one")).await.expect("it is exported");
        export(&two, &home.path("two")).await.expect("it is exported");
        let into_two = import(&two, &home.path("one")).await.expect("it is imported");
        let into_one = import(&one, &home.path("two")).await.expect("it is imported");
        let mixed = vec![(CardKind::Question, "cap".to_string())];
        assert_eq!((into_two.answers, into_two.attempts, into_two.cards), (2, 1, 1));
        assert_eq!((into_one.answers, into_one.attempts, into_one.cards), (2, 0, 1));
        assert_eq!((into_one.reviews, into_two.reviews), (2, 3));
        assert_eq!((&into_one.mixed, &into_two.mixed), (&mixed, &mixed));
        assert_eq!(reps(&one, CardKind::Question, "cap").await, 3);
        cards_add_up(&one).await;
        cards_add_up(&two).await;
        assert_eq!(everything(&one).await, everything(&two).await);
    }

    async fn the_last_plan_stays_and_what_is_done_is_done(home: Home) {
        let another = home.like().await;
        let (one, two) = (home.open().await, another.open().await);
        let mut newer = plan(NOW_MS + 1);
        newer.hours_per_week = 3.0;
        newer.days.remove(0);
        one.set_plan(&plan(NOW_MS)).await.expect("it is kept");
        two.set_plan(&newer).await.expect("it is kept");
        let done = |store| mark(store, Task::Read, "2026-11-24", "preparing", 7);
        assert!(done(one.clone()).await);
        assert!(mark(two.clone(), Task::Do, "2026-11-25", "slow-query", 9).await);
        assert!(mark(one.clone(), Task::Do, "2026-11-25", "slow-query", 8).await);
        export(&one, &home.path("one")).await.expect("it is exported");
        export(&two, &home.path("two")).await.expect("it is exported");
        assert!(!import(&two, &home.path("one")).await.expect("it is imported").plan);
        assert!(import(&one, &home.path("two")).await.expect("it is imported").plan);
        assert_eq!(everything(&one).await, everything(&two).await);
        let plan = one.plan().await.expect("it can be read").expect("there is one");
        assert_eq!((plan.hours_per_week, plan.days.len()), (3.0, 2));
        assert_eq!(plan.days[0].items.len(), 1, "only what was done is left of that day");
        let items = plan.days.iter().flat_map(|day| &day.items);
        let done: Vec<_> = items.filter_map(|it| it.done_at_ms).collect();
        assert_eq!(done, [7, 8], "the first time counts");
    }
}

async fn mark(store: study::store::Store, task: Task, date: &str, name: &str, at_ms: i64) -> bool {
    store.mark_done(date, task, name, at_ms).await.expect("it is marked")
}
