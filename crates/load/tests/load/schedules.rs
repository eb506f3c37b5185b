//! The schedule is arithmetic: how many requests, and when each starts.

use std::time::Duration;

use load::{LoadError, Pace, Schedule, Stage};
use proptest::prelude::*;

use crate::server::{OK, Server, closed_loop, open_loop};

fn starts_ms(stages: &[Stage]) -> Vec<f64> {
    Schedule::new(stages).map(|start_ns| start_ns as f64 / 1e6).collect()
}

#[test]
fn a_held_rate_is_evenly_spaced() {
    let starts = starts_ms(&[Stage::hold(500.0, Duration::from_secs(10))]);
    assert_eq!(starts.len(), 5000);
    assert_eq!((starts[0], starts[1], starts[4999]), (0.0, 2.0, 9998.0));
}

#[test]
fn a_ramp_comes_to_its_area() {
    let starts = starts_ms(&[Stage::ramp(0.0, 100.0, Duration::from_secs(10))]);
    assert_eq!(starts.len(), 500);
    // The area under the ramp is 5 t², so the 125th request after the first starts at 5 s.
    assert_eq!(starts[125], 5000.0);
}

#[test]
fn stages_follow_each_other() {
    let second = Duration::from_secs(1);
    let stages = [Stage::hold(10.0, second), Stage::hold(0.0, second), Stage::hold(20.0, second)];
    let starts = starts_ms(&stages);
    assert_eq!(starts.len(), 30);
    assert_eq!((starts[9], starts[10], starts[11]), (900.0, 2000.0, 2050.0));
}

#[test]
fn a_plan_that_cannot_be_performed_is_refused_before_anything_is_sent() {
    let server = Server::answering(OK);
    let mut plans: Vec<_> = [
        open_loop(0.0, 1000),
        open_loop(f64::NAN, 1000),
        open_loop(-1.0, 1000),
        open_loop(f64::INFINITY, 1000),
        open_loop(10.0, 0),
        Pace::Open { stages: vec![] },
        closed_loop(0, 1000),
        closed_loop(1, 0),
    ]
    .into_iter()
    .map(|pace| server.plan(pace))
    .collect();
    plans.push(server.plan(open_loop(10.0, 1000)));
    plans[8].connections_max = 0;
    plans.push(server.plan(open_loop(10.0, 1000)));
    plans[9].timeout = Duration::ZERO;
    for plan in plans {
        let result = load::run(&plan, &mut |_| {});
        assert!(matches!(result, Err(LoadError::Plan(_))), "{:?}: {result:?}", plan.pace);
    }
    assert_eq!(server.accepted(), 0);
}

fn stage() -> impl Strategy<Value = Stage> {
    let rate = prop_oneof![Just(0.0), 0.0..2000.0_f64, (0..2000_u32).prop_map(f64::from)];
    (rate.clone(), rate, 1..2000_u64)
        .prop_map(|(from, to, ms)| Stage::ramp(from, to, Duration::from_millis(ms)))
}

proptest! {
    #[test]
    fn every_schedule_is_in_order_within_its_time_and_of_its_area(
        stages in proptest::collection::vec(stage(), 1..5),
    ) {
        let schedule = Schedule::new(&stages);
        let (count, duration) = (schedule.requests(), schedule.duration());
        let starts: Vec<u64> = schedule.collect();
        prop_assert_eq!(starts.len() as u64, count);
        prop_assert!(starts.is_sorted());
        prop_assert!(starts.last().is_none_or(|last| u128::from(*last) <= duration.as_nanos()));
        let area: f64 =
            stages.iter().map(|s| (s.from_per_s + s.to_per_s) / 2.0 * s.duration.as_secs_f64()).sum();
        prop_assert!((count as f64 - area).abs() <= 1.0, "{} requests for an area of {}", count, area);
        // Half of the area lies before the request in the middle.
        if let Some(middle) = starts.get(starts.len() / 2) {
            let before = area_before(&stages, *middle as f64 / 1e9);
            prop_assert!((before - (starts.len() / 2) as f64).abs() < 0.01, "{before}");
        }
    }
}

fn area_before(stages: &[Stage], mut seconds: f64) -> f64 {
    let mut area = 0.0;
    for stage in stages {
        let whole = stage.duration.as_secs_f64();
        let part = seconds.min(whole);
        let rate = stage.from_per_s + (stage.to_per_s - stage.from_per_s) * part / whole / 2.0;
        area += rate * part;
        seconds -= part;
    }
    area
}
