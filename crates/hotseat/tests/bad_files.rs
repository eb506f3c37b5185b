//! Workspaces, files and words that cannot be judged: exit code 2, a message that says where and
//! what to do, and nothing stored. PostgreSQL is never asked.

mod support;

use std::fs;
use std::path::Path;

use nix::sys::stat::Mode;
use support::{Ran, TestHome, tiny_pack};

/// Judging this workspace is refused with these words; nothing was started or stored.
#[track_caller]
fn is_refused(home: &TestHome, workspace: &Path, words: &[&str]) -> Ran {
    let ran = home.hotseat(["drill", "check", &workspace.display().to_string()]);
    let ran = ran.exits_with(2).says(words);
    assert!(!home.bench().exists(), "the bench was made for nothing");
    assert_eq!(home.runs(), Vec::<String>::new());
    ran
}

/// A workspace in which one file is something else.
fn with_file(home: &TestHome, name: &str, content: &[u8]) -> std::path::PathBuf {
    let workspace = home.workspace("tiny", "index", &[]);
    fs::write(workspace.join(name), content).expect("the workspace is there");
    workspace
}

// --- files -------------------------------------------------------------------------------------------

#[test]
fn a_missing_file_is_named_with_what_the_level_takes() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "rewrite", &[]);
    fs::remove_file(workspace.join("query.sql")).expect("the starter has it");
    is_refused(&home, &workspace, &["query.sql is missing", "schema.sql"]);
}

#[test]
fn an_empty_folder_is_no_workspace() {
    let home = TestHome::new();
    let folder = home.work().join("empty");
    fs::create_dir(&folder).expect("it is new");
    is_refused(&home, &folder, &["no workspace", "hotseat.toml", "hotseat drill start"]);
}

#[test]
fn a_folder_that_is_not_there_is_no_workspace() {
    let home = TestHome::new();
    is_refused(&home, &home.work().join("nowhere"), &["nowhere", "no workspace"]);
}

#[test]
fn a_folder_in_place_of_a_file_is_named() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]);
    fs::remove_file(workspace.join("schema.sql")).expect("the starter has it");
    fs::create_dir(workspace.join("schema.sql")).expect("its place is free");
    is_refused(&home, &workspace, &["schema.sql", "no plain file"]);
}

#[test]
fn a_pipe_in_place_of_a_file_is_named_and_not_waited_for() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]);
    fs::remove_file(workspace.join("schema.sql")).expect("the starter has it");
    nix::unistd::mkfifo(&workspace.join("schema.sql"), Mode::S_IRWXU).expect("its place is free");
    is_refused(&home, &workspace, &["schema.sql", "no plain file"]);
}

#[test]
fn an_endless_device_behind_a_link_is_not_read() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]);
    fs::remove_file(workspace.join("schema.sql")).expect("the starter has it");
    std::os::unix::fs::symlink("/dev/zero", workspace.join("schema.sql")).expect("its place is free");
    is_refused(&home, &workspace, &["schema.sql", "no plain file"]);
}

#[test]
fn a_binary_file_is_named_with_the_line_of_its_first_bad_byte() {
    let home = TestHome::new();
    let workspace = with_file(&home, "schema.sql", b"-- fine\n-- fine\n\x7fELF\xff\xfe\n");
    is_refused(&home, &workspace, &["schema.sql:3", "not UTF-8", "save the file as UTF-8"]);
}

#[test]
fn a_latin_1_file_is_named_with_its_line() {
    let home = TestHome::new();
    let workspace = with_file(&home, "schema.sql", b"-- stra\xdfe\n");
    is_refused(&home, &workspace, &["schema.sql:1", "UTF-8"]);
}

