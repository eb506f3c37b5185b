//! Somebody who has been at it for a while: answers, a plan, a workspace, runs that failed and passed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::TestApp;
use crate::support::{RIGHT_INDEX, TestHome, copy_folder, eventually, tiny_pack};

/// The question that the learner has answered.
pub(crate) const QUESTION: &str = "slow-postgresql-query";

/// What the learner has left behind, as the pages name it.
pub(crate) struct Learner {
    /// The paths of two answers, a weak one and a strong one.
    pub(crate) answers: Vec<String>,
    /// The paths of the judgings, the failed one first; their runs are `tiny-1` and `tiny-2`.
    pub(crate) judgings: Vec<String>,
}

/// The pack in the binary with the drills of the tests beside its own, in a folder of this home.
pub(crate) fn both_packs(home: &TestHome) -> PathBuf {
    let pack = home.path().with_file_name("pack");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend");
    copy_folder(&own, &pack);
    for drill in ["tiny", "tiny-load"] {
        copy_folder(&tiny_pack().join("drills").join(drill), &pack.join("drills").join(drill));
    }
    pack
}

/// One of the pack's own answers to [`QUESTION`].
pub(crate) fn strong_answer() -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend/questions");
    fs::read_to_string(own.join(QUESTION).join("strong.md")).expect("the pack has it")
}

impl Learner {
    /// Does by requests what takes a learner some evenings.
    pub(crate) fn make(app: &TestApp) -> Learner {
        let path = format!("/questions/{QUESTION}");
        let texts = ["I would look at the plan with EXPLAIN and add an index.".to_string(), strong_answer()];
        let answers = texts.iter().map(|text| {
            let fields = [("text", text.as_str()), ("estimate", "60"), ("seconds", "95")];
            app.post_form(&path, &fields).is(303).header("location").to_string()
        });
        let answers = answers.collect();
        app.post_form("/plan", &[("interview", &days_from_today(16)), ("hours", "6")]).is(303);
        app.post_form("/drills/tiny/hints", &[]).is(303);
        let (workspace, dir) = workspace(app, "tiny", "index");
        let failed = judged(app, &workspace, "fail");
        fs::write(dir.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
        let passed = judged(app, &workspace, "pass");
        let resume =
            app.send_json("POST", "/api/v1/resumes", &json!({})).is(201).header("location").to_string();
        let run = json!({ "run": "tiny-2" });
        app.send_json("POST", &format!("{resume}/additions"), &run).is(200);
        let (workspace, _) = self::workspace(app, "tiny-load", "move");
        let begun = begun(app, &workspace);
        Learner { answers, judgings: vec![failed, passed, ended(app, &begun)] }
    }
}

/// A date so many days from today.
pub(crate) fn days_from_today(days: i64) -> String {
    use jiff::{ToSpan, ZonedDateTime};
    ZonedDateTime::now().date().saturating_add(days.days()).to_string()
}

/// Starts a workspace; its id and its folder.
fn workspace(app: &TestApp, drill: &str, level: &str) -> (String, PathBuf) {
    let made =
        app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": drill, "level": level })).is(201);
    let made = made.json();
    let text = |name: &str| made[name].as_str().expect("it is there").to_string();
    (text("id"), PathBuf::from(text("dir")))
}

fn begun(app: &TestApp, workspace: &str) -> String {
    let answer = app.send_json("POST", "/api/v1/judgings", &json!({ "workspace": workspace })).is(202);
    answer.header("location").to_string()
}

/// Waits for the end of a judging; the path of its page.
fn ended(app: &TestApp, judging: &str) -> String {
    eventually("the judging ends", || app.get(judging).json()["state"] == "ended");
    judging.strip_prefix("/api/v1").expect("it lies below").to_string()
}

fn judged(app: &TestApp, workspace: &str, ruling: &str) -> String {
    let judging = begun(app, workspace);
    let page = ended(app, &judging);
    let it: Value = app.get(&judging).json();
    assert_eq!(it["ruling"], ruling, "{it:#}");
    page
}
