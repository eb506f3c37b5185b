//! What learners come for, from the first click to the last, with everything behind it real.

use std::fs;

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::browser::{Browser, in_browser};
use crate::client::TestApp;
use crate::keyboard::press;
use crate::learner::{Learner, QUESTION, both_packs, days_from_today, strong_answer};
use crate::support::{PATIENCE, RIGHT_INDEX, TestHome, eventually, tiny_pack};

/// What the last square of the calendar says.
const TODAY: &str = "return [...document.querySelectorAll('.calendar rect')].at(-1).textContent";

impl Browser {
    /// Waits until an element with this text is on the page that is open.
    pub(crate) async fn sees(&self, element: &str, text: &str) {
        let path = format!("//{element}[contains(normalize-space(.), \"{text}\")]");
        let found = self.tab.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        found.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// Clicks on the first element with this text.
    async fn choose(&self, element: &str, text: &str) {
        let path = format!("//{element}[contains(normalize-space(.), \"{text}\")]");
        let found = self.tab.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        let found = found.unwrap_or_else(|e| panic!("{path}: {e}"));
        found.click().await.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.tab.execute(script, Vec::new()).await.unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Where the browser is, without the host.
    pub(crate) async fn path(&self) -> String {
        self.tab.current_url().await.expect("it is somewhere").path().to_string()
    }
}

#[test]
fn a_newcomers_first_answer_is_a_click_away_and_shows_what_earned() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("a_newcomers_first_answer_is_a_click_away", &app, async |browser| {
        browser.open(&app, "/").await;
        browser.click(".start .button").await;
        let path = browser.path().await;
        assert!(path.starts_with("/questions/"), "{path}");
        let own = format!("{}/../../packs/backend{path}/strong.md", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(own).unwrap_or_else(|_| strong_answer());
        let (first, rest) = text.split_at(text.char_indices().nth(200).map_or(0, |(at, _)| at));
        browser.write("#text", first).await;
        browser.tab.refresh().await.expect("it can be loaded again");
        assert_eq!(
            browser.run("return document.getElementById('text').value").await,
            json!(first.trim_start())
        );
        browser.write("#text", rest).await;
        browser.write("#estimate", "70").await;
        browser.click("form.writing [type=submit]").await;
        browser.sees("h2", "What you said").await;
        assert!(browser.path().await.starts_with("/answers/"));
        assert!(browser.text(".said mark.met").await.len() > 3);
        assert!(browser.text(".result").await.contains("You expected 70"));
        let score = browser.text(".score .figure").await;
        let question = path.strip_prefix("/questions/").expect("it was there").to_string();
        shows_the_first_answer(browser, &app, &question, &score).await;
        let mut scores = vec![score];
        for text in [text.as_str(), "I would measure first, and then ask somebody who knows it."] {
            let said = app.post_form(&path, &[("text", text), ("estimate", "50")]).is(303);
            let it = app.get(&format!("/api/v1{}", said.header("location"))).is(200).json();
            scores.push(it["score"].to_string());
        }
        shows_the_band(browser, &app, &question, scores).await;
    });
    app.end().exits_with(0);
}

/// The topics of a question.
fn topics_of(app: &TestApp, question: &str) -> Vec<String> {
    let it = app.get(&format!("/api/v1/questions/{question}")).is(200).json();
    let topics = it["topics"].as_array().into_iter().flatten().filter_map(Value::as_str);
    topics.map(str::to_string).collect()
}

/// After one answer, progress has what was expected beside what came, and today; a band would say too much.
async fn shows_the_first_answer(browser: &Browser, app: &TestApp, question: &str, score: &str) {
    let topics = topics_of(app, question);
    assert!(!topics.is_empty(), "{question} has no topic");
    browser.open(app, "/progress").await;
    let thin = browser.text("#bands ~ p.small").await;
    assert!(thin.starts_with("Too few answers for a band yet"), "{thin}");
    assert!(topics.iter().all(|topic| thin.contains(&format!("{topic} (1)"))), "{topics:?}: {thin}");
    let row = browser.text("#estimates ~ .two tbody tr:only-child").await;
    assert!(row.contains(question) && row.ends_with(&format!("70 {score}")), "{row}");
    let dot = "return document.querySelector('.scatter circle.dot:only-of-type title').textContent";
    assert_eq!(browser.run(dot).await, json!(format!("expected 70, got {score}")));
    let today = browser.run(TODAY).await;
    assert!(today.as_str().is_some_and(|it| it.ends_with(": 1 answer")), "{today}");
    let before = "return document.querySelectorAll('.calendar rect:not(.d0)').length";
    assert_eq!(browser.run(before).await, json!(1), "days before today were given something");
}

/// From the third answer on its topics have a band: the lowest, the middle and the highest score.
async fn shows_the_band(browser: &Browser, app: &TestApp, question: &str, mut scores: Vec<String>) {
    scores.sort_by_key(|score| score.parse::<u8>().expect("a score is a number"));
    browser.open(app, "/progress").await;
    browser.text("table.bands").await;
    let rows = "return [...document.querySelectorAll('table.bands tbody tr')] \
        .map(row => [...row.cells].map(cell => cell.textContent.trim()).filter(text => text).join(' '))";
    let rows = browser.run(rows).await;
    for topic in topics_of(app, question) {
        let row = format!("{topic} {} 3", scores.join(" "));
        assert!(rows.as_array().is_some_and(|rows| rows.contains(&json!(row))), "{row} is not in {rows}");
    }
    assert!(browser.run(TODAY).await.as_str().is_some_and(|it| it.ends_with(": 3 answers")));
}

#[test]
fn a_drill_is_started_failed_mended_and_passed_while_the_page_is_open() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &tiny_pack());
    in_browser("a_drill_is_started_failed_mended_and_passed", &app, async |browser| {
        browser.open(&app, "/drills/tiny").await;
        browser.choose("button", "Start a workspace").await;
        let dir = std::path::PathBuf::from(browser.text(".workspace .path").await);
        // Long enough for the page to be loaded twice before the first finding is there.
        fs::write(dir.join("schema.sql"), "SELECT pg_sleep(3);\n").expect("the workspace is there");
        browser.choose("button", "Judge").await;
        browser.sees("h2", "Phases").await;
        browser.tab.refresh().await.expect("it can be loaded again");
        browser.sees("h2", "Phases").await;
        let nothing_yet = "window.sameAsBefore = true; return document.querySelector('p.claim') === null";
        assert_eq!(browser.run(nothing_yet).await, json!(true), "no finding is there yet");
        browser.sees("p[@class='claim']", "An answer touches few blocks").await;
        browser.sees("strong", "fail").await;
        assert_eq!(
            browser.run("return window.sameAsBefore").await,
            json!(true),
            "nobody has loaded the page"
        );
        assert_eq!(home.runs(), ["tiny-1"]);

        fs::write(dir.join("schema.sql"), RIGHT_INDEX).expect("the workspace is there");
        browser.choose("button", "Judge again").await;
        browser.sees("strong", "pass").await;
        browser.choose("a", "Open the verdict").await;
        browser.sees("h2", "Debrief").await;
        assert_eq!(browser.path().await, "/runs/tiny-2");
        assert!(browser.text(".ruling").await.to_lowercase().starts_with("pass"));
    });
    app.end().exits_with(0);
}

