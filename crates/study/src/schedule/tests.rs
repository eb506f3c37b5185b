use proptest::prelude::*;

use super::*;

mod choice;
mod simulation;

const NOW: i64 = 1_790_000_000_000;
/// Reviews, each so many days after the one before.
type History = &'static [(i64, Rating)];

const RATINGS: [Rating; 4] = [Rating::Again, Rating::Hard, Rating::Good, Rating::Easy];

fn new_card() -> Card {
    Card::new(CardKind::Question, "cap-theorem", NOW)
}

/// A card after reviews, each so many days after the one before.
fn reviewed(history: &[(i64, Rating)]) -> (Card, i64) {
    history.iter().fold((new_card(), NOW), |(card, before), &(days, rating)| {
        let now = before + days * DAY_MS;
        (review(card, rating, now), now)
    })
}

#[test]
fn an_answer_is_rated_by_its_score() {
    let rated = [0, 39, 40, 59, 60, 84, 85, 100].map(|score| Rating::of_answer(score, false));
    use Rating::{Again, Easy, Good, Hard};
    assert_eq!(rated, [Again, Again, Hard, Hard, Good, Good, Easy, Easy]);
    assert_eq!(Rating::of_answer(100, true), Again);
}

#[test]
fn a_drill_is_rated_by_its_ruling_its_hints_and_its_tries() {
    assert_eq!(Rating::of_drill(Ruling::Void, 0, 1), None);
    assert_eq!(Rating::of_drill(Ruling::Fail, 0, 1), Some(Rating::Again));
    assert_eq!(Rating::of_drill(Ruling::Pass, 0, 1), Some(Rating::Easy));
    assert_eq!(Rating::of_drill(Ruling::Pass, 1, 1), Some(Rating::Good));
    assert_eq!(Rating::of_drill(Ruling::Pass, 0, 3), Some(Rating::Good));
    assert_eq!(Rating::of_drill(Ruling::Pass, 2, 1), Some(Rating::Hard));
    assert_eq!(Rating::of_drill(Ruling::Pass, 0, 4), Some(Rating::Hard));
}

/// Stability, difficulty and the recall ten days later, as py-fsrs 6.3.2 has them, fuzz off.
#[test]
fn reviews_agree_with_py_fsrs() {
    use Rating::{Again, Easy, Good, Hard};
    let histories: [(History, [f64; 3]); 6] = [
        (&[(0, Good)], [2.306_5, 2.118_104, 0.774_367]),
        (&[(0, Again), (1, Good), (3, Good)], [7.638_231, 6.390_941, 0.880_450]),
        (
            &[(0, Good), (2, Good), (8, Good), (30, Again), (2, Hard), (4, Good)],
            [9.589_417, 8.239_548, 0.897_094],
        ),
        (&[(0, Easy), (10, Easy), (60, Hard)], [175.897_701, 4.010_609, 0.991_672]),
        (&[(0, Hard), (0, Good), (1, Good), (5, Easy), (20, Good)], [78.073_038, 3.429_545, 0.981_925]),
        (&[(0, Again), (0, Again), (1, Again), (1, Hard), (200, Good)], [1.685_611, 9.700_469, 0.743_824]),
    ];
    for (history, theirs) in histories {
        let (card, now) = reviewed(history);
        let memory = card.memory.expect("it was reviewed");
        let ours = [memory.stability_days, memory.difficulty, recall(&card, now + 10 * DAY_MS)];
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            assert!((ours / theirs - 1.0).abs() < 1e-5, "{history:?}: {ours} and {theirs}");
        }
    }
}

#[test]
fn a_card_is_due_when_its_recall_has_sunk_to_nine_tenths() {
    let (card, now) = reviewed(&[(0, Rating::Good), (2, Rating::Good), (9, Rating::Good)]);
    assert!((recall(&card, card.due) - 0.9).abs() < 0.005);
    assert_eq!((card.due - now) % DAY_MS, 0);
    let (again, now) = reviewed(&[(0, Rating::Again)]);
    assert_eq!(again.due - now, DAY_MS, "never twice a day");
}

