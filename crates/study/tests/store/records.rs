//! What is recorded is there, and what makes no sense is refused.

use study::store::{Answered, Card, CardKind, Json, NewAnswer, NewAttempt, Rating, Ruling, StoreError, Task};

use super::on_both;
use super::samples::{DAY_MS, NOW_MS, answer, attempt, fill, item, plan, review, reviewed, scored};
use super::support::{Home, cards_add_up};

on_both! {
    async fn an_answer_comes_back_as_it_was(home: Home) {
        let store = home.open().await;
        let text = "Ünïcode 🦀, \u{200b}zero width, tabs\tand\r\nlines\n\n";
        let new = reviewed(&store, "explain-index", text, NOW_MS).await;
        let id = store.record_answer(&new).await.expect("it is recorded");
        let kept = store.answer(&id).await.expect("it can be read").expect("it is there");
        assert_eq!(kept.text, text);
        assert_eq!(kept.question, "explain-index");
        assert_eq!((kept.given_at_ms, kept.seconds, kept.estimate), (NOW_MS, Some(95), Some(60)));
        assert_eq!(kept.feedback, scored(72));
        let card = store.card(CardKind::Question, "explain-index").await.expect("cards can be read");
        let card = card.expect("there is a card");
        assert_eq!((card.reps, card.lapses, card.last_review_ms), (1, 0, NOW_MS));
        assert_eq!((card.stability_days, card.difficulty), (3.173, 5.28));
        let reviews = store.reviews_of(CardKind::Question, "explain-index").await.expect("they can be read");
        assert_eq!(reviews.len(), 1);
        assert_eq!(reviews[0].source, id.as_str());
        assert_eq!(reviews[0].rating, Rating::Good);
    }

    async fn answers_and_scores_come_newest_first(home: Home) {
        let store = home.open().await;
        for number in 0..5 {
            let mut new = answer("cap", &number.to_string(), NOW_MS + i64::from(number) * DAY_MS);
            new.feedback = scored(10 * number);
            store.record_answer(&new).await.expect("it is recorded");
        }
        store.record_answer(&answer("other", "", NOW_MS)).await.expect("an empty answer is recorded too");
        let texts: Vec<String> =
            store.answers_to("cap").await.expect("they can be read").into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["4", "3", "2", "1", "0"]);
        let scores = store.scores("cap", 3).await.expect("they can be read");
        assert_eq!(scores.iter().map(|it| it.score).collect::<Vec<_>>(), [40, 30, 20]);
        assert_eq!(scores[0].estimate, Some(60));
        let answered = store.questions_answered().await.expect("they can be read");
        let seen = |it: &Answered| (it.question.clone(), it.answers, it.last_ms);
        let answered: Vec<_> = answered.iter().map(seen).collect();
        assert_eq!(answered, [("cap".into(), 5, NOW_MS + 4 * DAY_MS), ("other".into(), 1, NOW_MS)]);
    }

    async fn the_longest_due_card_comes_first_and_removed_questions_take_no_place(home: Home) {
        let store = home.open().await;
        for (name, due_ms) in [("b", 20), ("gone", 5), ("a", 10), ("later", 1000), ("c", 20)] {
            let new = NewAnswer { review: Some(review(Rating::Good, 0, due_ms)), ..answer(name, "", 1) };
            store.record_answer(&new).await.expect("it is recorded");
        }
        let names = |cards: Vec<Card>| cards.into_iter().map(|card| card.name).collect::<Vec<_>>();
        assert_eq!(names(store.due_cards(20, 10).await.expect("they can be read")), ["gone", "a", "b", "c"]);
        assert_eq!(names(store.due_cards(19, 10).await.expect("they can be read")), ["gone", "a"]);
        assert_eq!(names(store.due_cards(99, 1).await.expect("they can be read")), ["gone"]);
        let offered = |_, name: &str| name != "gone";
        assert_eq!(names(store.due_cards_among(99, 2, offered).await.expect("they can be read")), ["a", "b"]);
        assert!(store.due_cards_among(99, 0, offered).await.expect("they can be read").is_empty());
        let all = store.all_cards().await.expect("they can be read");
        assert_eq!(names(all), ["a", "b", "c", "gone", "later"]);
    }

    async fn an_answer_to_a_card_that_moved_is_not_recorded_at_all(home: Home) {
        let store = home.open().await;
        let new = reviewed(&store, "cap", "one", NOW_MS).await;
        store.record_answer(&new).await.expect("the first is recorded");
        let error = store.record_answer(&new).await.expect_err("its card has a review now");
        assert!(matches!(error, StoreError::CardMoved { seen: 0, .. }), "{error}");
        assert_eq!(store.answers_to("cap").await.expect("they can be read").len(), 1);
        let again = reviewed(&store, "cap", "two", NOW_MS - DAY_MS).await;
        store.record_answer(&again).await.expect("a clock that was set back stops nobody");
        cards_add_up(&store).await;
    }

    async fn a_run_is_recorded_once(home: Home) {
        let store = home.open().await;
        let forgotten = Some(review(Rating::Again, 0, NOW_MS));
        let new = NewAttempt { review: forgotten, ..attempt("slow-query-7", NOW_MS) };
        let id = store.record_drill_attempt(&new).await.expect("it is recorded");
        let again = store.record_drill_attempt(&new).await.expect("it is there already");
        assert_eq!(id, again);
        let attempts = store.drill_attempts("slow-query").await.expect("they can be read");
        assert_eq!(attempts.len(), 1);
        assert_eq!((attempts[0].seed, attempts[0].hints_used), (u64::MAX, 2));
        assert_eq!((&attempts[0].verdict, attempts[0].ruling), (&new.verdict, Ruling::Pass));
        let card = store.card(CardKind::Drill, "slow-query").await.expect("it can be read");
        let card = card.expect("it is there");
        assert_eq!((card.reps, card.lapses), (1, 1));
    }

    async fn cards_can_be_given_another_date(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let mut cards = store.all_cards().await.expect("they can be read");
        for card in &mut cards {
            (card.due_ms, card.stability_days) = (42, 0.5);
        }
        store.reschedule(&cards).await.expect("they are changed");
        assert_eq!(store.all_cards().await.expect("they can be read"), cards);
        cards[0].due_ms = 43;
        cards[1].reps += 1;
        let error = store.reschedule(&cards).await.expect_err("one of them was reviewed elsewhere");
        assert!(matches!(error, StoreError::CardMoved { .. }), "{error}");
        assert!(store.all_cards().await.expect("they can be read").iter().all(|card| card.due_ms == 42));
    }

    async fn a_new_plan_keeps_what_is_done(home: Home) {
        let store = home.open().await;
        assert_eq!(store.plan().await.expect("it can be read"), None);
        let first = plan(NOW_MS);
        store.set_plan(&first).await.expect("it is kept");
        assert_eq!(store.plan().await.expect("it can be read"), Some(first.clone()));
        let done = |name: &'static str, at_ms| store.mark_done("2026-11-24", Task::Answer, name, at_ms);
        assert!(done("explain-index", 5).await.expect("it is marked"));
        assert!(done("explain-index", 9).await.expect("it is marked"), "and the first time counts");
        assert!(!done("never-planned", 5).await.expect("it is not there"));
        let mut second = plan(NOW_MS + 1);
        second.interview = None;
        second.days.remove(0);
        second.days[0].items.reverse();
        store.set_plan(&second).await.expect("it is kept");
        let kept = store.plan().await.expect("it can be read").expect("there is one");
        assert_eq!(kept.interview, None);
        assert_eq!(kept.days[0].items, [study::store::PlanItem {
            done_at_ms: Some(5),
            ..item(Task::Answer, "explain-index")
        }]);
        assert_eq!(kept.days[1], second.days[0]);
        assert!(kept.days[1].items[1].pinned && !kept.days[1].items[0].pinned);
    }

    async fn nonsense_is_refused(home: Home) {
        let store = home.open().await;
        let good = answer("cap", "text", NOW_MS);
        let wrong = [
            NewAnswer { question: String::new(), ..good.clone() },
            NewAnswer { question: "two\nlines".into(), ..good.clone() },
            NewAnswer { text: "binary \0".into(), ..good.clone() },
            NewAnswer { given_at_ms: -1, ..good.clone() },
            NewAnswer { given_at_ms: i64::MAX, ..good.clone() },
            NewAnswer { estimate: Some(101), ..good.clone() },
            NewAnswer { feedback: scored(101), ..good.clone() },
        ];
        for new in wrong {
            let error = store.record_answer(&new).await.expect_err("it makes no sense");
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        }
        for (stability_days, difficulty) in [(f32::NAN, 5.0), (0.0, 5.0), (f32::INFINITY, 5.0), (1.0, 11.0)] {
            let review = study::store::NewReview { stability_days, difficulty, ..review(Rating::Good, 0, 1) };
            let new = NewAnswer { review: Some(review), ..good.clone() };
            let error = store.record_answer(&new).await.expect_err("no memory is like this");
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        }
        let mut twice = plan(NOW_MS);
        twice.days[0].items.push(item(Task::Read, "preparing"));
        let mut no_date = plan(NOW_MS);
        no_date.days[0].date = "2026-02-30".into();
        for plan in [twice, no_date] {
            let error = store.set_plan(&plan).await.expect_err("it makes no sense");
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        }
        assert!(Json::parse("{").is_err());
        assert!(store.questions_answered().await.expect("they can be read").is_empty());
        assert_eq!(store.plan().await.expect("it can be read"), None);
    }

    async fn a_huge_answer_is_kept_whole(home: Home) {
        let store = home.open().await;
        let text = "ten megabytes 🦀\n".repeat(600_000);
        let id = store.record_answer(&answer("cap", &text, NOW_MS)).await.expect("it is recorded");
        let kept = store.answer(&id).await.expect("it can be read").expect("it is there");
        assert!(kept.text == text, "it is the same text");
    }
}

/// The web app will hold stores in tasks that move between threads.
#[test]
fn everything_can_be_done_in_any_thread() {
    fn can_move<T: Send>(_: T) {}
    let all = async {
        let home = Home::sqlite();
        let store = home.open().await;
        let (new, dir) = (answer("cap", "", NOW_MS), home.path("export"));
        let _ = store.record_answer(&new).await;
        let _ = store.record_drill_attempt(&attempt("run", NOW_MS)).await;
        let _ = store.due_cards_among(NOW_MS, 1, |_, _| true).await;
        let _ = store.set_plan(&plan(NOW_MS)).await;
        let _ = study::store::export(&store, &dir).await;
        let _ = study::store::import(&store, &dir).await;
    };
    can_move(all);
}
