//! Servers that misbehave: each outcome is what the client can know.

use std::io::Read;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use load::{Failure, Outcome, Record, Report, Request, Requests, Target};

use crate::server::{OK, Peer, Server, open_loop, pass_time, perform};

/// Long enough that only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Short enough to be waited for, where the server never gives a whole answer.
const LITTLE_PATIENCE: Duration = Duration::from_secs(1);

/// What ten requests come to.
fn ten(timeout: Duration, script: impl Fn(&mut Peer) + Send + Sync + 'static) -> (Vec<Record>, Report) {
    let server = Server::start(script);
    let mut plan = server.plan(open_loop(100.0, 100));
    plan.timeout = timeout;
    plan.limits.body_bytes_max = 1024 * 1024;
    let (records, report) = perform(&plan);
    assert_eq!(records.len(), 10);
    server.is_left_alone();
    (records, report)
}

fn all_end_in(outcome: Outcome, script: impl Fn(&mut Peer) + Send + Sync + 'static) {
    let waits = outcome == Outcome::Unknown(Failure::Timeout);
    let (records, report) = ten(if waits { LITTLE_PATIENCE } else { PATIENCE }, script);
    let outcomes: Vec<Outcome> = records.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, vec![outcome; 10]);
    assert_eq!((report.answered, report.latency.max_us, report.failed()), (0, None, 10));
}

#[test]
fn nobody_listens() {
    let server = Server::start(|_| {});
    // A port that connections are made from. The server closes first, so the port is free at once.
    let gone = {
        let mut stream = TcpStream::connect(server.address).expect("the server listens");
        stream.read_to_end(&mut Vec::new()).expect("the server closes");
        stream.local_addr().expect("it was connected")
    };
    // So many that a connection would sooner or later be made from that very port, and so to itself.
    let mut plan = server.plan(open_loop(200_000.0, 300));
    plan.target = Target::local(gone, "localhost").expect("it is loopback");
    let (records, report) = perform(&plan);
    assert!(records.iter().all(|record| record.outcome == Outcome::Refused(Failure::ConnectionRefused)));
    assert_eq!((report.outcomes.refused, report.answered), (60_000, 0));
    assert_eq!(report.latency.p50_us, None, "failing fast is not being fast");
}

#[test]
fn never_answers() {
    all_end_in(Outcome::Unknown(Failure::Timeout), Peer::linger);
}

#[test]
fn drips_its_answer() {
    all_end_in(Outcome::Unknown(Failure::Timeout), |peer| {
        peer.request();
        let drops = OK.iter().chain(std::iter::repeat(&b'x'));
        for drop in drops.copied().take(30) {
            pass_time(LITTLE_PATIENCE / 10);
            if !peer.send(&[drop]) {
                return;
            }
        }
        peer.linger();
    });
}

#[test]
fn speaks_another_protocol() {
    all_end_in(Outcome::Unknown(Failure::Invalid), |peer| {
        peer.request();
        peer.send(b"220 mail.example ESMTP\r\n");
        peer.linger();
    });
}

#[test]
fn sends_headers_without_end() {
    all_end_in(Outcome::Unknown(Failure::TooLarge), |peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nX-Long: ");
        while peer.send(&[b'x'; 1024]) {}
    });
}

#[test]
fn sends_a_body_without_end() {
    all_end_in(Outcome::Unknown(Failure::TooLarge), |peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
        while peer.send(&[b'x'; 65536]) {}
    });
}

#[test]
fn closes_without_a_word() {
    all_end_in(Outcome::Unknown(Failure::Closed), |peer| {
        peer.request();
    });
}

