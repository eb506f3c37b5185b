//! A résumé is written beside its pages, which follow; only Save saves.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, in_browser};
use crate::client::TestApp;
use crate::support::TestHome;

const LIVE: &str = "\n[[projects]]\nname = \"Written live\"\nhighlights = [\"Cut 77 things\"]\nhotseat = { tags = [\"live\"] }\n";
/// The line in which the cursor stands, from 1.
const LINE: &str = "const it = document.getElementById('source'); \
    return it.value.slice(0, it.selectionStart).split('\\n').length";
const PICTURE: &str = "return document.querySelector('img.sheet').getAttribute('src')";
const TAGS: &str = "return [...document.getElementById('variant').options].map((it) => it.value)";
const UNSAVED: &str = "return !document.getElementById('unsaved').hidden";

/// Waits until the first picture is drawn.
async fn drawn(browser: &Browser) -> String {
    browser.text("img.sheet").await;
    let painted = "const [done] = arguments; const it = document.querySelector('img.sheet'); \
        it.decode().then(() => done(it.naturalWidth > 500), () => done(false))";
    assert_eq!(browser.tab.execute_async(painted, Vec::new()).await.expect("it runs"), json!(true));
    browser.run(PICTURE).await.as_str().expect("an address").to_string()
}

#[test]
fn the_pages_follow_what_is_written_and_only_save_saves() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let file = home.path().join("resume/resume.toml");
    let on_disk = || fs::read_to_string(&file).expect("it is there");
    in_browser("the_pages_follow_what_is_written", &app, async |browser| {
        browser.open(&app, "/resume").await;
        browser.click("button[name=example]").await;
        let (first, before) = (drawn(browser).await, on_disk());
        browser.write("#source", LIVE).await;
        browser.sees("section[@aria-labelledby='figures']//li", "Cut 77 things").await;
        let second = drawn(browser).await;
        let tags = browser.run(TAGS).await;
        assert!(
            tags.as_array().is_some_and(|tags| tags.contains(&json!("live"))),
            "to be chosen at once: {tags}"
        );
        assert!(second != first, "the picture is the one from before");
        assert_eq!((on_disk(), browser.run(UNSAVED).await), (before.clone(), json!(true)));

        // While it cannot be read, the last pages stay, and the mistake leads to its line.
        browser.write("#source", "[[").await;
        browser.click("#mistakes a").await;
        assert_eq!(drawn(browser).await, second);
        let lines = before.lines().count() + LIVE.lines().count();
        let at = browser.run(LINE).await.as_u64().expect("a number");
        assert!(at.abs_diff(lines as u64 + 1) <= 1, "the cursor stands in line {at} of {lines}");
        let back = char::from(Key::Backspace);
        browser.run("const it = document.getElementById('source'); it.setSelectionRange(1e9, 1e9)").await;
        browser.write("#source", &format!("{back}{back}")).await;
        browser
            .tab
            .wait()
            .for_element(fantoccini::Locator::Css("#mistakes:empty"))
            .await
            .expect("it is mended");

        browser.write("#source", &format!("{}s", char::from(Key::Control))).await;
        browser.sees("p[@role='status']", "Saved in").await;
        assert_eq!(on_disk(), format!("{before}{LIVE}"));
        assert_eq!((drawn(browser).await, browser.run(UNSAVED).await), (second, json!(false)));

        // Without the mouse: another look is taken at once, and goes along in the links.
        browser.write("#template", "classic").await;
        browser.run("document.getElementById('template').dispatchEvent(new Event('change'))").await;
        let link = "return document.querySelector('[data-output=pdf]').search";
        assert!(browser.run(link).await.as_str().is_some_and(|it| it.contains("template=classic")));
    });
    app.end().exits_with(0);
}