#[test]
fn half_an_hour_earlier_than_yesterday_is_a_day_later() {
    let (card, now) = reviewed(&[(0, Rating::Good)]);
    assert_eq!(card.age_days(now + DAY_MS - 30 * 60 * 1000), Some(1));
    assert_eq!(card.age_days(now + 12 * 60 * 60 * 1000), Some(0));
    assert_eq!(new_card().age_days(now), None);
}

#[test]
fn a_clock_set_back_counts_as_no_time() {
    let (card, now) = reviewed(&[(0, Rating::Good), (5, Rating::Good)]);
    let earlier = now - 400 * DAY_MS;
    assert_eq!(card.age_days(earlier), Some(0));
    assert_eq!(recall(&card, earlier), 1.0);
    let same_day = review(card.clone(), Rating::Good, now);
    let set_back = review(card, Rating::Good, earlier);
    assert_eq!(set_back.memory, same_day.memory);
    assert_eq!(set_back.last_review, Some(earlier));
}

proptest! {
    #[test]
    fn recall_agrees_with_the_crate(stability in 0.001_f32..36_500.0, days in 0.0_f32..36_500.0) {
        let memory = Memory { stability_days: f64::from(stability), difficulty: 5.0 };
        let elapsed_ms = f64::from(days) * DAY_MS as f64;
        let card = Card { memory: Some(memory), last_review: Some(0), ..new_card() };
        let state = fsrs::MemoryState { stability, difficulty: 5.0 };
        let theirs = fsrs::current_retrievability(state, days, fsrs::FSRS6_DEFAULT_DECAY);
        prop_assert!((recall(&card, elapsed_ms as i64) - f64::from(theirs)).abs() < 1e-6);
    }

    #[test]
    fn no_store_and_no_clock_breaks_a_review(
        stability in prop_oneof![any::<f64>(), 0.0..1e6_f64],
        difficulty in prop_oneof![any::<f64>(), 0.0..11.0_f64],
        last_review in proptest::option::of(any::<i64>()),
        now in any::<i64>(),
        rating in 0..4_usize,
    ) {
        let memory = Some(Memory { stability_days: stability, difficulty });
        let card = Card { memory, last_review, ..new_card() };
        let before = recall(&card, now);
        prop_assert!((0.0..=1.0).contains(&before), "{before}");
        let card = review(card, RATINGS[rating], now);
        let memory = card.memory.expect("it was reviewed");
        prop_assert!((0.001..=36_500.0).contains(&memory.stability_days), "{memory:?}");
        prop_assert!((1.0..=10.0).contains(&memory.difficulty), "{memory:?}");
        prop_assert!(card.due > now || now > i64::MAX - 36_500 * DAY_MS);
        prop_assert_eq!(recall(&card, now), 1.0);
        let candidates = [Candidate { card, minutes: 5 }];
        let date = Some(jiff::civil::date(2026, 12, 20));
        choose(&candidates, now, jiff::civil::date(2026, 12, 1), date, 30);
        choose(&candidates, now.saturating_add(DAY_MS), jiff::civil::date(2026, 12, 1), None, 30);
    }

    #[test]
    fn recall_only_sinks(days in 0..2000_i64, more in 0..2000_i64, ratings in prop::collection::vec(0..4_usize, 1..6)) {
        let history: Vec<_> = ratings.into_iter().map(|rating| (days % 17, RATINGS[rating])).collect();
        let (card, now) = reviewed(&history);
        prop_assert!(recall(&card, now + (days + more) * DAY_MS) <= recall(&card, now + days * DAY_MS));
    }

    #[test]
    fn a_better_rating_makes_a_memory_no_weaker(days in 1..60_i64, ratings in prop::collection::vec(0..4_usize, 1..6)) {
        let history: Vec<_> = ratings.into_iter().map(|rating| (days % 17, RATINGS[rating])).collect();
        let (card, now) = reviewed(&history);
        let stabilities = RATINGS.map(|rating| review(card.clone(), rating, now + days * DAY_MS).memory.expect("it was reviewed").stability_days);
        prop_assert!(stabilities.is_sorted(), "{stabilities:?}");
    }
}
