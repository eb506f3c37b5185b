//! Markup of others, in a pack and in what a learner writes: shown, never obeyed.

use std::fs;

use crate::client::TestApp;
use crate::support::{TestHome, copy_folder, tiny_pack};

const HOSTILE: &str = "\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n\
    <iframe src=\"https://evil.example\"></iframe>\n\n[press](javascript:alert(1)) ![pixel](https://evil.example/p.png)\n\n\
    <form action=\"https://evil.example\"><input name=a></form>\n";

/// Nothing of it has become an element.
#[track_caller]
fn is_harmless(page: &str) {
    let page = page.to_lowercase();
    for bad in ["<script>", "<img", "<iframe", "<input name=a", "<form action=\"https", "href=\"javascript"] {
        assert!(!page.contains(bad), "`{bad}` is in {page}");
    }
}

#[test]
fn what_a_pack_says_is_shown_and_not_obeyed() {
    let home = TestHome::new();
    let pack = home.work().join("hostile");
    copy_folder(&tiny_pack(), &pack);
    let drill = pack.join("drills/tiny");
    for file in ["brief.md", "hints.md"] {
        let text = fs::read_to_string(drill.join(file)).expect("the drill has it");
        fs::write(drill.join(file), text + HOSTILE).expect("it can be written");
    }
    let app = TestApp::start_with_pack(&home, &pack);
    let page = app.get("/drills/tiny").is(200).says(&["alert(1)", "press"]);
    is_harmless(&page.body);
    app.post_form("/drills/tiny/hints", &[]).is(303);
    is_harmless(&app.get("/drills/tiny").is(200).body);
    app.end().exits_with(0);
}

#[test]
fn what_a_learner_writes_is_shown_and_not_obeyed() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let text = format!("I look at the plan first, and then at the indexes. {HOSTILE}");
    let fields = [("text", text.as_str()), ("estimate", "50")];
    let kept = app.post_form("/questions/slow-postgresql-query", &fields).is(303);
    let page = app.get(kept.header("location")).is(200).says(&["alert(1)", "I look at the plan first"]);
    is_harmless(&page.body);
    // Refused, and shown again in its box.
    let fields = [("text", "</textarea><script>alert(1)</script>"), ("estimate", "\"><img src=x>")];
    is_harmless(&app.post_form("/questions/slow-postgresql-query", &fields).is(422).body);
    for path in [
        "/guide?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/progress?day=%22%3E%3Cimg%20src=x%3E",
        "/%3Cscript%3E",
    ] {
        is_harmless(&app.get(path).body);
    }
    app.end().exits_with(0);
}
