//! Loads: what is printed, stored and refused, against a small server of the test's own.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use judge::evidence::Reading;
use judge::sql::Value;
use nix::sys::signal::Signal;
use serde_json::Value as Json;

use super::has_keys;
use super::server::Server;
use crate::support::{Ran, TestHome, eventually, files_below};

/// A load that measured something: exit code 0, or 3 with the reason where this machine was too busy.
#[track_caller]
fn measured(ran: Ran) -> Json {
    let json = ran.json();
    let void = json["fell_behind"].is_string();
    assert_eq!(ran.code, Some(if void { 3 } else { 0 }), "{ran}");
    assert_eq!((&json["schema"], &json["stopped"]), (&1.into(), &false.into()), "{json:#}");
    json
}

fn load(home: &TestHome, url: &str, more: &[&str]) -> Ran {
    home.hotseat([&["load", url], more].concat())
}

/// One number that the evidence is asked for.
#[track_caller]
fn ask(evidence: &Path, query: &str) -> i64 {
    let reading = Reading::open(evidence, None).expect("it is evidence");
    let found = reading.query(query).unwrap_or_else(|e| panic!("{query}: {e}"));
    match found.rows.first().and_then(|row| row.first()) {
        Some(Value::Int(number)) => *number,
        other => panic!("{query}: {other:?}"),
    }
}

fn loads(home: &TestHome) -> Vec<PathBuf> {
    files_below(&home.path().join("loads"))
}

// --- what is measured --------------------------------------------------------------------------------

#[test]
fn percentiles_are_printed_for_people() {
    let (home, server) = (TestHome::new(), Server::answering());
    let ran = load(&home, &server.url("/orders"), &["--rate", "100", "--for", "300ms"]);
    assert!(matches!(ran.code, Some(0 | 3)), "{ran}");
    let shown = ran.stdout.clone();
    let title = format!("GET {}, 100 a second for 300ms", server.url("/orders"));
    let evidence = home.path().join("loads/1/evidence.sqlite").display().to_string();
    ran.says(&[&title, "offered", "answered", "30", "p50", "p99.9", "latency", "service", "its own lag"])
        .says(&["evidence", &evidence]);
    for line in shown.lines().filter(|line| !line.contains(&evidence)) {
        assert!(line.chars().count() <= 80 && !line.contains(['\x1b', '\r']), "{line:?}");
    }
}

#[test]
fn the_evidence_agrees_with_the_report() {
    let (home, server) = (TestHome::new(), Server::answering());
    let json = measured(load(&home, &server.url("/"), &["--rate", "200", "--for", "500ms", "--json"]));
    has_keys(
        &json,
        "target open_loop offered answered outcomes failures statuses latency service lag seconds",
    );
    has_keys(&json, "method url seed evidence");
    has_keys(&json["latency"], "count p50_us p90_us p99_us p999_us max_us");
    assert_eq!((&json["offered"], &json["statuses"]["200"]), (&100.into(), &100.into()), "{json:#}");
    let evidence = PathBuf::from(json["evidence"].as_str().expect("it is a path"));
    assert_eq!(loads(&home), ["1/evidence.sqlite", "1/report.json"].map(PathBuf::from));
    let count = "SELECT count(*) FROM ops JOIN phases USING (phase) WHERE outcome = 'done' AND name = 'load'";
    assert_eq!(
        ask(&evidence, &format!("{count} AND params ->> 'status' = 200 AND params ->> 'bytes' = 40")),
        100
    );
    for (share, name) in [("0.5", "p50_us"), ("0.99", "p99_us"), ("1", "max_us")] {
        let exact = ask(&evidence, &format!("SELECT percentile(ended_us - scheduled_us, {share}) FROM ops"));
        let reported = json["latency"][name].as_i64().expect("all were answered");
        // The report keeps three digits.
        assert!((exact..=exact + exact / 500 + 1).contains(&reported), "{name}: {exact} and {reported}");
    }
    let stored = fs::read_to_string(evidence.with_file_name("report.json")).expect("it is there");
    let stored: Json = serde_json::from_str(&stored).expect("it is JSON");
    assert_eq!((&stored["latency"], &stored["url"]), (&json["latency"], &json["url"]));
    let noted = "SELECT value ->> '$.latency.p99_us' FROM run WHERE key = 'report'";
    assert_eq!(Some(ask(&evidence, noted)), json["latency"]["p99_us"].as_i64());
}

