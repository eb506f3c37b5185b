//! Faults by signal and requests on a timetable: what they do, and what the evidence says of it.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use judge::evidence::Reading;
use judge::verdict::shown;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::echo::{Echo, pack};
use crate::support::{Ruled, copy_folder, eventually, files_below};

/// A copy of the pack, in which one text of the drill stands in the place of another.
fn spoilt(echo: &Echo, file: &str, from: &str, to: &str) -> PathBuf {
    let copy = echo.home.work().join("spoilt");
    let _ = fs::remove_dir_all(&copy);
    copy_folder(&pack(), &copy);
    let path = copy.join("drills/signals").join(file);
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.contains(from), "{file} has no `{from}`");
    fs::write(path, text.replacen(from, to, 1)).expect("the copy is ours");
    copy
}

/// A workspace with the drill's plain solution, and these files in place of its own.
fn workspace(echo: &Echo, pack: &str, files: &[(&str, &str)]) -> String {
    let number = fs::read_dir(echo.home.work()).expect("it is there").count();
    let dir = echo.home.work().join(format!("signals-{number}"));
    let shown = dir.display().to_string();
    echo.home.hotseat(["drill", "start", "signals", &shown, "--pack", pack]).exits_with(0);
    let plain = self::pack().join("drills/signals/solutions/plain");
    for name in ["frame.py", "service.py", "service.toml"] {
        fs::copy(plain.join(name), dir.join(name)).expect("the pack is there");
    }
    for (name, text) in files {
        fs::write(dir.join(name), text).expect("the workspace is there");
    }
    shown
}

/// Judges the plain solution, with these files in place of its own.
fn judged(echo: &Echo, pack: &str, files: &[(&str, &str)]) -> Ruled {
    let dir = workspace(echo, pack, files);
    Ruled::read(&echo.home.hotseat(["drill", "check", &dir, "--pack", pack, "--json"]))
}

