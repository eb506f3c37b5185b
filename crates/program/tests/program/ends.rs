//! Programs end: when asked, when made to, and with everything that they started.

use std::time::Duration;

use program::{How, Level, Signal};

use crate::support::{HANG, Rig, levels, processes_with, start, unique, until, until_said};

/// Starts three `tail`s that left the session, two of them with a parent that is gone.
fn with_daemons(mark: &str, last: &str) -> String {
    format!(
        "touch {mark}
        setsid tail -f {mark} &
        (setsid sh -c 'tail -f {mark} & exec tail -f {mark}' &)
        {last}"
    )
}

async fn until_all_daemons_run(mark: &str) {
    let daemons = || processes_with(mark).iter().filter(|line| line.starts_with("tail -f")).count();
    until("three daemons run", || daemons() == 3).await;
}

#[tokio::test]
async fn one_that_heeds_sigterm_is_not_killed() {
    for level in levels().await {
        let rig = Rig::new();
        let script =
            "trap 'echo saving; exit 7' TERM; echo ready; while :; do tail -f /dev/null & wait $!; done";
        let program = start(&rig.shell(level, script)).await;
        until_said(&program, "ready").await;
        let stopped = program.stop(HANG).await;
        assert!(!stopped.killed, "{level}");
        assert_eq!(stopped.end.how, How::Exited(7), "{level}");
        assert!(stopped.end.output.text().contains("saving"), "{level}: {:?}", stopped.end.output);
    }
}

#[tokio::test]
async fn one_that_ignores_sigterm_is_killed_after_the_grace() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "trap '' TERM; echo ready; while :; do :; done")).await;
        until_said(&program, "ready").await;
        let stopped = program.stop(Duration::from_millis(100)).await;
        assert!(stopped.killed, "{level}");
        assert_eq!(stopped.end.how, How::Signalled(9), "{level}");
        assert_eq!(stopped.end.to_string(), "was ended by SIGKILL", "{level}");
    }
}

#[tokio::test]
async fn a_wrapper_passes_sigterm_to_what_it_wraps() {
    for level in levels().await {
        let rig = Rig::new();
        let inner =
            "trap 'echo inner ends; exit 0' TERM; echo ready; while :; do tail -f /dev/null & wait $!; done";
        rig.write("inner.sh", inner);
        let program = start(&rig.shell(level, "sh inner.sh; echo after $?")).await;
        until_said(&program, "ready").await;
        let stopped = program.stop(HANG).await;
        assert!(!stopped.killed, "{level}");
        assert!(stopped.end.output.text().contains("inner ends"), "{level}: {:?}", stopped.end.output);
    }
}

#[tokio::test]
async fn daemons_go_with_the_program_that_is_killed() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let program = start(&rig.shell(level, &with_daemons(&mark, "exec tail -f /dev/null"))).await;
        until_all_daemons_run(&mark).await;
        program.kill_all().await;
        assert_eq!(processes_with(&mark), [""; 0], "{level}");
    }
}

#[tokio::test]
async fn daemons_go_with_the_program_that_ends_and_are_counted() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let last = "until [ -e go ]; do :; done; exit 0";
        let program = start(&rig.shell(level, &with_daemons(&mark, last))).await;
        until_all_daemons_run(&mark).await;
        rig.write("go", "");
        let end = program.wait().await;
        assert_eq!(processes_with(&mark), [""; 0], "{level}");
        assert_eq!(end.left_behind, 3, "{level}");
        let expected = "ended with exit status 0 (and left 3 processes in the background, which were killed)";
        assert_eq!(end.to_string(), expected, "{level}");
    }
}

#[tokio::test]
async fn a_program_that_is_dropped_is_gone() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let program = start(&rig.shell(level, &with_daemons(&mark, "exec tail -f /dev/null"))).await;
        until_all_daemons_run(&mark).await;
        drop(program);
        until("nothing of it runs", || processes_with(&mark).is_empty()).await;
    }
}

#[tokio::test]
async fn a_stopped_program_stands_still_until_it_may_go_on() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let script = format!("touch {mark}; setsid tail -f {mark} & echo started; while :; do :; done");
        let program = start(&rig.shell(level, &script)).await;
        until_said(&program, "started").await;
        program.signal(Signal::Stop).await;
        let state = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", program.pid())).expect("it is there");
            stat.rsplit_once(") ").expect("a state").1.chars().next()
        };
        until("it is stopped", || state() == Some('T')).await;
        while !program.look().await.is_still {}
        program.signal(Signal::Cont).await;
        until("it runs again", || state() == Some('R')).await;
        assert!(!program.look().await.is_still, "{level}");
        program.signal(Signal::Stop).await;
        until("it is stopped", || state() == Some('T')).await;
        program.kill_all().await;
        assert_eq!(processes_with(&mark), [""; 0], "{level}: a stopped one can be killed");
    }
}

#[tokio::test]
async fn a_crash_is_named() {
    for level in levels().await {
        let rig = Rig::new();
        let end = start(&rig.shell(level, "kill -SEGV $$")).await.wait().await;
        assert_eq!(end.to_string(), "was ended by SIGSEGV", "{level}");
        assert_eq!(end.exceeded, None, "{level}");
    }
}

#[tokio::test]
async fn what_comes_too_late_does_no_harm() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "echo done")).await;
        let end = program.wait().await;
        program.signal(Signal::Term).await;
        assert_eq!(program.kill_all().await, end, "{level}");
        assert_eq!(program.output().await.text(), "done\n", "{level}");
        assert_eq!(program.end(), Some(end), "{level}");
    }
}

#[tokio::test]
async fn a_namespace_is_not_ended_by_killing_its_init() {
    if !levels().await.contains(&Level::Full) {
        return;
    }
    let rig = Rig::new();
    let program = start(&rig.shell(Level::Full, "kill -9 1; kill -TERM 1; echo still here")).await;
    assert!(program.wait().await.output.text().contains("still here"));
}
