//! Settings and data: out, wiped, in again; and what is refused.

use std::fs;

use crate::archives::{TAR, download, entry, upload, upload_by_form};
use crate::client::TestApp;
use crate::support::TestHome;
use crate::today::{answer, days_from_today};

fn progress(home: &TestHome) -> serde_json::Value {
    home.hotseat(["progress", "--json"]).exits_with(0).json()
}

#[test]
fn what_is_exported_wiped_and_imported_is_what_was_there() {
    let home = TestHome::new();
    answer(&home, "slow-postgresql-query");
    answer(&home, "slow-postgresql-query");
    let (date, on) = (days_from_today(20), days_from_today(9));
    home.hotseat(["plan", "--date", &date]).exits_with(0);
    let pinned = home.hotseat(["plan", "--move", "kafka-consistency", &on, "--json"]).exits_with(0).json();
    let app = TestApp::start(&home);
    let archive = download(&app, "/api/v1/export");
    app.end().exits_with(0);

    let wiped = TestHome::new();
    let app = TestApp::start(&wiped);
    assert_eq!(app.get("/api/v1/about").is(200).json()["counts"]["answers"], 0);
    let first = upload(&app, "/api/v1/import", TAR, &archive).is(200).json();
    let imported = &first["imported"];
    assert_eq!((&imported["answers"], &imported["reviews"]), (&2.into(), &2.into()), "{first}");
    let again = upload_by_form(&app, &archive).is(303);
    assert_eq!(again.header("location"), "/data?answers=0&reviews=0&attempts=0");
    app.get(again.header("location")).is(200).says(&["was here already"]);
    assert_eq!(app.get("/api/v1/about").is(200).json()["counts"]["answers"], 2);
    let plan = app.get("/api/v1/plan").is(200).json();
    assert_eq!((&plan["interview"], &plan["days"]), (&pinned["interview"], &pinned["days"]));
    assert!(download(&app, "/api/v1/export") == archive, "the same store gives the same archive");
    app.end().exits_with(0);
    assert_eq!(progress(&wiped), progress(&home));
}

#[test]
fn an_unpacked_archive_is_what_the_command_takes() {
    let home = TestHome::new();
    answer(&home, "slow-postgresql-query");
    let app = TestApp::start(&home);
    let file = home.work().join("export.tar");
    fs::write(&file, download(&app, "/api/v1/export")).expect("it can be written");
    app.end().exits_with(0);
    let unpacked = std::process::Command::new("tar").arg("-xf").arg(&file).current_dir(home.work()).status();
    assert!(unpacked.expect("tar runs").success());
    let other = TestHome::new();
    let mut dirs = fs::read_dir(home.work()).expect("it is there").flatten().map(|it| it.path());
    let dir = dirs.find(|path| path.is_dir()).expect("the archive has a folder");
    other.hotseat(["import", &dir.display().to_string()]).exits_with(0).says(&["1 answers"]);
}

/// Archives that nobody should take, with words of the reason.
fn hostile(export: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    let with = |kind: u8, name: &str, size: u64, text: &[u8]| {
        let mut archive = Vec::new();
        entry(&mut archive, kind, name, size, text);
        // What follows is a whole export, which must not be taken either.
        archive.extend_from_slice(export);
        archive
    };
    let mut many = Vec::new();
    (0..100_001).for_each(|_| entry(&mut many, b'5', "answers/", 0, b""));
    let damaged = String::from_utf8(export.to_vec()).expect("it is text").replace("index", "xedni");
    vec![
        (with(b'0', "../evil", 4, b"evil"), "leads out of the folder"),
        (with(b'0', "a/../../evil", 4, b"evil"), "leads out of the folder"),
        (with(b'0', "/tmp/hotseat-evil", 4, b"evil"), "leads out of the folder"),
        (with(b'2', "link", 0, b""), "no plain file"),
        (with(b'1', "link", 0, b""), "no plain file"),
        (with(b'6', "pipe", 0, b""), "no plain file"),
        (with(b'0', "bomb", 8_000_000_000, b""), "more than"),
        (with(b'S', "bomb", 0, b""), "no plain file"),
        (many, "more than"),
        (export[..export.len() / 2].to_vec(), "cannot be read"),
        (damaged.into_bytes(), "SHA-256"),
        (b"GIF89a".repeat(200), "cannot be read"),
        (Vec::new(), "manifest.json"),
    ]
}

#[test]
fn a_hostile_archive_is_refused_whole() {
    let home = TestHome::new();
    answer(&home, "slow-postgresql-query");
    let app = TestApp::start(&home);
    let export = download(&app, "/api/v1/export");
    app.end().exits_with(0);
    let other = TestHome::new();
    let app = TestApp::start(&other);
    for (archive, why) in hostile(&export) {
        let refused = upload(&app, "/api/v1/import", TAR, &archive).is(422).says(&[why]);
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    upload_by_form(&app, b"no archive").is(422).says(&["cannot be read"]);
    upload(&app, "/api/v1/import", "application/json", &export).is(415);
    app.post_form("/data/import", &[("archive", "x")]).is(400);
    let counts = &app.get("/api/v1/about").is(200).json()["counts"];
    assert_eq!((&counts["answers"], &counts["plan_items"]), (&0.into(), &0.into()), "{counts}");
    assert!(!std::path::Path::new("/tmp/hotseat-evil").exists());
    app.end().exits_with(0);
}

#[test]
fn an_upload_that_breaks_off_changes_nothing() {
    use std::io::Write;
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let mut stream = app.connect();
    let head = format!(
        "POST /api/v1/import HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: {TAR}\r\nContent-Length: 99999\r\n\r\n",
        app.port
    );
    stream.write_all(head.as_bytes()).expect("it is sent");
    stream.write_all(&[0; 1024]).expect("it is sent");
    drop(stream);
    assert_eq!(app.get("/api/v1/about").is(200).json()["counts"]["answers"], 0);
    app.end().exits_with(0);
}

#[test]
fn where_things_lie_is_told_without_a_password() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let about = app.get("/api/v1/about").is(200).json();
    let place = home.path().display().to_string();
    assert_eq!(about["places"]["data"], place.as_str());
    assert!(about["version"].as_str().is_some_and(|version| !version.is_empty()), "{about}");
    assert!(about["pack"]["questions"].as_u64() > Some(0) && about["pack"]["path"].is_null(), "{about}");
    app.get("/data").is(200).says(&[&place, "learner.sqlite", "PostgreSQL", "/api/v1/export", "/plan"]);
    app.end().exits_with(0);
}