#[test]
fn a_utf_16_file_is_named() {
    let home = TestHome::new();
    let text: Vec<u8> = "\u{feff}SELECT 1;".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let workspace = with_file(&home, "schema.sql", &text);
    is_refused(&home, &workspace, &["schema.sql:1", "UTF-16"]);
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_not_read() {
    let home = TestHome::new();
    let workspace = with_file(&home, "schema.sql", &vec![b'-'; 1024 * 1024 + 1]);
    is_refused(&home, &workspace, &["schema.sql", "1048577 bytes", "1048576"]);
}

#[test]
fn a_file_of_another_level_is_named_with_that_level() {
    let home = TestHome::new();
    let workspace = with_file(&home, "query.sql", b"SELECT 1");
    is_refused(&home, &workspace, &["query.sql", "`index`", "`rewrite`"]);
}

// --- hotseat.toml ------------------------------------------------------------------------------------

/// A workspace whose marker says this.
fn marked(home: &TestHome, marker: &str) -> std::path::PathBuf {
    with_file(home, "hotseat.toml", marker.as_bytes())
}

fn marker(drill: &str, version: u32, level: &str) -> String {
    let pack = tiny_pack();
    format!("drill = \"{drill}\"\nversion = {version}\nlevel = \"{level}\"\npack = \"{}\"\n", pack.display())
}

#[test]
fn the_marker_of_these_tests_is_a_good_one() {
    let home = TestHome::new();
    let text = marker("tiny", 1, "index");
    let workspace = marked(&home, &text);
    home.hotseat(["drill", "hint", &workspace.display().to_string()]).exits_with(0);
}

#[test]
fn a_workspace_of_another_version_is_told_how_to_go_on() {
    let home = TestHome::new();
    let workspace = marked(&home, &marker("tiny", 7, "index"));
    is_refused(&home, &workspace, &["version 7", "version 1", "hotseat drill start tiny"]);
}

#[test]
fn a_broken_marker_is_named_with_its_mistake() {
    let home = TestHome::new();
    let workspace = marked(&home, "drill = tiny\nversion");
    is_refused(&home, &workspace, &["hotseat.toml", "restore the file"]);
    let workspace = marked(&home, "drill = \"tiny\"\nversion = \"one\"\nlevel = \"index\"\n");
    is_refused(&home, &workspace, &["hotseat.toml"]);
    let workspace = marked(&home, &format!("{}colour = \"red\"\n", marker("tiny", 1, "index")));
    is_refused(&home, &workspace, &["hotseat.toml", "colour"]);
    let workspace = marked(&home, "");
    is_refused(&home, &workspace, &["hotseat.toml", "drill"]);
}

#[test]
fn a_marker_that_is_no_text_is_named() {
    let home = TestHome::new();
    let workspace = with_file(&home, "hotseat.toml", b"\xff\xfe\x00");
    is_refused(&home, &workspace, &["hotseat.toml", "UTF-8"]);
}

#[test]
fn an_unknown_drill_in_the_marker_is_told_the_known_ones() {
    let home = TestHome::new();
    let workspace = marked(&home, &marker("tinny", 1, "index"));
    is_refused(&home, &workspace, &["no drill `tinny`", "tiny-load"]);
}

#[test]
fn a_drill_in_the_marker_is_a_name_and_no_path() {
    let home = TestHome::new();
    let workspace = marked(&home, &marker("../drills/tiny", 1, "index"));
    is_refused(&home, &workspace, &["no drill"]);
}

#[test]
fn an_unknown_level_in_the_marker_is_told_the_known_ones() {
    let home = TestHome::new();
    let workspace = marked(&home, &marker("tiny", 1, "expert"));
    is_refused(&home, &workspace, &["no level `expert`", "index, rewrite"]);
}

#[test]
fn a_pack_that_has_moved_away_is_named() {
    let home = TestHome::new();
    let workspace =
        marked(&home, "drill = \"tiny\"\nversion = 1\nlevel = \"index\"\npack = \"/nowhere/pack\"\n");
    is_refused(&home, &workspace, &["/nowhere/pack"]);
}

// --- words on the command line -----------------------------------------------------------------------

#[test]
fn an_unknown_drill_is_told_the_known_ones() {
    let home = TestHome::new();
    let pack = tiny_pack().display().to_string();
    for command in ["start", "prove"] {
        let ran = home.hotseat(["drill", command, "tinny", "--pack", &pack]);
        ran.exits_with(2).says(&["no drill `tinny`", "tiny-load"]);
    }
    assert_eq!(fs::read_dir(home.work()).expect("it is there").count(), 0, "a folder was made");
}

#[test]
fn an_unknown_level_is_told_the_known_ones() {
    let home = TestHome::new();
    let pack = tiny_pack().display().to_string();
    let ran = home.hotseat(["drill", "start", "tiny", "--level", "expert", "--pack", &pack]);
    ran.exits_with(2).says(&["no level `expert`", "index, rewrite"]);
}

#[test]
fn an_unknown_run_is_told_the_known_ones() {
    let home = TestHome::new();
    home.hotseat(["drill", "replay", "tiny-1"]).exits_with(2).says(&["no stored run `tiny-1`", "none yet"]);
    home.hotseat(["drill", "replay", "last"]).exits_with(2).says(&["no stored run"]);
    home.hotseat(["drill", "replay", "../../etc"]).exits_with(2).says(&["no stored run"]);
}

#[test]
fn a_folder_that_is_not_empty_is_never_started_into() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[("schema.sql", "-- hours of work\n")]);
    let (shown, pack) = (workspace.display().to_string(), tiny_pack().display().to_string());
    let ran = home.hotseat(["drill", "start", "tiny", &shown, "--pack", &pack]);
    ran.exits_with(2).says(&["not empty", "name another folder"]);
    let kept = fs::read_to_string(workspace.join("schema.sql")).expect("it is there");
    assert_eq!(kept, "-- hours of work\n");
}

