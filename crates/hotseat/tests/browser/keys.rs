//! A review with one key a step: only for those who have asked for it.

use serde_json::json;

use crate::browser::in_browser;
use crate::client::TestApp;
use crate::keyboard::press;
use crate::learner::QUESTION;
use crate::support::TestHome;

/// The switch.
const SWITCH: &str = "[data-keys]";
/// It is shown once the page listens to keys.
const LISTENS: &str = ".keys:not([hidden])";
/// From now on each click is counted, also those that a script makes; they are made before a key's event is over.
const COUNT: &str = "window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true)";
const COUNTED: &str = "return window.clicks";
const IS_ON: &str = "return document.querySelector('[data-keys]').checked";

/// Somebody with three questions to come back to.
fn with_something_due(home: &TestHome, app: &TestApp) {
    for question in [QUESTION, "kafka-consistency", "scalable-rest-api"] {
        let fields = [("text", "I would look at the plan first, and then add an index."), ("estimate", "20")];
        app.post_form(&format!("/questions/{question}"), &fields).is(303);
    }
    assert_eq!(home.rewind(30 * 86_400_000), 3);
}

#[test]
fn a_key_does_nothing_until_it_is_asked_for_and_then_leads_through_the_review() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    with_something_due(&home, &app);
    in_browser("a_key_does_nothing_until_it_is_asked_for", &app, async |browser| {
        browser.open(&app, "/review").await;
        browser.text(LISTENS).await;
        assert_eq!(browser.run(IS_ON).await, json!(false), "it is off until somebody wants it");
        browser.run(COUNT).await;
        for letter in ['a', 's', 'o'] {
            press(browser, letter).await;
        }
        assert_eq!(browser.run(COUNTED).await, json!(0), "a key pressed something by itself");

        browser.click(SWITCH).await;
        press(browser, 'o').await;
        browser.text("details[open] .prose").await;
        press(browser, 'a').await;
        browser.write("#text", "So no answer; on and on.").await;
        let path = browser.path().await;
        assert!(path.starts_with("/questions/"), "{path}");
        browser.write("#estimate", "30").await;
        browser.click("form.writing [type=submit]").await;
        browser.sees("h2", "What you said").await;
        assert!(
            browser.text(".said").await.contains("So no answer; on and on."),
            "letters were taken for keys"
        );
        browser.text(LISTENS).await;
        press(browser, 'n').await;
        browser.sees("h1", "Review").await;
        browser.text(LISTENS).await;

        // The switch stays as it was left, on every page that has it.
        assert_eq!(browser.run(IS_ON).await, json!(true));
        press(browser, 's').await;
        browser.sees("p", "1 passed over").await;
        browser.text(LISTENS).await;
        browser.click(SWITCH).await;
        browser.open(&app, "/review").await;
        assert_eq!(browser.run(IS_ON).await, json!(false));
        browser.run(COUNT).await;
        press(browser, 'a').await;
        assert_eq!(browser.run(COUNTED).await, json!(0), "it was switched off");
    });
    app.end().exits_with(0);
}
