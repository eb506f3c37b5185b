//! A disk that fills up under the running app: what finds no room is refused with words, what was kept stays, and
//! all of it works again once there is room.

use serde_json::{Value, json};
use study::store::Plan;

use crate::archives::{TAR, download, upload, upload_by_form};
use crate::client::{Answer, TestApp};
use crate::support::{Disk, RIGHT_INDEX, TestHome, eventually, skip, tiny_pack};
use crate::today::days_from_today;

const QUESTION: &str = "/questions/slow-postgresql-query";
const TEXT: &str = "I would read the plan with EXPLAIN ANALYZE first, then think about an index.";
/// An answer as the form sends it.
const ANSWER: [(&str, &str); 2] = [("text", TEXT), ("estimate", "37")];
/// What a full disk is called, and what to do about it.
const FULL: [&str; 3] = ["the disk of", "is full", "make room and do it again"];
/// The pages that a learner reads while nothing can be written.
const PAGES: [&str; 11] = [
    "/",
    "/guide",
    QUESTION,
    "/review",
    "/plan",
    "/progress",
    "/data",
    "/drills",
    "/runs",
    "/judgings",
    "/advice/no-figures",
];

/// A home on a disk of its own, and the app in it.
fn on_a_disk(size: &str) -> Option<(TestHome, Disk, TestApp)> {
    let home = TestHome::new();
    let disk = Disk::new(&home.path(), &format!("size={size},mode=755"))?;
    let app = TestApp::start(&home);
    // The address is told before the store is open.
    app.get("/").is(200);
    Some((home, disk, app))
}

/// Asks until there is no room for it, and gives the refusal: how often it was done before, and what was said.
#[track_caller]
fn until_refused(mut ask: impl FnMut() -> Answer) -> (u64, Answer) {
    for done in 0..500 {
        let answer = ask();
        if answer.status >= 400 {
            return (done, answer.is(503));
        }
    }
    panic!("the disk is never full");
}

/// A refusal of the API.
#[track_caller]
fn problem(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status, "{problem}");
    assert!(
        FULL.iter().all(|it| problem["detail"].as_str().is_some_and(|told| told.contains(it))),
        "{problem}"
    );
}

fn answers(app: &TestApp) -> u64 {
    app.get("/api/v1/about").is(200).json()["counts"]["answers"].as_u64().expect("a number")
}

/// Puts something on another day each time.
fn moves(app: &TestApp) -> impl FnMut() -> Answer {
    let plan = app.get("/api/v1/plan").is(200).json();
    let item = &plan["days"][0]["items"][0];
    let item =
        format!("{}/{}", item["task"].as_str().expect("a task"), item["name"].as_str().expect("a name"));
    let mut day = 0;
    move || {
        day = day % 9 + 1;
        app.post_form("/plan/moves", &[("item", &item), ("to", &days_from_today(day))])
    }
}

/// Each change through the form and through the API, until both are refused; how many answers were kept.
fn nothing_finds_room(app: &TestApp) -> u64 {
    let (by_form, refused) = until_refused(|| app.post_form(QUESTION, &ANSWER));
    // Nobody writes an answer twice: the form comes back with it.
    refused.says(&FULL).says(&[TEXT, "value=\"37\"", "role=\"alert\""]);
    let new = json!({ "text": TEXT, "estimate": 37 });
    let (by_api, refused) =
        until_refused(|| app.send_json("POST", &format!("/api/v1{QUESTION}/answers"), &new));
    problem(&refused);
    let mut moved = moves(app);
    until_refused(&mut moved).1.says(&FULL);
    let settings = json!({ "interview": days_from_today(30), "hours_per_week": 2.0 });
    let before = app.get("/api/v1/plan").is(200).json();
    problem(&app.send_json("PUT", "/api/v1/plan", &settings).is(503));
    assert_eq!(app.get("/api/v1/plan").is(200).json(), before, "half a plan was kept");
    by_form + by_api
}