/// What the last run's evidence answers, as text.
fn told(echo: &Echo, query: &str) -> String {
    let run = echo.home.runs().pop().expect("something was judged");
    let reading =
        Reading::open(&echo.home.run_dir(&run).join("evidence.sqlite"), None).expect("it is evidence");
    let found = reading.query(query).unwrap_or_else(|e| panic!("{query}: {e}"));
    let cells = found.rows.first().unwrap_or_else(|| panic!("{query}: nothing")).iter();
    cells.map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_drill_with_signals_is_proved() {
    let echo = Echo::new();
    let ran =
        echo.home.hotseat(["drill", "prove", "signals", "--json", "--pack", &pack().display().to_string()]);
    let proof: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    assert_eq!((&proof["right"], &proof["of"]), (&Value::from(5), &Value::from(5)), "{ran}");
    echo.assert_nothing_is_left();
}

#[test]
fn evidence_tells_what_a_signal_did_and_when() {
    let echo = Echo::new();
    judged(&echo, &pack().display().to_string(), &[]).passes();
    let ended = told(
        &echo,
        "SELECT f.effect, l.victim, l.instance, l.came_to, l.at_us < e.ended_us AND e.ended_us < l.over_us,
                (SELECT count(*) FROM lives v WHERE v.instance = 1 AND v.by_us)
         FROM landings l JOIN exchanges e ON e.exchange = l.op JOIN faults f USING (op) WHERE l.does = 'terminate'",
    );
    assert_eq!(ended, "1 service 1 ended with exit status 0 1 2", "it was answered, and then it ended");
    let frozen = told(
        &echo,
        "SELECT f.effect, l.instance, l.came_to = 'stood still until exchange ' || n.exchange || ' had ended',
                e.started_us < l.at_us AND l.at_us < n.started_us AND n.ended_us < l.over_us AND l.at_us < e.ended_us
         FROM landings l JOIN exchanges e ON e.exchange = l.op JOIN faults f USING (op)
         JOIN exchanges n ON n.source = e.source AND n.no = e.no + 1 WHERE l.does = 'freeze'",
    );
    assert_eq!(frozen, "1 2 1 1", "the next visitor was answered while the first one's instance stood still");
    echo.assert_nothing_is_left();
}

#[test]
fn one_that_ignores_its_end_is_killed_and_that_is_told() {
    let echo = Echo::new();
    let plain =
        fs::read_to_string(pack().join("drills/signals/solutions/plain/service.py")).expect("it is there");
    // What the frame would do at SIGTERM comes to nothing.
    let deaf =
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal = lambda *_: None\n";
    judged(&echo, &pack().display().to_string(), &[("service.py", &format!("{deaf}{plain}"))]).passes();
    let ended = told(&echo, "SELECT came_to FROM landings WHERE does = 'terminate'");
    assert_eq!(ended, "did not end within 5 s of SIGTERM, and was killed");
    echo.assert_nothing_is_left();
}

#[test]
fn a_signal_at_a_message_that_never_comes_makes_the_run_void() {
    let echo = Echo::new();
    for fault in ["told-to-end", "frozen"] {
        let from = format!("[faults.{fault}]\non = \"service\"\nat = \"request\"\nto = \"GET /hello\"");
        let pack = spoilt(&echo, "drill.toml", &from, &from.replace("/hello", "/never"));
        judged(&echo, &pack.display().to_string(), &[]).void_because(&[fault, "happened to no visitor"]);
    }
}

#[test]
fn rows_that_cannot_be_sent_so_are_the_packs_fault() {
    let echo = Echo::new();
    let (visits, crowd) = ("load/visits.sql", "load/crowd.sql");
    for (file, from, to, says) in [
        (
            visits,
            "CASE n WHEN 3 THEN 2 ELSE n END AS talk",
            "n AS talk",
            "row 2: an instance is frozen until",
        ),
        (
            visits,
            "CASE n WHEN 2 THEN 2 WHEN 5",
            "CASE n WHEN 2 THEN 2 WHEN 3",
            "row 3: while an instance is frozen",
        ),
        (crowd, "n AS visit", "n AS visit, 7 AS talk", "wait for no other"),
        (
            crowd,
            "n AS visit",
            "n AS visit, CASE n WHEN 4 THEN 'frozen' END AS fault",
            "row 4: rows at a rate have",
        ),
        (crowd, "n AS visit", "n AS visit, 2 AS once_hanging", "row 1: rows at a rate have"),
    ] {
        let pack = spoilt(&echo, file, from, to).display().to_string();
        let dir = workspace(&echo, &pack, &[]);
        let ran = echo.home.hotseat(["drill", "check", &dir, "--pack", &pack]);
        assert!(![Some(0), Some(1), Some(70)].contains(&ran.code), "{ran}");
        ran.says(&["parameters `", says]);
    }
}

#[test]
fn a_timetable_waits_for_no_answer_and_stands_in_the_evidence() {
    let echo = Echo::new();
    judged(&echo, &pack().display().to_string(), &[]).passes();
    let kept = told(
        &echo,
        "SELECT count(*), sum(scheduled_us = (SELECT min(scheduled_us) FROM exchanges) + 50000 * (no - 1)),
                sum(started_us >= scheduled_us) FROM exchanges WHERE source = 'crowd'",
    );
    assert_eq!(kept, "6 6 6", "each twentieth of a second one was due, and none was sent before");
    assert_eq!(told(&echo, "SELECT count(scheduled_us) FROM exchanges WHERE source = 'visits'"), "0");
}

#[test]
fn a_judge_that_is_late_says_so_and_rules_nothing() {
    let echo = Echo::new();
    // The crowd takes three seconds to come, and the judge sleeps through more than one.
    let pack = spoilt(&echo, "drill.toml", "rate = 20", "rate = 2").display().to_string();
    let plain = fs::read_to_string(self::pack().join("drills/signals/solutions/plain/service.py"))
        .expect("it is there");
    let marks = plain.replace(
        "    if path == \"/together\":\n",
        "    if path == \"/together\":\n        open(\"came\", \"w\").close()\n",
    );
    let dir = workspace(&echo, &pack, &[("service.py", &marks)]);
    let running = echo.home.start(["drill", "check", &dir, "--pack", &pack, "--json"]);
    let came = || files_below(&echo.home.bench().join("programs")).iter().any(|file| file.ends_with("came"));
    eventually("the crowd begins to come", came);
    running.signal(Signal::SIGSTOP);
    let asleep = Instant::now();
    eventually("the judge has overslept", || asleep.elapsed() > Duration::from_millis(1_300));
    running.signal(Signal::SIGCONT);
    Ruled::read(&running.finish()).void_because(&["later than they were due", "500 ms", "too busy"]);
    echo.assert_nothing_is_left();
}

#[test]
fn mistakes_of_faults_and_paces_are_named_with_their_line() {
    let echo = Echo::new();
    for (from, to, at, says) in [
        (
            "\"terminate\"",
            "\"stop\"",
            "does = \"stop\"",
            "kill, terminate, freeze, cut and restart, not `stop`",
        ),
        ("instances = 2", "instances = 1", "does = \"freeze\"", "instances = 2"),
        ("does = \"freeze\"", "does = \"freeze\"\nvictim = \"books\"", "victim", "only does = \"restart\""),
        ("rate = 20", "rate = 0", "rate = 0", "from 1 to 500"),
        ("rate = 20", "rate = \"fast\"", "rate = \"fast\"", "expected u32"),
        ("rate = 20", "rate = 20, clients = 2", "rate = 20", "one of clients, together and rate"),
        ("clients = 1", "clients = 1, together = \"talk\"", "together", "one of clients, together and rate"),
    ] {
        let pack = spoilt(&echo, "drill.toml", from, to);
        let text = fs::read_to_string(pack.join("drills/signals/drill.toml")).expect("it is there");
        let line = text[..text.find(at).expect("it stands there")].matches('\n').count() + 1;
        let ran = echo.home.hotseat(["pack", "check", &pack.display().to_string()]);
        let place = format!("drills/signals/drill.toml:{line}: ");
        let named = ran.stdout.lines().any(|told| told.contains(&place) && told.contains(says));
        assert!(ran.code == Some(1) && named, "expected `{place}… {says}`, got {ran}");
    }
}
