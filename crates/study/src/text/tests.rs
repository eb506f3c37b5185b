use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.word).collect()
}

#[test]
fn contractions_come_apart() {
    assert_eq!(words("I don’t, can't and won't"), ["i", "do", "not", "can", "not", "and", "will", "not"]);
    assert_eq!(words("We'd say it's the team's"), ["we", "would", "say", "it", "the", "team"]);
}

#[test]
fn figures_stay_whole() {
    assert_eq!(words("2,000 rows, 99.9% of p99"), ["2,000", "rows", "99.9", "percent", "of", "p99"]);
}

#[test]
fn what_cannot_be_seen_does_not_count() {
    assert_eq!(words("in\u{200b}dex"), ["index"]);
    assert_eq!(words("ｉｎｄｅｘ"), ["index"]);
    assert!(words("\u{200b}\u{feff}\u{202e}").is_empty());
}

#[test]
fn sentences_and_clauses() {
    let of = |text: &str| -> Vec<u32> { tokens(text).into_iter().map(|t| t.sentence).collect() };
    assert_eq!(of("One two. Three!"), [0, 0, 1]);
    assert_eq!(of("see main.rs e.g. here"), [0, 0, 0, 0, 0, 0]);
    assert_eq!(of("list\n- one\n- two"), [0, 1, 2]);
    let clauses: Vec<u32> =
        tokens("I wait, but he goes because he can").into_iter().map(|t| t.clause).collect();
    assert_eq!(clauses, [0, 0, 1, 1, 1, 2, 2, 2]);
}

#[test]
fn irregular_forms_are_sorted() {
    assert!(IRREGULAR.is_sorted_by_key(|(form, _)| form), "they are looked up by halving");
    assert!(CONTRACTIONS.is_sorted_by_key(|(whole, _)| whole), "so are these");
}

#[test]
fn ranges_are_in_characters() {
    assert_eq!(in_chars("é index", &(3..8)), [2, 7]);
}

proptest! {
    #[test]
    fn any_text_has_words_in_order(text in "\\PC{0,300}") {
        let mut end = 0;
        for token in tokens(&text) {
            prop_assert!(token.place.start < token.place.end && token.place.end <= text.len());
            prop_assert!(text.is_char_boundary(token.place.start) && text.is_char_boundary(token.place.end));
            prop_assert!(token.place.end >= end);
            end = token.place.end;
        }
    }
}
