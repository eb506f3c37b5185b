//! Stored runs in the app: lists, verdicts, evidence, pictures, and what nobody should get out of them.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::client::{Answer, TestApp};
use crate::support::{RIGHT_INDEX, TestHome, copy_folder, eventually, tiny_pack};

/// A folder of two runs, made once: `tiny-1` fails, `tiny-2` passes. The lock is held by the tests that use it.
static RUNS: LazyLock<(PathBuf, fs::File)> = LazyLock::new(|| {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("verdict-runs");
    let lock = fs::File::create(kept.with_extension("lock")).expect("the folder for tests is there");
    lock.lock().expect("it can be locked");
    let _ = fs::remove_dir_all(&kept);
    let home = TestHome::warm();
    home.check_schema("-- no index\n").fails("few-blocks");
    home.check_schema(RIGHT_INDEX).passes();
    fs::create_dir_all(&kept).expect("the folder for tests can be written to");
    copy_folder(&home.path().join("runs"), &kept);
    (kept, lock)
});

/// An app over copies of the two runs.
fn app_with_runs() -> (TestHome, TestApp) {
    let home = TestHome::new();
    copy_folder(&RUNS.0.join("runs"), &home.path());
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    (home, app)
}

/// A page as it is once everything on it has been drawn.
fn whole(app: &TestApp, path: &str) -> Answer {
    let pending = || app.get(path).is(200).body.contains("class=\"pending\"");
    eventually("everything is drawn", || !pending());
    app.get(path).is(200)
}

#[track_caller]
fn is_problem(answer: Answer, status: u16, words: &[&str]) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer:?}");
    let problem = answer.is(status).says(words).json();
    assert_eq!(problem["status"], status);
}

#[test]
fn runs_are_listed_with_their_rulings() {
    let (home, app) = app_with_runs();
    app.get("/runs").is(200).says(&[
        "/runs/tiny-1",
        "/runs/tiny-2",
        "mark fail",
        "mark pass",
        "1 of 2 passed",
    ]);
    let listed = app.get("/api/v1/runs?drill=tiny").is(200).json();
    let runs = listed["runs"].as_array().expect("a list");
    assert_eq!(runs.len(), 2, "{listed:#}");
    let failed = runs.iter().find(|run| run["run"] == "tiny-1").expect("it is there");
    assert_eq!((&failed["ruling"], &failed["broken"]), (&json!("fail"), &json!(["few-blocks"])));
    assert!(failed["figures"][0]["got"].is_number() && failed["stored_ms"].is_number(), "{failed:#}");
    let newest = app.get("/api/v1/runs?newest=1").json();
    assert_eq!(
        (newest["runs"].as_array().map(Vec::len), &newest["runs"][0]["run"]),
        (Some(1), &json!("tiny-2"))
    );
    is_problem(app.get("/api/v1/runs?newest=-1"), 400, &[]);
    assert_eq!(app.get("/api/v1/runs?drill=other").json()["runs"], json!([]));
    // A run that is stored while the app is open comes in, and one that is removed goes.
    copy_folder(&home.run_dir("tiny-2"), &home.run_dir("tiny-9"));
    let count = || app.get("/api/v1/runs").json()["runs"].as_array().map_or(0, Vec::len);
    eventually("the new run is listed", || count() == 3);
    fs::remove_dir_all(home.run_dir("tiny-9")).expect("it can be removed");
    fs::write(home.run_dir("tiny-2").join("verdict.json"), "{").expect("it can be written");
    eventually("the removed run is not listed", || count() == 2);
    app.end().exits_with(0);
}

#[test]
fn a_verdict_says_why_and_what_to_do_next() {
    let (_home, app) = app_with_runs();
    whole(&app, "/runs/tiny-1").says(&[
        "mark fail",
        "broken: few-blocks",
        "id=\"broken-few-blocks\"",
        "class=\"chart\"",
        "The same as a table",
        "hotseat drill replay tiny-1",
        "another run has passed this level",
        "hotseat drill check --seed ",
        "/runs/tiny-1/evidence",
    ]);
    let passed = whole(&app, "/runs/tiny-2").says(&["mark pass", "Follow-up questions", "before (tiny-1)"]);
    assert!(!passed.body.contains("{{") && !passed.body.contains("style=\""), "{}", passed.body);
    app.end().exits_with(0);
}

#[test]
fn the_api_gives_the_verdict_as_the_command_prints_it() {
    let (home, app) = app_with_runs();
    let sent = app.get("/api/v1/runs/tiny-1").is(200).json();
    let stored = fs::read_to_string(home.run_dir("tiny-1").join("verdict.json")).expect("it is there");
    assert_eq!(sent, serde_json::from_str::<Value>(&stored).expect("it is JSON"));
    let replayed = app.send("POST", "/api/v1/runs/tiny-1/replay", &[], "").is(200).json();
    let printed = home.hotseat(["drill", "replay", "tiny-1", "--json"]).exits_with(1).json();
    assert_eq!(replayed, printed);
    app.end().exits_with(0);
}

