//! Nothing survives a judge that is killed without warning, nor a supervisor that is.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use program::{How, Level};

use crate::support::{Rig, levels, processes_with, start, supervisor, unique, until, until_said};

const FOLDER: &str = "PROGRAM_TEST_FOLDER";
const LEVEL: &str = "PROGRAM_TEST_LEVEL";

/// The daemons that run, and the program, which has become one like them.
fn daemons(mark: &str) -> usize {
    processes_with(mark).iter().filter(|line| line.starts_with("tail -f")).count()
}

fn script(mark: &str) -> String {
    format!(
        "touch {mark}; setsid tail -f {mark} & (setsid tail -f {mark} &) ; echo started; exec tail -f {mark}"
    )
}

/// No test by itself: the judge of the next one, in a process of its own.
#[tokio::test]
async fn as_a_judge_that_will_be_killed() {
    let (Ok(folder), Ok(level)) = (std::env::var(FOLDER), std::env::var(LEVEL)) else { return };
    let folder = PathBuf::from(folder);
    let level = level_named(&level);
    let mark = fs::read_to_string(folder.join("mark")).expect("the mark");
    let command = ["sh", "-c", &script(&mark)].map(str::to_owned);
    let mut launch = program::Launch::new(command, folder.join("workspace"), folder.join("scratch"), level);
    launch.supervisor = Some(supervisor());
    let program = start(&launch).await;
    until_said(&program, "started").await;
    fs::write(folder.join("running"), "").expect("ours");
    program.wait().await;
}

fn level_named(name: &str) -> Level {
    [Level::Full, Level::Confined, Level::Limits]
        .into_iter()
        .find(|level| level.to_string() == name)
        .expect("a level")
}

#[tokio::test]
async fn nothing_survives_a_judge_that_is_killed() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        fs::write(rig.path("mark"), &mark).expect("ours");
        let mut judge = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "survivors::as_a_judge_that_will_be_killed"])
            .env(FOLDER, rig.path(""))
            .env(LEVEL, level.to_string())
            .stdout(Stdio::null())
            .spawn()
            .expect("a second judge");
        let running = rig.path("running");
        until("the judge's program runs", || running.exists() && daemons(&mark) == 3).await;
        judge.kill().expect("it runs");
        judge.wait().expect("it is ours");
        until("nothing of it runs", || processes_with(&mark).is_empty()).await;
    }
}

#[tokio::test]
async fn nothing_survives_a_supervisor_that_is_killed() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let program = start(&rig.shell(level, &script(&mark))).await;
        until_said(&program, "started").await;
        until("all of it runs", || daemons(&mark) == 3).await;
        let supervisor = parent(parent(program.pid()));
        assert_eq!(
            fs::read_to_string(format!("/proc/{supervisor}/cmdline")).expect("it runs"),
            "program-supervisor\0"
        );
        kill(supervisor);
        assert_eq!(program.wait().await.how, How::Lost, "{level}");
        until("nothing of it runs", || processes_with(&mark).is_empty()).await;
    }
}

#[tokio::test]
async fn nothing_survives_an_init_that_is_killed() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let program = start(&rig.shell(level, &script(&mark))).await;
        until_said(&program, "started").await;
        until("all of it runs", || daemons(&mark) == 3).await;
        kill(parent(program.pid()));
        program.wait().await;
        assert_eq!(processes_with(&mark), [""; 0], "{level}");
    }
}

fn parent(pid: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let fields = stat.rsplit_once(") ").expect("a name").1;
    fields.split(' ').nth(1).expect("a parent").parse().expect("a number")
}

fn kill(pid: i32) {
    let killed = Command::new("sh").args(["-c", &format!("kill -9 {pid}")]).status().expect("a shell");
    assert!(killed.success());
}
