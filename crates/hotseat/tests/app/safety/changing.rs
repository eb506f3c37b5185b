//! Everything that changes something: no other site may, and nobody with a body of any size.

use std::collections::BTreeSet;

use serde_json::json;

use super::with_app;
use crate::client::{Answer, TestApp};

const METHODS: [&str; 4] = ["post", "put", "delete", "patch"];
/// More than any request may bring along, but for an archive.
const TOO_LARGE: usize = 600 * 1024;
/// The same where a résumé's source or a job description may come.
const TOO_LARGE_A_TEXT: usize = 11 * 1024 * 1024;

/// Whatever the API's description says changes something, with its method, and what kind of body it takes.
fn resources(app: &TestApp) -> Vec<(String, String, Option<String>)> {
    let document = app.get("/api/v1/openapi.json").is(200).json();
    let paths = document["paths"].as_object().expect("it has paths");
    let mut all = Vec::new();
    for (path, operations) in paths {
        for (method, about) in operations.as_object().expect("it has operations") {
            if METHODS.contains(&method.as_str()) {
                let kinds = about["requestBody"]["content"].as_object();
                let kind = kinds.and_then(|kinds| kinds.keys().next().cloned());
                all.push((method.to_uppercase(), filled(path), kind));
            }
        }
    }
    assert!(all.len() >= 12, "the description tells of too little: {all:?}");
    all
}

/// A path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let one = |part: &str| if part.starts_with('{') { "slow-query".to_owned() } else { part.to_owned() };
    path.split('/').map(one).collect::<Vec<_>>().join("/")
}

/// Where the forms of the pages lead to, a plan and a workspace being there.
fn actions(app: &TestApp) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let advice = app.get("/api/v1/advice").is(200).json();
    let advice = advice["advice"][0]["id"].as_str().map(|id| format!("/advice/{id}"));
    let newcomer = app.get("/").is(200);
    app.post_form("/plan", &[("hours_per_week", "5")]).is(303);
    app.send_json("POST", "/api/v1/resumes", &json!({})).is(201);
    app.send_json("POST", "/api/v1/workspaces", &json!({ "drill": "slow-query" })).is(201);
    let pages = [
        "/",
        "/plan",
        "/data",
        "/drills/slow-query",
        "/questions/slow-postgresql-query",
        "/guide",
        "/resume",
    ];
    let pages = pages.into_iter().map(str::to_owned).chain(advice);
    for page in [newcomer].into_iter().chain(pages.map(|path| app.get(&path).is(200))) {
        for form in page.body.split("<form").skip(1) {
            let tag = form.split('>').next().unwrap_or_default();
            let action = tag.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
            if tag.contains("method=\"post\"") {
                found.insert(action.unwrap_or_else(|| panic!("a form leads nowhere: {tag}")).to_owned());
            }
        }
    }
    // Those whose pages need a run, which is made elsewhere.
    found.extend(["/runs/slow-query-1/replay".to_owned(), "/judgings/x/cancel".to_owned()]);
    found
}

/// All that can be known of what a learner has done.
fn state(app: &TestApp) -> [String; 5] {
    ["/api/v1/plan", "/api/v1/workspaces", "/api/v1/judgings", "/api/v1/progress", "/api/v1/resumes"]
        .map(|path| app.get(path).body)
}

#[test]
fn nothing_changes_for_another_site() {
    with_app(|app| {
        let actions = actions(app);
        for action in ["/plan", "/judgings", "/data/import", "/drills/slow-query/workspaces"] {
            assert!(actions.contains(action), "{action} is not among {actions:?}");
        }
        let pages = actions.into_iter().map(|action| ("POST".to_owned(), action, None));
        let before = state(app);
        for (method, path, _) in resources(app).into_iter().chain(pages) {
            for (name, value) in
                [("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
            {
                let answer = app.send(&method, &path, &[(name, value)], "{}");
                assert_eq!(answer.status, 403, "{method} {path} with {name}: {value}");
                if path.starts_with("/api/") {
                    assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
                }
            }
        }
        assert_eq!(state(app), before);
    });
}

#[test]
fn a_body_that_is_too_large_is_refused_everywhere() {
    with_app(|app| {
        let before = state(app);
        let body = |size| format!("{{\"x\":\"{}\"}}", "x".repeat(size));
        let (text, long_text) = (body(TOO_LARGE), body(TOO_LARGE_A_TEXT));
        for (method, path, kind) in resources(app) {
            if let Some(kind) = kind.filter(|kind| kind == "application/json") {
                let is_text = path.starts_with("/api/v1/resumes") && !path.ends_with("/additions");
                let text = if is_text { &long_text } else { &text };
                let answer = app.send(&method, &path, &[("Content-Type", &kind)], text).is(413);
                assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
            }
        }
        let form = format!("text={}", "x".repeat(TOO_LARGE));
        for path in
            ["/questions/slow-postgresql-query", "/plan", "/plan/moves", "/judgings", "/resume/additions"]
        {
            app.send("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], &form).is(413);
        }
        assert_eq!(state(app), before);
    });
}

#[test]
fn what_cannot_be_done_there_says_what_can() {
    with_app(|app| {
        let allowed = |answer: Answer| {
            let answer = answer.is(405);
            answer.header("allow").split(',').map(|it| it.trim().to_owned()).collect::<BTreeSet<_>>()
        };
        let of = |methods: &[&str]| methods.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        let problem = app.send("PATCH", "/api/v1/plan", &[], "");
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(allowed(problem), of(&["GET", "HEAD", "PUT"]));
        assert_eq!(allowed(app.send("DELETE", "/api/v1/judgings", &[], "")), of(&["GET", "HEAD", "POST"]));
        assert_eq!(allowed(app.send("DELETE", "/plan", &[], "")), of(&["GET", "HEAD", "POST"]));
    });
}