#[test]
fn a_run_is_judged_again_from_its_page() {
    let (home, app) = app_with_runs();
    assert!(!app.get("/runs/tiny-1").body.contains("With today"));
    let posted = app.post_form("/runs/tiny-1/replay", &[]).is(303);
    assert_eq!(posted.header("location"), "/runs/tiny-1#again");
    app.get("/runs/tiny-1").is(200).says(&["With today's checks", "Every claim came out as it did before"]);
    // What was stored says something else than the checks of today do.
    let path = home.run_dir("tiny-1").join("verdict.json");
    let stored = fs::read_to_string(&path).expect("it is there");
    let other = stored.replacen("\"state\": \"held\"", "\"state\": \"inconclusive\"", 1);
    fs::write(&path, other).expect("it can be written");
    app.get("/runs/tiny-1").is(200).says(&["when it was stored", "inconclusive: "]);
    is_problem(app.send("POST", "/api/v1/runs/tiny-7/replay", &[], ""), 404, &["tiny-7"]);
    app.end().exits_with(0);
}

#[test]
fn a_run_is_debriefed_from_the_pack_that_it_came_from() {
    let home = TestHome::new();
    copy_folder(&RUNS.0.join("runs"), &home.path());
    let app = TestApp::start(&home);
    whole(&app, "/runs/tiny-2").says(&["Follow-up questions", "What if there were a million shelves?"]);
    app.post_form("/runs/tiny-2/replay", &[]).is(303);
    assert!(!app.printed().contains("cannot"), "{}", app.printed());
    app.end().exits_with(0);
}

#[test]
fn evidence_can_be_looked_into() {
    let (_home, app) = app_with_runs();
    whole(&app, "/runs/tiny-2/evidence").says(&[
        "table-plans",
        "table-shelves",
        "as JSON",
        "Blocks of each plan",
    ]);
    app.get("/runs/tiny-2/evidence?sql=SELECT%20value%20FROM%20par.run%20WHERE%20key%20=%20'drill'")
        .is(200)
        .says(&["<td>tiny</td>", "1</span> row in"]);
    let tables = app.get("/api/v1/runs/tiny-2/tables").is(200).json();
    let plans = tables["tables"].as_array().into_iter().flatten().find(|it| it["name"] == "plans");
    assert!(plans.is_some_and(|it| it["rows"].as_u64() > Some(0) && it["about"].is_string()), "{tables:#}");
    let sql = "SELECT 1 AS n, 'a,b' AS t, NULL AS x UNION ALL SELECT 2, 'c', 1.5";
    let answer =
        app.send_json("POST", "/api/v1/runs/tiny-2/query", &json!({ "sql": sql, "rows": 1 })).is(200).json();
    assert_eq!((&answer["rows"], &answer["more"]), (&json!([[1, "a,b", null]]), &json!(1)), "{answer:#}");
    let file = app.get("/runs/tiny-2/evidence.csv?sql=SELECT%201%20AS%20n,%20'a,b'%20AS%20t").is(200);
    assert_eq!(file.body, "n,t\r\n1,\"a,b\"\r\n");
    assert!(file.header("content-disposition").contains("tiny-2.csv"), "{file:?}");
    app.end().exits_with(0);
}

#[test]
fn a_query_that_wants_more_than_to_read_is_refused() {
    let (home, app) = app_with_runs();
    let evidence = home.run_dir("tiny-1").join("evidence.sqlite");
    let before = fs::read(&evidence).expect("it is there");
    let wishes = [
        ("DELETE FROM run", "change `run`"),
        ("ATTACH '/etc/passwd' AS x", "open another file"),
        ("PRAGMA query_only = OFF", "pragma"),
        ("SELECT load_extension('x')", "load_extension"),
        ("SELECT 1; DROP TABLE run", "only reads"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("CREATE TABLE x (y)", "change"),
        ("SELECT * FROM nowhere", "no such table: nowhere"),
    ];
    for (sql, words) in wishes {
        let asked = app.send_json("POST", "/api/v1/runs/tiny-1/query", &json!({ "sql": sql }));
        is_problem(asked, 422, &[words]);
        let path = format!("/runs/tiny-1/evidence?{}", crate::client::form(&[("sql", sql)]));
        app.get(&path).is(422).says(&["role=\"alert\""]);
    }
    assert_eq!(fs::read(&evidence).expect("it is there"), before);
    is_problem(app.get("/api/v1/runs/tiny-1/query"), 400, &["sql"]);
    is_problem(app.get("/api/v1/runs/tiny-1/query?sql=SELECT%201&rows=0"), 422, &["from 1 to 1000"]);
    app.end().exits_with(0);
}

#[test]
fn an_endless_query_ends_with_words_and_the_app_goes_on() {
    let (_home, app) = app_with_runs();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    let asked = crate::client::form(&[("sql", endless)]);
    let mut waiting = app.connect();
    let request = format!(
        "GET /api/v1/runs/tiny-1/query?{asked} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
        app.port
    );
    waiting.write_all(request.as_bytes()).expect("the app listens");
    app.get("/runs").is(200);
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("did not end within"), "{answer}");
    app.get("/runs/tiny-1").is(200);
    app.end().exits_with(0);
}

