//! A claim that is broken on a starved machine is not held against who handed in; the same on a quiet one is.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use judge::check::Check;
use judge::evidence::{CallRecord, ColumnType, Evidence, ExchangeRecord, LatenessRecord, Outcome, Reading};
use judge::sql::Value;
use judge::verdict::{Judged, Ruling, Verdict, examine};

const CALM: &str = "calm-weather-refuses-nobody";
const LOOKS: &str = "other-routes-stay-up";

/// What customer `no` got from instance 1, in calm weather.
fn answered(no: i64, status: i64, (started_us, ended_us): (i64, i64)) -> ExchangeRecord {
    ExchangeRecord {
        exchange: no,
        phase: 1,
        tick: 1,
        source: "calm".into(),
        no,
        try_no: 1,
        component: "service".into(),
        instance: 1,
        method: "POST".into(),
        path: "/v1/payments".into(),
        headers: "[]".into(),
        body: None,
        scheduled_us: None,
        started_us,
        ended_us,
        outcome: Outcome::Done,
        status: Some(status),
        answer_headers: Some("[]".into()),
        answer: None,
        reason: None,
    }
}

/// In each stretch of 100 ms until `until_us`, somebody waited for a core for so long.
fn late(evidence: &mut Evidence, component: &str, instance: Option<i64>, until_us: i64, late_us: i64) {
    for started_us in (0..until_us).step_by(100_000) {
        let ended_us = started_us + 100_000;
        let it = LatenessRecord { component: component.into(), instance, started_us, ended_us, late_us };
        evidence.late(1, 1, &it).unwrap();
    }
}

/// The ruling on a run in which `exchanges` were answered in calm weather and `more` was seen.
fn ruled(exchanges: &[ExchangeRecord], more: impl FnOnce(&mut Evidence)) -> (Ruling, String) {
    ruled_by(CALM, |evidence| {
        let columns =
            [("reference", ColumnType::Text), ("gateway", ColumnType::Text), ("expect", ColumnType::Int)];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind));
        let row =
            |it: &ExchangeRecord| vec![Value::Text(format!("p-{}", it.no)), Value::Null, Value::Int(201)];
        evidence.parameters("calm", &columns, exchanges.iter().map(row)).unwrap();
        exchanges.iter().for_each(|it| evidence.exchange(it).unwrap());
        more(evidence);
    })
}

/// The ruling of one check of the pack on a run that left this behind.
fn ruled_by(check: &str, write: impl FnOnce(&mut Evidence)) -> (Ruling, String) {
    let dir = tempfile::TempDir::new().unwrap();
    let mut evidence = Evidence::create(&dir.path().join("evidence.sqlite")).unwrap();
    evidence.phase_started(1, "trouble", 1, 0).unwrap();
    write(&mut evidence);
    let reading = Reading::open(&evidence.finish().unwrap(), None).unwrap();
    let path = check_file(check);
    let check = Check::parse(check, &path, &std::fs::read_to_string(&path).unwrap()).unwrap();
    let judged =
        Judged { drill: "payments-api".into(), version: 1, level: "gateway-trouble".into(), seed: 1 };
    let verdict = Verdict::from_findings(judged, vec![examine(&check, &reading)], Vec::new(), None);
    (verdict.ruling, verdict.why_void.unwrap_or_default())
}

fn check_file(name: &str) -> PathBuf {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend/drills/payments-api/checks");
    pack.join(name).with_extension("sql")
}

const STARVED: i64 = 90_000;

#[test]
fn a_payment_that_stood_in_the_queue_is_not_held_against_the_service() {
    let refused = [answered(1, 201, (0, 40_000)), answered(2, 503, (10_000, 2_510_000))];
    assert_eq!(ruled(&refused, |_| {}), (Ruling::Fail, String::new()));
    let (ruling, why) = ruled(&refused, |it| late(it, "service", Some(1), 2_600_000, STARVED));
    assert_eq!(ruling, Ruling::Void);
    assert!(
        why.contains("of the 2500 ms that payment p-2 took, 2250 ms were spent waiting for a core"),
        "{why}"
    );
    // Many small waits of different parts add up.
    let many = |it: &mut Evidence| {
        for component in ["judge", "postgres"] {
            late(it, component, None, 2_600_000, STARVED / 2);
        }
    };
    assert_eq!(ruled(&refused, many).0, Ruling::Void);
}

#[test]
fn a_machine_that_does_not_tell_of_its_queue_tells_by_its_sleeper() {
    let refused = [answered(1, 503, (10_000, 2_510_000))];
    assert_eq!(ruled(&refused, |it| late(it, "machine", None, 2_600_000, STARVED)).0, Ruling::Void);
}

#[test]
fn a_starved_machine_is_no_excuse_for_the_rest() {
    let starved = |it: &mut Evidence| late(it, "service", Some(1), 9_000_000, STARVED);
    // A claim that holds on a starved machine holds.
    assert_eq!(ruled(&[answered(1, 201, (0, 2_500_000))], starved).0, Ruling::Pass);
    // Refused at once: no limit of the service's has run out.
    assert_eq!(ruled(&[answered(1, 503, (4_000_000, 4_090_000))], starved).0, Ruling::Fail);
    // Another instance's wait is not this one's.
    let other = |it: &mut Evidence| late(it, "service", Some(2), 9_000_000, STARVED);
    assert_eq!(ruled(&[answered(1, 503, (0, 2_500_000))], other).0, Ruling::Fail);
}

/// Eight people look while a call hangs, which ends before they are answered. They were late for so long.
fn looks(late_us: i64) -> (Ruling, String) {
    ruled_by(LOOKS, |evidence| {
        let columns = [("method".to_owned(), ColumnType::Text)];
        evidence.parameters("hang", &columns, (1..=8).map(|_| vec![Value::Text("GET".into())])).unwrap();
        for no in 1..=8 {
            let look = answered(no, 200, (100_000, 1_300_000));
            let look = ExchangeRecord { source: "hang".into(), method: "GET".into(), ..look };
            evidence.exchange(&look).unwrap();
        }
        let call = CallRecord {
            phase: 1,
            instance: 1,
            method: "POST".into(),
            path: "/charges".into(),
            key: None,
            reference: None,
            started_us: 50_000,
            ended_us: Some(1_250_000),
            conduct: "hang".into(),
            status: None,
            charge: None,
        };
        evidence.call(&call).unwrap();
        late(evidence, "service", Some(1), 1_300_000, late_us);
    })
}

#[test]
fn a_look_that_would_have_been_quick_is_not_held_against_the_service() {
    let (ruling, why) = looks(STARVED);
    assert_eq!(ruling, Ruling::Void);
    assert!(why.contains("of the 1200 ms that a look took, 1080 ms were spent waiting for a core"), "{why}");
    // Half of the time it waited for the payment.
    assert_eq!(looks(STARVED / 2), (Ruling::Fail, String::new()));
}
