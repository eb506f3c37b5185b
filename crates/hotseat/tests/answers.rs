//! Answers, and what becomes of them: bad input is refused with a reason and leaves nothing, good input is
//! kept, and the same answer always gets the same feedback.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use support::{Ran, TestHome, copy_folder};

const QUESTION: &str = "slow-postgresql-query";

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend")
}

/// An answer of the pack.
fn answer(name: &str) -> Vec<u8> {
    fs::read(pack().join(format!("questions/{QUESTION}/{name}.md"))).expect("the pack has it")
}

/// Hands in these bytes as an answer.
fn ask(home: &TestHome, bytes: &[u8]) -> Ran {
    let file = home.work().join("answer.md");
    fs::write(&file, bytes).expect("the folder is there");
    home.hotseat(["ask", QUESTION, "--json", "--answer", &file.display().to_string()])
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("no JSON ({e}): {}{}", ran.stdout, ran.stderr))
}

/// How many answers the store has.
fn kept(home: &TestHome) -> u64 {
    let progress = json(&home.hotseat(["progress", "--json"]));
    progress["questions"].as_array().expect("a list").iter().filter_map(|q| q["answers"].as_u64()).sum()
}

// --- what cannot be an answer ------------------------------------------------------------------------

#[test]
fn what_is_no_text_is_refused_and_not_kept() {
    let home = TestHome::new();
    let huge = b"I would look at the plan. ".repeat(400_000);
    let cases: [(&[u8], &str); 5] = [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (&huge, "more than 64 kB"),
        (b"PK\x03\x04\x00\x00\x00", "binary"),
        (b"First line\nna\xefve", "answer.md:2: not UTF-8"),
    ];
    for (bytes, words) in cases {
        ask(&home, bytes).exits_with(2).says(&[words]);
    }
    assert_eq!(kept(&home), 0);
}

#[test]
fn a_file_that_is_not_there_and_a_question_that_is_not_there() {
    let home = TestHome::new();
    home.hotseat(["ask", QUESTION, "--answer", "nowhere.md"]).exits_with(2).says(&["nowhere.md"]);
    home.hotseat(["ask", "slow-query-in-postgres", "--answer", "-"])
        .exits_with(2)
        .says(&["no question `slow-query-in-postgres`", QUESTION]);
}

#[test]
fn what_says_nothing_is_gated_with_its_reason() {
    let home = TestHome::new();
    let german = "Zuerst schaue ich mir den Plan der Abfrage an und suche nach Stellen, an denen die ganze \
        Tabelle gelesen wird. Danach lege ich passende Schlüssel an, messe erneut und vergleiche beide Werte \
        miteinander, bis alles schnell genug läuft und niemand mehr warten muss.";
    let keywords = "EXPLAIN ANALYZE, seq scan, index, composite index, join, selectivity, statistics, vacuum, \
        materialised view, CTE, subquery, nested loop, hash join, buffers, partition, cache, autovacuum, cost, \
        pg_stat_statements, work_mem, covering index, partial index, keyset";
    let emoji = "🚀🔥 ".repeat(200);
    let invisible = "\u{200b}\u{feff}\u{202e}".repeat(500) + "fine";
    for (text, gate) in [
        ("fine", "too-short"),
        (german, "not-english"),
        (keywords, "keyword-list"),
        (&emoji, "too-short"),
        (&invisible, "too-short"),
    ] {
        let ran = ask(&home, text.as_bytes()).exits_with(0);
        assert_eq!((&json(&ran)["gated"], &json(&ran)["score"]), (&gate.into(), &0.into()), "{text:.40}");
    }
}

#[test]
fn words_with_invisible_letters_in_them_are_read_all_the_same() {
    let home = TestHome::new();
    let text = String::from_utf8(answer("strong")).expect("it is text");
    let laden = text.replace("ind", "in\u{200b}d").replace("pla", "pl\u{ad}a");
    let (plain, laden) = (json(&ask(&home, text.as_bytes())), json(&ask(&home, laden.as_bytes())));
    assert_eq!(plain["score"], laden["score"]);
}

#[test]
fn nothing_in_an_answer_reaches_the_terminal_as_a_command() {
    let home = TestHome::new();
    let text = [answer("fair"), b"\x1b[2J\x1b]0;title\x07".to_vec()].concat();
    let file = home.work().join("answer.md");
    fs::write(&file, text).expect("the folder is there");
    let ran = home.hotseat(["ask", QUESTION, "--answer", &file.display().to_string()]).exits_with(0);
    assert!(!ran.stdout.contains('\x1b') && !ran.stdout.contains('\x07'), "{}", ran.stdout);
}

// --- what is kept ------------------------------------------------------------------------------------

