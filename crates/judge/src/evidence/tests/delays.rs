//! The view `delays`: how much of an exchange was spent waiting for a core.

use super::*;

fn exchange(exchange: i64, started_us: i64, ended_us: i64) -> ExchangeRecord {
    ExchangeRecord {
        exchange,
        phase: 1,
        tick: 1,
        source: "calm".into(),
        no: exchange,
        try_no: 1,
        component: "service".into(),
        instance: 1,
        method: "GET".into(),
        path: "/".into(),
        headers: "[]".into(),
        body: None,
        scheduled_us: None,
        started_us,
        ended_us,
        outcome: Outcome::Done,
        status: Some(200),
        answer_headers: None,
        answer: None,
        reason: None,
    }
}

/// Of the exchange from 50 to 250, when there were these waits in stretches of 100: component, instance, the
/// stretch's beginning, the wait.
fn late_us(waits: &[(&str, Option<i64>, i64, i64)]) -> i64 {
    let (_dir, path) = run(|it| {
        it.exchange(&exchange(1, 50, 250)).unwrap();
        it.exchange(&exchange(2, 250, 260)).unwrap();
        for (component, instance, started_us, late_us) in waits {
            let (component, instance, started_us) = ((*component).into(), *instance, *started_us);
            let ended_us = started_us + 100;
            it.late(1, 1, &LatenessRecord { component, instance, started_us, ended_us, late_us: *late_us })
                .unwrap();
        }
    });
    let reading = Reading::open(&path, None).unwrap();
    let rows = asked(&reading, "SELECT lasted_us, late_us FROM delays WHERE exchange = 1");
    let [lasted, late] = &rows[0][..] else { panic!("{rows:?}") };
    assert_eq!(lasted, &Value::Int(200));
    let Value::Int(late) = late else { panic!("{late:?}") };
    *late
}

#[test]
fn waits_count_by_how_much_of_their_stretch_lies_in_the_exchange() {
    assert_eq!(late_us(&[]), 0);
    assert_eq!(late_us(&[("service", Some(1), 100, 30)]), 30);
    assert_eq!(late_us(&[("service", Some(1), 0, 30), ("service", Some(1), 200, 40)]), 15 + 20);
    assert_eq!(late_us(&[("service", Some(1), 300, 30)]), 0);
}

#[test]
fn those_who_work_on_an_exchange_wait_in_turns_and_others_do_not_count() {
    let both = [("service", Some(1), 100, 30), ("judge", None, 100, 20), ("postgres", None, 100, 10)];
    assert_eq!(late_us(&both), 60);
    // No more than the time that it was.
    assert_eq!(late_us(&[("service", Some(1), 100, 80), ("judge", None, 100, 70)]), 100);
    assert_eq!(late_us(&[("service", Some(2), 100, 30), ("other", Some(1), 100, 30)]), 0);
}

#[test]
fn the_sleeper_stands_in_and_adds_nothing() {
    assert_eq!(late_us(&[("machine", None, 100, 30)]), 30);
    assert_eq!(late_us(&[("machine", None, 100, 30), ("service", Some(1), 100, 50)]), 50);
}
