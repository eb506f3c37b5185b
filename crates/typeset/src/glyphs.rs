//! Says where a character stands that no font has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::field::Field;

/// So many places of one character are named.
const PLACES_MAX: usize = 5;

pub(crate) fn warnings(missing: &BTreeSet<char>, resume: &Value) -> Vec<String> {
    if missing.is_empty() {
        return Vec::new();
    }
    let texts = Field::root(resume).texts();
    missing.iter().map(|&c| warning(c, &texts)).collect()
}

fn warning(c: char, texts: &[(String, &str)]) -> String {
    let places: Vec<&str> =
        texts.iter().filter(|(_, text)| text.contains(c)).map(|(place, _)| place.as_str()).collect();
    let more = match places.len().saturating_sub(PLACES_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = places.iter().take(PLACES_MAX).copied().collect::<Vec<_>>().join(", ");
    format!(
        "{named}{more}: no font has {c} (U+{:04X}), so the PDF shows an empty box in its place; write it in other \
         characters, or install a font that has it",
        u32::from(c)
    )
}
