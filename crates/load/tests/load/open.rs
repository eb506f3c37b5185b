//! An open loop keeps its schedule, whatever the server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use load::{Failure, Outcome, Pace, Record, Request, Requests, Schedule, Stage};

use crate::server::{Gate, OK, Peer, Server, closed_loop, open_loop, pass_time, perform, until};

const STALL: Duration = Duration::from_millis(600);

/// A server that stalls as a whole for `STALL`, once it has got its twentieth request.
fn stalling() -> Server {
    let gate = Gate::default();
    let seen = AtomicUsize::new(0);
    Server::start(move |peer| {
        while peer.request().is_some() {
            if seen.fetch_add(1, Ordering::SeqCst) == 19 {
                gate.shut_for(STALL);
            }
            gate.pass();
            if !peer.send(OK) {
                return;
            }
        }
    })
}

/// Requests that were to start while the slowest one was waiting.
fn during_the_slowest(records: &[Record]) -> usize {
    let slowest = records.iter().max_by_key(|record| record.ended_us - record.scheduled_us).expect("some");
    let inside = slowest.scheduled_us + 1..slowest.ended_us;
    records.iter().filter(|record| inside.contains(&record.scheduled_us)).count()
}

#[test]
fn a_stall_shows_in_full_where_a_closed_loop_hides_it() {
    let stall_us = STALL.as_micros() as u64;
    let server = stalling();
    let (records, report) = perform(&server.plan(open_loop(200.0, 1500)));
    assert!(report.latency.max_us >= Some(stall_us), "{:?}", report.latency);
    // A request that was due in the first half of the stall waited for at least the other half.
    let slow = records.iter().filter(|record| record.ended_us - record.scheduled_us >= stall_us / 2).count();
    assert!(slow >= 55, "{slow} requests were slow");
    assert!(during_the_slowest(&records) >= 100);
    assert!(report.latency.p90_us >= Some(stall_us / 4), "{:?}", report.latency);
    server.is_left_alone();

    let server = stalling();
    let (records, report) = perform(&server.plan(closed_loop(1, 1500)));
    assert!(report.latency.max_us >= Some(stall_us));
    assert_eq!(during_the_slowest(&records), 0, "one client asks nothing while it waits");
    server.is_left_alone();
}

#[test]
fn what_is_offered_is_rate_times_time_whatever_the_server_does() {
    let stages = vec![
        Stage::ramp(0.0, 200.0, Duration::from_millis(300)),
        Stage::hold(200.0, Duration::from_millis(200)),
        Stage::ramp(200.0, 100.0, Duration::from_millis(200)),
    ];
    let starts: Vec<u64> = Schedule::new(&stages).map(|start_ns| start_ns / 1000).collect();
    assert_eq!(starts.len(), 30 + 40 + 30);
    let servers = [
        Server::answering(OK),
        Server::start(Peer::linger),
        Server::start(|_| {}),
        Server::answering(b"no HTTP at all\r\n\r\n"),
    ];
    for server in servers {
        let mut plan = server.plan(Pace::Open { stages: stages.clone() });
        plan.timeout = Duration::from_millis(300);
        let (records, report) = perform(&plan);
        assert_eq!(report.offered, 100);
        assert_eq!(records.iter().map(|record| record.scheduled_us).collect::<Vec<_>>(), starts);
        server.is_left_alone();
    }
}

#[test]
fn beyond_the_cap_requests_wait_with_their_clock_running() {
    let gate = Gate::shut();
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |peer| {
        while peer.request().is_some() {
            if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                pass_time(STALL);
                gate.open();
            }
            gate.pass();
            if !peer.send(OK) {
                return;
            }
        }
    });
    let mut plan = server.plan(open_loop(100.0, 300));
    plan.connections_max = 2;
    plan.timeout = Duration::from_secs(60);
    let (records, report) = perform(&plan);
    assert_eq!(report.outcomes.done, 30);
    assert!(report.waited >= 20 && report.connections_peak <= 2, "{report:?}");
    assert!(server.accepted() <= 2);
    // All were due before the stall was over; what waited took its wait into its latency, not into its service.
    let waited_us = |record: &&Record| record.started_us.expect("all were sent") - record.scheduled_us;
    let longest = records.iter().max_by_key(waited_us).expect("some");
    assert!(waited_us(&longest) >= 200_000, "{longest:?}");
    assert!(report.latency.p50_us > report.service.p50_us, "{report:?}");
    server.is_left_alone();
}

