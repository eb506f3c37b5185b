//! An app that is killed while it judges: nothing is left running, and the next app knows nothing of a verdict that
//! was never reached.

use std::path::Path;

use serde_json::json;

use crate::client::TestApp;
use crate::judging::the_learners_statement_runs;
use crate::support::{TestHome, eventually, tiny_pack};

/// A moment of a judging that can be seen from outside.
type Moment = (&'static str, fn(&TestHome) -> bool);

/// In the order in which they come.
const MOMENTS: [Moment; 4] = [
    ("the bench is opened", |home| home.bench().join("running").exists()),
    ("the run has its folder", |home| is_half_made(home, "")),
    ("evidence is written", |home| is_half_made(home, "evidence.sqlite.part")),
    ("the learner's statement runs", the_learners_statement_runs),
];

/// Whether a run is being judged, and has this file (any, when empty) in its folder.
fn is_half_made(home: &TestHome, file: &str) -> bool {
    home.runs().iter().any(|run| run.starts_with(".new-") && home.run_dir(run).join(file).exists())
}

/// No run is listed, no judging goes on, and nothing half made lies about.
fn knows_of_no_run(home: &TestHome, app: &TestApp) {
    assert_eq!(app.get("/api/v1/runs").is(200).json()["runs"], json!([]));
    assert_eq!(app.get("/api/v1/judgings").is(200).json()["judgings"], json!([]));
    let drill = app.get("/api/v1/drills/tiny").is(200).json();
    assert_eq!((&drill["tries"], &drill["levels"][0]["passed"]), (&json!(0), &json!(false)));
    assert_eq!(app.get("/api/v1/about").is(200).json()["counts"]["attempts"], 0);
    app.get("/runs/tiny-1").is(404);
    for page in ["/", "/runs", "/judgings", "/drills/tiny", "/progress"] {
        let body = app.get(page).is(200).body;
        assert!(!body.contains("/runs/tiny-1") && !body.contains(".new-"), "{page}: {body}");
    }
    assert_eq!(home.runs(), Vec::<String>::new(), "what the killed one left was not cleared away");
}

#[test]
fn an_app_that_is_killed_while_it_judges_leaves_nothing_and_the_next_judges_the_workspace() {
    let home = TestHome::warm();
    let databases = home.databases();
    let mut app = TestApp::start_with_pack(&home, &tiny_pack());
    let workspace = app.slow_workspace();
    for (moment, has_come) in MOMENTS {
        println!("killed when {moment}");
        let judging = app.judge(&workspace);
        let over = || app.state(&judging) == "ended";
        eventually(moment, || has_come(&home) || over());
        assert!(!over(), "the judging was over before {moment}");
        app.kill();
        home.assert_nothing_runs();
        app = TestApp::start_with_pack(&home, &tiny_pack());
        knows_of_no_run(&home, &app);
        app.get(&judging).is(404).says(&["since the app was started"]);
    }
    let again = app.judge(&workspace);
    app.events(&again, 0);
    let it = app.get(&again).json();
    assert_eq!((&it["ruling"], &it["run"]), (&json!("pass"), &json!("tiny-1")), "{it:#}");
    app.end().exits_with(0);
    assert_eq!(home.databases(), databases, "copies were left behind");
    assert!(!home.bench().join("running").exists());
    assert!(Path::new(&home.run_dir("tiny-1")).join("verdict.json").exists());
}
