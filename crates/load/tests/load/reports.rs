//! The report: its control, its percentiles, its text and its serialised shape.

use std::collections::BTreeMap;
use std::time::Duration;

use load::{Failure, Outcomes, Percentiles, Record, Report, Second, Text};

use crate::server::{OK, Server, closed_loop, open_loop, pass_time, perform};

#[test]
fn a_generator_that_stands_still_says_so() {
    let server = Server::answering(OK);
    let mut plan = server.plan(open_loop(200.0, 1000));
    plan.lag_max = Duration::from_millis(10);
    // The sink runs inside the generator: it is not the server that is slow.
    let report = load::run(&plan, &mut |record: Record| {
        if record.index == 20 {
            pass_time(Duration::from_millis(300));
        }
    });
    let report = report.expect("it can be performed");
    let why = report.fell_behind().expect("it fell behind");
    assert!(why.contains("the generator"), "{why}");
    assert!(report.lag.max_us >= Some(250_000), "{:?}", report.lag);
    assert!(Text(&report).to_string().starts_with("VOID: the generator"), "{}", Text(&report));
}

#[test]
fn a_server_that_stands_still_does_not_void_the_run() {
    let server = Server::start(|peer| {
        while peer.request().is_some() {
            pass_time(Duration::from_millis(300));
            if !peer.send(OK) {
                return;
            }
        }
    });
    let mut plan = server.plan(open_loop(50.0, 500));
    plan.connections_max = 4;
    plan.timeout = Duration::from_secs(60);
    plan.lag_max = Duration::from_secs(60);
    let (_, report) = perform(&plan);
    assert!(report.waited > 0 && report.latency.p99_us >= Some(300_000), "{report:?}");
    assert_eq!(report.fell_behind(), None, "waiting for a connection is the server's doing");
}

fn made_up() -> Report {
    let times = |factor: u64| Percentiles {
        count: 4980,
        p50_us: Some(410 * factor),
        p90_us: Some(1_230 * factor),
        p99_us: Some(88_000 * factor),
        p999_us: None,
        max_us: Some(2_004_000),
    };
    let second = |second| Second {
        second,
        offered: 500,
        failed: u64::from(second == 4) * 20,
        p50_us: Some(400),
        p99_us: if second == 4 { None } else { Some(1000 * (second + 1)) },
    };
    Report {
        schema: 1,
        target: "127.0.0.1:8080".to_owned(),
        open_loop: true,
        planned_us: 10_000_000,
        elapsed_us: 10_000_400,
        offered: 5000,
        offered_per_s: 500.0,
        answered: 4980,
        answered_per_s: 498.0,
        outcomes: Outcomes { done: 4985, refused: 3, unknown: 12 },
        failures: BTreeMap::from([(Failure::Timeout, 12), (Failure::ConnectionRefused, 3)]),
        statuses: BTreeMap::from([(200, 4980), (500, 5)]),
        received_bytes: 1_000_000,
        surplus_answers: 0,
        latency: times(2),
        service: times(1),
        lag: Percentiles { count: 5000, p99_us: Some(90), max_us: Some(1200), ..times(1) },
        lag_max_us: 10_000,
        busy_share: 0.034,
        waited: 12,
        waiting_max: 4,
        connections_opened: 31,
        connections_peak: 27,
        files_ran_out: false,
        requests_ran_out: false,
        stopped: false,
        seconds: (0..10).map(second).collect(),
    }
}

fn assert_fits(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80 && line.trim_end() == line, "{line:?}");
    }
}

#[test]
fn the_text_fits_a_terminal_and_says_what_matters() {
    let text = Text(&made_up()).to_string();
    assert_fits(&text);
    for part in
        ["5,000", "498 a second", "timeout 12", "status 500 5", "p99.9", "no answer", "2.00 s", "90 µs"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    assert!(!text.contains("VOID"), "{text}");
}

#[test]
fn long_runs_and_huge_figures_fit_too() {
    let mut report = made_up();
    let second = Second { second: 0, offered: 99_999, failed: 99_999, p50_us: None, p99_us: None };
    report.seconds = (0..86_400).map(|number| Second { second: number, ..second }).collect();
    report.statuses = (200..260).map(|status| (status, 1_000_000_000)).collect();
    report.offered = 999_999_999_999;
    report.lag.p99_us = Some(5_000_000_000);
    report.stopped = true;
    let text = Text(&report).to_string();
    assert!(text.lines().count() < 60 && text.starts_with("VOID"), "{text}");
    assert_fits(&text);
}

#[test]
fn each_way_of_falling_behind_has_its_reason() {
    let why = |change: fn(&mut Report)| {
        let mut report = made_up();
        change(&mut report);
        report.fell_behind().unwrap_or_default()
    };
    assert_eq!(why(|_| {}), "");
    assert!(why(|report| report.lag.p99_us = Some(10_001)).contains("one request in a hundred"));
    assert!(why(|report| report.lag.max_us = Some(1_900_000)).contains("stood still"));
    // A pause that is small beside what the server did changes nothing.
    assert_eq!(why(|report| report.lag.max_us = Some(120_000)), "");
    assert!(why(|report| _ = report.failures.insert(Failure::LocalLimit, 7)).contains("7 connections"));
    assert!(why(|report| report.files_ran_out = true).contains("ulimit"));
    assert!(
        why(|report| {
            report.open_loop = false;
            report.busy_share = 0.99;
        })
        .contains("busy for 99 %")
    );
}

#[test]
fn the_serialised_shape_has_a_number_and_units() {
    let server = Server::answering(OK);
    let (_, report) = perform(&server.plan(closed_loop(1, 100)));
    assert_fits(&Text(&report).to_string());
    let json = serde_json::to_value(&report).expect("it can be written");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["outcomes"]["done"], report.offered);
    assert_eq!(json["statuses"]["200"], report.offered);
    assert!(json["latency"]["p99_us"].is_u64() && json["seconds"][0]["p99_us"].is_u64(), "{json}");
    let json = serde_json::to_value(made_up()).expect("it can be written");
    assert_eq!(
        (&json["failures"]["connection_refused"], &json["latency"]["p999_us"]),
        (&3.into(), &().into())
    );
}
