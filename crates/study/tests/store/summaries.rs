//! Summaries: the same on both engines, and the same as what the whole records say.

use study::store::{Counted, DayCount, NewAttempt, Rating, Ruling, ScoreOf, Store};

use super::on_both;
use super::samples::{DAY_MS, NOW_MS, answer, attempt, fill, review, scored};
use super::support::Home;

const HOUR_MS: i64 = 3_600_000;

/// Eight answers to one question, two to another, one to a third.
async fn answered(home: &Home) -> Store {
    let store = home.open().await;
    for (question, times) in [("b", 8_u8), ("a", 2), ("Z", 1)] {
        for number in 0..times {
            let mut new = answer(question, "words", NOW_MS + i64::from(number) * HOUR_MS);
            new.feedback = scored(10 * number);
            new.estimate = (number % 2 == 0).then_some(50);
            store.record_answer(&new).await.expect("it is recorded");
        }
    }
    store
}

fn shown(scores: &[ScoreOf]) -> Vec<(&str, u8)> {
    scores.iter().map(|it| (it.question.as_str(), it.score.score)).collect()
}

on_both! {
    async fn the_last_five_of_every_question_come_newest_first(home: Home) {
        let store = home.open().await;
        assert!(store.recent_scores().await.expect("they can be read").is_empty());
        let store = answered(&home).await;
        let recent = store.recent_scores().await.expect("they can be read");
        let due = [("Z", 0), ("a", 10), ("a", 0), ("b", 70), ("b", 60), ("b", 50), ("b", 40), ("b", 30)];
        assert_eq!(shown(&recent), due);
        for of_question in recent.chunk_by(|a, b| a.question == b.question) {
            let whole = store.scores(&of_question[0].question, 5).await.expect("they can be read");
            assert_eq!(of_question.iter().map(|it| it.score.clone()).collect::<Vec<_>>(), whole);
        }
    }

    async fn estimates_come_with_their_scores_and_the_limit_holds(home: Home) {
        let store = answered(&home).await;
        let all = store.estimated_scores(100).await.expect("they can be read");
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|it| it.score.estimate == Some(50)));
        assert!(all.is_sorted_by(|a, b| a.score.given_at_ms >= b.score.given_at_ms));
        assert_eq!(store.estimated_scores(2).await.expect("they can be read"), all[..2]);
    }

    async fn a_day_begins_where_the_learner_is(home: Home) {
        let store = home.open().await;
        let midnight = NOW_MS / DAY_MS * DAY_MS;
        for at_ms in [midnight - 1, midnight, midnight + HOUR_MS, midnight + DAY_MS - HOUR_MS] {
            store.record_answer(&answer("cap", "", at_ms)).await.expect("it is recorded");
            let run = NewAttempt { at_ms, ..attempt(&format!("run-{at_ms}"), at_ms) };
            store.record_drill_attempt(&run).await.expect("it is recorded");
        }
        let (from, before, today) = (midnight - DAY_MS, midnight + DAY_MS, midnight / DAY_MS);
        for (ahead_ms, due) in [(0, [(-1, 1), (0, 3)]), (HOUR_MS, [(0, 3), (1, 1)])] {
            let due = due.map(|(day, times)| DayCount { day: today + day, times });
            let mut answers = store.answers_by_day(from, before, ahead_ms).await.expect("they can be read");
            let mut attempts = store.attempts_by_day(from, before, ahead_ms).await.expect("they can be read");
            answers.sort_by_key(|it| it.day);
            attempts.sort_by_key(|it| it.day);
            assert_eq!((&answers[..], &attempts[..]), (&due[..], &due[..]));
        }
        let of_today = store.scores_between(midnight, midnight + DAY_MS, 9).await.expect("they can be read");
        assert_eq!(of_today.iter().map(|it| it.score.given_at_ms).collect::<Vec<_>>(), [
            midnight,
            midnight + HOUR_MS,
            midnight + DAY_MS - HOUR_MS,
        ]);
        let runs = store.attempts_between(midnight, midnight + DAY_MS, 2).await.expect("they can be read");
        assert_eq!(runs.iter().map(|it| it.at_ms).collect::<Vec<_>>(), [midnight, midnight + HOUR_MS]);
        assert!(store.scores_between(-5, i64::MAX, 9).await.expect("any number is a time").len() == 4);
    }

    async fn attempts_are_counted_by_level_and_ruling(home: Home) {
        let store = home.open().await;
        fill(&store).await;
        let failed = NewAttempt {
            ruling: Ruling::Fail,
            review: Some(review(Rating::Again, 1, NOW_MS + 2)),
            ..attempt("slow-query-3", NOW_MS + 2)
        };
        store.record_drill_attempt(&failed).await.expect("it is recorded");
        let counted = store.attempts_counted().await.expect("they can be read");
        let seen = |it: &Counted| (it.ruling, it.attempts, it.hints_used, it.last_ms);
        assert_eq!(counted.iter().map(seen).collect::<Vec<_>>(), [
            (Ruling::Pass, 1, 2, NOW_MS),
            (Ruling::Fail, 1, 2, NOW_MS + 2),
            (Ruling::Void, 1, 2, NOW_MS + 1),
        ]);
        let passed = store.last_pass("slow-query").await.expect("it can be read").expect("there is one");
        assert_eq!(passed.run, "slow-query-1");
        assert_eq!(store.last_pass("lost-update").await.expect("it can be read"), None);
    }
}