#[test]
fn what_is_moved_by_keyboard_stays_when_the_plan_is_made_anew() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("what_is_moved_by_keyboard_stays", &app, async |browser| {
        browser.open(&app, "/plan").await;
        let date = days_from_today(14);
        let set = "document.getElementById('interview').value = arguments[0]";
        browser.tab.execute(set, vec![json!(date)]).await.expect("it runs");
        browser.choose("button", "Make a plan").await;
        browser.sees("h2", "Settings").await;
        let grip = "const grip = document.querySelector('.day + .day .grip') || document.querySelector('.grip'); grip.focus(); \
            const all = [...document.querySelectorAll('[data-date]')]; \
            return [grip.closest('[data-item]').dataset.item, all[all.indexOf(grip.closest('[data-date]')) + 1].dataset.date]";
        let (item, to) = match browser.run(grip).await.as_array().map(Vec::as_slice) {
            Some([Value::String(item), Value::String(to)]) => (item.clone(), to.clone()),
            other => panic!("there is nothing to move: {other:?}"),
        };
        press(browser, Key::Down).await;
        let there = format!("[data-date='{to}'] [data-item='{item}'] button.link");
        browser.text(&there).await;
        browser.choose("button", "Plan anew").await;
        browser.sees("p[@role='status']", "").await;
        browser.open(&app, "/plan").await;
        browser.text(&there).await;
    });
    app.end().exits_with(0);
}

#[test]
fn what_is_downloaded_and_imported_elsewhere_shows_the_same_progress() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &both_packs(&home));
    let wiped = TestHome::new();
    let other = TestApp::start_with_pack(&wiped, &both_packs(&wiped));
    in_browser("what_is_downloaded_and_imported_elsewhere", &app, async |browser| {
        Learner::make(&app);
        browser.open(&app, "/progress").await;
        let before = browser.text("main").await;
        assert!(before.contains("tiny") || before.contains(QUESTION), "{before}");
        let downloads = home.work().join("downloads");
        fs::create_dir(&downloads).expect("it is new");
        let allow = json!({ "behavior": "allow", "downloadPath": downloads });
        browser.devtools("Browser.setDownloadBehavior", allow).await;
        browser.open(&app, "/data").await;
        browser.choose("a", "Download an export").await;
        let whole = || {
            let files = fs::read_dir(&downloads).expect("it is there").flatten().map(|it| it.path());
            files.into_iter().find(|it| it.extension().is_some_and(|end| end == "tar"))
        };
        eventually("the export is downloaded", || whole().is_some());
        let archive = whole().expect("it was there").display().to_string();
        browser.open(&other, "/data").await;
        browser.write("#archive", &archive).await;
        browser.choose("button", "Import").await;
        browser.sees("p[@role='status']", "2 answers").await;
        browser.open(&other, "/progress").await;
        assert_eq!(browser.text("main").await, before);
    });
    app.end().exits_with(0);
    other.end().exits_with(0);
}
