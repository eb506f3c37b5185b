//! Questions found, reviewed and looked back at.

use std::fs;
use std::path::Path;

use study::store::{Json, NewAnswer, Scored};

use super::{QUESTION, answered, said, unescaped, with_app, words};
use crate::client::{Answer, TestApp};
use crate::support::{TestHome, copy_folder};

/// The questions that a page of the guide lists.
fn listed(page: &Answer) -> Vec<String> {
    let links = page.body.split("class=\"prompt\" href=\"/questions/").skip(1);
    links.map(|link| link.split('"').next().unwrap_or_default().to_string()).collect()
}

#[test]
fn questions_are_found_by_words_topic_kind_and_level() {
    with_app(|_, app| {
        let all = listed(&app.get("/guide").is(200));
        let count = app.get("/api/v1/questions").json()["questions"].as_array().map(Vec::len);
        assert_eq!(Some(all.len()), count, "every question is there once");
        let found = listed(&app.get("/guide?q=my%20query%20has%20become%20slow&kind=&topic=&level=").is(200));
        assert_eq!(found.first().map(String::as_str), Some(QUESTION));
        for filter in [
            "topic=Kafka",
            "kind=behavioural",
            "level=staff",
            "q=locks",
            "kind=technical&level=senior&q=cache",
        ] {
            let found = listed(&app.get(&format!("/guide?{filter}")).is(200));
            let questions = app.get(&format!("/api/v1/questions?{filter}")).is(200).json();
            let ids: Vec<&str> = questions["questions"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| it["id"].as_str())
                .collect();
            assert_eq!(found, ids, "{filter}");
            assert!(!found.is_empty() && found.len() < all.len(), "{filter}: {found:?}");
        }
        for none in ["kind=odd", "level=%22%3E%3Cscript%3E", "topic=%3Cscript%3E", "q=zzzz"] {
            let page = app.get(&format!("/guide?{none}")).is(200).says(&["No question fits"]);
            assert!(listed(&page).is_empty() && !page.body.contains("<script>"), "{none}");
        }
    });
}

#[test]
fn a_review_goes_from_item_to_item_and_back_after_an_answer() {
    with_app(|home, app| {
        app.get("/review").is(200).says(&["Nothing is due"]);
        for question in [QUESTION, "index-internals"] {
            let fields = [("text", "fine"), ("estimate", "10")];
            app.post_form(&format!("/questions/{question}"), &fields).is(303);
        }
        // Two days pass in the store.
        let store = home.rewind(2 * 86_400_000);
        assert_eq!(store, 2, "two cards are due");
        let due = app.get("/api/v1/reviews?minutes=60").is(200).json();
        let first = due["due"][0]["name"].as_str().expect("something is due").to_string();
        let second = due["due"][1]["name"].as_str().expect("two things are due").to_string();
        let page = app.get("/review?minutes=60").is(200);
        let page =
            page.says(&["data-key=\"a\"", "data-key=\"s\"", &format!("/questions/{first}?minutes=60")]);
        let link = |page: &Answer, start: &str| {
            let at = page.body.find(&format!("href=\"{start}")).unwrap_or_else(|| panic!("no {start}"));
            unescaped(page.body[at + 6..].split('"').next().unwrap_or_default())
        };
        let skipped = app.get(&format!("/review?minutes=60&spent=0&skip={first}")).is(200);
        assert!(link(&skipped, "/questions/").starts_with(&format!("/questions/{second}?")));
        let form = app.get(&link(&page, "/questions/")).is(200);
        let action = unescaped(
            form.body.split_once("action=\"").expect("a form").1.split('"').next().unwrap_or_default(),
        );
        let path = app
            .post_form(&action, &[("text", "fine"), ("estimate", "10")])
            .is(303)
            .header("location")
            .to_string();
        let answer = app.get(&path).is(200).says(&["data-key=\"n\"", "data-key=\"o\""]);
        let next =
            app.get(&link(&answer, "/review?")).is(200).says(&["of <span class=\"figure\">60</span> left"]);
        assert!(link(&next, "/questions/").starts_with(&format!("/questions/{second}?")));
        app.get("/review?minutes=8&spent=8").is(200).says(&["The 8 minutes are spent"]);
    });
}

