//! What is chosen for a day.

use jiff::civil::{Date, date};

use super::*;

const TODAY: Date = date(2026, 11, 24);

fn candidates(cards: Vec<Card>, minutes: u32) -> Vec<Candidate> {
    cards.into_iter().map(|card| Candidate { card, minutes }).collect()
}

/// Reviewed `age_days` ago, with a stability.
fn known(stability_days: f64, age_days: i64) -> Card {
    let last = NOW - age_days * DAY_MS;
    Card {
        memory: Some(Memory { stability_days, difficulty: 5.0 }),
        last_review: Some(last),
        due: last + stability_days as i64 * DAY_MS,
        ..new_card()
    }
}

#[test]
fn without_a_date_what_is_due_longest_comes_first() {
    let cards = candidates(vec![known(9.0, 3), known(2.0, 3), known(1.0, 8), new_card(), known(0.5, 0)], 5);
    assert_eq!(choose(&cards, NOW, TODAY, None, 60), [2, 1, 3]);
    assert_eq!(choose(&cards, NOW, TODAY, None, 10), [2, 1]);
    assert_eq!(choose(&cards, NOW, TODAY, None, 0), [0; 0]);
    assert_eq!(choose(&cards, NOW, TODAY, Some(TODAY), 10), [2, 1], "the date has come");
    assert_eq!(choose(&cards, NOW, TODAY, Some(date(1999, 1, 1)), 10), [2, 1]);
}

#[test]
fn on_the_last_evening_the_weakest_comes_first() {
    let cards = candidates(vec![known(40.0, 10), known(3.0, 10), new_card(), known(200.0, 3)], 5);
    let tomorrow = Some(date(2026, 11, 25));
    assert_eq!(choose(&cards, NOW, TODAY, tomorrow, 5), [2], "nobody recalls what was never answered");
    assert_eq!(choose(&cards, NOW, TODAY, tomorrow, 15), [2, 1, 0]);
}

#[test]
fn with_a_date_there_is_no_waiting_until_something_is_due() {
    let cards = candidates(vec![known(30.0, 20), known(20.0, 18)], 5);
    assert_eq!(choose(&cards, NOW, TODAY, None, 60), [0; 0]);
    assert_eq!(choose(&cards, NOW, TODAY, Some(date(2026, 11, 26)), 60).len(), 2);
}

#[test]
fn a_long_review_waits_for_its_minutes_or_comes_alone() {
    let mut cards = candidates(vec![known(3.0, 10), known(3.0, 10), known(3.0, 10)], 5);
    cards[0].minutes = 45;
    let in_a_week = Some(date(2026, 12, 1));
    assert_eq!(choose(&cards, NOW, TODAY, in_a_week, 12), [1, 2]);
    assert_eq!(choose(&cards[..1], NOW, TODAY, in_a_week, 12), [0]);
}

#[test]
fn a_horizon_says_what_it_leads_to() {
    let cards = candidates((0..10).map(|_| new_card()).collect(), 5);
    let recall = |minutes: u32| {
        let minutes = vec![minutes; 12];
        let horizon = Outlook::new(&cards, NOW, &minutes).horizon(&cards, NOW);
        assert_eq!(horizon.days.len(), 12);
        horizon.recall.iter().sum::<f64>() / 10.0
    };
    let recalls = [0, 5, 10, 20, 40].map(recall);
    assert_eq!(recalls[0], 0.0);
    assert!(recalls.is_sorted(), "more minutes, more recall: {recalls:?}");
    assert!(recalls[1] > 0.8 && recalls[4] > 0.97, "{recalls:?}");
}

#[test]
fn days_off_and_far_dates_are_taken_as_they_come() {
    let cards = candidates(vec![new_card(), known(3.0, 10), known(30.0, 10)], 5);
    let mut minutes = vec![10; 400];
    (0..400).filter(|day| day % 7 >= 5).for_each(|day| minutes[day] = 0);
    let outlook = Outlook::new(&cards, NOW, &minutes);
    let horizon = outlook.horizon(&cards, NOW);
    for (day, chosen) in horizon.days.iter().enumerate() {
        assert!(chosen.len() as u32 * 5 <= minutes[day], "day {day}");
    }
    assert_eq!(outlook.choose(400, &cards, NOW), [0; 0]);
    assert_eq!(Outlook::new(&[], NOW, &minutes).choose(0, &cards, NOW), [0; 0]);
    assert_eq!(choose(&cards, NOW, TODAY, Some(Date::MAX), 5).len(), 1);
    assert_eq!(Outlook::new(&cards, NOW, &[]).horizon(&cards, NOW).days, Vec::<Vec<usize>>::new());
    assert_eq!(Outlook::new(&cards, NOW, &[0, 0]).choose(0, &cards, NOW), [0; 0]);
}

prop_compose! {
    fn any_candidate()(
        stability in 0.01..100.0_f64, age_days in 0..60_i64, new in prop::bool::weighted(0.3), minutes in 0..60_u32,
    ) -> Candidate {
        Candidate { card: if new { new_card() } else { known(stability, age_days) }, minutes }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_choice_fits_and_repeats_nothing(
        cards in prop::collection::vec(any_candidate(), 0..20), days in 0..25_i32, minutes in 0..90_u32,
    ) {
        let day = TODAY.checked_add(jiff::Span::new().days(days)).expect("a date");
        let chosen = choose(&cards, NOW, TODAY, Some(day), minutes);
        prop_assert_eq!(&chosen, &choose(&cards, NOW, TODAY, Some(day), minutes), "it is the same each time");
        let used: u32 = chosen.iter().map(|&place| cards[place].minutes).sum();
        prop_assert!(used <= minutes || chosen.len() == 1);
        let mut once = chosen.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), chosen.len());
        prop_assert!(chosen.iter().all(|&place| cards[place].card.age_days(NOW) != Some(0)));
    }
}