#[test]
fn what_was_never_sent_is_refused_and_what_was_sent_is_unknown() {
    let server = Server::start(Peer::linger);
    let mut plan = server.plan(open_loop(1000.0, 60_000));
    plan.connections_max = 3;
    plan.timeout = Duration::from_secs(3600);
    let due = Arc::new(AtomicUsize::new(0));
    let (request, counted) = (Arc::new(Request::get("/").expect("a path")), Arc::clone(&due));
    plan.requests = Requests::each(move || {
        let (request, counted) = (Arc::clone(&request), Arc::clone(&counted));
        std::iter::repeat_with(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Arc::clone(&request)
        })
    });
    let stop = plan.stop.clone();
    let run = std::thread::spawn(move || perform(&plan));
    until("three have come and more are due", || {
        server.requests().len() == 3 && due.load(Ordering::SeqCst) >= 20
    });
    stop.stop();
    let (records, report) = run.join().expect("it ends");
    let stopped = Failure::Stopped;
    assert!(records[..3].iter().all(|record| record.outcome == Outcome::Unknown(stopped)));
    assert!(records[3..].iter().all(|record| record.outcome == Outcome::Refused(stopped)));
    assert!(records[3..].iter().all(|record| record.started_us.is_none() && record.connection.is_none()));
    assert!(report.offered >= 20 && report.waited == report.offered - 3, "{report:?}");
    assert_eq!((report.answered, report.latency.p50_us, report.latency.max_us), (0, None, None));
    server.is_left_alone();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn nobody_waits_longer_than_the_timeout() {
    let server = Server::start(Peer::linger);
    let mut plan = server.plan(open_loop(100.0, 200));
    plan.connections_max = 3;
    plan.timeout = Duration::from_millis(500);
    let (records, report) = perform(&plan);
    for record in &records {
        assert!(record.ended_us - record.scheduled_us >= 499_000, "{record:?}");
        let failure = record.outcome.failure().expect("nothing is answered");
        assert!(matches!(failure, Failure::Timeout | Failure::NoConnection), "{failure:?}");
    }
    server.is_left_alone();
    assert!(server.requests().len() as u64 <= report.outcomes.unknown, "refused means that nothing came");
}

#[test]
fn what_waited_in_vain_is_not_sent_after_its_time() {
    let server = Server::start(Peer::linger);
    // Twenty at once, three connections, and a generator that is away when their time is up.
    let mut plan = server.plan(Pace::Open { stages: vec![Stage::hold(1e6, Duration::from_micros(20))] });
    plan.connections_max = 3;
    plan.timeout = Duration::from_secs(1);
    let mut records = Vec::new();
    let report = load::run(&plan, &mut |record| {
        if records.is_empty() {
            pass_time(Duration::from_millis(50));
        }
        records.push(record);
    });
    let report = report.expect("it can be performed");
    let refused = |record: &&Record| record.outcome == Outcome::Refused(Failure::NoConnection);
    assert_eq!((report.offered, records.iter().filter(refused).count()), (20, 17), "{report:?}");
    assert!(records.iter().filter(refused).all(|record| record.started_us.is_none()));
    server.is_left_alone();
    assert!(server.requests().len() <= 3);
}

#[test]
fn connections_are_used_again_or_not_at_all() {
    for keep_alive in [true, false] {
        let server = Server::answering(OK);
        let mut plan = server.plan(closed_loop(1, 100));
        plan.keep_alive = keep_alive;
        let (_, report) = perform(&plan);
        assert_eq!(report.outcomes.done, report.offered, "{report:?}");
        assert_eq!(report.connections_opened, if keep_alive { 1 } else { report.offered });
        assert_eq!(report.connections_opened, server.accepted() as u64);
        server.is_left_alone();
    }
}

#[test]
fn a_run_ends_when_its_requests_do() {
    let server = Server::answering(OK);
    let mut plan = server.plan(open_loop(1000.0, 60_000));
    let request = Arc::new(Request::get("/").expect("a path"));
    plan.requests = Requests::each(move || std::iter::repeat_n(Arc::clone(&request), 7));
    let (_, report) = perform(&plan);
    assert_eq!((report.offered, report.outcomes.done, report.requests_ran_out), (7, 7, true));
    server.is_left_alone();
}

#[test]
fn a_stop_ends_a_run_that_waits_for_nothing() {
    let server = Server::start(Peer::linger);
    let mut plan = server.plan(open_loop(50.0, 3_600_000));
    plan.timeout = Duration::from_secs(3600);
    let stop = plan.stop.clone();
    let run = std::thread::spawn(move || perform(&plan));
    until("a request has come", || !server.requests().is_empty());
    stop.stop();
    let (records, report) = run.join().expect("it ends");
    assert!(report.stopped && report.offered > 0);
    assert!(records.iter().all(|record| record.outcome.failure() == Some(Failure::Stopped)));
    server.is_left_alone();
}

#[test]
fn a_stop_before_the_start_sends_nothing() {
    let server = Server::answering(OK);
    let plan = server.plan(open_loop(50.0, 3_600_000));
    plan.stop.stop();
    let (records, report) = perform(&plan);
    assert!(report.stopped && records.is_empty() && server.accepted() == 0);
}
