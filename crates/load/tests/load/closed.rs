//! A closed loop: each client waits for its answer.

use crate::server::{OK, Server, closed_loop, perform};
use load::{Failure, Record};

#[test]
fn no_client_has_two_requests_at_once() {
    let server = Server::answering(OK);
    let (records, report) = perform(&server.plan(closed_loop(3, 200)));
    assert!(report.offered >= 3 && !report.open_loop, "{report:?}");
    assert_eq!((report.outcomes.done, report.connections_opened), (report.offered, 3));
    assert_eq!(report.lag.count, 0);
    let at_once = |record: &Record| {
        let begun = records[..record.index as usize].iter();
        begun.filter(|other| other.ended_us > record.scheduled_us).count()
    };
    assert!(records.iter().all(|record| at_once(record) < 3));
    server.is_left_alone();
}

#[test]
fn clients_that_find_nobody_do_not_spin() {
    let address = {
        let server = Server::answering(OK);
        server.address
    };
    let server = Server::answering(OK);
    let mut plan = server.plan(closed_loop(2, 350));
    plan.target = load::Target::local(address, "localhost").expect("it is loopback");
    let (records, report) = perform(&plan);
    assert!(records.iter().all(|record| record.outcome.failure() == Some(Failure::ConnectionRefused)));
    assert!((2..=8).contains(&report.offered), "two clients, 350 ms, a pause of 100 ms: {}", report.offered);
}