#[test]
fn names_lead_to_runs_and_pictures_and_nowhere_else() {
    let (home, app) = app_with_runs();
    fs::write(home.path().join("secret-1"), "secret").expect("it can be written");
    for name in [
        "tiny-7",
        "tiny",
        "..%2Fsecret-1",
        "..%2F..%2Fhome-1",
        "tiny-1%2F..%2Ftiny-2",
        "%2Fetc-1",
        "tiny-1%00",
        ".",
    ] {
        for path in ["", "/evidence", "/evidence?sql=SELECT%201", "/evidence.csv?sql=SELECT%201"] {
            app.get(&format!("/runs/{name}{path}")).is(404);
        }
        for path in ["", "/tables", "/pictures", "/pictures/plans.svg", "/query?sql=SELECT%201"] {
            is_problem(app.get(&format!("/api/v1/runs/{name}{path}")), 404, &[]);
        }
    }
    for picture in ["..%2Fverdict.json", "verdict.json", "plans", "%2E%2E", "evidence.sqlite", ".svg"] {
        is_problem(app.get(&format!("/api/v1/runs/tiny-1/pictures/{picture}")), 404, &[]);
    }
    let pictures = app.get("/api/v1/runs/tiny-1/pictures").is(200).json();
    for picture in pictures["pictures"].as_array().expect("a list") {
        let name = picture["name"].as_str().expect("a name");
        let drawn =
            app.get(&format!("/api/v1/runs/tiny-1/pictures/{name}")).is(200).says(&["<svg ", "<style>"]);
        assert_eq!(drawn.header("content-type"), "image/svg+xml");
    }
    app.end().exits_with(0);
}

#[test]
fn a_damaged_file_is_told_and_the_verdict_stands() {
    let (home, app) = app_with_runs();
    fs::write(home.run_dir("tiny-1").join("evidence.sqlite"), "no database").expect("it can be written");
    whole(&app, "/runs/tiny-1").says(&[
        "broken: few-blocks",
        "is not evidence of a run",
        "judge the submission again",
    ]);
    whole(&app, "/runs/tiny-1/evidence").says(&["is not evidence of a run"]);
    is_problem(app.get("/api/v1/runs/tiny-1/tables"), 422, &["is not evidence of a run"]);
    is_problem(app.send("POST", "/api/v1/runs/tiny-1/replay", &[], ""), 422, &["is not evidence of a run"]);
    fs::write(home.run_dir("tiny-1").join("verdict.json"), "{").expect("it can be written");
    app.get("/runs/tiny-1").is(422).says(&["is no verdict"]);
    is_problem(app.get("/api/v1/runs/tiny-1"), 422, &["is no verdict"]);
    app.end().exits_with(0);
}

#[test]
fn markup_in_what_a_learner_did_is_shown_and_not_obeyed() {
    let (home, app) = app_with_runs();
    let markup = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let path = home.run_dir("tiny-1").join("verdict.json");
    let mut verdict: Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("it is there")).expect("it is JSON");
    for finding in verdict["findings"].as_array_mut().into_iter().flatten() {
        finding["claim"] = json!(markup);
        for row in finding["counterexamples"].as_array_mut().into_iter().flatten() {
            row["shelf"] = json!(markup);
            row["expected"] = json!(1);
            row["got"] = json!(2);
        }
    }
    fs::write(&path, verdict.to_string()).expect("it can be written");
    let asked = crate::client::form(&[("sql", &format!("SELECT '{markup}' AS \"{markup}\""))]);
    let pages = [
        whole(&app, "/runs/tiny-1"),
        app.get(&format!("/runs/tiny-1/evidence?{asked}")).is(200),
        app.get("/api/v1/runs/tiny-1/pictures/misses.svg").is(200),
    ];
    for page in pages {
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img"), "{}", page.body);
        page.says(&["alert(1)"]);
    }
    app.end().exits_with(0);
}