#[test]
fn closes_in_the_midst_of_its_answer() {
    let (records, _) = ten(PATIENCE, |peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    for record in records {
        assert_eq!((record.outcome, record.status), (Outcome::Unknown(Failure::Closed), Some(200)));
        assert_eq!(record.bytes, 44);
    }
}

#[test]
fn resets_the_connection() {
    // What is closed with bytes unread is reset.
    all_end_in(Outcome::Unknown(Failure::Reset), |peer| {
        peer.stream.peek(&mut [0]).expect("a request comes");
    });
}

#[test]
fn closes_at_random_while_others_are_served() {
    let server = Server::start(|peer| {
        let mut left = peer.stream.peer_addr().expect("it is connected").port() % 3;
        while peer.request().is_some() && left > 0 && peer.send(OK) {
            left -= 1;
        }
    });
    let (records, _) = perform(&server.plan(open_loop(500.0, 300)));
    for Record { outcome, .. } in &records {
        use Failure::{Closed, Reset};
        assert!(
            matches!(outcome, Outcome::Done(200) | Outcome::Unknown(Closed | Reset)),
            "a server that took the connection may have acted: {outcome:?}"
        );
    }
    server.is_left_alone();
}

#[test]
fn says_more_than_was_asked() {
    let (records, report) = ten(PATIENCE, |peer| {
        while peer.request().is_some()
            && peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, and more")
        {}
    });
    assert!(records.iter().all(|record| record.outcome == Outcome::Done(200)));
    assert_eq!((report.surplus_answers, report.connections_opened), (10, 10));
}

#[test]
fn errors_are_failures_and_not_fast_answers() {
    let (_, report) = ten(PATIENCE, |peer| {
        while peer.request().is_some()
            && peer.send(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        {}
    });
    assert_eq!((report.outcomes.done, report.answered, report.failed()), (10, 0, 10));
    assert_eq!(report.statuses.get(&503), Some(&10));
    assert_eq!((report.latency.p50_us, report.latency.count), (None, 0));
}

#[test]
fn a_percentile_among_the_failures_is_none() {
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |peer| {
        // Two in a hundred fail, and fast.
        while peer.request().is_some() && seen.fetch_add(1, Ordering::SeqCst) % 50 != 7 && peer.send(OK) {}
    });
    let mut plan = server.plan(open_loop(500.0, 200));
    plan.keep_alive = false;
    let (_, report) = perform(&plan);
    assert_eq!((report.answered, report.failures.get(&Failure::Closed)), (98, Some(&2)), "{report:?}");
    for times in [report.latency, report.service] {
        assert!(times.p50_us.is_some() && times.p90_us.is_some() && times.max_us.is_some());
        assert_eq!((times.count, times.p99_us, times.p999_us), (98, None, None));
    }
}

/// One request, whose whole answer is kept.
fn kept(request: Request, script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Record {
    let server = Server::start(script);
    let mut plan = server.plan(open_loop(10.0, 100));
    plan.requests = Requests::always(request);
    plan.keep_responses = Some(5);
    let (mut records, _) = perform(&plan);
    server.is_left_alone();
    records.pop().expect("one request")
}

#[test]
fn what_is_large_comes_whole() {
    const LENGTH: usize = 5_000_000;
    let framings = [
        ("Content-Length: 5000000\r\n\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n4c4b40\r\n", "\r\n0\r\n\r\n"),
        // The end of the connection is the end of the answer, and tells of itself before all is read.
        ("\r\n", ""),
    ];
    for (head, tail) in framings {
        let record = kept(Request::get("/").expect("a path"), move |peer| {
            peer.request();
            let head = format!("HTTP/1.1 200 OK\r\n{head}");
            peer.send(&[head.as_bytes(), &[b'x'; LENGTH], tail.as_bytes()].concat());
        });
        assert_eq!(record.outcome, Outcome::Done(200), "{head}");
        assert!(record.bytes > LENGTH as u64);
        let response = record.response.expect("it is kept");
        assert_eq!((response.body.as_slice(), response.truncated), (b"xxxxx".as_slice(), true));
    }
}

#[test]
fn interim_answers_are_passed_over_and_heads_have_no_body() {
    let request = Request::new("HEAD", "/", &[("X-Mine", "1")], b"").expect("it can be sent");
    let record = kept(request, |peer| {
        peer.request();
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: 9\r\n\r\n");
        peer.linger();
    });
    assert_eq!(record.outcome, Outcome::Done(200));
    let response = record.response.expect("it is kept");
    assert_eq!((response.header("etag"), response.body.len()), (Some("x"), 0));
    assert_eq!(response.header("Link"), None);
}