#[test]
fn a_stall_is_shown_in_full() {
    // Held from the 20th request until 40 more have come: they are due 5 ms after each other.
    let (home, server) = (TestHome::new(), Server::stalling(20, 60));
    let json = measured(load(&home, &server.url("/"), &["--rate", "200", "--for", "1s", "--json"]));
    assert_eq!(json["offered"], 200);
    let latency_us = |name: &str| json["latency"][name].as_i64().expect("all were answered");
    assert!(latency_us("max_us") >= 200_000 && latency_us("p90_us") >= 100_000, "{:#}", json["latency"]);
    let evidence = PathBuf::from(json["evidence"].as_str().expect("it is a path"));
    assert!(ask(&evidence, "SELECT count(*) FROM ops WHERE ended_us - scheduled_us >= 100000") >= 20);
}

#[test]
fn what_is_asked_for_comes_to_the_server() {
    let (home, server) = (TestHome::new(), Server::answering());
    let url = server.url("/orders/${index}?die=${draw:6}");
    let more =
        ["--rate", "1000", "--for", "3ms", "--method", "PUT", "--header", "X-Id: n${index}", "--header"];
    let more = [&more[..], &["Accept: a/b", "--data", "{\"n\":${index}}", "--seed", "7", "--json"]].concat();
    let first = measured(load(&home, &url, &more));
    assert_eq!((&first["seed"], &first["method"]), (&7.into(), &"PUT".into()));
    let mut came = server.requests();
    came.sort();
    assert_eq!(came.len(), 3);
    for (index, request) in came.iter().enumerate() {
        for part in [&*format!("PUT /orders/{index}?die="), "Accept: a/b\r\n", &format!("X-Id: n{index}\r\n")]
        {
            assert!(request.contains(part), "{part} is missing from {request}");
        }
        assert!(request.ends_with(&format!("\r\n\r\n{{\"n\":{index}}}")), "{request}");
    }
    measured(load(&home, &url, &more));
    let mut again = server.requests().split_off(3);
    again.sort();
    assert_eq!(came, again, "the same seed draws the same requests");
}

#[test]
fn a_body_comes_from_a_file_and_a_closed_loop_has_clients() {
    let (home, server) = (TestHome::new(), Server::answering());
    fs::write(home.work().join("body"), b"\xff\x00 as it is").expect("the folder is there");
    let more =
        ["--clients", "2", "--for", "50ms", "--body", "body", "--no-keep-alive", "--no-evidence", "--json"];
    let json = measured(load(&home, &server.url("/"), &more));
    assert_eq!((&json["open_loop"], &json["evidence"]), (&false.into(), &Json::Null));
    assert!(json["connections_opened"] == json["offered"] && json["connections_peak"].as_u64() <= Some(2));
    let request = server.requests().pop().expect("some came");
    assert!(
        request.starts_with("POST / HTTP/1.1\r\n") && request.contains("Content-Length: 11\r\n"),
        "{request}"
    );
    assert!(!home.path().join("loads").exists(), "without evidence nothing is stored");
}

#[test]
fn evidence_goes_where_it_is_wanted_and_nothing_is_overwritten() {
    let (home, server) = (TestHome::new(), Server::answering());
    let more = ["--rate", "50", "--for", "100ms", "--ramp", "100ms", "--evidence", "mine.sqlite", "--json"];
    assert_eq!(measured(load(&home, &server.url("/"), &more))["offered"], 8);
    let evidence = home.work().join("mine.sqlite");
    assert_eq!(ask(&evidence, "SELECT count(*) FROM ops"), 8);
    load(&home, &server.url("/"), &more).exits_with(2).says(&["exists already"]);
    assert!(loads(&home).is_empty());
    for number in ["1", "2"] {
        measured(load(&home, &server.url("/"), &["--for", "10ms", "--json"]));
        assert!(home.path().join("loads").join(number).join("report.json").exists());
    }
}

#[test]
fn failures_are_reported_and_are_no_fast_answers() {
    let (home, server) = (TestHome::new(), Server::failing());
    let json = measured(load(&home, &server.url("/"), &["--for", "200ms", "--json"]));
    assert_eq!((&json["statuses"]["503"], &json["latency"]["p50_us"]), (&20.into(), &Json::Null));
}

// --- what is refused ---------------------------------------------------------------------------------

#[test]
fn nobody_listens() {
    let (home, server) = (TestHome::new(), Server::answering());
    // A port that a connection is made from is taken, and nobody listens on it.
    let taken = TcpStream::connect(server.address).expect("it listens");
    let port = taken.local_addr().expect("it is connected").port();
    let url = format!("http://localhost:{port}/");
    let ran =
        load(&home, &url, &["--json"]).exits_with(4).says(&["nothing listens", "start the server", "[::1]"]);
    assert_eq!(ran.json()["error"]["kind"], "missing");
    assert!(loads(&home).is_empty(), "nothing was measured");
}

