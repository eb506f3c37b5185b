//! The commands as people meet them: what they print, in text and as JSON, and what they remember.

#[path = "commands/load.rs"]
mod load;
#[path = "commands/server.rs"]
mod server;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{RIGHT_INDEX, Ruled, TestHome, copy_folder, skip, tiny_pack};

/// The arguments with the pack of the tests.
fn with_pack(args: &[&str]) -> Vec<String> {
    let pack = tiny_pack().display().to_string();
    args.iter().copied().chain(["--pack", &pack]).map(str::to_string).collect()
}

/// Insists that an object has at least these keys; more may come in a later version.
#[track_caller]
fn has_keys(object: &Value, keys: &str) {
    for key in keys.split_whitespace() {
        assert!(object.get(key).is_some(), "`{key}` is missing from {object:#}");
    }
}

#[track_caller]
fn is_schema_1(object: &Value, keys: &str) {
    assert_eq!(object["schema"], 1, "{object:#}");
    has_keys(object, keys);
}

/// The row of `tiny` in the list.
#[track_caller]
fn tiny_in_list(home: &TestHome) -> Value {
    let list = home.hotseat(with_pack(&["drill", "list", "--json"])).exits_with(0).json();
    let mut rows = list["drills"].as_array().into_iter().flatten();
    rows.find(|row| row["name"] == "tiny").expect("the pack has it").clone()
}

// --- list and start ----------------------------------------------------------------------------------

#[test]
fn the_list_shows_what_a_learner_chooses_by() {
    let home = TestHome::new();
    let ran = home.hotseat(with_pack(&["drill", "list"])).exits_with(0);
    ran.says(&[
        "tiny",
        "tiny-load",
        "The shelf that is looked for",
        "5 min",
        "PostgreSQL 15+",
        "open",
        "0 tries",
    ]);
    let list = home.hotseat(with_pack(&["drill", "list", "--json"])).exits_with(0).json();
    is_schema_1(&list, "drills");
    assert_eq!(list["drills"].as_array().map(Vec::len), Some(2));
    let tiny = &tiny_in_list(&home);
    has_keys(tiny, "name title summary topics minutes levels components runs_here tries hints_taken");
    has_keys(&tiny["levels"][0], "name title passed");
    assert_eq!((&tiny["name"], &tiny["tries"]), (&"tiny".into(), &0.into()));
}

