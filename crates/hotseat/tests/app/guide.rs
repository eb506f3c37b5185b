//! Questions answered in the browser: what a newcomer sees, what is marked, and what is refused without loss.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::{Answer, TestApp};
use crate::support::TestHome;

mod finding;

const QUESTION: &str = "slow-postgresql-query";

/// With an open app in a home of its own.
fn with_app(look: impl FnOnce(&TestHome, &TestApp)) {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    look(&home, &app);
    assert!(!app.printed().contains("panicked"), "{}", app.printed());
    app.end().exits_with(0);
}

fn file(name: &str) -> PathBuf {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend");
    pack.join(format!("questions/{QUESTION}/{name}.md"))
}

/// An answer of the pack.
fn words(name: &str) -> String {
    fs::read_to_string(file(name)).expect("the pack has it")
}

/// Hands in the form of the question's page.
fn hand_in(app: &TestApp, text: &str, estimate: &str) -> Answer {
    app.post_form(&format!("/questions/{QUESTION}"), &[("text", text), ("estimate", estimate)])
}

/// Hands it in, and follows to the page of the answer.
#[track_caller]
fn answered(app: &TestApp, text: &str) -> (String, Answer) {
    let path = hand_in(app, text, "50").is(303).header("location").to_string();
    let page = app.get(&path).is(200);
    (path, page)
}

fn unescaped(html: &str) -> String {
    let entities = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    entities.iter().fold(html.to_string(), |text, (entity, plain)| text.replace(entity, plain))
}

/// The answer as a page shows it, in stretches with the numbers of their points.
fn said(page: &str) -> Vec<(Vec<usize>, String)> {
    let inside = page.split_once("<div class=\"said").expect("the answer is shown").1;
    let inside = inside.split_once('>').expect("it is an element").1.split_once("</div>").expect("it ends").0;
    let mut stretches = Vec::new();
    let mut rest = inside;
    while !rest.is_empty() {
        let (plain, after) = rest.split_once("<mark").unwrap_or((rest, ""));
        stretches.push((Vec::new(), unescaped(&without_numbers(plain))));
        let Some((head, after)) = after.split_once('>') else { break };
        let numbers = head.split_once("data-points=\"").expect("a mark names its points").1;
        let numbers = numbers.split('"').next().unwrap_or_default().split(' ');
        let (text, after) = after.split_once("</mark>").expect("a mark ends");
        stretches.push((numbers.map(|it| it.parse().expect("a number")).collect(), unescaped(text)));
        rest = after;
    }
    stretches
}

/// Without the links that number the points.
fn without_numbers(html: &str) -> String {
    let mut parts = html.split("<a class=\"n\"");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| text + part.split_once("</a>").map_or("", |(_, after)| after))
}

fn whole(page: &str) -> String {
    said(page).into_iter().map(|(_, text)| text).collect()
}

fn kept(app: &TestApp) -> u64 {
    let progress = app.get("/api/v1/progress").is(200).json();
    progress["questions"].as_array().expect("a list").iter().filter_map(|it| it["answers"].as_u64()).sum()
}

// --- the way of a newcomer ---------------------------------------------------------------------------

#[test]
fn a_newcomers_first_answer() {
    with_app(|_, app| {
        app.get("/guide").is(200).says(&["The eleven questions", &format!("/questions/{QUESTION}"), "open"]);
        let page = app.get(&format!("/questions/{QUESTION}")).is(200);
        let page = page.says(&["<textarea", "no estimate", "hotseat drill start slow-query", "<details"]);
        assert!(!page.body.contains("class=\"said"), "nothing was said yet");
        let (path, page) = answered(app, &words("fair"));
        page.says(&["of 100", "You expected", "They would ask", "Sample answer", "id=\"point-1\"", "partly"]);
        app.get("/guide").is(200).says(&["1 answer; a band from 3 on"]);
        app.get(&format!("/questions/{QUESTION}")).is(200).says(&[&path]);
        app.get("/progress").is(200).says(&[
            "Too few answers for a band yet",
            "1 of 3 estimates",
            "1 answer",
        ]);
        app.get(&path).is(200).says(&["What you said"]);
        for _ in 0..2 {
            answered(app, &words("weak"));
        }
        app.get("/progress").is(200).says(&["class=\"bands\"", "3 answers"]);
        app.get(&path).is(200).says(&["Your other answers to it"]);
    });
}

