//! A workspace judged through the app: followed, taken up again, cancelled, and ended with the app.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::TestApp;
use crate::support::{RIGHT_INDEX, TestHome, eventually, tiny_pack};

/// A query that is still at work when we look: asked six times, it takes two seconds and more.
const SLOW_QUERY: &str = "SELECT id, price FROM item, (SELECT pg_sleep(0.4)) AS slow\n\
     WHERE shelf = :shelf ORDER BY price, id;\n";

/// An event as it is sent.
#[derive(Debug, PartialEq)]
pub(crate) struct Event {
    id: usize,
    kind: String,
    data: Value,
}

impl TestApp {
    /// Starts a workspace; its id and its folder.
    pub(crate) fn workspace(&self, drill: &str, level: &str) -> (String, PathBuf) {
        let new = json!({ "drill": drill, "level": level });
        let answer = self.send_json("POST", "/api/v1/workspaces", &new).is(201);
        let made = answer.json();
        let id = made["id"].as_str().expect("it has an id").to_string();
        assert_eq!(answer.header("location"), format!("/api/v1/workspaces/{id}"));
        (id, PathBuf::from(made["dir"].as_str().expect("it has a folder")))
    }

    /// A workspace whose judging takes a while, and passes.
    pub(crate) fn slow_workspace(&self) -> String {
        let (id, dir) = self.workspace("tiny", "rewrite");
        write(&dir, "schema.sql", RIGHT_INDEX);
        write(&dir, "query.sql", SLOW_QUERY);
        id
    }

    /// Begins a judging; the path of its resource.
    pub(crate) fn judge(&self, workspace: &str) -> String {
        let answer = self.send_json("POST", "/api/v1/judgings", &json!({ "workspace": workspace })).is(202);
        answer.header("location").to_string()
    }

    /// Every event after this one, until the stream ends.
    pub(crate) fn events(&self, judging: &str, after: usize) -> Vec<Event> {
        let last = after.to_string();
        let answer = self.send("GET", &format!("{judging}/events"), &[("Last-Event-ID", &last)], "").is(200);
        assert_eq!(answer.header("content-type"), "text/event-stream");
        answer.body.split("\n\n").filter_map(event).collect()
    }

    /// The first event that comes, after which the client is gone.
    fn first_event(&self, judging: &str) -> Event {
        let mut stream = BufReader::new(self.listen(judging));
        let mut lines = String::new();
        while event(&lines).is_none() {
            let mut line = String::new();
            assert!(stream.read_line(&mut line).expect("the app sends") > 0, "it ended: {lines}");
            lines += &line;
        }
        event(&lines).expect("it was there")
    }

    fn listen(&self, judging: &str) -> std::net::TcpStream {
        let mut stream = self.connect();
        let request = format!(
            "GET {judging}/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        );
        stream.write_all(request.as_bytes()).expect("the app listens");
        stream
    }

    pub(crate) fn state(&self, judging: &str) -> String {
        self.get(judging).is(200).json()["state"].as_str().unwrap_or_default().to_string()
    }
}

fn event(text: &str) -> Option<Event> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Event {
        id: field("id")?.parse().ok()?,
        kind: field("event")?.to_string(),
        data: serde_json::from_str(field("data")?).ok()?,
    })
}

fn write(dir: &Path, file: &str, text: &str) {
    std::fs::write(dir.join(file), text).expect("the workspace is there");
}

pub(crate) fn the_learners_statement_runs(home: &TestHome) -> bool {
    home.processes().iter().any(|process| process.title.contains("learner"))
}

#[test]
fn a_drill_is_started_failed_mended_and_passed_and_who_listens_again_misses_nothing() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let (id, dir) = app.workspace("tiny", "index");
    let failing = app.judge(&id);
    let first = app.first_event(&failing);
    assert_eq!(first.id, 1);
    let rest = app.events(&failing, first.id);
    let all = app.events(&failing, 0);
    assert_eq!(all[0], first);
    assert_eq!(all[1..], rest, "who comes late sees the same");
    assert!(all.iter().zip(1..).all(|(event, number)| event.id == number), "{all:?}");
    let phases = all.iter().filter(|it| it.kind == "phase").map(|it| it.data["name"].as_str());
    assert_eq!(
        phases.flatten().collect::<Vec<_>>(),
        ["the answers", "their price", "the store goes on"],
        "{all:?}"
    );
    let broken = all.iter().find(|it| it.data["finding"]["check"] == "few-blocks").expect("it is told");
    assert_eq!(broken.data["finding"]["state"], "broken");
    let last = all.last().expect("there are some");
    assert_eq!((&*last.kind, &last.data["ruling"]), ("ended", &json!("fail")));
    assert_eq!(last.data["run"], "tiny-1");
    app.send("GET", &format!("{failing}/events?after={}", last.id), &[], "").is(204);

    write(&dir, "schema.sql", RIGHT_INDEX);
    let passing = app.judge(&id);
    app.events(&passing, 0);
    assert_eq!(app.get(&passing).json()["ruling"], "pass", "{}", app.printed());
    assert_eq!(home.runs(), ["tiny-1", "tiny-2"]);
    app.send("DELETE", &passing, &[], "").is(409);
    let drill = app.get("/api/v1/drills/tiny").is(200).json();
    assert_eq!((&drill["tries"], &drill["levels"][0]["passed"]), (&json!(2), &json!(true)));
    app.get(passing.strip_prefix("/api/v1").expect("it is below")).is(200).says(&["pass", "/runs/tiny-2"]);
    app.get("/drills/tiny").is(200).says(&["/runs/tiny-1", "/runs/tiny-2"]);
    app.end().exits_with(0);
}

