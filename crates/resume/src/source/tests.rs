//! Mistakes have their places, and nothing is lost on the way.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Form, Source, near_misses};
use crate::{EXAMPLE, Outline, Resume, compare, render};

fn mistakes(text: &str, form: Form) -> Vec<String> {
    Source::read(text, form).expect_err("it has mistakes").iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_is_without_mistakes() {
    let source = Source::read(EXAMPLE, Form::Toml).expect("it is ours");
    assert_eq!(near_misses(&source), []);
}

#[test]
fn broken_toml_has_line_and_field() {
    let said = mistakes("[basics]\nname = \"Ada\"\n\n[[work]]\nposition = \"Dev\nname = \"X\"\n", Form::Toml);
    assert!(said[0].starts_with("line 5, work.position: this is no TOML"), "{said:?}");
    let said = mistakes("[basics]\nname = \"Ada\"\nname = \"Eve\"\n", Form::Toml);
    assert!(said[0].starts_with("line 3, basics.name"), "{said:?}");
}

#[test]
fn broken_json_has_line_and_field() {
    let said = mistakes(
        "{\"basics\": {\"name\": \"Ada\"},\n \"work\": [\n  {\"position\": \"Dev\",\n   \"url\": }]}",
        Form::Json,
    );
    assert!(said[0].starts_with("line 4, work[0].url: this is no JSON"), "{said:?}");
    assert!(mistakes("", Form::Json)[0].starts_with("line 1: this is no JSON"));
}

#[test]
fn every_wrong_field_is_named() {
    let text = "[basics]\nname = 7\n\n[[work]]\nstartDate = \"May 2021\"\nhighlights = [3, { txt = \"x\" }]\n\n\
                [[work]]\nstartDate = \"2022\"\nendDate = \"2021\"\nhighlights = [{ text = \"a\", evidence = { run = \"x\", source = \"y\" } }]\n";
    let said = mistakes(text, Form::Toml);
    for (line, words) in [
        (2, "basics.name: this is a number; write a text"),
        (5, "work[0].startDate: `May 2021` is no date"),
        (6, "work[0].highlights[0]: this is a number; a bullet is a text"),
        (6, "work[0].highlights[1]: a bullet needs a `text`"),
        (10, "work[1].endDate: it ends before it begins"),
        (11, "work[1].highlights[0].evidence: evidence has either a `run` or a `source`"),
    ] {
        assert!(
            said.iter().any(|it| it.starts_with(&format!("line {line}, {words}"))),
            "{line} {words}: {said:#?}"
        );
    }
    assert!(mistakes("[basics]\nlabel = \"x\"\n", Form::Toml)[0].contains("there is no name"));
}

#[test]
fn a_field_that_is_nearly_known_is_kept_and_told() {
    let source = Source::read("[basics]\nname = \"A\"\n[[work]]\npostion = \"Dev\"\n", Form::Toml)
        .expect("it is kept");
    assert_eq!(source.value()["work"][0]["postion"], "Dev");
    let near = near_misses(&source);
    assert_eq!((near[0].line, near[0].field.as_str()), (4, "work[0].postion"));
    assert!(near[0].what.contains("`position`"));
}

#[test]
fn dates_without_quotes_are_dates() {
    let source = Source::read("[basics]\nname = \"A\"\n[[work]]\nstartDate = 2021-04-01\n", Form::Toml)
        .expect("it is one");
    assert_eq!(source.value()["work"][0]["startDate"], "2021-04-01");
}

#[test]
fn nothing_private_reaches_others() {
    let text = r#"
[basics]
name = "Ada"
[hotseat.variants.platform]
summary = "Own words"
[[work]]
position = "Dev"
hotseat = { notes = "SECRET-1", tags = ["platform"] }
highlights = [
  { text = "Did 7 things", tags = ["platform"], notes = "SECRET-2", evidence = { source = "SECRET-3", figure = "7" } },
  { text = "Only backend", tags = ["backend"], evidence = [{ run = "SECRET-4" }] },
  "For all",
]
[[work]]
position = "Other"
hotseat = { tags = ["backend"], notes = "SECRET-5" }
"#;
    let source = Source::read(text, Form::Toml).expect("it is right");
    for variant in [None, Some("platform"), Some("backend")] {
        let public = Resume::of(&source, variant).expect("the tag is known").public();
        let outline = Outline::of(&public);
        let outputs =
            [public.to_string(), render::html(&outline), render::markdown(&outline), render::text(&outline)];
        for output in outputs {
            assert!(!output.contains("SECRET") && !output.contains("hotseat"), "{output}");
        }
    }
    let platform = Resume::of(&source, Some("platform")).expect("the tag is known").public();
    assert_eq!(platform["work"].as_array().map(Vec::len), Some(1));
    assert_eq!(platform["work"][0]["highlights"], json!(["Did 7 things", "For all"]));
    assert_eq!(platform["basics"]["summary"], "Own words");
    assert_eq!(Resume::of(&source, Some("none")).expect_err("nobody has it"), ["backend", "platform"]);
}

#[test]
fn a_text_compares_well_with_itself() {
    let source = Source::read(EXAMPLE, Form::Toml).expect("it is ours");
    let outline = Outline::of(&Resume::of(&source, None).expect("no tag").public());
    let good = compare(&outline, &render::text(&outline));
    assert!(good.is_good() && good.read == good.words, "{:#?}", good.wrong);
    let torn = render::text(&outline).replace("(Apr 2021 – present)", "") + "\nApr 2021 – present\n";
    let torn = compare(&outline, &torn);
    assert_eq!(torn.wrong.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["work[0].startDate"]);
    let cut = compare(
        &outline,
        &render::text(&outline).replace("Keyset", "").replace("idempotency", "idem potency"),
    );
    assert!(!cut.is_good() && cut.read < cut.words);
}

/// Anything that JSON can say.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |it| it.is_finite()).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,8}", inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A JSON Resume with fields that nobody knows, everywhere.
fn json_resume() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(".{0,30}", 0..4);
    (".{1,20}[a-z]", texts, anything(), anything(), anything(), prop::option::of("20[0-2][0-9]-0[1-9]")).prop_map(
        |(name, texts, a, b, c, date)| {
            json!({
                "$schema": "https://example.org/schema", "x-extra": a,
                "basics": { "name": name, "summary": null, "x-own": b, "profiles": [{ "network": "N", "x": c }] },
                "work": [{ "name": "W", "startDate": date, "highlights": texts, "x-more": [a, b] }, {}],
                "x-last": c,
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn json_resume_survives_toml(value in json_resume()) {
        let source = Source::read(&value.to_string(), Form::Json).expect("it is right");
        let toml = source.to_toml().expect("it can be written");
        let again = Source::read(&toml, Form::Toml).map_err(|it| TestCaseError::fail(format!("{it:?}\n{toml}")))?;
        prop_assert_eq!(again.value(), source.value());
        // Nobody's keys are ours here, so what others see is all of it.
        prop_assert_eq!(&Resume::of(&again, None).expect("no tag").public(), source.value());
    }

    #[test]
    fn any_text_is_read_or_has_mistakes(text in "[\\[\\]{}\"=,:.a-z0-9\n\\\\é-]{0,120}") {
        for form in [Form::Toml, Form::Json] {
            if let Err(mistakes) = Source::read(&text, form) {
                prop_assert!(!mistakes.is_empty());
                prop_assert!(mistakes.iter().all(|it| it.line >= 1 && it.line <= text.lines().count() + 1));
            }
        }
    }
}
