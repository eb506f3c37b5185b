//! What is written in a résumé comes out as text.

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser};
use serde_json::json;

use crate::inline::plain;
use crate::{Outline, render};

const HOSTILE: &str = r#"<script>alert(1)</script> "&amp;' \input{x} #eval("1") $x$ {{7*7}} [x](javascript:alert(1)) <img src=x onerror=y>"#;

fn hostile(text: &str) -> Outline {
    Outline::of(&json!({
        "basics": { "name": text, "label": text, "summary": text, "email": text, "url": text,
                    "profiles": [{ "network": text, "url": text }] },
        "work": [{ "position": text, "name": text, "url": text, "highlights": [text] }],
        "skills": [{ "name": text, "keywords": [text] }],
    }))
}

#[test]
fn html_holds_no_code() {
    let html = render::html(&hostile(HOSTILE));
    assert!(
        !html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript:"),
        "{html}"
    );
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("#eval("));
}

#[test]
fn marks_are_written_in_each_form() {
    let outline = hostile("cut **p99** by `x` at [the talk](https://a.example/t)");
    let html = render::html(&outline);
    assert!(
        html.contains("<strong>p99</strong> by <code>x</code> at <a href=\"https://a.example/t\""),
        "{html}"
    );
    assert!(render::markdown(&outline).contains("- cut **p99** by `x` at [the talk](https://a.example/t)"));
    assert!(render::text(&outline).contains("- cut p99 by x at the talk\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_stays_text(text in "[-<>&\"'#*_`\\[\\]()!~|+=a-z0-9. \\\\éש😀]{1,40}") {
        let outline = hostile(&text);
        let html = render::html(&outline);
        // Every tag is one of ours.
        let ours = ["!DOCTYPE", "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2",
            "h3", "p", "ul", "li", "a", "span", "strong", "em", "code"];
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric() || *c == '!').collect();
            prop_assert!(ours.contains(&name.as_str()), "<{}", tag);
        }
        prop_assert!(!render::text(&outline).is_empty());
        let markdown = render::markdown(&outline);
        for event in Parser::new(&markdown) {
            prop_assert!(!matches!(event, Event::Html(_) | Event::InlineHtml(_)), "{}", markdown);
        }
    }

    #[test]
    fn a_text_without_marks_is_as_it_was(text in "[a-z 0-9.,\\\\#$%]{0,60}") {
        prop_assert_eq!(plain(&text), text);
    }
}