#[test]
fn what_finds_no_room_is_refused_with_words_and_done_once_there_is_room() {
    let Some((home, disk, app)) = on_a_disk("16m") else {
        return skip("what_finds_no_room_is_refused_with_words", "mounts are not permitted here");
    };
    app.post_form(QUESTION, &ANSWER).is(303);
    app.post_form("/plan", &[("interview", &days_from_today(20)), ("hours", "6")]).is(303);
    disk.fill();
    let kept = 1 + nothing_finds_room(&app);
    assert_eq!(answers(&app), kept, "what was refused must not be there, and what was taken must");
    for page in PAGES {
        app.get(page).is(200);
    }
    disk.empty();
    app.post_form(QUESTION, &ANSWER).is(303);
    moves(&app)().is(303);
    assert_eq!(answers(&app), kept + 1);
    disk.fill();
    app.end().exits_with(0);
    disk.empty();
    home.in_store(async |store| store.examine().await.expect("the store is whole"));
    let app = TestApp::start(&home);
    assert_eq!(answers(&app), kept + 1, "an app that ends on a full disk loses nothing");
    app.end().exits_with(0);
    home.assert_store_is_whole();
}

/// The questions that were answered, and those that the plan has ticked off, each sorted.
fn answered_and_ticked(home: &TestHome) -> (Vec<String>, Vec<String>) {
    let (answered, plan) = home.in_store(async |store| {
        let answered = store.questions_answered().await.expect("they can be read");
        (answered, store.plan().await.expect("it can be read").expect("there is one"))
    });
    let answered = answered.into_iter().map(|it| it.question).collect();
    let done = plan.days.into_iter().flat_map(|day| day.items).filter(|item| item.done_at_ms.is_some());
    let mut done: Vec<String> = done.map(|item| item.name).collect();
    done.sort();
    (answered, done)
}

#[test]
fn an_answer_is_kept_with_all_that_belongs_to_it_or_refused_whole() {
    let Some((home, disk, app)) = on_a_disk("16m") else {
        return skip("an_answer_is_kept_with_all_that_belongs_to_it", "mounts are not permitted here");
    };
    let fields = [("interview", days_from_today(25)), ("hours", "20".to_string())];
    app.post_form("/plan", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).is(303);
    let plan: Plan =
        home.in_store(async |store| store.plan().await.expect("it can be read")).expect("it is made");
    let items =
        plan.days.iter().flat_map(|day| &day.items).filter(|it| it.task == study::words::Task::Answer);
    let mut questions: Vec<&str> = items.map(|item| item.name.as_str()).collect();
    questions.sort_unstable();
    questions.dedup();
    // A page of room more each time, so that one of them has room for all but the last page of what it writes.
    let mut taken = Vec::new();
    for question in questions.iter().take(60) {
        disk.fill_but(4096);
        let answer = app.post_form(&format!("/questions/{question}"), &ANSWER);
        assert!([303, 503].contains(&answer.status), "{answer:?}");
        if answer.status == 303 {
            taken.push(question.to_string());
        }
    }
    disk.empty();
    app.end().exits_with(0);
    let (answered, ticked) = answered_and_ticked(&home);
    assert_eq!(answered, taken, "a refused answer is there, or one that was taken is not");
    assert_eq!(ticked, taken, "the plan and the answers say different things");
    assert!((1..60).contains(&taken.len()), "some are taken and some refused: {taken:?}");
}

/// An export with some answers in it.
fn archive() -> Vec<u8> {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    (0..4).for_each(|_| drop(app.post_form(QUESTION, &ANSWER).is(303)));
    let archive = download(&app, "/api/v1/export");
    app.end().exits_with(0);
    archive
}

#[test]
fn an_import_that_finds_no_room_takes_nothing_in() {
    let archive = archive();
    let Some((home, disk, app)) = on_a_disk("16m") else {
        return skip("an_import_that_finds_no_room_takes_nothing_in", "mounts are not permitted here");
    };
    disk.fill();
    upload_by_form(&app, &archive).is(503).says(&FULL);
    problem(&upload(&app, "/api/v1/import", TAR, &archive).is(503));
    assert_eq!(answers(&app), 0, "half an import");
    disk.empty();
    assert_eq!(upload(&app, "/api/v1/import", TAR, &archive).is(200).json()["imported"]["answers"], 4);
    app.end().exits_with(0);
    home.in_store(async |store| store.examine().await.expect("the store is whole"));
}

