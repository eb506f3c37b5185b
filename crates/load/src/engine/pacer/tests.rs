//! Starts that share a wake-up are late by no more than they may be, and none is early.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::Stage;

fn open(stages: Vec<Stage>) -> Pacer {
    Pacer::new(&Pace::Open { stages })
}

/// Sleeps as the pacer says, and wakes each time `late_ns` after that.
fn wake_ups(pacer: &mut Pacer, late_ns: u64) -> Vec<(u64, Vec<u64>)> {
    let mut all = Vec::new();
    while let Some(wake_ns) = pacer.wake_ns() {
        let now_ns = wake_ns + late_ns;
        all.push((now_ns, std::iter::from_fn(|| pacer.take(now_ns)).collect()));
    }
    all
}

fn starts_a_wake_up(rate_per_s: f64) -> Vec<usize> {
    let mut pacer = open(vec![Stage::hold(rate_per_s, Duration::from_millis(1))]);
    wake_ups(&mut pacer, 0).into_iter().map(|(_, starts)| starts.len()).collect()
}

#[test]
fn only_what_is_close_together_shares_a_wake_up() {
    assert_eq!(starts_a_wake_up(3_000.0), [1; 3]);
    assert_eq!(starts_a_wake_up(5_000.0), [2, 2, 1]);
    assert_eq!(starts_a_wake_up(10_000.0), [3, 3, 3, 1]);
    // From 0 to 250 µs are 26.
    assert_eq!(starts_a_wake_up(100_000.0), [26, 26, 26, 22]);
}

#[test]
fn what_is_due_goes_with_whatever_wakes_the_loop() {
    let mut pacer = open(vec![Stage::hold(10_000.0, Duration::from_millis(1))]);
    assert_eq!(pacer.wake_ns(), Some(200_000));
    assert_eq!((pacer.take(30_000), pacer.take(30_000)), (Some(0), None));
    assert_eq!(pacer.wake_ns(), Some(300_000));
    assert_eq!((pacer.take(199_999), pacer.take(199_999)), (Some(100_000), None));
}

fn stage() -> impl Strategy<Value = Stage> {
    let rate = prop_oneof![Just(0.0), 0.0..20_000.0_f64, 0.0..500_000.0_f64];
    (rate.clone(), rate, 1..20_u64)
        .prop_map(|(from, to, ms)| Stage::ramp(from, to, Duration::from_millis(ms)))
}

proptest! {
    #[test]
    fn each_start_comes_once_in_order_never_early_and_at_most_so_late(
        stages in proptest::collection::vec(stage(), 1..4),
        late_ns in 0..300_000_u64,
    ) {
        let mut pacer = open(stages.clone());
        let mut taken = Vec::new();
        for (now_ns, starts) in wake_ups(&mut pacer, late_ns) {
            prop_assert!(starts.iter().all(|at_ns| *at_ns <= now_ns));
            prop_assert!(starts.first().is_some_and(|at_ns| now_ns - at_ns <= TOGETHER_NS + late_ns));
            taken.extend(starts);
        }
        prop_assert!(pacer.is_over(0));
        prop_assert_eq!(taken, Schedule::new(&stages).collect::<Vec<_>>());
    }
}