#[test]
fn the_pack_in_the_binary_needs_no_files() {
    let home = TestHome::new();
    let list = home.hotseat(["drill", "list", "--json"]).exits_with(0).json();
    let names: Vec<&str> =
        list["drills"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    for name in ["lost-update", "slow-query", "stale-dashboard"] {
        assert!(names.contains(&name), "{names:?}");
        home.hotseat(["drill", "start", name]).exits_with(0);
        assert!(home.work().join(name).join("hotseat.toml").exists());
    }
}

#[test]
fn a_started_workspace_holds_the_task_the_starter_and_what_is_given() {
    let home = TestHome::new();
    let started = home.hotseat(with_pack(&["drill", "start", "tiny", "--json"])).exits_with(0).json();
    is_schema_1(&started, "drill level workspace files");
    let workspace = home.work().join("tiny");
    let files = support::files_below(&workspace);
    let expected = ["README.md", "given/tables.sql", "hotseat.toml", "schema.sql"].map(PathBuf::from);
    assert_eq!(files, expected, "the query is no part of the first level");
    let readme = fs::read_to_string(workspace.join("README.md")).expect("it is there");
    for words in ["## The task", "## You hand in", "## What is measured", "hotseat drill check"] {
        assert!(readme.contains(words), "`{words}` is missing from:\n{readme}");
    }
    let ran = home.hotseat(with_pack(&["drill", "start", "tiny", "other", "--level", "rewrite"]));
    ran.exits_with(0).says(&[
        "other/README.md",
        "other/schema.sql",
        "other/query.sql",
        "hotseat drill check",
    ]);
}

// --- check, replay, prove ----------------------------------------------------------------------------

#[test]
fn a_check_fails_then_passes_and_is_remembered() {
    let home = TestHome::warm();
    let workspace = home.workspace("tiny", "index", &[]);
    let shown = workspace.display().to_string();
    let failed = home.hotseat(["drill", "check", &shown]).exits_with(1);
    let failed = failed.says(&[
        "FAIL tiny (index)",
        "broken: few-blocks",
        "need at most",
        "got",
        "--seed",
        "drill hint",
    ]);
    assert!(!failed.stdout.contains("Follow-up questions"), "{failed}");
    fs::write(workspace.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
    let passed = home.hotseat(["drill", "check", &shown]).exits_with(0);
    passed.says(&[
        "PASS tiny (index)",
        "all 3 claims hold",
        "evidence.sqlite",
        "Follow-up questions",
        "touched",
    ]);
    let tiny = tiny_in_list(&home);
    assert_eq!((&tiny["tries"], &tiny["levels"][0]["passed"]), (&2.into(), &true.into()), "{tiny:#}");
    assert_eq!(tiny["levels"][1]["passed"], false, "{tiny:#}");
}

#[test]
fn a_verdict_has_its_documented_shape() {
    let home = TestHome::warm();
    let ruled = home.check_schema("").fails("few-blocks");
    let keys = "drill version level seed ruling findings not_examined why_void run evidence timing";
    is_schema_1(&ruled.json, keys);
    has_keys(&ruled.json["timing"], "total_ms own_ms first_figures_ms");
    let findings = ruled.json["findings"].as_array().expect("it is a list");
    assert_eq!(findings.len(), 3);
    for finding in findings {
        has_keys(finding, "check claim state relation need got par unit");
    }
    has_keys(ruled.counterexample("few-blocks"), "shelf mode blocks");
    let evidence = PathBuf::from(ruled.json["evidence"].as_str().expect("it is a path"));
    assert!(evidence.starts_with(home.run_dir("tiny-1")) && evidence.exists(), "{}", evidence.display());
}

#[test]
fn a_seed_repeats_a_run() {
    let home = TestHome::warm();
    let workspace = home.workspace("tiny", "index", &[]).display().to_string();
    let check =
        |seed: &str| Ruled::read(&home.hotseat(["drill", "check", &workspace, "--json", "--seed", seed]));
    let runs = [check("7"), check("7"), check("8")];
    assert_eq!(runs[0].json["seed"], 7);
    assert_eq!(runs[0].json["findings"], runs[1].json["findings"], "the same seed, and other figures");
    let shelves = |ruled: &Ruled| -> Vec<Value> {
        let rows = ruled.json["findings"][1]["counterexamples"].as_array().cloned().unwrap_or_default();
        rows.into_iter().map(|row| row["shelf"].clone()).collect()
    };
    assert_ne!(shelves(&runs[0]), shelves(&runs[2]), "another seed, and the same questions");
}

#[test]
fn a_replay_shows_the_same_verdict_again() {
    let home = TestHome::warm();
    home.check_schema(RIGHT_INDEX).passes();
    let text = home.hotseat(["drill", "replay", "tiny-1"]).exits_with(0);
    text.says(&["PASS tiny (index)", "few-blocks", "Follow-up questions"]);
    let json = home.hotseat(["drill", "replay", "last", "--json"]).exits_with(0).json();
    is_schema_1(&json, "drill version level seed ruling findings run evidence");
    assert_eq!(home.runs(), ["tiny-1"], "a replay stores nothing");
}

#[test]
fn both_drills_of_the_tests_prove_themselves() {
    let home = TestHome::warm();
    for (drill, rulings) in [("tiny", 8), ("tiny-load", 5)] {
        let proof = home.hotseat(with_pack(&["drill", "prove", drill, "--json"])).exits_with(0).json();
        is_schema_1(&proof, "drill submissions right of");
        assert_eq!((&proof["right"], &proof["of"]), (&rulings.into(), &rulings.into()), "{proof:#}");
        for row in proof["submissions"].as_array().expect("it is a list") {
            has_keys(row, "role name run expected ruled broken right");
        }
    }
    assert_eq!(home.runs(), Vec::<String>::new());
}

#[test]
fn a_submission_from_anywhere_is_proved() {
    let home = TestHome::warm();
    let mine = home.work().join("mine");
    fs::create_dir(&mine).expect("it is new");
    fs::write(mine.join("schema.sql"), "CREATE INDEX item_price ON item (price);").expect("it is there");
    let mine = mine.display().to_string();
    let prove = |more: &[&str]| {
        home.hotseat(with_pack(&[&["drill", "prove", "tiny", "--submission", &mine], more].concat()))
    };
    prove(&["--expect", "few-blocks"]).exits_with(0).says(&["right", "few-blocks", "1 of 1"]);
    let row = prove(&["--json", "--expect", "fail"]).exits_with(0).json()["submissions"][0].clone();
    assert_eq!((&row["ruled"], &row["broken"][0]), (&"fail".into(), &"few-blocks".into()), "{row:#}");
    // A wrong ruling is kept, to be looked at.
    prove(&["--expect", "pass"]).exits_with(1).says(&["WRONG", "0 of 1", "evidence kept in"]);
    assert_eq!(home.runs(), ["tiny-1"]);
}

// --- hint and solution -------------------------------------------------------------------------------

#[test]
fn hints_come_one_by_one_to_the_last() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]).display().to_string();
    let hint = |more: &[&str]| home.hotseat([&["drill", "hint", &workspace], more].concat()).exits_with(0);
    hint(&["--again"]).says(&["no hint taken yet"]);
    hint(&[]).says(&["Hint 1 of 4: Look", "3 left"]);
    let second = hint(&["--json"]).json();
    is_schema_1(&second, "drill taken of hints");
    assert_eq!((&second["taken"], &second["hints"][0]["title"]), (&2.into(), &"Think".into()));
    hint(&[]).says(&["Hint 3 of 4"]);
    hint(&[]).says(&["Hint 4 of 4", "0 left"]);
    hint(&[]).says(&["last hint", "drill solution"]);
    hint(&["--again"]).says(&["Hint 1 of 4", "Hint 4 of 4"]);
    assert_eq!(tiny_in_list(&home)["hints_taken"], 4);
}

