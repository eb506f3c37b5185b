//! Machines that lack something, and stores that were damaged: a clear message, the right exit code,
//! and everything works again once the lack is mended.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Disk, RIGHT_INDEX, Ruled, Running, TestHome, eventually, skip};

// --- PostgreSQL --------------------------------------------------------------------------------------

/// The arguments of a judging of the right index in a new workspace.
fn check_right(home: &TestHome) -> [String; 4] {
    let workspace = home.workspace("tiny", "index", &[("schema.sql", RIGHT_INDEX)]);
    ["drill".into(), "check".into(), workspace.display().to_string(), "--json".into()]
}

/// hotseat where the only server binaries are those in `bin`.
fn with_binaries(home: &TestHome, args: &[String], bin: &Path) -> support::Ran {
    let mut command = home.command(args);
    command.env("PATH", bin).env("HOTSEAT_POSTGRES_BIN", bin);
    home.start_command(command).finish()
}

/// A folder with these scripts in it, each printing a line.
fn binaries(home: &TestHome, scripts: &[(&str, &str)]) -> PathBuf {
    let bin = home.work().join("bin");
    fs::create_dir(&bin).expect("it is new");
    for (name, line) in scripts {
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/sh\necho '{line}'\n")).expect("the folder is there");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    bin
}

#[test]
fn a_folder_without_server_binaries_is_named() {
    let home = TestHome::new();
    let bin = binaries(&home, &[]);
    let ran = with_binaries(&home, &check_right(&home), &bin).exits_with(4);
    ran.says(&["HOTSEAT_POSTGRES_BIN", &bin.display().to_string(), "15 or newer"]);
    assert_eq!(home.runs(), Vec::<String>::new());
}

#[test]
fn a_machine_without_postgresql_is_told_the_command_that_installs_it() {
    let home = TestHome::new();
    let args = check_right(&home);
    let mut command = Command::new("unshare");
    command.arg("--mount");
    if !nix::unistd::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    // A mount of its own hides the usual folders from this hotseat, and from nobody else.
    command.args(["sh", "-c"]);
    command.arg(
        "for d in /usr/lib/postgresql /usr/pgsql-*; do [ ! -d \"$d\" ] || mount -t tmpfs none \"$d\" || exit 99; done
         PATH=$1 && shift && exec \"$@\"",
    );
    let bin = binaries(&home, &[]);
    command.arg("sh").arg(&bin).arg(env!("CARGO_BIN_EXE_hotseat")).args(&args);
    command.env("HOTSEAT_HOME", home.path()).env_remove("HOTSEAT_POSTGRES_BIN").current_dir(home.work());
    if Command::new("unshare").args(["--mount", "true"]).status().is_err() {
        return skip("a_machine_without_postgresql", "there is no unshare here");
    }
    let ran = Running::start(command).finish();
    if ran.code == Some(99) || ran.stderr.contains("unshare") {
        return skip(
            "a_machine_without_postgresql",
            &format!("mounts are not permitted here: {}", ran.stderr),
        );
    }
    let ran = ran.exits_with(4).says(&["PostgreSQL 15 or newer is needed", "apt-get install postgresql"]);
    assert_eq!(ran.json()["error"]["kind"], "missing");
    assert_eq!(home.runs(), Vec::<String>::new());
}

#[test]
fn a_postgresql_that_is_too_old_is_named_with_what_is_needed() {
    let home = TestHome::new();
    let bin = binaries(
        &home,
        &[("postgres", "postgres (PostgreSQL) 13.2"), ("initdb", "initdb (PostgreSQL) 13.2")],
    );
    let ran = with_binaries(&home, &check_right(&home), &bin).exits_with(4);
    ran.says(&["15 or newer", "13.2", "apt-get install postgresql"]);
    let ran = with_binaries(&home, &["doctor".into()], &bin).exits_with(4);
    ran.says(&["lacks", "PostgreSQL", "13.2", "15"]);
}

#[test]
fn a_server_that_is_no_server_is_told_apart() {
    let home = TestHome::new();
    let bin = binaries(&home, &[("postgres", "hello"), ("initdb", "hello")]);
    let ran = with_binaries(&home, &check_right(&home), &bin).exits_with(4);
    ran.says(&["15 or newer"]);
}

#[test]
fn an_initdb_that_fails_is_quoted() {
    let home = TestHome::new();
    let bin = binaries(&home, &[("postgres", "postgres (PostgreSQL) 17.1")]);
    fs::write(bin.join("initdb"), "#!/bin/sh\necho 'initdb: out of luck' >&2\nexit 1\n")
        .expect("it is there");
    fs::set_permissions(bin.join("initdb"), fs::Permissions::from_mode(0o755)).expect("it is ours");
    with_binaries(&home, &check_right(&home), &bin).exits_with(70).says(&["out of luck"]);
    assert_eq!(home.runs(), Vec::<String>::new());
    // The real one is not put off by what that left.
    Ruled::read(&home.hotseat(check_right(&home))).passes();
}

// --- the home ----------------------------------------------------------------------------------------

/// Every command that needs a home says that this one cannot be had.
#[track_caller]
fn cannot_be_home(path: &Path, codes: &[i32], words: &[&str]) {
    let home = TestHome::new();
    for args in [vec!["drill", "list"], vec!["drill", "replay", "last"], vec!["doctor"]] {
        let mut command = home.command(&args);
        command.env("HOTSEAT_HOME", path);
        let ran = home.start_command(command).finish();
        let code = ran.code.unwrap_or_default();
        assert!(codes.contains(&code) || args == ["doctor"] && code == 4, "{args:?}: {ran}");
        ran.says(words).says(&["HOTSEAT_HOME"]);
    }
}

#[test]
fn a_home_below_a_file_cannot_be_made() {
    let home = TestHome::new();
    let file = home.work().join("file");
    fs::write(&file, "").expect("it is new");
    cannot_be_home(&file.join("home"), &[2, 4], &["file/home"]);
}

#[test]
fn a_home_in_proc_cannot_be_made() {
    if !Path::new("/proc/self").exists() {
        return skip("a_home_in_proc_cannot_be_made", "there is no /proc here");
    }
    cannot_be_home(Path::new("/proc/hotseat"), &[2, 4], &["/proc/hotseat"]);
}

#[test]
fn a_home_that_may_not_be_written_to_is_named() {
    let home = TestHome::new();
    let locked = home.work().join("locked");
    fs::create_dir(&locked).expect("it is new");
    if nix::unistd::geteuid().is_root() {
        let Some(_disk) = Disk::new(&locked, "ro,size=1m") else {
            return skip("a_home_that_may_not_be_written_to_is_named", "mounts are not permitted here");
        };
        return cannot_be_home(&locked.join("home"), &[4], &["locked"]);
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("it is ours");
    cannot_be_home(&locked.join("home"), &[4], &["locked"]);
}

// --- disk space --------------------------------------------------------------------------------------

#[test]
fn a_full_disk_is_told_and_all_works_again_once_there_is_room() {
    let home = TestHome::new();
    let Some(disk) = Disk::new(&home.path(), "size=20m,mode=755") else {
        return skip("a_full_disk_is_told", "mounts are not permitted here");
    };
    let args = check_right(&home);
    let ran = home.hotseat(&args).exits_with(4).says(&["MB free", "free some disk space", "HOTSEAT_HOME"]);
    assert_eq!(ran.json()["error"]["kind"], "missing");
    assert_eq!(home.runs(), Vec::<String>::new());
    home.hotseat(["doctor"]).exits_with(4).says(&["lacks", "disk"]);
    // The store has not one free byte left: notes are refused, not cut short.
    disk.fill();
    let hint = home.hotseat(["drill", "hint", &args[2]]);
    hint.exits_with(4).says(&["free some disk space"]);
    disk.empty();
    disk.resize("2g");
    Ruled::read(&home.hotseat(&args)).passes();
    assert_eq!(home.runs(), ["tiny-1"]);
}

#[test]
fn a_disk_that_fills_up_under_a_submission_is_no_fault_of_the_learners_and_does_no_harm() {
    let home = TestHome::new();
    let Some(disk) = Disk::new(&home.path(), "size=1g,mode=755") else {
        return skip("a_disk_that_fills_up_under_a_submission", "mounts are not permitted here");
    };
    let args = check_right(&home);
    Ruled::read(&home.hotseat(&args)).passes();
    let sql = "SELECT pg_sleep(3);\nCREATE TABLE big AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 300000) AS n;";
    let workspace = home.workspace("tiny", "index", &[("schema.sql", sql)]).display().to_string();
    let running = home.start(["drill", "check", &workspace, "--json"]);
    eventually("the learner's statement runs", || {
        home.processes().iter().any(|it| it.title.contains("learner"))
    });
    disk.fill();
    let ran = running.finish();
    assert!([3, 4].contains(&ran.code.unwrap_or_default()), "{ran}");
    disk.empty();
    Ruled::read(&home.hotseat(&args)).passes();
}

// --- what lies on the disk ---------------------------------------------------------------------------

#[test]
fn a_cluster_that_no_longer_starts_is_made_anew() {
    let home = TestHome::warm();
    let control = home.bench().join("data/global/pg_control");
    fs::File::options().write(true).open(&control).and_then(|it| it.set_len(100)).expect("it is there");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn a_cluster_that_is_half_there_is_made_anew() {
    let home = TestHome::warm();
    fs::remove_file(home.bench().join("data/PG_VERSION")).expect("it is there");
    home.check_schema(RIGHT_INDEX).passes();
    fs::remove_dir_all(home.bench().join("data/pg_wal")).expect("it is there");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn a_cluster_that_is_gone_is_made_anew() {
    let home = TestHome::warm();
    fs::remove_dir_all(home.bench()).expect("it is there");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn a_cluster_that_starts_and_does_not_work_is_made_anew() {
    let home = TestHome::warm();
    fs::remove_dir_all(home.bench().join("data/base")).expect("it is there");
    home.check_schema(RIGHT_INDEX).passes();
}

#[test]
fn data_that_lost_its_files_make_a_run_void_once() {
    let home = TestHome::warm();
    let databases = fs::read_dir(home.bench().join("data/base")).expect("it is there");
    let templates = databases.flatten().filter(|entry| entry.file_name().len() > 1);
    for file in templates.flat_map(|entry| fs::read_dir(entry.path()).expect("a database")).flatten() {
        let number = file.file_name().to_string_lossy().parse::<u32>();
        // PostgreSQL's own tables have lower numbers.
        if number.is_ok_and(|number| number >= 16_384) {
            fs::remove_file(file.path()).expect("ours to remove");
        }
    }
    let ruled = home.check_schema(RIGHT_INDEX);
    assert_eq!(ruled.ruling(), "void", "{:#}", ruled.json);
    home.check_schema(RIGHT_INDEX).passes();
}

/// A home with one stored run that has failed.
fn with_a_run() -> TestHome {
    let home = TestHome::warm();
    home.check_schema("").fails("few-blocks");
    assert_eq!(home.runs(), ["tiny-1"]);
    home
}

/// The arguments of a replay.
fn replay(run: &str) -> Vec<String> {
    ["drill", "replay", run, "--json"].map(str::to_string).to_vec()
}

#[test]
fn a_stored_run_is_ruled_alike_again_also_without_postgresql() {
    let home = with_a_run();
    let text = fs::read_to_string(home.run_dir("tiny-1").join("verdict.json")).expect("it is stored");
    let stored: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let bin = binaries(&home, &[]);
    fs::remove_dir_all(home.bench()).expect("it is there");
    for run in ["tiny-1", "last"] {
        let again = Ruled::read(&with_binaries(&home, &replay(run), &bin)).fails("few-blocks");
        for key in ["ruling", "findings", "not_examined", "seed", "level", "why_void", "run"] {
            assert_eq!(again.json[key], stored[key], "{key}");
        }
    }
    assert!(!home.bench().exists(), "a replay needs no bench");
}

#[test]
fn damaged_evidence_is_told_at_the_replay() {
    let home = with_a_run();
    for file in ["evidence.sqlite", "par.sqlite"] {
        let path = home.run_dir("tiny-1").join(file);
        let whole = fs::read(&path).expect("it is stored");
        for broken in [&b"no evidence at all"[..], &whole[..whole.len() / 2], b""] {
            fs::write(&path, broken).expect("it is ours");
            let ran = home.hotseat(replay("tiny-1")).exits_with(2);
            ran.says(&[file, "is not evidence of a run", "judge the submission again"]);
        }
        fs::remove_file(&path).expect("it is there");
        home.hotseat(replay("tiny-1")).exits_with(2).says(&[file, "not there"]);
        fs::write(&path, whole).expect("it is ours");
    }
    Ruled::read(&home.hotseat(replay("tiny-1"))).fails("few-blocks");
}

#[test]
fn a_damaged_verdict_is_told_at_the_replay_and_hurts_nothing_else() {
    let home = with_a_run();
    let path = home.run_dir("tiny-1").join("verdict.json");
    let whole = fs::read_to_string(&path).expect("it is stored");
    let newer = whole.replacen("\"schema\": 1", "\"schema\": 2", 1);
    for broken in [&whole[..whole.len() / 2], "", "[]", &newer] {
        fs::write(&path, broken).expect("it is ours");
        home.hotseat(replay("tiny-1")).exits_with(2).says(&["verdict.json"]);
        home.hotseat(["drill", "list"]).exits_with(0);
    }
    // Its number is not given away again.
    home.check_schema(RIGHT_INDEX).passes();
    assert_eq!(home.runs(), ["tiny-1", "tiny-2"]);
}
