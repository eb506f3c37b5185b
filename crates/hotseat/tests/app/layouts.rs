//! The process in which the app lays résumés out: it comes when one is asked for, goes when none is, and whatever
//! befalls it, the app lives on.

use std::io::{Read, Write};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::client::TestApp;
use crate::support::{TestHome, eventually};

/// An app with a résumé, and the path at which it is laid out.
fn app_with_a_resume(home: &TestHome) -> (TestApp, String) {
    let app = TestApp::start(home);
    let begun = app.send_json("POST", "/api/v1/resumes", &json!({})).is(201).json();
    let id = begun["id"].as_str().expect("an id");
    (app, format!("/api/v1/resumes/{id}/previews"))
}

/// Lays a text out that was not laid out before.
fn lay_out(app: &TestApp, path: &str, name: &str) -> Value {
    let text = format!("[basics]\nname = \"{name}\"\n");
    app.send_json("POST", path, &json!({ "text": text })).is(200).json()
}

/// The process that lays out for this app.
fn layout_process(app: &TestApp) -> Option<Pid> {
    let id = app.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("Linux tells");
    let is_layout = |id: &&str| {
        let title = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        title.starts_with(b"resume-layout\0")
    };
    children.split_whitespace().find(is_layout).map(|id| Pid::from_raw(id.parse().expect("a number")))
}

/// The same, once a résumé was laid out, with the process that waits for the next.
fn app_that_has_laid_out(home: &TestHome) -> (TestApp, String, Pid) {
    let (app, path) = app_with_a_resume(home);
    lay_out(&app, &path, "Ada");
    let process = layout_process(&app).expect("it waits for the next");
    (app, path, process)
}

fn runs(process: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn it_serves_one_layout_after_the_other_and_is_replaced_when_it_was_killed() {
    let home = TestHome::new();
    let (app, path) = app_with_a_resume(&home);
    assert_eq!(layout_process(&app), None, "nobody has asked yet");
    lay_out(&app, &path, "Ada");
    let first = layout_process(&app).expect("it waits for the next");
    lay_out(&app, &path, "Grace");
    assert_eq!(layout_process(&app), Some(first));
    kill(first, Signal::SIGKILL).expect("it is there");
    let preview = lay_out(&app, &path, "Barbara");
    assert_eq!(preview["pages"], 1, "{preview:#}");
    let second = layout_process(&app).expect("another one");
    assert_ne!(first, second);
    app.end().exits_with(0);
    eventually("it ends with the app", || !runs(second));
}

#[test]
fn it_ends_with_an_app_that_is_killed() {
    let home = TestHome::new();
    let (app, _, process) = app_that_has_laid_out(&home);
    app.kill();
    eventually("it ends with the app", || !runs(process));
}

#[test]
fn it_ends_when_nobody_edits() {
    let home = TestHome::new();
    let (app, path, process) = app_that_has_laid_out(&home);
    eventually("its memory is given back", || !runs(process));
    assert_eq!(layout_process(&app), None);
    lay_out(&app, &path, "Grace");
    app.end().exits_with(0);
}

#[test]
fn one_that_says_nothing_is_given_up_and_the_next_layout_has_another() {
    let home = TestHome::new();
    let (app, path, process) = app_that_has_laid_out(&home);
    kill(process, Signal::SIGSTOP).expect("it is there");
    let body = json!({ "text": "[basics]\nname = \"Grace\"\n" }).to_string();
    let head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close", app.port);
    let rest = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
    let mut asked = app.connect();
    asked.write_all(format!("{head}\r\n{rest}\r\n\r\n{body}").as_bytes()).expect("it is open");
    // By now the app has taken it, and answers everybody else.
    (0..20).for_each(|_| drop(app.get("/").is(200)));
    let mut answer = String::new();
    asked.read_to_string(&mut answer).expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("nothing came for 75 s"), "{answer}");
    eventually("the stopped one is ended", || !runs(process));
    lay_out(&app, &path, "Barbara");
    app.end().exits_with(0);
}