#[test]
fn an_archive_that_finds_no_room_to_be_unpacked_is_not_called_damaged() {
    let archive = archive();
    let home = TestHome::new();
    let beside = home.work().join("tmp");
    std::fs::create_dir(&beside).expect("it is new");
    let Some(disk) = Disk::new(&beside, "size=1m,mode=755") else {
        return skip("an_archive_that_finds_no_room_to_be_unpacked", "mounts are not permitted here");
    };
    let mut command = home.command(["app", "--no-open"]);
    command.env("TMPDIR", &beside);
    let app = TestApp::of(home.start_command(command));
    app.get("/").is(200);
    disk.fill();
    let words = ["cannot be unpacked", "No space left", "free some disk space", "TMPDIR"];
    upload_by_form(&app, &archive).is(503).says(&words);
    upload(&app, "/api/v1/import", TAR, &archive).is(503).says(&words);
    app.get("/api/v1/export").is(503).says(&["No space left"]);
    disk.empty();
    assert_eq!(std::fs::read_dir(&beside).expect("it is there").count(), 0, "something was left there");
    upload(&app, "/api/v1/import", TAR, &archive).is(200);
    app.end().exits_with(0);
}

#[test]
fn a_hint_or_a_workspace_that_cannot_be_noted_is_not_given() {
    let home = TestHome::new();
    let Some(disk) = Disk::new(&home.path(), "size=16m,mode=755") else {
        return skip("a_hint_or_a_workspace_that_cannot_be_noted", "mounts are not permitted here");
    };
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    app.get("/").is(200);
    disk.fill();
    let words = ["No space left", "free some disk space"];
    app.post_form("/drills/tiny/hints", &[]).is(503).says(&words);
    app.send_json("POST", "/api/v1/drills/tiny/hints", &Value::Null).is(503).says(&words);
    app.post_form("/drills/tiny/workspaces", &[]).is(503).says(&words);
    app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": "tiny" })).is(503).says(&words);
    home.assert_store_is_whole();
    assert_eq!(app.get("/api/v1/workspaces").is(200).json()["workspaces"], json!([]));
    disk.empty();
    assert_eq!(app.get("/api/v1/drills/tiny/hints").is(200).json()["taken"], 0);
    let made = app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": "tiny" })).is(201).json();
    let dir = made["dir"].as_str().expect("a folder");
    assert!(dir.ends_with("hotseat/tiny"), "a workspace that nobody knows was left beside it: {dir}");
    app.end().exits_with(0);
    home.assert_store_is_whole();
}

/// Begins a judging, and waits for its end.
fn judged(app: &TestApp, workspace: &str) -> Value {
    let judging = app.judge(workspace);
    ended(app, &judging)
}

fn ended(app: &TestApp, judging: &str) -> Value {
    app.events(judging, 0);
    app.get(judging).is(200).json()
}

#[test]
fn a_judging_on_a_full_disk_says_so_stores_nothing_and_works_again_with_room() {
    let Some((home, disk)) = TestHome::warm_on_a_disk("1g") else {
        return skip("a_judging_on_a_full_disk_says_so", "mounts are not permitted here");
    };
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let (id, dir) = app.workspace("tiny", "index");
    std::fs::write(dir.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
    disk.fill();
    let judging = app.judge(&id);
    let it = ended(&app, &judging);
    assert_eq!((&it["state"], &it["run"]), (&json!("failed"), &Value::Null), "{it:#}");
    assert!(
        it["problem"]["next"][0].as_str().is_some_and(|next| next.contains("free some disk space")),
        "{it:#}"
    );
    let page = judging.strip_prefix("/api/v1").expect("it is below");
    app.get(page).is(200).says(&["could not be judged", "free some disk space"]);
    disk.empty();

    let slow = "SELECT pg_sleep(1);\nCREATE TABLE big AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 300000) AS n;";
    std::fs::write(dir.join("schema.sql"), slow).expect("the workspace is there");
    let judging = app.judge(&id);
    eventually("the learner's statement runs", || crate::judging::the_learners_statement_runs(&home));
    disk.fill();
    let it = ended(&app, &judging);
    assert!(it["state"] == "failed" || it["ruling"] == "void", "it is no fault of the learner's: {it:#}");
    app.get(page).is(200);
    disk.empty();
    home.assert_nothing_runs();
    home.assert_store_is_whole();
    std::fs::write(dir.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
    let it = judged(&app, &id);
    assert_eq!(it["ruling"], "pass", "{it:#}");
    let run = it["run"].as_str().expect("it is stored");
    app.get(&format!("/runs/{run}")).is(200).says(&["pass"]);
    app.end().exits_with(0);
    home.assert_store_is_whole();
}