#[test]
fn a_file_in_place_of_the_new_folder_is_not_overwritten() {
    let home = TestHome::new();
    let file = home.work().join("taken");
    fs::write(&file, "mine").expect("it is new");
    let pack = tiny_pack().display().to_string();
    let ran = home.hotseat(["drill", "start", "tiny", &file.display().to_string(), "--pack", &pack]);
    ran.exits_with(2).says(&["taken"]);
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "mine");
}

#[test]
fn a_seed_is_a_positive_number() {
    let home = TestHome::new();
    let workspace = home.workspace("tiny", "index", &[]).display().to_string();
    for seed in ["0", "-1", "9223372036854775808", "1.5", "seed", ""] {
        let ran = home.hotseat(["drill", "check", &workspace, &format!("--seed={seed}")]);
        ran.exits_with(2).says(&["--seed"]);
    }
    for seed in ["0", "-1"] {
        let ran = home.hotseat(["drill", "prove", "tiny", &format!("--seed={seed}")]);
        ran.exits_with(2).says(&["--seed"]);
    }
    assert!(!home.bench().exists(), "the bench was made for nothing");
}

#[test]
fn unknown_words_are_refused_with_the_known_ones() {
    let home = TestHome::new();
    home.hotseat(["drill", "check", "--fast"]).exits_with(2).says(&["--fast", "usage"]);
    home.hotseat(["drill", "chek"]).exits_with(2).says(&["chek", "check"]);
    home.hotseat(["drill"]).exits_with(2).says(&["usage"]);
    home.hotseat(["drill", "prove", "tiny", "--runs", "0"]).exits_with(2).says(&["--runs"]);
    home.hotseat(["completions", "cmd"]).exits_with(2).says(&["bash", "zsh", "fish"]);
}

#[test]
fn a_submission_to_prove_is_a_folder_with_files_of_the_drill() {
    let home = TestHome::new();
    let pack = tiny_pack().display().to_string();
    let prove = |dir: &str, more: &[&str]| {
        home.hotseat([&["drill", "prove", "tiny", "--pack", &pack, "--submission", dir], more].concat())
    };
    prove("/nowhere", &[]).exits_with(2).says(&["/nowhere", "no folder"]);
    let empty = home.work().join("empty");
    fs::create_dir(&empty).expect("it is new");
    prove(&empty.display().to_string(), &[]).exits_with(2).says(&["schema.sql", "query.sql"]);
    let right = format!("{pack}/drills/tiny/solutions/plain-index");
    let ran = prove(&right, &["--expect", "few-bloks"]);
    ran.exits_with(2).says(&["no check `few-bloks`", "few-blocks", "runs"]);
}

#[test]
fn mistakes_are_told_as_json_too() {
    let home = TestHome::new();
    let ran = home.hotseat(["drill", "check", "nowhere", "--json"]).exits_with(2);
    let error = &ran.json()["error"];
    assert_eq!(ran.json()["schema"], 1);
    assert_eq!(error["kind"], "usage");
    assert!(error["what"].as_str().is_some_and(|what| what.contains("no workspace")), "{error}");
    assert!(error["next"].as_array().is_some_and(|next| !next.is_empty()), "{error}");
}
