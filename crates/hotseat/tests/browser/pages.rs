//! Every page, light and dark, on a phone and on a wide screen: nobody is kept out, nothing sticks out.

use crate::browser::{Browser, Scheme, in_browser};
use crate::client::TestApp;
use crate::support::TestHome;

/// Pages that are there whatever the learner has done.
const PAGES: [&str; 3] = ["/data", "/api", "/nowhere"];

/// Looks at a page in every way, and collects what is wrong.
async fn look_at(browser: &Browser, app: &TestApp, path: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for scheme in [Scheme::Light, Scheme::Dark] {
        for width in [390, 1440] {
            browser.look(scheme, width).await;
            browser.open(app, path).await;
            let found = browser.complaints().await;
            complaints.extend(found.into_iter().map(|it| format!("{path} {scheme:?} {width}: {it}")));
        }
    }
    complaints
}

#[test]
fn a_newcomer_finds_every_page_open_to_all() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("a_newcomer_finds_every_page_open_to_all", &app, async |browser| {
        let mut complaints = Vec::new();
        for path in PAGES {
            complaints.extend(look_at(browser, &app, path).await);
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    });
    app.end().exits_with(0);
}
