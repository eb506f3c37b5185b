#![expect(clippy::unwrap_used, reason = "a test may panic")]

use tempfile::TempDir;

use super::*;
use crate::evidence::{
    CallRecord, ChargeRecord, Evidence, ExchangeRecord, LandingRecord, LifeRecord, Outcome,
};

fn exchange(exchange: i64, reference: &str, (started_us, ended_us): (i64, i64)) -> ExchangeRecord {
    ExchangeRecord {
        exchange,
        phase: 1,
        tick: 1,
        source: "accidents".into(),
        no: exchange,
        try_no: 1,
        component: "service".into(),
        instance: 1 + exchange % 2,
        method: "POST".into(),
        path: "/v1/payments".into(),
        headers: format!(r#"[["idempotency-key","k-{reference}"]]"#),
        body: Some(format!(r#"{{"reference": "{reference}", "amount": 304}}"#)),
        scheduled_us: None,
        started_us,
        ended_us,
        outcome: Outcome::Done,
        status: Some(201),
        answer_headers: Some("[]".into()),
        answer: Some(format!(r#"{{"id": "pay_{exchange}_of_{reference}"}}"#)),
        reason: None,
    }
}

fn lost(it: ExchangeRecord) -> ExchangeRecord {
    let reason = Some("no answer: connection closed".into());
    ExchangeRecord { outcome: Outcome::Unknown, status: None, answer: None, reason, ..it }
}

fn call(reference: &str, key: Option<&str>, started_us: i64) -> CallRecord {
    CallRecord {
        phase: 1,
        instance: 2,
        method: "POST".into(),
        path: "/charges".into(),
        key: key.map(str::to_owned),
        reference: Some(reference.into()),
        started_us,
        ended_us: Some(started_us + 20),
        conduct: "ok".into(),
        status: Some(200),
        charge: None,
    }
}

fn charge(reference: &str, at_us: i64) -> ChargeRecord {
    ChargeRecord {
        charge: format!("ch_{at_us}"),
        phase: 1,
        key: None,
        reference: reference.into(),
        amount: 304,
        currency: "USD".into(),
        at_us,
    }
}

fn life(instance: i64, ended_us: i64, by_us: bool) -> LifeRecord {
    LifeRecord {
        component: "service".into(),
        instance,
        started_us: 1,
        ready_us: Some(5),
        ended_us,
        how: "ended with exit code 1".into(),
        by_us,
        output: String::new(),
    }
}

fn run(write: impl FnOnce(&mut Evidence)) -> (TempDir, Reading) {
    let dir = TempDir::new().unwrap();
    let mut evidence = Evidence::create(&dir.path().join("run.sqlite")).unwrap();
    write(&mut evidence);
    let path = evidence.finish().unwrap();
    let reading = Reading::open(&path, None).unwrap();
    (dir, reading)
}

fn told(subject: Subject, reading: &Reading) -> Vec<(What, String)> {
    let history = History::of(&subject, reading).unwrap().unwrap();
    history.events.into_iter().map(|it| (it.what, it.detail)).collect()
}

/// A payment that is charged, its instance killed, and charged again; and another one beside it.
fn charged_twice(evidence: &mut Evidence) {
    evidence.exchange(&lost(exchange(1, "p-1", (100, 210)))).unwrap();
    evidence.exchange(&exchange(2, "p-11", (110, 190))).unwrap();
    evidence.exchange(&exchange(3, "p-1", (900, 990))).unwrap();
    evidence.call(&call("p-11", None, 120)).unwrap();
    evidence.charge(&charge("p-11", 130)).unwrap();
    for at_us in [140, 940] {
        evidence.call(&call("p-1", None, at_us)).unwrap();
        evidence.charge(&charge("p-1", at_us + 10)).unwrap();
    }
    let landing = |op, at_us| LandingRecord {
        op,
        kind: "killed-after-the-charge".into(),
        does: "kill".into(),
        victim: "service".into(),
        instance: 2,
        at_us,
        over_us: Some(at_us + 300),
        came_to: None,
    };
    evidence.landing(&landing(1, 200)).unwrap();
    evidence.landing(&landing(2, 180)).unwrap();
    evidence.life(&life(2, 205, true)).unwrap();
}

#[test]
fn a_story_is_told_in_its_order_and_of_nobody_else() {
    let (_dir, reading) = run(charged_twice);
    let told = told(Subject::Payment("p-1".into()), &reading);
    let kinds: Vec<What> = told.iter().map(|(what, _)| *what).collect();
    use What::*;
    let first = [Sent, Called, Charged, CallAnswered, Killed, Unanswered, Back];
    let again = [Sent, Called, Charged, CallAnswered, Answered];
    assert_eq!(kinds, [&first[..], &again[..]].concat());
    assert_eq!(told[4].1, "instance 2 killed (killed-after-the-charge)");
    assert_eq!((&*told[2].1, &*told[9].1), ("charge 1: 304 USD, ch_150", "charge 2: 304 USD, ch_950"));
    assert!(told.iter().all(|(_, detail)| !detail.contains("p-11")));
}

#[test]
fn the_window_of_a_fault_lasts_until_all_runs_again() {
    let (_dir, reading) = run(charged_twice);
    let history = History::of(&Subject::Payment("p-1".into()), &reading).unwrap().unwrap();
    let [window] = &history.windows[..] else { panic!("{:?}", history.windows) };
    assert_eq!((window.at_us, window.over_us, window.instance), (200, Some(500), Some(2)));
    assert_eq!((history.instances, history.request.exchange), (2, 1));
}

#[test]
fn a_key_leads_to_the_same_story_as_its_payment() {
    let (_dir, reading) = run(charged_twice);
    assert_eq!(told(Subject::Key("k-p-1".into()), &reading), told(Subject::Payment("p-1".into()), &reading));
    // The name that the service gave it.
    assert_eq!(
        told(Subject::Payment("pay_3_of_p-1".into()), &reading),
        told(Subject::Payment("p-1".into()), &reading)
    );
}

#[test]
fn an_exchange_has_only_what_happened_during_it() {
    let (_dir, reading) = run(charged_twice);
    let told = told(Subject::Exchange(3), &reading);
    let kinds: Vec<What> = told.iter().map(|(what, _)| *what).collect();
    assert_eq!(kinds, [What::Sent, What::Called, What::Charged, What::CallAnswered, What::Answered]);
}

#[test]
fn who_looks_at_a_payment_is_in_its_story() {
    let (_dir, reading) = run(|evidence| {
        evidence.exchange(&exchange(1, "p", (100, 200))).unwrap();
        for (number, path) in [(2, "/v1/payments/pay_1_of_p"), (3, "/v1/payments/pay_11_of_p")] {
            let it = exchange(number, "p", (300, 400));
            let it = ExchangeRecord { method: "GET".into(), path: path.into(), body: None, ..it };
            evidence.exchange(&it).unwrap();
        }
        let unsent = ExchangeRecord { outcome: Outcome::Refused, ..lost(exchange(4, "q", (500, 500))) };
        evidence.exchange(&unsent).unwrap();
    });
    let told = told(Subject::Payment("p".into()), &reading);
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(told[2], (What::Sent, "GET /v1/payments/pay_1_of_p".to_owned()));
    assert_eq!(History::of(&Subject::Exchange(4), &reading).unwrap(), None);
}

#[test]
fn an_instance_that_ends_by_itself_is_told_of() {
    let (_dir, reading) = run(|evidence| {
        evidence.exchange(&lost(exchange(1, "p", (100, 200)))).unwrap();
        evidence.life(&life(2, 150, false)).unwrap();
        evidence.life(&life(1, 4_000, false)).unwrap();
    });
    let told = told(Subject::Payment("p".into()), &reading);
    let ended = (What::Ended, "ended with exit code 1 by itself".to_owned());
    assert_eq!(told[1], ended);
    assert_eq!(told.len(), 3);
}

#[test]
fn nobody_has_no_story() {
    let (_dir, reading) = run(charged_twice);
    assert_eq!(History::of(&Subject::Payment("it's \0 nobody".into()), &reading).unwrap(), None);
    let (_dir, empty) = run(|_| {});
    assert_eq!(Series::of(&empty).unwrap(), None);
    assert_eq!(History::first(&[], &empty).unwrap(), None);
}

#[test]
fn the_columns_of_a_counterexample_name_its_subject() {
    let rows = |columns: &[&str], cells: Vec<Value>| Rows {
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        rows: vec![cells],
        more: 0,
    };
    let named = rows(&["exchange", "Key"], vec![Value::Int(7), Value::Text("k".into())]);
    assert_eq!(Subject::all(&named), [Subject::Key("k".into()), Subject::Exchange(7)]);
    assert_eq!(Subject::all(&rows(&["payment", "page"], vec![Value::Int(7), Value::Int(1)])), []);
    let mut two = rows(&["payment"], vec![Value::Null]);
    two.rows.push(vec![Value::Text("p".into())]);
    assert_eq!(Subject::all(&two), [Subject::Payment("p".into())]);
}

#[test]
fn fifty_at_once_are_a_few_lines() {
    let (_dir, reading) = run(|evidence| {
        for number in 1..=50 {
            evidence.exchange(&exchange(number, "p", (100 + number, 1_000 + number))).unwrap();
        }
    });
    let history = History::of(&Subject::Payment("p".into()), &reading).unwrap().unwrap();
    assert!(history.events.len() <= 30, "{}", history.events.len());
    let first = &history.events[0];
    assert_eq!((first.what, first.times, first.at_us, first.until_us), (What::Sent, 25, 101, 149));
    assert!(history.events.iter().any(|it| it.what == What::LeftOut));
}

#[test]
fn charges_and_tries_alike_are_one_line_within_a_phase() {
    let (_dir, reading) = run(|evidence| {
        for (no, name) in [(1, "calm"), (2, "storm")] {
            evidence.phase_started(no, name, 1, (no - 1) * 1_000).unwrap();
            evidence.phase_ended(no, 1, no * 1_000 - 1).unwrap();
        }
        for number in 0..40 {
            let at_us = number * 50;
            let it = exchange(1 + number * 2, "p", (at_us, at_us + 20));
            let answer = Some(r#"{"title": "later"}"#.into());
            let it = ExchangeRecord { try_no: 1 + number, status: Some(409), answer, ..it };
            evidence.exchange(&it).unwrap();
            evidence.charge(&charge("p", at_us + 10)).unwrap();
        }
    });
    let history = History::of(&Subject::Payment("p".into()), &reading).unwrap().unwrap();
    let told: Vec<(What, &str, usize)> =
        history.events.iter().map(|it| (it.what, &*it.detail, it.times)).collect();
    let phase = [
        (What::Sent, "POST /v1/payments", 20),
        (What::Charged, "charges of 304 USD", 20),
        (What::Answered, "409, later", 20),
    ];
    assert_eq!(told[..3], phase);
    assert_eq!(told[4..], phase[1..]);
    assert_eq!(history.phases.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["calm", "storm"]);
}

#[test]
fn a_payment_with_a_thousand_names_has_a_story() {
    let (_dir, reading) = run(|evidence| {
        for number in 1..=1_500 {
            evidence.exchange(&exchange(number, "p", (number, number + 10))).unwrap();
        }
    });
    let history = History::of(&Subject::Payment("p".into()), &reading).unwrap().unwrap();
    assert!(history.events.len() <= 30);
}

#[test]
fn every_exchange_is_in_the_series() {
    let (_dir, reading) = run(|evidence| {
        for number in 1..=2_345 {
            evidence.exchange(&exchange(number, "p", (number, number + 10))).unwrap();
            evidence.call(&CallRecord { status: None, ..call("p", None, number) }).unwrap();
        }
    });
    let series = Series::of(&reading).unwrap().unwrap();
    assert_eq!((series.exchanges.len(), series.calls.len()), (2_345, 2_345));
    assert_eq!(series.exchanges[0], Exchange { due_us: 1, latency_us: 10, sent: true, status: Some(201) });
    assert_eq!(series.calls[0].end, "caller gone");
}

#[test]
fn an_instance_that_is_told_to_end_or_frozen_is_told_of() {
    let (_dir, reading) = run(|evidence| {
        evidence.exchange(&exchange(1, "p-1", (100, 900))).unwrap();
        for (does, at_us, came_to) in
            [("freeze", 200, "stood still"), ("terminate", 500, "ended with exit status 0")]
        {
            let it = LandingRecord {
                op: 1,
                kind: "in-the-way".into(),
                does: does.into(),
                victim: "service".into(),
                instance: 2,
                at_us,
                over_us: Some(at_us + 100),
                came_to: Some(came_to.into()),
            };
            evidence.landing(&it).unwrap();
        }
    });
    let told = told(Subject::Payment("p-1".into()), &reading);
    let expected = [
        (What::Frozen, "instance 2 frozen (in-the-way)"),
        (What::Back, "goes on"),
        (What::Terminated, "instance 2 told to end (in-the-way): ended with exit status 0"),
        (What::Back, "runs again"),
    ];
    assert_eq!(told[1..5].iter().map(|(what, detail)| (*what, &**detail)).collect::<Vec<_>>(), expected);
    let series = Series::of(&reading).unwrap().unwrap();
    assert!(series.windows.iter().all(|window| window.instance == Some(2)));
}

#[test]
fn latency_counts_from_the_time_at_which_a_request_was_due() {
    let (_dir, reading) = run(|evidence| {
        evidence.exchange(&exchange(1, "p-1", (100, 900))).unwrap();
        let due = ExchangeRecord { scheduled_us: Some(50), ..exchange(2, "p-2", (700, 950)) };
        evidence.exchange(&due).unwrap();
    });
    let series = Series::of(&reading).unwrap().unwrap();
    let drawn: Vec<_> = series.exchanges.iter().map(|it| (it.due_us, it.latency_us)).collect();
    assert_eq!(drawn, [(50, 900), (100, 800)]);
}
