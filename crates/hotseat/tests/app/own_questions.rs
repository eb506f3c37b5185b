//! Questions about one's own runs, which a résumé's bullets bring: due, asked, weighed and kept.

use serde_json::Value;

use crate::client::TestApp;
use crate::resume::home_with_a_run;
use crate::support::TestHome;

/// A home with a passed run whose bullets are in a résumé.
fn home_with_bullets() -> TestHome {
    let home = home_with_a_run();
    home.hotseat(["resume", "init"]).exits_with(0);
    home.hotseat(["resume", "add", "slow-query-1"]).exits_with(0);
    home
}

#[test]
fn they_are_reviewed_and_weighed_by_their_form() {
    let home = home_with_bullets();
    let app = TestApp::start(&home);
    let queue = app.get("/api/v1/reviews").is(200).json();
    let due: Vec<&Value> = queue["due"].as_array().into_iter().flatten().collect();
    assert!(!due.is_empty() && due.iter().all(|it| it["prompt"].is_string()), "{queue:#}");
    let id = due[0]["name"].as_str().expect("a name");
    let path = format!("/own-questions/{id}");
    let today = app.get("/api/v1/today").is(200).json();
    assert_eq!(today["due"]["count"], due.len(), "today counts them too: {today:#}");
    let named = today["due"]["first"].as_array().expect("some are named");
    assert!(
        named.iter().any(|it| it["path"] == path.as_str() && it["title"] == due[0]["prompt"]),
        "{today:#}"
    );
    app.get("/").is(200).says(&[&format!("href=\"{path}\"")]);
    app.get("/review").is(200).says(&[
        &format!("href=\"{path}?minutes=60&#38;spent=0\""),
        "about your own run",
        "not asked yet",
    ]);
    let marked = due.iter().filter(|it| it["prompt"].as_str().is_some_and(|it| it.contains(['`', '*'])));
    assert_eq!(marked.count(), 0, "they are read as they stand: {queue:#}");
    app.get(&path).is(200).says(&["href=\"/runs/slow-query-1\"", "Hand in"]);
    app.post_form(&path, &[("text", " ")]).is(422).says(&["your answer is empty"]);

    let given = app.post_form(&format!("{path}?minutes=60&spent=0"), &[("text", "fine")]).is(303);
    let page = app.get(given.header("location")).is(200);
    page.says(&[
        "<span class=\"figure\">0</span> of 100",
        "fewer than 25 words",
        "/review?minutes=60&#38;spent=4",
    ]);

    let good = "I looked at the plan first, because the page read 31,104 blocks to show fifty rows, and most of \
                them went to the join with refunds, so I pushed the limit below it";
    let given = app.post_form(&path, &[("text", good)]).is(303);
    let answer = given.header("location").to_string();
    app.get(&answer).is(200).says(&["<span class=\"figure\">100</span> of 100", &format!("href=\"{path}\"")]);
    let kept = app.get(&format!("/api/v1{answer}")).is(200).json();
    assert_eq!((&kept["prompt"], &kept["feedback"]), (&due[0]["prompt"], &Value::Null));
    assert_eq!(kept["own_feedback"]["score"], 100);
    app.get(&path).is(200).says(&["Your answers so far", &answer]);
    let today = app.get("/api/v1/today").is(200).json();
    assert_eq!(today["due"]["count"], due.len() - 1, "an answered one is no longer due: {today:#}");
    let left = app.get("/api/v1/reviews").is(200).json();
    assert!(!left.to_string().contains(&format!("\"{id}\"")), "an answered one comes back later: {left:#}");
    app.end().exits_with(0);
}

#[test]
fn what_was_never_asked_is_not_found() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    app.get("/own-questions/own-slow-query-1-1").is(404);
    app.post_form("/own-questions/slow-postgresql-query", &[("text", "I would")]).is(404);
    app.end().exits_with(0);
}
