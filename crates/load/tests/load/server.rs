//! A small server on threads that behaves as a test scripts it, and counts what it sees.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use load::{Pace, Plan, Record, Report, Request, Requests, Stage, Target};

/// Far beyond what anything here takes, so that only a hang reaches it.
const HANG: Duration = Duration::from_secs(60);
pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    counts: Arc<Counts>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    ends: AtomicBool,
    accepted: AtomicUsize,
    open: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

/// The server's end of one connection.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    counts: Arc<Counts>,
    unread: Vec<u8>,
}

impl Server {
    /// Each connection gets a thread that runs `script` and closes.
    pub(crate) fn start(script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let counts = Arc::new(Counts::default());
        let script = Arc::new(script);
        let seen = Arc::clone(&counts);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if seen.ends.load(Ordering::SeqCst) {
                    return;
                }
                stream.set_nodelay(true).expect("a TCP stream");
                seen.accepted.fetch_add(1, Ordering::SeqCst);
                seen.open.fetch_add(1, Ordering::SeqCst);
                let mut peer = Peer { stream, counts: Arc::clone(&seen), unread: Vec::new() };
                let script = Arc::clone(&script);
                std::thread::spawn(move || script(&mut peer));
            }
        });
        Server { address, counts, thread: Some(thread) }
    }

    /// Answers every request with `answer`.
    pub(crate) fn answering(answer: &[u8]) -> Server {
        let answer = answer.to_vec();
        Server::start(move |peer| while peer.request().is_some() && peer.send(&answer) {})
    }

    pub(crate) fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }

    /// The requests that came whole: first line and body, in the order of their coming.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.counts.requests.lock().expect("no test panics with it").clone()
    }

    /// Waits until every connection is closed by both.
    pub(crate) fn is_left_alone(&self) {
        until("all connections are closed", || self.counts.open.load(Ordering::SeqCst) == 0);
    }

    pub(crate) fn plan(&self, pace: Pace) -> Plan {
        let target = Target::local(self.address, &self.address.to_string()).expect("it is loopback");
        Plan::new(target, pace, Requests::always(Request::get("/").expect("a path")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.counts.ends.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server does not panic");
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.counts.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Peer {
    /// The next request, whole: its first line and its body. None once the client has closed.
    pub(crate) fn request(&mut self) -> Option<String> {
        loop {
            if let Some((request, length)) = parse(&self.unread) {
                self.unread.drain(..length);
                self.counts.requests.lock().expect("no test panics with it").push(request.clone());
                return Some(request);
            }
            let mut buffer = [0; 4096];
            let bytes = self.stream.read(&mut buffer).ok().filter(|bytes| *bytes > 0)?;
            self.unread.extend_from_slice(&buffer[..bytes]);
        }
    }

    /// Sends bytes; did the client take them?
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Waits until the client closes.
    pub(crate) fn linger(&mut self) {
        while self.request().is_some() {}
    }
}

fn parse(bytes: &[u8]) -> Option<(String, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = str::from_utf8(&bytes[..end]).expect("the generator sends ASCII");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map_or(0, |digits| digits.parse().expect("digits"));
    let body = bytes.get(end..end + length)?;
    let line = head.lines().next().unwrap_or_default();
    Some((format!("{line}|{}", String::from_utf8_lossy(body)), end + length))
}

/// Lets requests through, or holds them.
#[derive(Default)]
pub(crate) struct Gate {
    shut: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    /// A gate that is shut until somebody opens it.
    pub(crate) fn shut() -> Gate {
        Gate { shut: Mutex::new(true), opened: Condvar::new() }
    }

    pub(crate) fn open(&self) {
        *self.shut.lock().expect("no test panics with it") = false;
        self.opened.notify_all();
    }

    /// Returns once the gate is open.
    pub(crate) fn pass(&self) {
        let shut = self.shut.lock().expect("no test panics with it");
        drop(self.opened.wait_while(shut, |shut| *shut).expect("no test panics with it"));
    }

    /// Is shut for so long, and opens then.
    pub(crate) fn shut_for(&self, time: Duration) {
        *self.shut.lock().expect("no test panics with it") = true;
        pass_time(time);
        self.open();
    }
}

/// A scripted delay: what a server or a sink does, never how a test waits.
pub(crate) fn pass_time(time: Duration) {
    let start = Instant::now();
    while let Some(left) = time.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}

/// Waits until the condition holds.
pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < HANG, "waited in vain until {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// So many a second for so many milliseconds.
pub(crate) fn open_loop(rate_per_s: f64, ms: u64) -> Pace {
    Pace::Open { stages: vec![Stage::hold(rate_per_s, Duration::from_millis(ms))] }
}

pub(crate) fn closed_loop(clients: usize, ms: u64) -> Pace {
    Pace::Closed { clients, duration: Duration::from_millis(ms) }
}

/// Performs the plan and checks what holds of every run: each request has one record, and the report adds up.
pub(crate) fn perform(plan: &Plan) -> (Vec<Record>, Report) {
    let mut records = Vec::new();
    let report = load::run(plan, &mut |record| records.push(record)).expect("the plan can be performed");
    records.sort_by_key(|record: &Record| record.index);
    let indexes: Vec<u64> = records.iter().map(|record| record.index).collect();
    assert_eq!(indexes, (0..report.offered).collect::<Vec<_>>(), "one record for each request");
    let count = |name: &str| records.iter().filter(|record| record.outcome.name() == name).count() as u64;
    let outcomes = report.outcomes;
    assert_eq!(
        (count("done"), count("refused"), count("unknown")),
        (outcomes.done, outcomes.refused, outcomes.unknown)
    );
    assert_eq!(outcomes.refused + outcomes.unknown, report.failures.values().sum::<u64>());
    assert_eq!(outcomes.done, report.statuses.values().sum::<u64>());
    assert_eq!(report.offered, report.seconds.iter().map(|second| second.offered).sum::<u64>());
    assert_eq!(report.failed(), report.seconds.iter().map(|second| second.failed).sum::<u64>());
    for record in &records {
        assert!(record.started_us.is_none_or(|started_us| started_us >= record.scheduled_us), "{record:?}");
        assert!(record.ended_us >= record.started_us.unwrap_or(record.scheduled_us), "{record:?}");
    }
    (records, report)
}
