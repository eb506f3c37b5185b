//! Drills in the app: the list, a drill's page, hints one by one, solutions when asked twice.

use serde_json::json;

use crate::client::TestApp;
use crate::support::{TestHome, tiny_pack};

#[test]
fn the_list_says_what_the_command_says() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let told = home.hotseat(["drill", "list", "--json"]).exits_with(0).json();
    assert_eq!(app.get("/api/v1/drills").is(200).json(), told);
    app.get("/drills").is(200).says(&["The order desk got slow", "rulings right", "/drills/slow-query"]);
    for drill in told["drills"].as_array().expect("a list") {
        let name = drill["name"].as_str().expect("a name");
        app.get(&format!("/drills/{name}")).is(200).says(&["hotseat drill start", "Take the first hint"]);
        let page = app.get(&format!("/api/v1/drills/{name}")).is(200).json();
        assert_eq!(page["title"], drill["title"]);
    }
    app.get("/drills/nosuch").is(404);
    app.get("/api/v1/drills/nosuch").is(404);
    app.end().exits_with(0);
}

#[test]
fn hints_are_taken_one_by_one_and_stay() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    assert_eq!(app.get("/api/v1/drills/tiny/hints").is(200).json()["taken"], 0);
    app.post_form("/drills/tiny/hints", &[]).is(303);
    let second = app.send_json("POST", "/api/v1/drills/tiny/hints", &json!(null)).is(200).json();
    assert_eq!((&second["taken"], second["hints"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    let taken = app.get("/api/v1/drills/tiny/hints").is(200).json();
    assert_eq!(taken["hints"].as_array().map(Vec::len), Some(2));
    let title = taken["hints"][1]["title"].as_str().expect("a title");
    app.get("/drills/tiny").is(200).says(&[title, "2</span> of"]);
    let dir = home.workspace("tiny", "index", &[]);
    let dir = dir.display().to_string();
    let again = home.hotseat(["drill", "hint", &dir, "--again", "--json"]).exits_with(0).json();
    assert_eq!(again["hints"], taken["hints"], "the command knows of them");
    app.end().exits_with(0);
}

#[test]
fn solutions_are_shown_when_asked_twice() {
    let home = TestHome::new();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    let at = "/api/v1/drills/tiny/solutions";
    app.get(at).is(403);
    app.get("/drills/tiny/solutions?level=index").is(403);
    let first = app.post_form("/drills/tiny/solutions", &[("level", "index")]).is(303);
    let page = first.header("location").split('#').next().expect("a path").to_string();
    let shown = app.get(&page).is(200).says(&["You have not passed this level yet"]);
    assert!(!shown.body.contains("plain-index"), "{}", shown.body);
    app.get(at).is(403).says(&["not passed"]);
    let second = app.send_json("POST", at, &json!({ "level": "index" })).is(200).json();
    assert!(second["solutions"]["plain-index"]["schema.sql"].is_string(), "{second}");
    app.get(at).is(200);
    let page = "/drills/tiny/solutions?level=index";
    app.get("/drills/tiny").is(200).says(&[page]);
    app.get(page).is(200).says(&["plain-index", "CREATE INDEX"]);
    app.get("/drills/tiny/solutions?level=nosuch").is(422);
    app.send_json("POST", at, &json!({ "level": "nosuch" })).is(422);
    app.end().exits_with(0);
}