#[test]
fn the_same_answer_gets_the_same_bytes_and_ranges_that_fit() {
    let home = TestHome::new();
    let (first, second) = (ask(&home, &answer("strong")), ask(&home, &answer("strong")));
    assert_eq!(first.stdout, second.stdout);
    let feedback = json(&first);
    let characters = String::from_utf8(answer("strong")).expect("it is text").chars().count() as u64;
    assert!(feedback["score"].as_u64() >= Some(75) && feedback["gated"].is_null());
    for point in feedback["points"].as_array().expect("points") {
        for quote in point["quotes"].as_array().expect("quotes") {
            assert!(
                quote[0].as_u64() < quote[1].as_u64() && quote[1].as_u64() <= Some(characters),
                "{quote}"
            );
        }
        assert_eq!(
            point["quotes"].as_array().map(Vec::is_empty),
            Some(point["state"] == "missed"),
            "{point}"
        );
        assert_eq!(point["probe"].is_null(), point["state"] == "met", "{point}");
    }
    assert_eq!(kept(&home), 2);
}

#[test]
fn standard_input_is_read_without_a_prompt() {
    let home = TestHome::new();
    let mut command = home.command(["ask", "2"]);
    command.stdin(fs::File::open(pack().join(format!("questions/{QUESTION}/weak.md"))).expect("it is there"));
    let output = command.stderr(Stdio::piped()).output().expect("hotseat runs");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "no prompt in a pipe");
}

#[test]
fn an_estimate_is_kept_and_a_band_needs_three_answers() {
    let home = TestHome::new();
    let progress = |home: &TestHome| json(&home.hotseat(["progress", "--json"]))["questions"][0].clone();
    let file = pack().join(format!("questions/{QUESTION}/fair.md"));
    let file = file.display().to_string();
    for round in 1..=3 {
        assert!(progress(&home)["band"].is_null(), "no band before answer {round}");
        home.hotseat(["ask", QUESTION, "--answer", &file, "--estimate", "90", "--json"]).exits_with(0);
    }
    let standing = progress(&home);
    let band: Vec<u64> =
        standing["band"].as_array().expect("a band").iter().filter_map(Value::as_u64).collect();
    assert_eq!(band.len(), 3);
    assert_eq!(standing["estimate_gap"].as_f64(), Some(90.0 - band[1] as f64));
}

#[test]
fn two_at_once_are_both_kept() {
    let home = TestHome::new();
    let file = pack().join(format!("questions/{QUESTION}/fair.md"));
    let args = ["ask", QUESTION, "--json", "--answer", &file.display().to_string()];
    let running: Vec<_> = (0..4).map(|_| home.start(args)).collect();
    for ran in running.into_iter().map(support::Running::finish) {
        ran.exits_with(0);
    }
    assert_eq!(kept(&home), 4);
}

#[test]
fn what_was_exported_comes_back_and_a_damaged_export_does_not() {
    let (home, other) = (TestHome::new(), TestHome::new());
    ask(&home, &answer("strong")).exits_with(0);
    home.hotseat(["plan", "--hours", "4", "--json"]).exits_with(0);
    let dir = home.work().join("mine");
    let shown = dir.display().to_string();
    home.hotseat(["export", &shown]).exits_with(0).says(&["1 answers"]);
    home.hotseat(["export", &shown]).exits_with(2).says(&["exists already"]);
    other.hotseat(["import", &shown]).exits_with(0);
    other.hotseat(["import", &shown]).exits_with(0);
    assert_eq!(kept(&other), 1, "twice imported is once there");

    let damaged = TestHome::new();
    fs::write(dir.join("reviews.jsonl"), "{}\n").expect("it is ours");
    damaged.hotseat(["import", &shown]).exits_with(2).says(&["reviews.jsonl", "Nothing was imported"]);
    assert_eq!(kept(&damaged), 0);
}

#[test]
fn a_store_that_is_no_store_is_left_as_it_is() {
    let home = TestHome::new();
    fs::write(home.path().join("learner.sqlite"), "these are my notes, not a database at all\n")
        .expect("ours");
    let before = fs::read(home.path().join("learner.sqlite")).expect("it is there");
    let ran = ask(&home, &answer("fair"));
    assert!(matches!(ran.code, Some(2 | 4)), "{:?} {}", ran.code, ran.stdout);
    assert_eq!(fs::read(home.path().join("learner.sqlite")).expect("still there"), before);
}

