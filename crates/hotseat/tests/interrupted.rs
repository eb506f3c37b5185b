//! hotseat ended from outside, at many moments and in three ways: no process and no half-written
//! file stays behind, and the next judging is right.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use support::{RIGHT_INDEX, Ruled, Running, TestHome, eventually, files_below, tiny_pack};

/// A query that is still at work when we look: asked six times, it takes two seconds and more.
const SLOW_QUERY: &str = "SELECT id, price FROM item, (SELECT pg_sleep(0.4)) AS slow\n\
     WHERE shelf = :shelf ORDER BY price, id;\n";

/// A moment of a judging that can be seen from outside.
struct Moment {
    name: &'static str,
    has_come: fn(&TestHome, &Running) -> bool,
}

/// In the order in which they come, when there is a cluster already.
const MOMENTS: &[Moment] = &[
    Moment { name: "it has just begun", has_come: |_, _| true },
    Moment { name: "its note is there", has_come: |home, _| home.bench().join("running").exists() },
    Moment { name: "the server is there", has_come: |home, _| has_process(home, "postgres -D") },
    Moment { name: "a run has its folder", has_come: |home, _| has_new_run(home, "") },
    Moment { name: "evidence is written", has_come: |home, _| has_new_run(home, "evidence.sqlite.part") },
    Moment { name: "a copy is made", has_come: |home, _| home.databases() > TEMPLATES },
    Moment { name: "the learner's statement runs", has_come: |home, _| has_process(home, "learner") },
    Moment {
        name: "the first finding is printed",
        has_come: |_, hotseat| hotseat.printed().contains("held"),
    },
];

/// PostgreSQL's own three databases; the data of `tiny`, and the same with the reference of each of
/// its two levels in it; the data of `tiny-load`.
const TEMPLATES: usize = 3 + 3 + 1;

/// Moments of the first judging ever, before there is a cluster or a template.
const FIRST_MOMENTS: &[Moment] = &[
    Moment { name: "initdb runs", has_come: |home, _| has_process(home, "initdb") },
    Moment { name: "initdb has written files", has_come: |home, _| home.databases() > 0 },
    Moment { name: "a template is built", has_come: |home, _| home.databases() > 3 },
];

fn has_process(home: &TestHome, word: &str) -> bool {
    home.processes().iter().any(|process| process.title.contains(word))
}

/// Whether a run is being judged, and has this file (any, when empty) in its folder.
fn has_new_run(home: &TestHome, file: &str) -> bool {
    home.runs().iter().any(|run| run.starts_with(".new-") && home.run_dir(run).join(file).exists())
}

/// A workspace whose judging takes a while, and passes.
fn slow_workspace(home: &TestHome) -> PathBuf {
    home.workspace("tiny", "rewrite", &[("schema.sql", RIGHT_INDEX), ("query.sql", SLOW_QUERY)])
}

fn check(home: &TestHome, workspace: &Path) -> Running {
    home.start(["drill", "check", &workspace.display().to_string()])
}

/// Ends hotseat as soon as the moment has come. A judging that was over by then proves nothing, so
/// it says that.
fn interrupt(home: &TestHome, running: Running, moment: &Moment, signal: Signal) {
    println!("{signal} when {}", moment.name);
    let ended = || running.printed().contains("seed      ");
    eventually(moment.name, || (moment.has_come)(home, &running) || ended());
    assert!(!ended(), "the judging was over before {}", moment.name);
    running.signal(signal);
    let ran = running.finish();
    if signal == Signal::SIGKILL {
        assert_eq!(ran.code, None, "{}: {ran}", moment.name);
        home.assert_nothing_runs();
        return;
    }
    home.assert_nothing_runs();
    assert_eq!(home.sockets(), Vec::<String>::new(), "{}", moment.name);
    // In its first milliseconds a program listens to no signal yet, and ends the plain way.
    if ran.code.is_none() && moment.name == MOMENTS[0].name {
        return;
    }
    assert_eq!(ran.code, Some(130), "{}: {ran}", moment.name);
    assert!(ran.stderr.contains("interrupted"), "{}: {ran}", moment.name);
    home.assert_store_is_whole();
}

/// The next judging rules right and clears away what the last one could not.
#[track_caller]
fn assert_recovers(home: &TestHome) {
    home.check_schema(RIGHT_INDEX).passes();
    home.check_schema("").fails("few-blocks");
    home.assert_store_is_whole();
    assert_eq!(home.sockets(), Vec::<String>::new());
    assert!(!home.bench().join("running").exists());
    assert_eq!(home.databases(), TEMPLATES, "copies were left behind");
}

fn survives(signal: Signal) {
    let home = TestHome::warm();
    assert_eq!(home.databases(), TEMPLATES, "the warm home has other templates than this test counts on");
    let workspace = slow_workspace(&home);
    for moment in MOMENTS {
        interrupt(&home, check(&home, &workspace), moment, signal);
    }
    assert_recovers(&home);
}

#[test]
fn ctrl_c_ends_a_judging_at_any_moment() {
    survives(Signal::SIGINT);
}

