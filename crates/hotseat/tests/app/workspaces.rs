//! Workspaces that are started from the page, the API and the terminal, and what is known of them.

use serde_json::{Value, json};

use crate::client::TestApp;
use crate::support::{TestHome, tiny_pack};

fn known(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/v1/workspaces").is(200).json();
    list["workspaces"].as_array().expect("a list").clone()
}

#[test]
fn many_that_are_started_at_once_are_all_known() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let pack = tiny_pack().display().to_string();
    let started: Vec<_> = (0..8)
        .map(|number| home.start(["drill", "start", "tiny", &format!("w{number}"), "--pack", &pack]))
        .collect();
    for _ in 0..4 {
        app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": "tiny" })).is(201);
    }
    for it in started {
        it.finish().exits_with(0);
    }
    let all = known(&app);
    let mut ids: Vec<&str> = all.iter().filter_map(|it| it["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 12, "{all:?}");
    assert!(all.iter().all(|it| it["state"] == "there"), "{all:?}");
    app.end().exits_with(0);
}

#[test]
fn a_folder_that_moved_away_is_gone_and_comes_back() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let form = [("level", "rewrite"), ("language", "")];
    let answer = app.post_form("/drills/tiny/workspaces", &form).is(303);
    assert_eq!(answer.header("location"), "/drills/tiny#workspaces");
    let it = known(&app).remove(0);
    assert_eq!((&it["level"], &it["drill"]), (&json!("rewrite"), &json!("tiny")));
    let dir = std::path::PathBuf::from(it["dir"].as_str().expect("a folder"));
    assert!(dir.ends_with("hotseat/tiny") && dir.join("hotseat.toml").exists(), "{dir:?}");
    let (id, away) = (it["id"].as_str().expect("an id").to_string(), dir.with_file_name("elsewhere"));
    app.get("/drills/tiny").is(200).says(&["hotseat/tiny<", "hotseat/tiny-2"]);
    std::fs::rename(&dir, &away).expect("it can be moved");
    assert_eq!(known(&app)[0]["state"], "gone");
    app.get("/drills/tiny").is(200).says(&["gone"]);
    app.send_json("POST", "/api/v1/judgings", &json!({ "workspace": id })).is(422).says(&["not there"]);
    std::fs::rename(&away, &dir).expect("it can be moved back");
    assert_eq!(app.get(&format!("/api/v1/workspaces/{id}")).is(200).json()["state"], "there");
    app.end().exits_with(0);
}

#[test]
fn a_workspace_is_started_nowhere_else() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    for drill in ["../../escape", "/tmp/escape", "tiny/../..", "", "nosuch"] {
        app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": drill })).is(422);
    }
    for (level, language) in [(json!("nosuch"), json!(null)), (json!(null), json!("cobol"))] {
        let new = json!({ "drill": "tiny", "level": level, "language": language });
        app.send_json("POST", "/api/v1/workspaces", &new).is(422);
    }
    let new = json!({ "drill": "tiny", "dir": "/tmp/escape" });
    app.send_json("POST", "/api/v1/workspaces", &new).is(422);
    app.post_form("/drills/..%2F..%2Fescape/workspaces", &[]).is(404);
    app.get("/api/v1/workspaces/..%2F..%2Fetc").is(404);
    assert_eq!(known(&app), Vec::<Value>::new());
    app.end().exits_with(0);
}

#[test]
fn a_damaged_list_is_told_and_kept() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let list = home.path().join("workspaces.json");
    std::fs::write(&list, "{").expect("the home is ours");
    app.get("/api/v1/workspaces").is(422).says(&["workspaces.json", "move the file away"]);
    app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": "tiny" })).is(422);
    let pack = tiny_pack().display().to_string();
    let ran = home.hotseat(["drill", "start", "tiny", "mine", "--pack", &pack]).exits_with(0);
    ran.says(&["does not know this workspace", "workspaces.json"]);
    assert_eq!(std::fs::read_to_string(&list).expect("it is there"), "{");
    app.end().exits_with(0);
}
