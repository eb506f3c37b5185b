//! A program judged in the app, and ended before its time: cancelled from the page, from the API, or with the app.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::TestApp;
use crate::echo::{Echo, RECIPE, pack};
use crate::support::eventually;

/// Listens, and never answers; each request leaves a child that left its session.
const NEVER_ANSWERS: &str = "import frame, os, time

def answer(path):
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
    time.sleep(1000)

frame.serve(answer)
";
/// A build that is at work when we look.
const SLOW_BUILD: &str =
    "language = \"python\"\nbuild = \"sleep 1000.5\"\nrun = \"exec python3 service.py\"\n";

/// Starts a workspace with a program that says hello, and these files in place of its own: its id and its folder.
fn workspace(app: &TestApp, files: &[(&str, &str)]) -> (String, PathBuf) {
    let new = json!({ "drill": "echo", "level": "alone" });
    let made = app.send_json("POST", "/api/v1/workspaces", &new).is(201).json();
    let text = |name: &str| made[name].as_str().expect("it is there").to_string();
    let dir = PathBuf::from(text("dir"));
    let solution = pack().join("drills/echo/solutions/plain");
    for name in ["frame.py", "service.py", RECIPE] {
        std::fs::copy(solution.join(name), dir.join(name)).expect("the pack is there");
    }
    for (name, text) in files {
        std::fs::write(dir.join(name), text).expect("the workspace is there");
    }
    (text("id"), dir)
}

/// Begins a judging; the path of its page.
fn judge(app: &TestApp, workspace: &str) -> String {
    app.post_form("/judgings", &[("workspace", workspace)]).is(303).header("location").to_string()
}

fn now(app: &TestApp, page: &str) -> Value {
    app.get(&format!("/api/v1{page}")).is(200).json()
}

/// Waits until so many processes have this in their command line, while the judging goes on.
fn at_work(echo: &Echo, app: &TestApp, page: &str, word: &str, count: usize) {
    eventually(word, || {
        let it = now(app, page);
        assert!(["queued", "judging"].contains(&it["state"].as_str().unwrap_or_default()), "{it:#}");
        echo.home.processes().iter().filter(|process| process.title.contains(word)).count() >= count
    });
}

#[test]
fn a_program_that_is_cancelled_from_the_page_is_gone_and_nothing_is_stored() {
    let echo = Echo::new();
    let app = TestApp::start_with_pack(&echo.home, &pack());
    let (id, dir) = workspace(&app, &[("service.py", NEVER_ANSWERS)]);
    let page = judge(&app, &id);
    // Two instances, and a child of each that was spoken to.
    at_work(&echo, &app, &page, "service.py", 3);
    assert_eq!(app.post_form(&format!("{page}/cancel"), &[]).is(303).header("location"), page);
    eventually("it is cancelled", || now(&app, &page)["state"] == "cancelled");
    echo.assert_nothing_is_left();
    app.get(&page).is(200).says(&["It was cancelled, and nothing was stored."]);
    let it = now(&app, &page);
    assert_eq!(
        (&it["run"], &it["ruling"], &it["problem"]),
        (&Value::Null, &Value::Null, &Value::Null),
        "{it:#}"
    );
    assert_eq!(app.get("/api/v1/runs").is(200).json()["runs"], json!([]));
    assert_eq!(echo.home.runs(), Vec::<String>::new());

    let right = pack().join("drills/echo/solutions/plain/service.py");
    std::fs::copy(right, dir.join("service.py")).expect("the workspace is there");
    let page = judge(&app, &id);
    eventually("it ends", || now(&app, &page)["state"] == "ended");
    assert_eq!(now(&app, &page)["ruling"], "pass");
    assert_eq!(echo.home.runs(), ["echo-1"]);
    app.end().exits_with(0);
    echo.assert_nothing_is_left();
}

#[test]
fn a_build_that_is_cancelled_by_the_api_is_gone() {
    let echo = Echo::new();
    let app = TestApp::start_with_pack(&echo.home, &pack());
    let (id, _) = workspace(&app, &[(RECIPE, SLOW_BUILD)]);
    let page = judge(&app, &id);
    at_work(&echo, &app, &page, "sleep 1000.5", 1);
    let it = app.send("DELETE", &format!("/api/v1{page}"), &[], "").is(202).json();
    assert!(it["cancelling"] == true || it["state"] == "cancelled", "{it:#}");
    eventually("it is cancelled", || now(&app, &page)["state"] == "cancelled");
    echo.assert_nothing_is_left();
    assert_eq!(echo.home.runs(), Vec::<String>::new());
    app.send("DELETE", &format!("/api/v1{page}"), &[], "").is(409);
    app.end().exits_with(0);
}

#[test]
fn an_app_that_is_killed_takes_the_programs_with_it_and_the_next_judges_anew() {
    let echo = Echo::new();
    let app = TestApp::start_with_pack(&echo.home, &pack());
    let (id, dir) = workspace(&app, &[("service.py", NEVER_ANSWERS)]);
    let page = judge(&app, &id);
    at_work(&echo, &app, &page, "service.py", 3);
    app.kill();
    echo.home.assert_nothing_runs();
    let right = pack().join("drills/echo/solutions/plain/service.py");
    std::fs::copy(right, dir.join("service.py")).expect("the workspace is there");
    let app = TestApp::start_with_pack(&echo.home, &pack());
    assert_eq!(app.get("/api/v1/runs").is(200).json()["runs"], json!([]));
    app.get(&page).is(404);
    let page = judge(&app, &id);
    eventually("it ends", || now(&app, &page)["state"] == "ended");
    assert_eq!(now(&app, &page)["ruling"], "pass");
    app.end().exits_with(0);
    echo.assert_nothing_is_left();
    assert_eq!(echo.home.runs(), ["echo-1"]);
}
