//! The plan: made, made anew, with things on other days, and looked at without being changed.

use serde_json::{Value, json};
use study::store::{Plan, PlanDay, PlanItem};
use study::words::Task;

use crate::client::TestApp;
use crate::support::TestHome;
use crate::today::days_from_today;

/// Where something stands for the first time, and whether it is pinned there.
fn next_of(plan: &Value, name: &str) -> Option<(String, bool)> {
    let days = plan["days"].as_array()?.iter();
    let mut items =
        days.flat_map(|day| day["items"].as_array().into_iter().flatten().map(move |it| (day, it)));
    let (day, item) = items.find(|(_, item)| item["name"] == name)?;
    Some((day["date"].as_str()?.to_string(), item["pinned"] == true))
}

/// A question that the plan has on a later day than `date`.
fn later_question(plan: &Value, date: &str) -> String {
    let days = plan["days"].as_array().into_iter().flatten().filter(|day| day["date"].as_str() > Some(date));
    let mut items = days.flat_map(|day| day["items"].as_array().into_iter().flatten());
    let item = items.find(|item| item["task"] == "answer" && item["again"] == false);
    item.expect("there is one")["name"].as_str().expect("a name").to_string()
}

#[test]
fn a_plan_is_made_and_made_anew_by_forms() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    app.get("/api/v1/plan").is(404);
    app.get("/plan").is(200).says(&[
        "Make a plan",
        "name=\"interview\"",
        "name=\"hours\"",
        "name=\"sunday\"",
    ]);
    let date = days_from_today(20);
    let fields = [("interview", date.as_str()), ("hours", "5"), ("days", "all"), ("sunday", "on")];
    assert_eq!(app.post_form("/plan", &fields).is(303).header("location"), "/plan");
    app.get("/plan").is(200).says(&[
        "20 days until the interview",
        "day off",
        "/questions/",
        "/advice/",
        "/drills/",
    ]);
    let plan = app.get("/api/v1/plan").is(200).json();
    assert_eq!((&plan["schema"], &plan["interview"]), (&1.into(), &date.as_str().into()));
    assert_eq!((&plan["days_off"], &plan["hours_per_week"]), (&json!(["sunday"]), &5.0.into()));
    assert_eq!(plan["days"].as_array().map(Vec::len), Some(20));
    app.post_form("/plan", &[("interview", &date), ("hours", "1"), ("days", "all")]).is(303);
    let fewer = app.get("/api/v1/plan").is(200).json();
    assert_eq!(fewer["days_off"], json!([]));
    assert!(fewer["left_out"].as_array().is_some_and(|left| !left.is_empty()), "{fewer}");
    app.get("/plan").is(200).says(&["Left out", "do not suffice"]);
    app.post_form("/plan", &[("interview", ""), ("hours", "3")]).is(303);
    app.get("/plan").is(200).says(&["coming two weeks"]);
    for wrong in [("interview", "2020-02-29"), ("interview", "soon"), ("hours", "0"), ("hours", "NaN")] {
        app.post_form("/plan", &[wrong]).is(422);
    }
    let kept = app.get("/api/v1/plan").is(200).json();
    assert_eq!((&kept["interview"], &kept["hours_per_week"]), (&Value::Null, &3.0.into()));
    app.end().exits_with(0);
}

#[test]
fn what_is_put_on_a_day_stays_there_when_the_rest_is_planned_anew() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let settings = |hours: u32| json!({ "interview": days_from_today(20), "hours_per_week": hours });
    let plan = app.send_json("PUT", "/api/v1/plan", &settings(6)).is(200).json();
    let (tomorrow, on) = (days_from_today(1), days_from_today(7));
    let (one, two) = (later_question(&plan, &on), plan["days"][0]["items"][0].clone());
    let two_key =
        format!("{}/{}", two["task"].as_str().expect("a task"), two["name"].as_str().expect("a name"));
    let moved = app.send_json("POST", "/api/v1/plan/moves", &json!({ "name": one, "to": tomorrow })).is(200);
    assert_eq!(next_of(&moved.json(), &one), Some((tomorrow.clone(), true)));
    let said = app.post_form("/plan/moves", &[("item", &two_key), ("to", &on)]).is(303);
    let page = app.get(said.header("location")).is(200).says(&["comes on", "stays here"]);
    assert_eq!(page.body.matches("stays here ×").count(), 2);
    let two = two["name"].as_str().expect("a name");
    let stay = |plan: &Value| {
        assert_eq!(next_of(plan, &one), Some((tomorrow.clone(), true)));
        assert_eq!(next_of(plan, two), Some((on.clone(), true)));
    };
    stay(&app.send_json("PUT", "/api/v1/plan", &settings(9)).is(200).json());
    app.post_form("/plan", &[("interview", &days_from_today(15)), ("hours", "3")]).is(303);
    stay(&app.get("/api/v1/plan").is(200).json());
    app.end().exits_with(0);
    stay(&home.hotseat(["plan", "--hours", "12", "--json"]).exits_with(0).json());
    let app = TestApp::start(&home);
    app.post_form("/plan/moves", &[("item", &two_key)]).is(303);
    let freed = app.get("/api/v1/plan").is(200).json();
    assert!(next_of(&freed, two).is_some_and(|(_, pinned)| !pinned), "{freed}");
    app.end().exits_with(0);
}