#[test]
fn a_question_that_left_the_pack_keeps_its_card_and_harms_nobody() {
    let home = TestHome::new();
    let mine = home.work().join("backend");
    copy_folder(&pack(), &home.work());
    let shown = mine.display().to_string();
    let file = pack().join(format!("questions/{QUESTION}/weak.md")).display().to_string();
    home.hotseat(["ask", QUESTION, "--json", "--answer", &file, "--pack", &shown]).exits_with(0);
    fs::remove_file(mine.join(format!("questions/{QUESTION}.md"))).expect("it is ours");
    for page in fs::read_dir(mine.join("advice")).expect("there is advice").flatten() {
        let text = fs::read_to_string(page.path()).expect("it is text").replace(QUESTION, "index-internals");
        fs::write(page.path(), text).expect("it is ours");
    }
    for command in [["review", "--json"], ["plan", "--json"], ["progress", "--json"]] {
        let ran = home.hotseat(command.into_iter().chain(["--pack", &shown])).exits_with(0);
        let offers = command[0] != "progress" && ran.stdout.contains(&format!("\"{QUESTION}\""));
        assert!(!offers, "{} offers what is gone", command[0]);
    }
    assert_eq!(kept(&home), 1);
}

// --- questions and plan ------------------------------------------------------------------------------

#[test]
fn the_list_has_what_programs_need() {
    let list = json(&TestHome::new().hotseat(["questions", "list", "--json"]));
    let questions = list["questions"].as_array().expect("a list");
    assert!(questions.len() >= 41);
    for question in questions {
        for key in ["id", "kind", "level", "topics", "prompt"] {
            assert!(!question[key].is_null(), "{key} in {question}");
        }
    }
    let guide: Vec<u64> = questions.iter().filter_map(|question| question["guide"].as_u64()).collect();
    assert_eq!(guide, (1..=11).collect::<Vec<_>>());
}

#[test]
fn the_table_in_the_docs_is_what_the_command_prints() {
    let printed = TestHome::new().hotseat(["questions", "prove", "--table"]).exits_with(0).stdout;
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/feedback.md"));
    let kept = docs.expect("docs/feedback.md is there");
    assert!(kept.ends_with(&printed), "write anew what `hotseat questions prove --table` prints:\n{printed}");
}

#[test]
fn a_plan_ends_before_the_interview_and_a_date_in_the_past_is_refused() {
    let home = TestHome::new();
    home.hotseat(["plan", "--date", "2020-02-29"]).exits_with(2).says(&["2020-02-29", "later date"]);
    home.hotseat(["plan", "--date", "2026-02-30"]).exits_with(2);
    home.hotseat(["plan", "--hours", "0"]).exits_with(2);
    let date = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 20);
    let date = date.strftime("%F").to_string();
    let plan = json(&home.hotseat(["plan", "--date", &date, "--hours", "7", "--json"]).exits_with(0));
    let days = plan["days"].as_array().expect("days");
    assert!(days.len() >= 18 && days.iter().all(|day| day["date"].as_str() < Some(&date)), "{plan}");
    let again = json(&home.hotseat(["plan", "--json"]).exits_with(0));
    assert_eq!(again["interview"], plan["interview"], "the date is remembered");
}

#[test]
fn days_off_are_free_remembered_and_taken_back() {
    let home = TestHome::new();
    let busy = |arguments: &[&str]| -> BTreeSet<String> {
        let plan = json(&home.hotseat([&["plan", "--json"], arguments].concat()).exits_with(0));
        let days = plan["days"].as_array().expect("days").clone();
        let full = days.iter().filter(|day| day["items"].as_array().is_some_and(|items| !items.is_empty()));
        let weekday = |day: &Value| {
            let date: jiff::civil::Date = day["date"].as_str().expect("a date").parse().expect("a date");
            date.strftime("%A").to_string()
        };
        full.map(weekday).collect()
    };
    let off = |days: &BTreeSet<String>| !days.contains("Saturday") && !days.contains("Sunday");
    assert!(off(&busy(&["--days-off", "sat,sunday"])), "nothing on days off");
    assert!(off(&busy(&[])), "they are remembered");
    assert_eq!(busy(&["--no-days-off"]).len(), 7, "and taken back");
    home.hotseat(["plan", "--days-off", "someday"]).exits_with(2).says(&["someday", "sat,sun"]);
    home.hotseat(["plan", "--days-off", "mon,tue,wed,thu,fri,sat,sun"]).exits_with(2).says(&["days off"]);
}

#[test]
fn a_broken_question_is_named_with_file_and_line() {
    let home = TestHome::new();
    copy_folder(&pack(), &home.work());
    let file = home.work().join(format!("backend/questions/{QUESTION}.md"));
    let text = fs::read_to_string(&file).expect("it is text");
    let at = text.lines().position(|line| line.starts_with("met = [")).expect("a point") + 1;
    fs::write(&file, text.replacen("met = [", "met = [\"{no_such_set}\", ", 1)).expect("it is ours");
    let dir = home.work().join("backend").display().to_string();
    home.hotseat(["pack", "check", &dir])
        .exits_with(1)
        .says(&[&format!("{QUESTION}.md:{at}: "), "there is no set `no_such_set`"]);
}
