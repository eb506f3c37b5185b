//! The trust card of a drill: how often its judge was right, as the proof has found it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::pack::Pack;

/// In a pack, written by `make prove`.
pub(crate) const TRUST_FILE: &str = "trust.toml";

/// What a proof has found: each submission whose ruling is known was judged several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DrillTrust)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trust {
    /// The drill's version that was proved.
    pub version: u32,
    /// Starters, solutions and wrong answers.
    pub submissions: u32,
    /// How often each was judged.
    pub times: u32,
    /// How many were judged at a time, on a busy machine.
    pub at_a_time: u32,
    /// Rulings that were right.
    pub right: u32,
    /// All rulings.
    pub of: u32,
    /// The server, such as `PostgreSQL 15.18`.
    pub judged_with: String,
    /// When, such as `2026-11-24`.
    pub date: String,
}

/// The cards of a pack's drills by name; a pack without the file has none.
pub(crate) fn cards(pack: &Pack) -> Result<BTreeMap<String, Trust>, Failure> {
    let folder = pack.folder();
    if folder.bytes(TRUST_FILE).is_none() {
        return Ok(BTreeMap::new());
    }
    let text = folder.text(TRUST_FILE)?;
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start].lines().count().max(1));
        folder.mistake(TRUST_FILE, line, error.message().to_string()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_say_what_the_document_says() {
        let document = include_str!("../../../../docs/trust.md");
        let rows: Vec<Vec<&str>> = document
            .lines()
            .filter(|line| line.starts_with("| ") && !line.starts_with("| drill"))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let cards = cards(&Pack::open(None).expect("it is embedded")).expect("it is written by a script");
        assert_eq!(rows.len(), cards.len());
        for row in rows {
            let it = &cards[row[0]];
            let said = [
                it.version.to_string(),
                it.submissions.to_string(),
                it.times.to_string(),
                it.at_a_time.to_string(),
                format!("{} of {}", it.right, it.of),
                it.judged_with.clone(),
                it.date.clone(),
            ];
            assert_eq!(row[1..], said, "docs/trust.md and trust.toml differ; `make prove` writes both");
        }
    }
}
