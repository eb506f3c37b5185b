//! Programs that are not built, or do not start.

use crate::echo::{Echo, RECIPE, judged, judged_at};
use crate::support::Ruled;

/// Insists on a fail of the claim `runs`: what was wrong, and words of the message.
#[track_caller]
fn fails_because(ruled: Ruled, what: &str, line: impl Into<Option<u64>>, words: &[&str]) -> String {
    let ruled = ruled.does_not_run(RECIPE, line, words);
    let example = ruled.counterexample("runs");
    assert_eq!(example["what"], what, "{example:#}");
    assert!(example.get("sqlstate").is_none(), "{example:#}");
    example["message"].as_str().unwrap_or_default().to_string()
}

const DOES_NOT_START: &str = "your program does not start";
const IS_NOT_BUILT: &str = "your program is not built";
const HAS_NO_RECIPE: &str = "it does not say how your program is run";

#[test]
fn one_that_never_listens_is_told_after_the_time_that_the_drill_gives() {
    let ruled = judged("import time\nprint('thinking', flush=True)\ntime.sleep(1000)\n");
    let words = ["after 6 s", "does not listen on port", "nor on any other", "its last output", "thinking"];
    fails_because(ruled, DOES_NOT_START, None, &words);
}

#[test]
fn one_that_listens_elsewhere_is_told_both_ports() {
    let program = "import frame\nframe.PORT = frame.PORT ^ 1\n\
                   frame.serve(lambda path: 'hello')\n";
    let ruled = judged(program);
    // Where the sandbox keeps ports, it may not listen there in the first place.
    let example = ruled.counterexample("runs");
    let message = example["message"].as_str().unwrap_or_default().to_string();
    let words: &[&str] = match message.contains("listens on port") {
        true => &["but was asked to listen on PORT="],
        false => &["ended with exit status 1", "PORT=", "where alone it may listen", "Permission"],
    };
    fails_because(ruled, DOES_NOT_START, None, words);
}

#[test]
fn one_that_ends_at_once_is_told_with_its_last_words() {
    let ruled = judged("raise SystemExit('there is no config.yaml')\n");
    let words = ["exit status 1", "before it listened", "there is no config.yaml"];
    fails_because(ruled, DOES_NOT_START, None, &words);
    let ruled = judged_at("beside", &[("service.py", "import os\nos.abort()\n")]);
    fails_because(ruled, DOES_NOT_START, None, &["SIGABRT", "it printed nothing"]);
}

#[test]
fn one_that_leaves_a_daemon_behind_is_told_that_it_ended() {
    let program = "import os, frame\nif os.fork():\n    os._exit(0)\nos.setsid()\nif os.fork():\n    os._exit(0)\n\
                   import time\ntime.sleep(0.5)\nframe.serve(lambda path: 'hello')\n";
    let words = ["exit status 0", "left 1 process in the background", "before it listened"];
    fails_because(judged(program), DOES_NOT_START, None, &words);
}

#[test]
fn a_recipe_says_what_is_wrong_with_it_and_where() {
    let echo = Echo::new();
    let told = |recipe: &str, what: &str, line: Option<u64>, words: &[&str]| {
        let ruled = echo.check(&echo.workspace("alone", &[(RECIPE, recipe)]));
        fails_because(ruled, what, line, words);
    };
    told("run = \"python3\nbuild = 7", HAS_NO_RECIPE, Some(1), &["string"]);
    told("\nrun = \"x\"\nbiuld = \"make\"", HAS_NO_RECIPE, Some(3), &["biuld"]);
    told("language = \"python\"", HAS_NO_RECIPE, None, &["run", "such as"]);
    told(
        "run = \"./no-such-binary\"",
        DOES_NOT_START,
        None,
        &["exit status 127", "no-such-binary", "not found"],
    );
    told("run = \"a\\u0000b\"", DOES_NOT_START, None, &["zero byte"]);
    told(
        "run = \"x\"\nenv = { PATH = \"/nowhere\" }",
        DOES_NOT_START,
        None,
        &["cannot run `sh`", "/nowhere"],
    );
    let missing = echo.workspace("alone", &[]);
    std::fs::remove_file(missing.join(RECIPE)).expect("it was there");
    echo.hand_in(&missing).exits_with(2).says(&["service.toml is missing"]);
    echo.assert_nothing_is_left();
    echo.check(&echo.workspace("alone", &[])).passes();
}

#[test]
fn a_build_that_fails_shows_what_it_said() {
    let echo = Echo::new();
    let run = "run = \"python3 service.py\"\n";
    let told = |steps: &str, words: &[&str]| {
        let ruled = echo.check(&echo.workspace("alone", &[(RECIPE, &format!("{run}{steps}"))]));
        fails_because(ruled, IS_NOT_BUILT, None, words)
    };
    let failing = "build = \"echo compiling; echo main.c:3: no semicolon >&2; exit 2\"";
    told(failing, &["exit status 2", "compiling\nmain.c:3: no semicolon"]);
    told("build = \"exit 3\"", &["exit status 3", "it printed nothing"]);
    let install = |run: &str, makes: &str| {
        format!("[install]\nrun = \"{run}\"\nfrom = [\"frame.py\"]\nmakes = [\"{makes}\"]\n")
    };
    told(&install("true", "deps"), &["`true` did not make the folder `deps`"]);
    told(&install("touch deps", "deps"), &["did not make the folder `deps`"]);
    told("[install]\nrun = \"true\"\nfrom = [\"lock\"]\nmakes = []\n", &["`lock`, which is not handed in"]);
    // A link would let us move files of somebody else.
    let outside = echo.home.work().join("outside");
    std::fs::create_dir_all(outside.join("deps")).expect("a folder");
    crate::echo::open_to_all(&outside);
    let link = format!("ln -s {} way", outside.display());
    told(&install(&link, "way/deps"), &["did not make the folder `way/deps`"]);
    assert!(outside.join("deps").exists(), "a folder outside was moved away");
    echo.assert_nothing_is_left();
    echo.check(&echo.workspace("alone", &[])).passes();
}
