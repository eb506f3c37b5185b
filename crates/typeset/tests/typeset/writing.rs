//! Writings of the world, and characters that no font has.

use serde_json::json;
use typeset::{Paper, Template, Typesetter};

use crate::{pdf, read};

#[test]
fn the_fonts_inside_have_europe_the_near_east_and_emoji() {
    let names = [
        "Łucja Ångström-Đoković",
        "Nguyễn Thị Hồng",
        "Владимир Ґонта",
        "Ελένη Παπαδοπούλου",
        "Zoë 🚀 👩🏽‍💻 ✅ → ≤ ≥ × €",
    ];
    for template in Template::ALL {
        for name in names {
            let resume =
                json!({ "basics": { "name": name, "summary": format!("*{name}* `{name}` **{name}**") } });
            let made = pdf(&resume, template);
            assert_eq!(made.warnings, [""; 0], "{template}: {name}");
            let text = crate::reading::Reading::of(&made.bytes).text();
            let letters = name.split(' ').filter(|word| word.chars().all(|c| c.is_alphabetic() || c == '-'));
            letters.for_each(|word| {
                assert!(text.matches(word).count() >= 4, "{template}: {word} is not in {text}")
            });
        }
    }
}

#[test]
fn right_to_left_names_are_read() {
    for (name, last) in [("מרים כהן", "כהן"), ("ليلى حداد", "حداد")] {
        let resume = json!({ "basics": { "name": name, "label": "Engineer" }, "work": [
            { "position": "Engineer", "name": name, "startDate": "2020-01", "summary": name }] });
        for template in Template::ALL {
            let made = pdf(&resume, template);
            assert_eq!(made.warnings, [""; 0], "{template}");
            let text = crate::reading::Reading::of(&made.bytes).text();
            let drawn: String = last.chars().rev().collect();
            // Content order is drawing order, from left to right, in most writers; either way it is one word.
            assert!(text.contains(last) || text.contains(&drawn), "{template}: {last} is not in {text}");
            assert!(text.contains("Jan 2020 – present"), "{template}: {text}");
        }
    }
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_field() {
    let resume = json!({ "basics": { "name": "Ada", "summary": "all is well" },
        "work": [{ "name": "Acme" }, { "name": "Acme", "highlights": ["fine", "Linear A \u{10600} here"] }] });
    for template in Template::ALL {
        let made = pdf(&resume, template);
        let [warning] = made.warnings.as_slice() else { panic!("{template}: {:?}", made.warnings) };
        assert!(warning.starts_with("work[1].highlights[1]: "), "{warning}");
        assert!(warning.contains("\u{10600} (U+10600)"), "{warning}");
    }
}

#[test]
fn fonts_of_the_machine_are_asked_or_the_character_is_named() {
    let resume = json!({ "basics": { "name": "山田太郎" } });
    let made = Typesetter::new().pdf(&resume, Template::Plain, Paper::A4).expect("a PDF");
    let text = crate::reading::Reading::of(&made.bytes).text();
    for c in "山田太郎".chars() {
        let told =
            made.warnings.iter().any(|warning| warning.starts_with("basics.name: ") && warning.contains(c));
        assert!(told != text.contains(c), "{c}: {:?} {text}", made.warnings);
    }
}

#[test]
fn marks_become_manners_and_everything_else_stays() {
    let resume = json!({ "basics": { "name": "C* and C++", "summary":
        "SELECT * FROM a * b; **strong**, *soft*, `code *x*`, [link](https://a.example) [no link] \\*x\\*\n\nA new\nparagraph." } });
    for template in Template::ALL {
        let reading = read(&resume, template);
        let text = reading.text();
        for phrase in
            ["C* and C++", "SELECT * FROM a * b; strong, soft, code *x*, link [no link]", "A new paragraph."]
        {
            assert!(text.contains(phrase), "{template}: {phrase:?} is not in {text}");
        }
        assert_eq!(reading.links, ["https://a.example"], "{template}");
    }
}