#[test]
fn a_termination_ends_a_judging_at_any_moment() {
    survives(Signal::SIGTERM);
}

#[test]
fn a_kill_ends_a_judging_at_any_moment() {
    survives(Signal::SIGKILL);
}

/// As a script starts its background jobs: with Ctrl-C's signals ignored.
fn check_in_the_background(home: &TestHome, workspace: &Path) -> Running {
    let check = home.command(["drill", "check", &workspace.display().to_string()]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' INT QUIT; exec \"$0\" \"$@\""])
        .arg(check.get_program())
        .args(check.get_args());
    command.current_dir(home.work()).env_clear();
    command.envs(check.get_envs().filter_map(|(name, value)| Some((name, value?))));
    home.start_command(command)
}

#[test]
fn a_judging_in_the_background_can_be_killed_too() {
    let home = TestHome::warm();
    let workspace = slow_workspace(&home);
    for moment in MOMENTS {
        interrupt(&home, check_in_the_background(&home, &workspace), moment, Signal::SIGKILL);
    }
    assert_recovers(&home);
}

#[test]
fn a_judging_that_is_ended_while_the_first_cluster_is_made_leaves_nothing_that_is_trusted() {
    for moment in FIRST_MOMENTS {
        for signal in [Signal::SIGKILL, Signal::SIGINT] {
            let home = TestHome::new();
            let workspace = slow_workspace(&home);
            interrupt(&home, check(&home, &workspace), moment, signal);
            home.check_schema(RIGHT_INDEX).passes();
        }
    }
}

#[test]
fn a_proof_can_be_ended_and_begun_again() {
    let home = TestHome::warm();
    let pack = tiny_pack().display().to_string();
    let prove = ["drill", "prove", "tiny", "--pack", &pack];
    let ruled =
        Moment { name: "a ruling is printed", has_come: |_, hotseat| hotseat.printed().contains("right ") };
    for moment in [&MOMENTS[3], &MOMENTS[5], &ruled] {
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
            interrupt(&home, home.start(prove), moment, signal);
        }
    }
    home.hotseat(prove).exits_with(0).says(&["8 of 8"]);
    assert_eq!(home.runs(), Vec::<String>::new(), "a proof stores nothing but wrong rulings");
}

#[test]
fn two_judgings_at_once_are_both_right_and_one_says_that_it_waits() {
    let home = TestHome::warm();
    let slow = slow_workspace(&home);
    let starter = home.workspace("tiny", "index", &[]);
    let first = check(&home, &slow);
    eventually("the first judges", || has_new_run(&home, ""));
    let second = check(&home, &starter);
    eventually("the second waits", || second.printed().contains("waiting: another hotseat"));
    first.finish().exits_with(0).says(&["PASS"]);
    second.finish().exits_with(1).says(&["FAIL", "few-blocks"]);
    assert_eq!(home.runs(), ["tiny-1", "tiny-2"]);
}

#[test]
fn one_that_waits_can_be_interrupted_and_the_other_goes_on() {
    let home = TestHome::warm();
    let slow = slow_workspace(&home);
    let first = check(&home, &slow);
    eventually("the first judges", || has_new_run(&home, ""));
    let second = check(&home, &slow);
    eventually("the second waits", || second.printed().contains("waiting: another hotseat"));
    second.signal(Signal::SIGINT);
    assert_ne!(second.finish().code, Some(0));
    first.finish().exits_with(0).says(&["PASS"]);
}

#[test]
fn a_server_that_dies_by_itself_makes_the_run_void() {
    let home = TestHome::warm();
    let slow = slow_workspace(&home).display().to_string();
    let running = home.start(["drill", "check", &slow, "--json"]);
    eventually("the learner's statement runs", || has_process(&home, "learner"));
    let postmaster = home.processes().into_iter().find(|process| process.title.contains("postgres -D"));
    let postmaster = postmaster.expect("the server is there");
    kill(Pid::from_raw(postmaster.id), Signal::SIGKILL).expect("it is there");
    Ruled::read(&running.finish()).void_because(&["PostgreSQL"]);
    assert_recovers(&home);
}

#[test]
fn a_watch_judges_every_save_and_ends_with_ctrl_c() {
    let home = TestHome::warm();
    let workspace = home.workspace("tiny", "index", &[]);
    let watch = home.start(["drill", "watch", &workspace.display().to_string()]);
    eventually("the starter is judged", || watch.printed().contains("FAIL"));
    std::fs::write(workspace.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
    eventually("the save is judged", || watch.printed().contains("PASS"));
    std::fs::write(workspace.join("schema.sql"), b"\xff\xfe").expect("the workspace is there");
    eventually("a file that is no text is told", || watch.printed().contains("not UTF-8"));
    watch.signal(Signal::SIGINT);
    watch.finish().exits_with(0);
    home.assert_nothing_runs();
    assert_eq!(home.runs(), ["tiny-1", "tiny-2"]);
    assert!(files_below(&home.run_dir("tiny-2")).contains(&PathBuf::from("submission/schema.sql")));
}