#[test]
fn the_api_gives_the_feedback_that_the_command_gives() {
    with_app(|home, app| {
        let text = words("strong");
        let path = format!("/api/v1/questions/{QUESTION}/answers");
        let sent = json!({"text": text, "estimate": 70, "seconds": 95});
        let answer = app.send_json("POST", &path, &sent).is(201);
        let place = answer.header("location").to_string();
        let shown = file("strong").display().to_string();
        let command = home.hotseat(["ask", QUESTION, "--answer", &shown, "--estimate", "70", "--json"]);
        assert_eq!(answer.json(), command.exits_with(0).json());
        let kept = app.get(&place).is(200).json();
        assert_eq!(
            (&kept["text"], &kept["seconds"], &kept["estimate"]),
            (&text.into(), &95.into(), &70.into())
        );
        assert_eq!(kept["feedback"]["points"], answer.json()["points"]);
        assert_eq!(kept["others"].as_array().map(Vec::len), Some(1), "the command's own answer");
        let list = home.hotseat(["questions", "list", "--json"]).exits_with(0).json();
        assert_eq!(app.get("/api/v1/questions").is(200).json(), list);
        let one = home.hotseat(["questions", "show", QUESTION, "--json"]).exits_with(0).json();
        assert_eq!(app.get(&format!("/api/v1/questions/{QUESTION}")).is(200).json(), one);
        let advice = home.hotseat(["advice", "--json"]).exits_with(0).json();
        assert_eq!(app.get("/api/v1/advice").is(200).json(), advice);
        let progress = home.hotseat(["progress", "--json"]).exits_with(0).json();
        assert_eq!(app.get("/api/v1/progress").is(200).json(), progress);
        let reviews = home.hotseat(["review", "--json"]).exits_with(0).json();
        assert_eq!(app.get("/api/v1/reviews").is(200).json(), reviews);
    });
}

// --- what is marked ----------------------------------------------------------------------------------

#[test]
fn the_marked_words_are_the_quotes() {
    with_app(|_, app| {
        for name in ["strong", "fair", "weak"] {
            let text = words(name);
            let (path, page) = answered(app, &text);
            let kept = app.get(&format!("/api/v1{path}")).is(200).json();
            let characters: Vec<char> = text.chars().collect();
            for (at, point) in kept["feedback"]["points"].as_array().expect("points").iter().enumerate() {
                let number = at + 1;
                let mut due = vec![false; characters.len()];
                for quote in point["quotes"].as_array().expect("quotes") {
                    let end = |at: usize| quote[at].as_u64().expect("a number") as usize;
                    due[end(0)..end(1)].fill(true);
                }
                let due: String =
                    characters.iter().zip(&due).filter(|(_, due)| **due).map(|(c, _)| c).collect();
                let marked: String = said(&page.body)
                    .into_iter()
                    .filter(|(points, _)| points.contains(&number))
                    .map(|(_, text)| text)
                    .collect();
                assert_eq!(marked, due, "point {number} of {name}");
                let links = page.body.contains(&format!("href=\"#point-{number}\""));
                assert_eq!(links, !due.is_empty(), "point {number} of {name} is named where it was earned");
            }
        }
    });
}

#[test]
fn whatever_is_written_is_shown_as_it_was_written() {
    with_app(|_, app| {
        let fair = words("fair");
        let texts = [
            format!("{fair}\n\n<script>alert(1)</script><img src=x onerror=alert(1)> &amp; \"'"),
            format!("אני מסתכל על התוכנית \u{202e}reversed\u{202c} {fair} العربية"),
            format!("🚀 e\u{301} 👩‍💻 {fair} 🦀"),
            format!("</div></textarea><h1>mine</h1>\n\n\n  {fair}"),
            "fine".to_string(),
        ];
        for text in texts {
            let (_, page) = answered(app, &text);
            assert_eq!(whole(&page.body), text.trim_end(), "{text:.40}");
            assert!(!page.body.contains("<script>") && !page.body.contains("<img"), "{text:.40}");
        }
    });
}

#[test]
fn an_answer_of_64_kb_is_taken_and_what_cannot_be_read_by_a_terminal_is_not_sent() {
    with_app(|_, app| {
        let mut long = words("strong");
        while long.len() < 64 * 1024 - 8 {
            long += "and so ";
        }
        let (_, page) = answered(app, &long);
        assert_eq!(whole(&page.body), long.trim_end());
        let (_, page) = answered(app, "first\r\nsecond\u{1b}[2J");
        assert_eq!(whole(&page.body), "first\nsecond\u{fffd}[2J");
    });
}

