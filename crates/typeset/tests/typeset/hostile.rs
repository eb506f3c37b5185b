//! Whatever stands in a field comes out as text: nothing is run, nothing is opened, nothing tears the layout.

use std::cell::RefCell;

use proptest::prelude::any;
use proptest::prop_assert;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use typeset::{PAGES_MAX, Paper, TEXT_BYTES_MAX, Template, TypesetError, Typesetter};

use crate::{pdf, read, samples};

const CODE: [&str; 16] = [
    "#panic(\"typst\")",
    "#import \"@preview/cetz:0.3.0\"",
    "#read(\"/etc/passwd\")",
    "#eval(\"1+1\")",
    "#{ 1 + 1 }",
    "$x^2$",
    "<label>",
    "@reference",
    "= heading",
    "// comment",
    "/* comment */",
    "\\ \\\\ \\u{41}",
    "---",
    "~tilde~ _under_ \"quotes\" 'single'",
    "\\documentclass{x} \\input{/etc/passwd} %",
    "]{}[)(#[",
];

/// A résumé that says `text` in each of its fields, with a word before it that names the field.
fn everywhere(text: &str) -> (Value, Vec<String>) {
    let mut said = Vec::new();
    let mut say = |field: &str| {
        said.push(format!("{field} {text}"));
        format!("{field} {text}")
    };
    let resume = json!({
        "basics": { "name": say("name"), "label": say("label"), "email": say("email"), "phone": say("phone"),
            "summary": say("summary"), "location": { "city": say("city"), "region": say("region") },
            "profiles": [{ "network": say("network"), "username": say("username") }] },
        "work": [{ "name": say("employer"), "position": say("position"), "location": say("location"),
            "startDate": say("start"), "endDate": say("end"), "summary": say("did"), "highlights": [say("point")] }],
        "volunteer": [{ "organization": say("organization"), "position": say("helper") }],
        "education": [{ "institution": say("school"), "studyType": say("degree"), "area": say("area"),
            "score": say("score"), "courses": [say("course")] }],
        "projects": [{ "name": say("project"), "description": say("description"), "keywords": [say("keyword")],
            "roles": [say("role")], "entity": say("entity") }],
        "skills": [{ "name": say("skill"), "level": say("level"), "keywords": [say("word")] }],
        "languages": [{ "language": say("language"), "fluency": say("fluency") }],
        "certificates": [{ "name": say("certificate"), "issuer": say("issuer"), "date": say("date") }],
        "publications": [{ "name": say("publication"), "publisher": say("publisher"), "summary": say("about") }],
        "awards": [{ "title": say("award"), "awarder": say("awarder"), "summary": say("for") }],
        "interests": [{ "name": say("interest"), "keywords": [say("detail")] }],
        "references": [{ "name": say("referee"), "reference": say("reference") }],
    });
    (resume, said)
}

#[test]
fn code_in_every_field_is_text() {
    let mut typesetter = Typesetter::without_system_fonts();
    for (index, code) in CODE.into_iter().enumerate() {
        let template = Template::ALL[index % Template::ALL.len()];
        let (resume, said) = everywhere(code);
        let made =
            typesetter.pdf(&resume, template, Paper::A4).unwrap_or_else(|error| panic!("{code}: {error}"));
        // Without spaces, for a line may end anywhere.
        let text = crate::reading::Reading::of(&made.bytes).by_content().concat();
        for phrase in said.iter().map(|phrase| phrase.replace(' ', "")) {
            assert!(text.contains(&phrase), "{template}: {phrase:?} is not in {text}");
        }
    }
}

