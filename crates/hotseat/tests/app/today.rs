//! Today, for a newcomer and for one with a plan.

use std::path::{Path, PathBuf};

use jiff::{ToSpan, ZonedDateTime};

use crate::client::TestApp;
use crate::support::TestHome;

/// A date so many days from today.
pub(crate) fn days_from_today(days: i64) -> String {
    ZonedDateTime::now().date().saturating_add(days.days()).to_string()
}

/// Hands in one of the pack's own answers.
pub(crate) fn answer(home: &TestHome, question: &str) {
    let pack: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend");
    let file = pack.join(format!("questions/{question}/strong.md")).display().to_string();
    home.hotseat(["ask", question, "--json", "--answer", &file]).exits_with(0);
}

#[test]
fn a_newcomer_has_three_ways_to_begin_and_one_of_them_first() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let today = app.get("/api/v1/today").is(200).json();
    assert_eq!((&today["newcomer"], &today["plan"]), (&true.into(), &serde_json::Value::Null));
    let next = today["next"]["path"].as_str().expect("a path");
    assert!(next.starts_with("/questions/"), "{next}");
    let drill = today["drill"]["path"].as_str().expect("a path");
    let page = app.get("/").is(200).says(&[next, drill, "name=\"interview\"", "action=\"/plan\""]);
    assert_eq!(page.body.matches("class=\"button\"").count(), 1, "one step is next");
    let begun = app.post_form("/plan", &[("interview", &days_from_today(20))]).is(303);
    assert_eq!(begun.header("location"), "/plan");
    app.get("/").is(200).says(&["20 days to the interview"]);
    app.end().exits_with(0);
}

#[test]
fn with_a_plan_the_first_thing_of_today_is_next_and_what_is_done_is_ticked() {
    let home = TestHome::new();
    home.hotseat(["plan", "--date", &days_from_today(1), "--hours", "20"]).exits_with(0);
    let app = TestApp::start(&home);
    app.get("/").is(200).says(&["The interview is tomorrow"]);
    app.post_form("/plan", &[("interview", &days_from_today(12)), ("hours", "20")]).is(303);
    let today = app.get("/api/v1/today").is(200).json();
    assert_eq!((&today["newcomer"], &today["days_left"]), (&false.into(), &12.into()));
    let left = today["plan"]["left"].as_array().expect("things to do").clone();
    assert_eq!(today["next"]["path"], left[0]["path"]);
    let mut questions = left.iter().filter(|it| it["task"] == "answer");
    let question = questions.next().expect("a question a day")["name"].as_str().expect("a name");
    app.end().exits_with(0);
    answer(&home, question);
    let app = TestApp::start(&home);
    let today = app.get("/api/v1/today").is(200).json();
    let done = &today["plan"]["done"];
    assert_eq!((&done[0]["name"], done.as_array().map(Vec::len)), (&question.into(), Some(1)), "{today}");
    assert_eq!(today["plan"]["minutes_done"], done[0]["minutes"]);
    let page = app.get("/").is(200).says(&["done</span>", "12 days to the interview"]);
    assert_eq!(page.body.matches("class=\"button\"").count(), 1, "one step is next");
    app.end().exits_with(0);
}