#[test]
fn the_command_moves_too() {
    let home = TestHome::new();
    let on = days_from_today(3);
    home.hotseat(["plan", "--move", "kafka-consistency", &on]).exits_with(2).says(&["no plan yet"]);
    home.hotseat(["plan"]).exits_with(0);
    let moved = home.hotseat(["plan", "--move", "kafka-consistency", &on]).exits_with(0);
    moved.says(&["hotseat ask kafka-consistency (you put it here)"]);
    let plan = home.hotseat(["plan", "--json"]).exits_with(0).json();
    assert_eq!(next_of(&plan, "kafka-consistency"), Some((on.clone(), true)));
    let freed = home.hotseat(["plan", "--unpin", "kafka-consistency", "--json"]).exits_with(0).json();
    assert!(next_of(&freed, "kafka-consistency").is_some_and(|(_, pinned)| !pinned));
    home.hotseat(["plan", "--move", "no-such-thing", &on]).exits_with(2).says(&["no-such-thing"]);
    home.hotseat(["plan", "--move", "kafka-consistency", "soon"]).exits_with(2).says(&["2026-12-01"]);
    home.hotseat(["plan", "--move", "kafka-consistency", &on, "--hours", "3"]).exits_with(2);
}

#[test]
fn a_move_that_makes_no_sense_is_refused_and_changes_nothing() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let moves = "/api/v1/plan/moves";
    let right = json!({ "name": "kafka-consistency", "to": days_from_today(3) });
    app.send_json("POST", moves, &right).is(422).says(&["no plan yet"]);
    app.send_json("PUT", "/api/v1/plan", &json!({})).is(200);
    let before = app.get("/api/v1/plan").is(200).json();
    for (wrong, why) in [
        (json!({ "name": "kafka-consistency", "to": days_from_today(99) }), "no day of the plan"),
        (json!({ "name": "kafka-consistency", "to": days_from_today(-1) }), "no day of the plan"),
        (json!({ "name": "no-such-thing", "to": days_from_today(1) }), "no-such-thing"),
        (json!({ "task": "do", "name": "kafka-consistency", "to": days_from_today(1) }), "do kafka"),
        (json!({ "name": "kafka-consistency", "to": "soon" }), "to: "),
        (json!({ "name": "kafka-consistency", "from": "soon" }), "unknown field"),
    ] {
        let refused = app.send_json("POST", moves, &wrong).is(422).says(&[why]);
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    app.send("POST", moves, &[("Content-Type", "application/json")], "{").is(400);
    app.send("POST", moves, &[("Content-Type", "text/plain")], "{}").is(415);
    app.post_form("/plan/moves", &[("to", &days_from_today(1))]).is(422).says(&["nothing was chosen"]);
    app.post_form("/plan/moves", &[("item", "dance/x"), ("to", &days_from_today(1))]).is(422);
    assert_eq!(app.get("/api/v1/plan").is(200).json()["days"], before["days"]);
    app.end().exits_with(0);
}

#[test]
fn what_fell_behind_is_told_as_often_as_one_looks_and_nothing_is_changed_by_looking() {
    let home = TestHome::new();
    let item =
        |task, name: &str, pinned| PlanItem { task, name: name.into(), minutes: 8, done_at_ms: None, pinned };
    let day = |days, items| PlanDay { date: days_from_today(days), items };
    let old = Plan {
        interview: Some(days_from_today(15)),
        hours_per_week: 5.0,
        days_off: Default::default(),
        made_at_ms: 1,
        days: vec![
            day(
                -2,
                vec![item(Task::Answer, "keeping-up", false), item(Task::Answer, "scalable-rest-api", true)],
            ),
            day(5, vec![item(Task::Answer, "kafka-consistency", true)]),
        ],
    };
    home.in_store(async |store| store.set_plan(&old).await.expect("it is kept"));
    let app = TestApp::start(&home);
    for _ in 0..2 {
        app.get("/plan").is(200).says(&["3 fell behind", "went from", "where you put it: that day is over"]);
        app.get("/").is(200).says(&["2 fell behind"]);
        let plan = app.get("/api/v1/plan").is(200).json();
        assert_eq!(next_of(&plan, "kafka-consistency"), Some((days_from_today(5), true)));
        assert_eq!(plan["lifted"][0]["name"], "scalable-rest-api");
    }
    app.end().exits_with(0);
    let kept = home.in_store(async |store| store.plan().await.expect("it can be read"));
    assert_eq!(kept, Some(old), "nobody asked for another plan");
}