#[test]
fn a_load_is_told_while_it_runs() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let (id, _) = app.workspace("tiny-load", "move");
    let judging = app.judge(&id);
    let events = app.events(&judging, 0);
    let done: u64 = events.iter().filter_map(|it| it.data["done"].as_u64()).sum();
    assert!(done > 0, "{events:?}");
    let page = judging.strip_prefix("/api/v1").expect("it is below");
    app.get(page).is(200).says(&["Load and faults", "<svg", "duels"]);
    app.end().exits_with(0);
}

#[test]
fn a_cancelled_judging_leaves_nothing_and_the_next_is_right() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let slow = app.slow_workspace();
    let judging = app.judge(&slow);
    let waits = app.judge(&slow);
    eventually("the learner's statement runs", || the_learners_statement_runs(&home));
    assert_eq!(app.state(&waits), "queued");
    app.send("DELETE", &waits, &[], "").is(202);
    app.send("DELETE", &judging, &[], "").is(202);
    let events = app.events(&judging, 0);
    assert_eq!(events.last().expect("there are some").data["state"], "cancelled", "{events:?}");
    eventually("the one that waited is cancelled too", || app.state(&waits) == "cancelled");
    home.assert_nothing_runs();
    assert_eq!(home.runs(), Vec::<String>::new());
    let again = app.judge(&slow);
    app.events(&again, 0);
    assert_eq!(app.get(&again).json()["ruling"], "pass");
    app.end().exits_with(0);
}

#[test]
fn one_is_judged_after_the_other() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let slow = app.slow_workspace();
    let (quick, _) = app.workspace("tiny", "index");
    let (first, second) = (app.judge(&slow), app.judge(&quick));
    let waited = app.events(&second, 0);
    assert!(waited[0].data["what"].as_str().is_some_and(|what| what.contains("waiting")), "{waited:?}");
    assert_eq!(app.state(&first), "ended");
    assert_eq!(home.runs(), ["tiny-1", "tiny-2"]);
    app.end().exits_with(0);
}

#[test]
fn an_app_that_ends_while_it_judges_leaves_nothing_and_tells_who_listens() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let judging = app.judge(&app.slow_workspace());
    let mut listener = app.listen(&judging);
    eventually("the learner's statement runs", || the_learners_statement_runs(&home));
    app.end().exits_with(0);
    home.assert_nothing_runs();
    assert_eq!(home.runs(), Vec::<String>::new());
    let mut told = String::new();
    listener.read_to_string(&mut told).expect("the stream ends in good order");
    assert!(told.contains("\"state\":\"cancelled\""), "{told}");
}

#[test]
fn only_what_hotseat_has_started_is_judged_and_only_by_its_id() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let (id, dir) = app.workspace("tiny", "index");
    let copy = home.work().join("copy");
    crate::support::copy_folder(&dir, &copy);
    for other in [&copy.display().to_string(), &dir.display().to_string(), "../tiny", "tiny", ""] {
        let answer = app.send_json("POST", "/api/v1/judgings", &json!({ "workspace": other })).is(422);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["status"], 422);
    }
    for wrong in [json!({}), json!({ "workspace": 1 }), json!({ "workspace": id, "path": "/" })] {
        app.send_json("POST", "/api/v1/judgings", &wrong).is(422);
    }
    for seed in [json!(0), json!(-1), json!(u64::MAX), json!("1")] {
        app.send_json("POST", "/api/v1/judgings", &json!({ "workspace": id, "seed": seed })).is(422);
    }
    app.send("POST", "/api/v1/judgings", &[("Content-Type", "application/json")], "{").is(400);
    app.send("POST", "/api/v1/judgings", &[], "{}").is(415);
    app.get("/api/v1/judgings/1").is(404);
    app.get("/api/v1/judgings/1/events").is(404);
    assert_eq!(app.get("/api/v1/judgings").is(200).json()["judgings"], json!([]));
    std::fs::remove_file(dir.join("schema.sql")).expect("the starter has it");
    let answer = app.send_json("POST", "/api/v1/judgings", &json!({ "workspace": id })).is(422);
    answer.says(&["schema.sql"]);
    app.end().exits_with(0);
}