#[test]
fn a_day_can_be_looked_back_at() {
    with_app(|_, app| {
        let (path, _) = answered(app, &words("fair"));
        let days = app.get("/api/v1/progress").json()["days"].clone();
        let today = days[0]["date"].as_str().expect("a day").to_string();
        assert_eq!((&days[0]["answers"], days.as_array().map(Vec::len)), (&1.into(), Some(1)));
        let day = app.get(&format!("/api/v1/progress/days/{today}")).is(200).json();
        assert_eq!(
            Some(path.as_str()),
            day["answers"][0]["id"].as_str().map(|id| format!("/answers/{id}")).as_deref()
        );
        app.get(&format!("/progress?day={today}")).is(200).says(&[&path]);
        app.get("/progress?day=1999-12-31").is(200).says(&["Nothing is noted"]);
    });
}

#[test]
fn a_page_of_advice_leads_to_practice_and_is_ticked_off_in_the_plan() {
    with_app(|home, app| {
        home.hotseat(["plan", "--hours", "20", "--json"]).exits_with(0);
        let plan = home.hotseat(["plan", "--json"]).exits_with(0).json();
        let items = plan["days"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|day| day["items"].as_array().cloned().unwrap_or_default());
        let mut pages = items
            .filter(|item| item["task"] == "read")
            .filter_map(|item| item["name"].as_str().map(str::to_string));
        let (one, other) = (pages.next().expect("the plan has pages"), pages.next().expect("and several"));
        app.get(&format!("/advice/{one}")).is(200).says(&[
            "Practise it",
            "class=\"prompt\"",
            "I have read it",
        ]);
        app.post_form(&format!("/advice/{one}"), &[]).is(303);
        app.get(&format!("/advice/{one}?read=1")).is(200).says(&["ticked off"]);
        app.send("POST", &format!("/api/v1/advice/{other}/read"), &[], "").is(204);
        let days = app.get("/api/v1/progress").json()["days"].clone();
        assert_eq!(days[0]["pages"], 2);
    });
}

#[test]
fn an_answer_to_a_question_that_left_the_pack_is_still_there() {
    let home = TestHome::new();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend");
    copy_folder(&pack, &home.work());
    let mine = home.work().join("backend");
    let app = TestApp::start_with_pack(&home, &mine);
    let (path, page) = answered(&app, &words("fair"));
    app.end().exits_with(0);
    fs::remove_file(mine.join(format!("questions/{QUESTION}.md"))).expect("it is ours");
    for page in fs::read_dir(mine.join("advice")).expect("there is advice").flatten() {
        let text = fs::read_to_string(page.path()).expect("it is text").replace(QUESTION, "index-internals");
        fs::write(page.path(), text).expect("it is ours");
    }
    let app = TestApp::start_with_pack(&home, &mine);
    let again = app.get(&path).is(200).says(&["no longer in the pack", "of 100"]);
    assert_eq!(said(&again.body), said(&page.body), "its words are marked as they were");
    app.get("/progress").is(200);
    app.get("/review").is(200).says(&["Nothing is due"]);
    app.end().exits_with(0);
}

#[test]
fn feedback_from_elsewhere_that_cannot_be_read_does_no_harm() {
    with_app(|home, app| {
        let strange = |body: &str| NewAnswer {
            question: QUESTION.into(),
            text: "I would look at the plan.".into(),
            given_at_ms: 1_795_531_314_123,
            seconds: None,
            estimate: Some(20),
            feedback: Scored {
                score: 35,
                gated: None,
                level: None,
                body: Json::parse(body).expect("it is JSON"),
            },
            review: None,
        };
        // Ranges that no answer of this length has.
        let whole = words("fair");
        let (path, _) = answered(app, &whole);
        let kept = app.get(&format!("/api/v1{path}")).is(200).json();
        let wild = kept["feedback"].to_string().replace("\"quotes\":[[", "\"quotes\":[[9,3],[5,99999],[");
        for (body, words) in [("{}", "cannot be read here"), (wild.as_str(), "I wou")] {
            let id = home.in_store(async |store| store.record_answer(&strange(body)).await.expect("kept"));
            app.get(&format!("/answers/{id}")).is(200).says(&[words, "35", "plan."]);
            app.get(&format!("/api/v1/answers/{id}")).is(200);
        }
    });
}
