//! What a job description names, and whether it asks for it or would only like it.

use std::collections::BTreeMap;

use super::terms::{Term, named, words};

/// Something named.
pub(super) struct Named {
    pub(super) term: &'static Term,
    pub(super) said: String,
    pub(super) times: usize,
    pub(super) must: bool,
}

/// More lines than these nobody reads by themselves.
const UNREAD_MAX: usize = 30;

const WELCOME: [&str; 12] = [
    "nice to have",
    "nice-to-have",
    "bonus",
    "a plus",
    "preferred",
    "desirable",
    "ideally",
    "advantage",
    "optional",
    "good to have",
    "would be great",
    "extra points",
];
const ASKED: [&str; 13] = [
    "requirement",
    "qualification",
    "must have",
    "must-have",
    "what you bring",
    "what you'll bring",
    "what we expect",
    "you have",
    "your profile",
    "who you are",
    "what we are looking for",
    "what we're looking for",
    "skills",
];

/// What the text names, and the lines of its requirements in which nothing is known.
pub(super) fn of(job: &str) -> (Vec<Named>, Vec<String>) {
    let mut found: BTreeMap<&str, Named> = BTreeMap::new();
    let (mut unread, mut asked, mut welcome) = (Vec::new(), false, false);
    for line in job.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let lower = line.to_lowercase();
        let bullet = line.starts_with(['-', '*', '•', '·', '–', '◦', '▪']);
        let says = |list: &[&str]| list.iter().any(|it| lower.contains(it));
        // A heading holds for what comes after it.
        if !bullet && line.len() < 80 && !line.ends_with(['.', ';', ',']) {
            (welcome, asked) = (says(&WELCOME), says(&ASKED));
        }
        let only_welcome = welcome || says(&WELCOME);
        let here = words(line);
        let names = named(&here);
        if names.is_empty() && bullet && asked && !welcome && unread.len() < UNREAD_MAX {
            unread.push(line.trim_start_matches(['-', '*', '•', '·', '–', '◦', '▪', ' ']).to_string());
        }
        for (at, term) in names {
            let named = found.entry(term.name.as_str()).or_insert_with(|| Named {
                term,
                said: here[at].written.clone(),
                times: 0,
                must: false,
            });
            named.times += 1;
            named.must |= !only_welcome;
        }
    }
    (found.into_values().collect(), unread)
}