#[test]
fn solutions_are_refused_once_and_shown_when_asked_twice() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]).display().to_string();
    let solution = |more: &[&str]| home.hotseat([&["drill", "solution", &workspace], more].concat());
    let refused = solution(&[]).exits_with(2).says(&["not passed", "ask again"]);
    assert!(!refused.stdout.contains("CREATE INDEX"), "{refused}");
    let shown = solution(&[]).exits_with(0).says(&["plain-index", "gives par", "CREATE INDEX item_shelf"]);
    assert!(!shown.stdout.contains("covering-index"), "that one is of another level: {shown}");
    let json = solution(&["--json"]).exits_with(0).json();
    is_schema_1(&json, "drill level solutions");
    assert!(json["solutions"]["plain-index"]["schema.sql"].is_string(), "{json:#}");
}

#[test]
fn solutions_are_open_after_a_pass() {
    let home = TestHome::warm();
    let workspace = home.workspace("tiny", "index", &[("schema.sql", RIGHT_INDEX)]);
    home.check(&workspace).passes();
    let ran = home.hotseat(["drill", "solution", &workspace.display().to_string()]);
    ran.exits_with(0).says(&["plain-index"]);
}

// --- doctor, completions, pipes ----------------------------------------------------------------------

#[test]
fn the_doctor_says_what_there_is() {
    let home = TestHome::new();
    let ran = home.hotseat(["doctor"]);
    let code = ran.code;
    ran.says(&["PostgreSQL", "data directory", &home.path().display().to_string(), "disk", "GB free"]);
    let json = home.hotseat(["doctor", "--json"]).json();
    is_schema_1(&json, "good findings");
    assert_eq!(code, Some(if json["good"] == true { 0 } else { 4 }));
    for finding in json["findings"].as_array().expect("it is a list") {
        has_keys(finding, "what good found next");
    }
}

