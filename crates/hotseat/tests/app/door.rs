//! The address: the default port, one that is taken, a second hotseat, and the end.

use std::net::TcpListener;

use crate::client::TestApp;
use crate::support::{TestHome, eventually};

const DEFAULT_PORT: u16 = 7410;

#[test]
fn a_second_hotseat_finds_the_one_that_runs() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let second = home.hotseat(["app", "--no-open"]).exits_with(0);
    let address = format!("http://127.0.0.1:{}/", app.port);
    assert_eq!(second.stdout.lines().next(), Some(address.as_str()), "{second}");
    second.says(&["runs there already"]);
    app.end().exits_with(0);
    let third = TestApp::start(&home);
    third.get("/data").is(200);
    third.end().exits_with(0);
}

#[test]
fn when_the_default_port_is_taken_the_next_free_one_is_used_and_said() {
    let homes = [TestHome::new(), TestHome::new()];
    let apps = homes.each_ref().map(TestApp::start);
    assert_ne!(apps[0].port, apps[1].port);
    // Which of them has it depends on the apps of other tests. The one that does not have it says so.
    let other = apps.iter().find(|app| app.port != DEFAULT_PORT).expect("only one can have it");
    let says_so =
        || other.printed().contains(&format!("port {DEFAULT_PORT} is taken, so this is the next free one"));
    eventually("one says that the default port is taken", says_so);
    apps.iter().for_each(|app| drop(app.get("/data").is(200)));
    for app in apps {
        app.end().exits_with(0);
    }
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port().to_string();
    let home = TestHome::new();
    home.hotseat(["app", "--no-open", "--port", &port]).exits_with(2).says(&[&port, "--port"]);
}

#[test]
fn only_this_machine_is_listened_to() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let listening = std::fs::read_to_string("/proc/net/tcp").expect("Linux tells");
    // A line has the local address in hexadecimal, and 0A is LISTEN.
    let mine = format!(":{:04X} ", app.port);
    let lines: Vec<&str> =
        listening.lines().filter(|line| line.contains(&mine) && line.contains(" 0A ")).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.contains("0100007F")), "{lines:?}");
    app.end().exits_with(0);
}

#[test]
fn requests_that_have_begun_do_not_keep_it_from_ending() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let _idle = app.connect();
    let mut begun = app.connect();
    std::io::Write::write_all(&mut begun, b"GET / HTTP/1.1\r\nHost: ").expect("it is open");
    app.end().exits_with(0);
}

#[test]
fn a_store_that_cannot_be_opened_is_told_instead_of_an_address() {
    let home = TestHome::new();
    let store = home.path().join("learner.sqlite");
    std::fs::write(&store, "no store at all, but long enough to have a header of its own")
        .expect("it is ours");
    let ran = home.hotseat(["app", "--no-open"]).exits_with(2).says(&["learner.sqlite"]);
    assert_eq!(ran.stdout, "");
    std::fs::remove_file(&store).expect("it is there");
    TestApp::start(&home).end().exits_with(0);
}