#[test]
fn any_text_is_typeset() {
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let texts = (any::<String>(), "\\PC{0,200}", "[\u{0}-\u{ff}]{0,200}", any::<String>());
    // The runner takes only what it may share.
    let stage = RefCell::new((Typesetter::without_system_fonts(), Template::ALL.into_iter().cycle()));
    let outcome = runner.run(&texts, |(name, summary, point, url)| {
        let resume = json!({
            "basics": { "name": name, "label": url, "summary": summary, "url": url },
            "work": [{ "name": name, "position": point, "startDate": point, "url": url, "highlights": [point, summary] }],
            "skills": [{ "name": summary, "level": name, "keywords": [point, url] }],
        });
        let (typesetter, turn) = &mut *stage.borrow_mut();
        let template = turn.next().unwrap_or(Template::Plain);
        let made = typesetter.pdf(&resume, template, Paper::A4).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(made.pages >= 1);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn links_lead_nowhere_a_reader_should_not_go() {
    for url in ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://a b"] {
        let resume =
            json!({ "basics": { "name": "Ada", "url": url, "summary": format!("see [this]({url})") } });
        let made = pdf(&resume, Template::Plain);
        let links = crate::reading::Reading::of(&made.bytes).links;
        assert_eq!(links, [""; 0], "{url:?}");
        assert!(
            made.warnings.iter().any(|warning| warning.starts_with("basics.url: ")),
            "{:?}",
            made.warnings
        );
    }
}

#[test]
fn control_characters_are_left_out_and_told() {
    let resume = json!({ "basics": { "name": "A\u{7}da\u{202e} B", "summary": "one\u{0}\ttwo\u{ad}three" } });
    let made = pdf(&resume, Template::Classic);
    let text = crate::reading::Reading::of(&made.bytes).text();
    assert!(text.contains("Ada B") && text.contains("one twothree"), "{text}");
    for told in
        ["basics.name: the control character U+0007", "basics.name: the control character U+202E", "U+0000"]
    {
        assert!(made.warnings.iter().any(|warning| warning.contains(told)), "{told}: {:?}", made.warnings);
    }
}

#[test]
fn a_very_long_word_stays_on_the_page() {
    let word = "Donaudampfschiff".repeat(125);
    let resume = json!({ "basics": { "name": word, "label": word, "email": word, "summary": format!("a {word} b") },
        "work": [{ "name": word, "position": format!("`{word}`"), "highlights": [word, format!("https://x.example/{word}")] }],
        "skills": [{ "name": word, "keywords": [word] }] });
    for template in Template::ALL {
        let reading = read(&resume, template);
        let letters: String = reading.by_content().concat();
        assert!(letters.matches(&word).count() >= 7, "{template}: {letters}");
        let (width, _) = reading.papers[0];
        assert!(
            reading.right_end() < f64::from(width) - 20.0,
            "{template}: {} of {width}",
            reading.right_end()
        );
    }
}

#[test]
fn what_is_missing_is_not_missed() {
    let nothings = [
        json!({}),
        json!({ "basics": {} }),
        json!({ "basics": null, "work": null, "skills": {} }),
        json!({ "basics": "text", "work": "text", "education": 3, "skills": [[], [[]], null, 1.5] }),
        json!({ "basics": { "name": "  ", "profiles": [{}], "location": {} }, "work": [{}, { "highlights": [] }] }),
        json!({ "work": [{ "highlights": ["only a point"] }, { "startDate": "2020" }, { "url": "https://a.example" }] }),
        json!({ "languages": [{ "fluency": "fluent" }], "interests": ["chess"], "basics": { "label": "only" } }),
    ];
    for template in Template::ALL {
        for resume in &nothings {
            assert_eq!(pdf(resume, template).pages, 1, "{template}: {resume}");
        }
    }
}

#[test]
fn a_resume_that_is_no_object_is_refused() {
    for value in [json!(null), json!([]), json!("text"), json!(1)] {
        let refused = Typesetter::new().pdf(&value, Template::Plain, Paper::A4);
        assert!(matches!(refused, Err(TypesetError::NotAnObject)), "{value}");
    }
}

#[test]
fn too_much_is_refused_and_names_the_bound() {
    let mut typesetter = Typesetter::without_system_fonts();
    let long = json!({ "basics": { "summary": "word ".repeat(TEXT_BYTES_MAX / 4) } });
    let refused = typesetter.pdf(&long, Template::Compact, Paper::A4).expect_err("too long").to_string();
    assert!(refused.contains(&TEXT_BYTES_MAX.to_string()), "{refused}");
    let tall = json!({ "skills": (0..7000).map(|_| json!("x")).collect::<Vec<_>>() });
    let refused = typesetter.pdf(&tall, Template::Plain, Paper::A4).expect_err("too many pages").to_string();
    assert!(refused.contains(&format!("at most {PAGES_MAX}")), "{refused}");
    assert_eq!(
        typesetter.pdf(&samples::one_page(), Template::Plain, Paper::A4).expect("works still").pages,
        1
    );
}
