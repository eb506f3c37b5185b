//! From stored runs to bullets and questions.

use std::fs;

use serde_json::{Value, json};

use super::{read, resume, write};
use crate::support::TestHome;

/// A stored run of slow-query with these blocks.
fn store(home: &TestHome, run: &str, ruling: &str, blocks: u32) {
    let dir = home.run_dir(run);
    fs::create_dir_all(&dir).expect("the home is there");
    let held = ruling == "pass";
    let mut finding = json!({
        "check": "few-blocks", "claim": "No page reads more than three times the blocks of the reference.",
        "state": if held { "held" } else { "broken" }, "relation": "at most", "need": 90, "got": blocks, "par": 30,
        "unit": "blocks for the worst page"
    });
    if !held {
        finding["counterexamples"] = json!([{ "page": 1, "blocks": blocks }]);
        finding["more"] = json!(0);
    }
    let verdict = json!({
        "schema": 1, "drill": "slow-query", "version": 1, "level": "indexes", "seed": 8812, "ruling": ruling,
        "findings": if ruling == "void" { json!([]) } else { json!([finding]) }, "not_examined": [],
        "why_void": if ruling == "void" { json!("the machine was too busy") } else { Value::Null }, "run": run
    });
    fs::write(dir.join("verdict.json"), verdict.to_string()).expect("the folder is there");
    fs::write(dir.join("evidence.sqlite"), "").expect("the folder is there");
}

#[test]
fn a_passed_run_becomes_a_story_bullets_and_questions() {
    let home = TestHome::new();
    store(&home, "slow-query-1", "fail", 91_204);
    store(&home, "slow-query-2", "pass", 34);
    resume(&home, &["init"]).exits_with(0);
    let before = read(&home, "resume.toml");
    let draft = resume(&home, &["add", "slow-query-2", "--dry-run", "--json"]).exits_with(0).json();
    assert_eq!(read(&home, "resume.toml"), before);
    let result = draft["draft"]["result"][0].as_str().unwrap_or_default().replace(',', "");
    assert_eq!(result, "91204 → 34 blocks for the worst page (at most 90 allowed reference 30) seed 8812");
    let added = resume(&home, &["add", "slow-query-2", "--json"]).exits_with(0).json();
    let questions = added["questions_added"].as_u64().unwrap_or_default();
    assert!(questions >= 3, "{added:#}");
    assert!(read(&home, "resume.toml").starts_with(before.trim_end()), "the owner's own lines stay");
    resume(&home, &["build"]).exits_with(0);
    let checked = resume(&home, &["check", "--json"]).exits_with(0).json();
    let figures = checked["report"]["figures"].to_string();
    assert!(figures.contains("\"run\":\"slow-query-2\"") && figures.contains("91,204"), "{figures}");
    let due = home.hotseat(["review", "--json"]).exits_with(0).json();
    let own: Vec<&Value> =
        due["due"].as_array().into_iter().flatten().filter(|it| it["prompt"].is_string()).collect();
    assert_eq!(own.len() as u64, questions, "{due:#}");
    let again = resume(&home, &["add", "slow-query-2"]).exits_with(2);
    assert!(again.stderr.contains("has run `slow-query-2` already"), "{}", again.stderr);
    assert!(resume(&home, &["sheet"]).exits_with(0).stdout.contains("run slow-query-2"));
    // The questions go with an export, and come back.
    home.hotseat(["export", "kept"]).exits_with(0);
    let other = TestHome::new();
    let kept = home.work().join("kept").display().to_string();
    other.hotseat(["import", &kept]).exits_with(0);
    let due = other.hotseat(["review", "--json"]).exits_with(0).json();
    assert_eq!(due["due"].as_array().map_or(0, Vec::len) as u64, questions);
}

#[test]
fn a_run_that_did_not_pass_is_refused() {
    let home = TestHome::new();
    store(&home, "slow-query-1", "fail", 91_204);
    store(&home, "slow-query-2", "void", 0);
    write(&home, "resume.toml", "[basics]\nname = \"Ada\"\n");
    for (run, words) in [
        ("slow-query-1", "run `slow-query-1` ended with fail; only a passed run"),
        ("slow-query-2", "run `slow-query-2` ended with void; only a passed run"),
        ("slow-query-9", "there is no stored run `slow-query-9`"),
    ] {
        let said = resume(&home, &["add", run]).exits_with(2).stderr;
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(read(&home, "resume.toml"), "[basics]\nname = \"Ada\"\n");
}