#[test]
fn completions_are_understood_by_the_shells() {
    let home = TestHome::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = home.hotseat(["completions", shell]).exits_with(0).stdout;
        for word in ["drill", "check", "replay", "doctor", "--json"] {
            assert!(script.contains(word.trim_start_matches("--")), "{shell} does not know {word}");
        }
        let file = home.work().join(shell);
        fs::write(&file, script).expect("the folder is there");
        match std::process::Command::new(shell).arg("-n").arg(&file).output() {
            Ok(read) => assert!(read.status.success(), "{shell}: {}", String::from_utf8_lossy(&read.stderr)),
            Err(_) => skip(&format!("the {shell} completions"), "this shell is not installed"),
        }
    }
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let home = TestHome::warm();
    let failing = home.workspace("tiny", "index", &[]).display().to_string();
    let passing = home.workspace("tiny", "index", &[("schema.sql", RIGHT_INDEX)]).display().to_string();
    let nowhere = home.work().join("nowhere").display().to_string();
    for args in [
        with_pack(&["drill", "list"]),
        with_pack(&["drill", "start", "tiny", "fresh"]),
        with_pack(&["drill", "check", &failing]),
        with_pack(&["drill", "check", &passing]),
        with_pack(&["drill", "replay", "last"]),
        with_pack(&["drill", "hint", &failing]),
        with_pack(&["drill", "solution", &failing]),
        with_pack(&["drill", "prove", "tiny", "--submission", &passing]),
        with_pack(&["drill", "check", &nowhere]),
        vec!["pack".into(), "check".into(), tiny_pack().display().to_string()],
        vec!["doctor".into()],
        vec!["--help".into()],
    ] {
        let ran = home.hotseat(&args);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains('\x1b'), "{args:?}: {ran}");
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains('\r'), "{args:?}: {ran}");
    }
}

#[test]
fn a_closed_pipe_is_no_crash() {
    let home = TestHome::new();
    let mut shell = std::process::Command::new("sh");
    let list = format!("'{}' drill list | head -c 1", env!("CARGO_BIN_EXE_hotseat"));
    shell.args(["-c", &list]).env("HOTSEAT_HOME", home.path());
    let output = shell.output().expect("sh is there");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn help_and_version_are_there_for_every_command() {
    let home = TestHome::new();
    home.hotseat(["--version"]).exits_with(0).says(&["hotseat 0"]);
    for command in ["list", "start", "check", "watch", "hint", "replay", "solution", "prove"] {
        home.hotseat(["drill", command, "--help"]).exits_with(0).says(&["usage", "--json"]);
    }
    home.hotseat(["pack", "check", "--help"]).exits_with(0).says(&["DIR"]);
    home.hotseat(["load", "--help"]).exits_with(0).says(&["URL", "--rate", "--remote"]);
    assert!(!Path::new(&home.path().join("runs")).exists(), "help has made a store");
}

#[test]
fn a_proof_says_what_it_expected() {
    let home = TestHome::warm();
    let pack = home.work().join("pack");
    copy_folder(&tiny_pack(), &pack);
    let drill = pack.join("drills/tiny");
    let prove = |folder: &str| {
        let (pack, folder) = (pack.display().to_string(), drill.join(folder).display().to_string());
        home.hotseat(["drill", "prove", "tiny", "--pack", &pack, "--submission", &folder])
    };
    let write = |file: &str, text: &str| fs::write(drill.join(file), text).expect("the pack is ours");
    write("starter/schema.sql", "CREATE INDEX ON no_such_table (shelf);\n");
    prove("starter").exits_with(1).says(&["WRONG", "by a check other than `runs`"]);
    fs::create_dir(drill.join("wrong/few-blocks/none")).expect("the pack is ours");
    write("wrong/few-blocks/none/schema.sql", RIGHT_INDEX);
    let ran = prove("wrong/few-blocks/none");
    ran.exits_with(1).says(&["WRONG", "expected: few-blocks, which held", "drill replay tiny-"]);
    let debrief = fs::read_to_string(drill.join("debrief.md")).expect("it is there");
    write("debrief.md", &debrief.replace("count(*)", "sum(shelff)"));
    prove("solutions/plain-index").exits_with(1).says(&["WRONG", "debrief.md cannot be shown", "shelff"]);
}
