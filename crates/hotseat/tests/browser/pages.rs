//! Every page, light and dark, on a phone and on a wide screen: nobody is kept out, nothing sticks out.

use crate::browser::{Browser, Scheme, in_browser};
use crate::client::TestApp;
use crate::learner::{Learner, QUESTION, both_packs};
use crate::support::TestHome;

/// Pages that are there whatever the learner has done.
const PAGES: [&str; 17] = [
    "/",
    "/guide",
    "/guide?q=nothing+of+this+kind",
    "/advice/no-figures",
    "/questions/slow-postgresql-query",
    "/review",
    "/plan",
    "/resume",
    "/drills",
    "/drills/slow-query",
    "/judgings",
    "/runs",
    "/progress",
    "/data",
    "/api",
    "/nowhere",
    "/runs/nowhere",
];

/// Looks at pages in every way, and insists that nothing is wrong.
async fn look_at(browser: &Browser, app: &TestApp, pages: &[&str]) {
    let mut complaints = Vec::new();
    for path in pages {
        browser.open(app, path).await;
        browser.text("body:not(:has(.pending))").await;
        for (scheme, width) in
            [(Scheme::Light, 1440), (Scheme::Light, 390), (Scheme::Dark, 390), (Scheme::Dark, 1440)]
        {
            browser.look(scheme, width).await;
            let found = browser.complaints(scheme).await;
            complaints.extend(found.into_iter().map(|it| format!("{path} {scheme:?} {width}: {it}")));
        }
    }
    // That a page is not there is what the console should say of these.
    complaints.retain(|it| !(it.contains("nowhere") && it.contains("status of 404")));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_newcomer_finds_every_page_open_to_all() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    in_browser("a_newcomer_finds_every_page_open_to_all", &app, async |browser| {
        look_at(browser, &app, &PAGES).await;
    });
    app.end().exits_with(0);
}

#[test]
fn a_learner_finds_every_page_open_to_all() {
    let home = TestHome::warm();
    let app = TestApp::start_with_pack(&home, &both_packs(&home));
    in_browser("a_learner_finds_every_page_open_to_all", &app, async |browser| {
        let learner = Learner::make(&app);
        let question = format!("/questions/{QUESTION}");
        let query = "/runs/tiny-1/evidence?sql=SELECT+*+FROM+plan_costs";
        let mut pages =
            vec!["/", "/guide", &question, "/review", "/plan", "/resume", "/drills", "/drills/tiny"];
        pages.extend([
            "/drills/tiny/solutions?level=index",
            "/judgings",
            "/runs",
            "/runs/tiny-1",
            "/runs/tiny-2",
        ]);
        pages.extend(["/runs/tiny-1/evidence", query, "/runs/tiny-load-1", "/progress", "/data"]);
        pages.extend(learner.answers.iter().chain(&learner.judgings).map(String::as_str));
        look_at(browser, &app, &pages).await;
    });
    app.end().exits_with(0);
}