#[test]
fn mistakes_are_named_before_anything_is_sent() {
    let (home, server) = (TestHome::new(), Server::answering());
    fs::write(home.work().join("binary"), b"\xff").expect("the folder is there");
    let here = server.url("/");
    let blank = server.url("/${index}");
    for (args, words) in [
        (vec!["127.0.0.1:8080"], "no scheme"),
        (vec!["https://127.0.0.1/"], "TLS"),
        (vec!["http://127.0.0.1:99999/"], "port"),
        (vec!["http://192.0.2.1/"], "--remote"),
        (vec!["http://example.test/"], "--remote"),
        (vec![&*here, "--for", "10"], "500ms, 10s or 2m"),
        (vec![&*here, "--for", "0s"], "between 1ms and 24h"),
        (vec![&*here, "--timeout=-1s"], "between 1ms and 24h"),
        (vec![&*here, "--rate", "0"], "above 0"),
        (vec![&*here, "--rate", "5", "--clients", "5"], "cannot be used with"),
        (vec![&*here, "--ramp", "1s", "--clients", "5"], "cannot be used with"),
        (vec![&*here, "--clients", "0"], "--clients"),
        (vec![&*here, "--connections", "0"], "--connections"),
        (vec![&*here, "--header", "no colon"], "Accept: application/json"),
        (vec![&*here, "--header", "Host: other"], "written by the generator"),
        (vec![&*here, "--method", "GET IT"], "no HTTP method"),
        (vec![&*here, "--data", "${what}"], "has no meaning"),
        (vec![&*here, "--data", "x", "--body", "binary"], "cannot be used with"),
        (vec![&*here, "--body", "nowhere"], "nowhere"),
        (vec![&*here, "--body", "."], "directory"),
        (vec![&*blank, "--body", "binary"], "no text"),
        (vec![&*here, "--evidence", "nowhere/x.sqlite"], "nowhere"),
        (vec![&*here, "--evidence", "x.sqlite", "--no-evidence"], "cannot be used with"),
    ] {
        let ran = home.hotseat([&["load"], &args[..]].concat()).exits_with(2).says(&[words]);
        assert!(!ran.stderr.contains("panicked"), "{ran}");
    }
    assert_eq!(server.requests(), Vec::<String>::new());
    assert!(loads(&home).is_empty());
}

#[test]
fn a_generator_that_fell_behind_voids_the_run_and_says_why() {
    let (home, server) = (TestHome::new(), Server::silent());
    let hotseat = home.command(["load", &server.url("/"), "--rate", "500", "--for", "1s", "--timeout", "1s"]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "ulimit -n 40; exec \"$0\" \"$@\""])
        .arg(hotseat.get_program())
        .args(hotseat.get_args());
    shell.current_dir(home.work()).env_clear();
    shell.envs(hotseat.get_envs().filter_map(|(name, value)| Some((name, value?))));
    home.start_command(shell).finish().exits_with(3).says(&["VOID:", "ulimit -n", "no answer", "evidence"]);
    let evidence = home.path().join("loads/1/evidence.sqlite");
    assert_eq!(
        ask(&evidence, "SELECT count(*) FROM run WHERE key = 'fell_behind' AND value LIKE '%ulimit%'"),
        1
    );
}

// --- what is interrupted -----------------------------------------------------------------------------

#[test]
fn an_interrupted_load_shows_what_was_measured() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (home, server) = (TestHome::new(), Server::answering());
        let running = home.start(["load", &server.url("/"), "--for", "1h", "--json"]);
        eventually("requests have come", || server.requests().len() >= 10);
        running.signal(signal);
        let ran = running.finish().exits_with(130);
        let json = ran.json();
        assert_eq!(json["stopped"], true, "{ran}");
        assert!(json["offered"].as_u64() >= Some(10) && json["latency"]["p50_us"].is_u64(), "{ran}");
        assert_eq!(loads(&home), ["1/evidence.sqlite", "1/report.json"].map(PathBuf::from));
        let evidence = home.path().join("loads/1/evidence.sqlite");
        assert_eq!(Some(ask(&evidence, "SELECT count(*) FROM ops")), json["offered"].as_i64());
    }
}

#[test]
fn what_a_killed_load_leaves_is_cleared_by_the_next() {
    let (home, server) = (TestHome::new(), Server::answering());
    let running = home.start(["load", &server.url("/"), "--for", "1h"]);
    eventually("requests have come", || server.requests().len() >= 10);
    running.signal(Signal::SIGKILL);
    assert_eq!(running.finish().code, None);
    measured(load(&home, &server.url("/"), &["--for", "10ms", "--json"]));
    assert_eq!(loads(&home), ["1/evidence.sqlite", "1/report.json"].map(PathBuf::from));
}
