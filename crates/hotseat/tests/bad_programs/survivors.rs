//! Programs that will not go, and judgings that are ended while programs run.

use std::path::PathBuf;

use nix::sys::signal::Signal;

use crate::echo::{Echo, judged};
use crate::support::{Running, eventually};

/// Answers nothing, has a child that left its session, and fills its folder as fast as it is emptied.
const CLINGS: &str = "import frame, os, signal, threading, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            os.makedirs('folder', exist_ok=True)
            open(f'folder/{time.monotonic_ns()}', 'w').close()
            time.sleep(0.001)
    os._exit(0)
frame.serve(lambda path: time.sleep(60) or 'hello')
";

#[test]
fn one_that_ignores_its_end_is_killed_and_passes() {
    let program = "import frame, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
                   frame.serve(lambda path: 'hello')\n";
    judged(program).passes();
}

#[test]
fn children_that_left_its_session_are_ended_with_it() {
    let program = "import frame, os, signal, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        \
                   signal.signal(signal.SIGTERM, signal.SIG_IGN)\n        if os.fork() == 0:\n            \
                   time.sleep(1000)\n        os._exit(0)\nframe.serve(lambda path: 'hello')\n";
    judged(program).passes();
}

/// Hands in a program that clings, and waits until it is spoken to.
fn clinging(echo: &Echo) -> Running {
    let workspace: PathBuf = echo.workspace("beside", &[("service.py", CLINGS)]);
    let running = echo.start(&workspace, &[]);
    eventually("the programs run", || {
        let there = echo.home.processes();
        // Two instances with a child each, and two of the reference.
        there.iter().filter(|process| process.title.contains("service.py")).count() >= 6
    });
    running
}

#[test]
fn ctrl_c_ends_the_programs_too() {
    let echo = Echo::new();
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let running = clinging(&echo);
        running.signal(signal);
        running.finish().exits_with(130).says(&["interrupted"]);
        echo.assert_nothing_is_left();
    }
    echo.check(&echo.workspace("alone", &[])).passes();
}

#[test]
fn a_kill_ends_the_programs_too_and_the_next_judging_clears_away() {
    let echo = Echo::new();
    let running = clinging(&echo);
    running.signal(Signal::SIGKILL);
    let next = echo.start(&echo.workspace("alone", &[]), &["--json"]);
    assert_eq!(running.finish().code, None);
    next.finish().exits_with(0);
    echo.assert_nothing_is_left();
    assert_eq!(echo.home.runs(), ["echo-1"]);
}

#[test]
fn two_judgings_at_once_are_both_right() {
    let echo = Echo::new();
    let slow = "import frame, time\nframe.serve(lambda path: time.sleep(0.3) or 'hello')\n";
    let first = echo.start(&echo.workspace("alone", &[("service.py", slow)]), &[]);
    eventually("the first judges", || echo.home.bench().join("programs").exists());
    let wrong = "import frame\nframe.serve(lambda path: 'goodbye')\n";
    let second = echo.start(&echo.workspace("alone", &[("service.py", wrong)]), &[]);
    eventually("the second waits", || second.printed().contains("waiting: another hotseat"));
    first.finish().exits_with(0).says(&["PASS"]);
    second.finish().exits_with(1).says(&["FAIL", "says-hello", "200 goodbye"]);
    echo.assert_nothing_is_left();
    assert_eq!(echo.home.runs(), ["echo-1", "echo-2"]);
}