// --- what is refused ---------------------------------------------------------------------------------

#[test]
fn what_cannot_be_an_answer_is_told_and_not_lost() {
    with_app(|_, app| {
        let long = "I would look at the plan. ".repeat(2600);
        let cases = [
            ("", "50", "is empty"),
            (" \n ", "50", "is empty"),
            (long.as_str(), "50", "more than 64 kB"),
            ("binary \0 here", "50", "binary"),
            ("I look at the plan.", "101", "101 is no number from 0 to 100"),
            ("I look at the plan.", "-1", "is no number from 0 to 100"),
            ("I look at the plan.", "7<b>5", "is no number from 0 to 100"),
            ("I look at the plan.", "", "what do you expect?"),
        ];
        for (text, estimate, why) in cases {
            let page = hand_in(app, text, estimate).is(422).says(&["role=\"alert\"", why]);
            let area = page.body.split_once("<textarea").expect("the form is there again").1;
            let area = area
                .split_once('>')
                .expect("it is an element")
                .1
                .split_once("</textarea>")
                .expect("it ends")
                .0;
            let shown = unescaped(area.strip_prefix('\n').expect("browsers leave out the first line break"));
            assert_eq!(shown, text.replace('\0', "\u{fffd}"), "the text is still there: {why}");
        }
        assert_eq!(kept(app), 0, "nothing of it is kept");
        let fields = [("text", "I look at the plan."), ("no_estimate", "1"), ("estimate", "")];
        let path =
            app.post_form(&format!("/questions/{QUESTION}"), &fields).is(303).header("location").to_string();
        app.get(&path).is(200).says(&["No estimate."]);
    });
}

#[test]
fn the_api_says_what_it_cannot_take() {
    with_app(|_, app| {
        let path = format!("/api/v1/questions/{QUESTION}/answers");
        let long = "I would look at the plan. ".repeat(2600);
        let huge = "I would look at the plan. ".repeat(30_000);
        let cases: [(Value, u16); 8] = [
            (json!({"text": ""}), 422),
            (json!({"text": "binary \0 here"}), 422),
            (json!({"text": long}), 422),
            (json!({"text": huge}), 413),
            (json!({"text": "fine", "estimate": 101}), 422),
            (json!({"text": "fine", "estimate": -1}), 422),
            (json!({"text": "fine", "mood": "good"}), 422),
            (json!({"words": "fine"}), 422),
        ];
        for (body, status) in cases {
            let answer = app.send_json("POST", &path, &body).is(status);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{body:.60}");
            assert_eq!(answer.json()["status"], status);
        }
        app.send("POST", &path, &[("Content-Type", "application/json")], "{\"text\":").is(400);
        app.send("POST", &path, &[("Content-Type", "text/plain")], "fine").is(415);
        assert_eq!(kept(app), 0, "nothing of it is kept");
    });
}

#[test]
fn what_is_not_there_is_a_404_that_says_what_is() {
    with_app(|_, app| {
        let near = "slow-query-in-postgres";
        app.get(&format!("/questions/{near}")).is(404).says(&["there is no question", QUESTION]);
        app.post_form(&format!("/questions/{near}"), &[("text", "a"), ("estimate", "1")]).is(404);
        let none = "0".repeat(32);
        for path in [format!("/answers/{none}"), "/answers/%00%3Cscript%3E".into(), "/advice/none".into()] {
            let page = app.get(&path).is(404);
            assert!(!page.body.contains("<script>"), "{path}");
        }
        app.get("/progress?day=2026-02-30").is(404).says(&["is no day"]);
        for path in [format!("questions/{near}"), format!("answers/{none}"), "advice/none".into()] {
            let answer = app.get(&format!("/api/v1/{path}")).is(404);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        }
        let post = format!("/api/v1/questions/{near}/answers");
        app.send_json("POST", &post, &json!({"text": "fine"})).is(404);
        for path in ["progress/days/soon", "questions?kind=odd", "reviews?minutes=-1", "questions/%ff"] {
            let answer = app.get(&format!("/api/v1/{path}")).is(400);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        }
    });
}
