use std::sync::Arc;

use proptest::prelude::*;

use super::{Alternatives, Cue, Sets};
use crate::text::{Token, tokens};

/// What a cue finds in a text: the words of each part.
fn found(cue: &str, text: &str) -> Vec<String> {
    let mut sets = Sets::new();
    let words = ["measure".to_string(), "explain analyze".to_string()];
    sets.insert("look".into(), Arc::new(Alternatives::parse(&words).expect("a good set")));
    let cue = Cue::parse(cue, &sets).expect("a good cue");
    let words: Vec<Token> = tokens(text);
    let quote =
        |span: &std::ops::Range<usize>| &text[words[span.start].place.start..words[span.end - 1].place.end];
    cue.find(&words)
        .first()
        .map_or_else(Vec::new, |spans| spans.iter().map(|s| quote(s).to_string()).collect())
}

#[test]
fn words_are_found_in_any_form() {
    assert_eq!(found("composite index", "We added Composite Indexes."), ["Composite Indexes"]);
    assert_eq!(found("optimise", "an optimized query"), ["optimized"]);
    assert_eq!(found("write", "I wrote it down"), ["wrote"]);
    assert_eq!(found("read only", "a read-only copy"), ["read-only"]);
    assert_eq!(found("idempoten*", "Idempotency matters"), ["Idempotency"]);
    assert_eq!(found("cafe", "the café"), ["café"]);
}

#[test]
fn a_sequence_bridges_three_words_and_no_sentence() {
    assert_eq!(found("index query", "an index for that slow query"), ["index for that slow query"]);
    assert!(found("index query", "an index for that terribly slow query").is_empty());
    assert!(found("index query", "I add an index. Query it.").is_empty());
    assert!(found("index query", "a query on the index").is_empty());
}

#[test]
fn alternatives_and_sets() {
    assert_eq!(found("(composite | multi column) index", "a multi-column index"), ["multi-column index"]);
    assert_eq!(found("{look}", "I ran EXPLAIN ANALYZE"), ["EXPLAIN ANALYZE"]);
    assert_eq!(found("{number} rows", "2,000 rows"), ["2,000 rows"]);
    assert_eq!(found("\"lead\"", "I led; the lead"), ["lead"]);
}

#[test]
fn parts_may_stand_apart_and_in_any_order() {
    assert_eq!(found("retry & jitter", "With jitter. Then we retry."), ["retry", "jitter"]);
    let far = format!("retry {} jitter", "word ".repeat(40));
    assert!(found("retry & jitter", &far).is_empty());
    assert!(found("index & index", "one index").is_empty(), "two parts need two places");
}

#[test]
fn mistakes_are_told() {
    let said = |cue: &str| Cue::parse(cue, &Sets::new()).expect_err("a mistake");
    assert!(said("a | b").contains("brackets"));
    assert!(said("(a | b").contains("`)` is missing"));
    assert!(said("{none}").contains("no set `none`"));
    assert!(said("a &").contains("words are missing"));
    assert!(said("").contains("words are missing"));
    assert!(said("(a & b)").contains("`)` is missing"));
}

proptest! {
    #[test]
    fn parsing_and_finding_never_panic(cue in "[a-z&|(){}\"* ]{0,40}", text in "\\PC{0,200}") {
        if let Ok(cue) = Cue::parse(&cue, &Sets::new()) {
            let words = tokens(&text);
            for spans in cue.find(&words) {
                for span in spans {
                    prop_assert!(span.start < span.end && span.end <= words.len());
                }
            }
        }
    }
}
