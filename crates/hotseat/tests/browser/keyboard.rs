//! Who has no mouse reaches everything, sees where they are, and gets past the menu.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;

use crate::browser::{Browser, in_browser};
use crate::client::TestApp;
use crate::support::TestHome;

/// Nobody presses Tab more often on a page.
const TABS_MAX: usize = 250;

/// What has the focus is noted, and whether that can be seen; false when the tour is over.
const NOTE: &str = "const here = document.activeElement; \
    if (!here || here === document.body) return false; \
    const style = getComputedStyle(here); \
    here.dataset.reached = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? 'seen' : 'unseen'; \
    return true";
/// What could not be reached, or not be seen when it was.
const MISSED: &str = "return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')] \
    .filter(it => it.checkVisibility({visibilityProperty: true}) && !it.disabled && it.type !== 'hidden') \
    .filter(it => it.dataset.reached !== 'seen') \
    .map(it => it.outerHTML.slice(0, 120) + ' was ' + (it.dataset.reached || 'not reached'))";

pub(crate) async fn press(browser: &Browser, key: impl Into<char>) {
    let value = key.into();
    let keys = KeyActions::new("keys".to_string());
    let keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    browser.tab.perform_actions(keys).await.expect("a key can be pressed");
}

#[test]
fn everything_is_reached_by_tab_and_seen_there() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("everything_is_reached_by_tab_and_seen_there", &app, async |browser| {
        for path in ["/", "/questions/slow-postgresql-query"] {
            browser.open(&app, path).await;
            for _ in 0..TABS_MAX {
                press(browser, Key::Tab).await;
                if browser.tab.execute(NOTE, Vec::new()).await.expect("it runs") == Value::Bool(false) {
                    break;
                }
            }
            let missed = browser.tab.execute(MISSED, Vec::new()).await.expect("it runs");
            assert_eq!(missed, Value::Array(Vec::new()), "{path}");
        }
    });
    app.end().exits_with(0);
}

#[test]
fn the_first_tab_leads_past_the_menu() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("the_first_tab_leads_past_the_menu", &app, async |browser| {
        browser.open(&app, "/guide").await;
        press(browser, Key::Tab).await;
        press(browser, Key::Enter).await;
        press(browser, Key::Tab).await;
        let inside = "return document.getElementById('main').contains(document.activeElement)";
        assert_eq!(browser.tab.execute(inside, Vec::new()).await.expect("it runs"), Value::Bool(true));
    });
    app.end().exits_with(0);
}
