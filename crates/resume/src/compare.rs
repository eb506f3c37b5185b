//! A PDF's text held against the source, field by field: is every word there, together and in order, and
//! does each date stand with its own entry?

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::date::Date;
use crate::inline::plain;
use crate::outline::{Entry, Field, Outline};
use crate::reading::is_leftward;
use crate::tokens::{find, tokens};

/// A word may have so many others between it and its neighbour before the field counts as torn.
const NEAR: usize = 60;

/// What became of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[schema(as = FieldFate)]
pub enum Fate {
    /// Its words are there, together and in order.
    Read,
    /// All of its words are there, but not together.
    Torn,
    /// Some of its words are cut or missing.
    Missing {
        /// These.
        words: Vec<String>,
    },
    /// A date that is there, but not with its entry.
    Astray,
}

/// A field and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldFound)]
pub struct Found {
    /// Its place in the public résumé.
    pub field: String,
    /// What a machine should read.
    pub text: String,
    /// What it reads.
    #[serde(flatten)]
    pub fate: Fate,
}

/// The comparison in one order of reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReadingComparison)]
pub struct Comparison {
    /// How many words the source has.
    pub words: usize,
    /// How many of them were read.
    pub read: usize,
    /// The fields with which something is wrong.
    pub wrong: Vec<Found>,
    /// How many fields were looked for.
    pub fields: usize,
    /// Sections of which the entries come in another order.
    pub disordered: Vec<String>,
}

impl Comparison {
    /// Whether a machine reads it all as it should.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.wrong.is_empty() && self.disordered.is_empty()
    }
}

/// Holds a text read from a PDF against what it should say.
#[must_use]
pub fn compare(outline: &Outline, text: &str) -> Comparison {
    let read = tokens(text);
    let mut compared = Comparing { counts: count(&read), read, out: Comparison::new() };
    let top =
        std::iter::once(&outline.name).chain(&outline.label).chain(&outline.contacts).chain(&outline.summary);
    top.for_each(|field| compared.field(field));
    for section in &outline.sections {
        compared.section(section.key, &section.entries);
    }
    compared.out
}

impl Comparison {
    fn new() -> Comparison {
        Comparison { words: 0, read: 0, wrong: Vec::new(), fields: 0, disordered: Vec::new() }
    }
}

struct Comparing {
    read: Vec<String>,
    counts: HashMap<String, usize>,
    out: Comparison,
}

fn count(words: &[String]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word.clone()).or_insert(0) += 1;
    }
    counts
}

/// The words of a field as they should be read.
fn words_of(field: &Field) -> Vec<String> {
    tokens(&plain(&field.text))
}

impl Comparing {
    fn field(&mut self, field: &Field) {
        let words = words_of(field);
        self.out.fields += 1;
        let missing = self.missing(&words);
        let fate = if !missing.is_empty() {
            Fate::Missing { words: missing }
        } else if words.is_empty() || self.stands(&words) || field.name == "basics.location" {
            // A place has parts, and a template puts them as is usual.
            return;
        } else {
            Fate::Torn
        };
        self.say(field, fate);
    }

    fn say(&mut self, field: &Field, fate: Fate) {
        self.out.wrong.push(Found { field: field.name.clone(), text: plain(&field.text), fate });
    }

    /// The words that are not there as often as they should be. Each is taken once.
    fn missing(&mut self, words: &[String]) -> Vec<String> {
        let mut missing = Vec::new();
        for word in words {
            self.out.words += 1;
            let turned: String = word.chars().rev().collect();
            let mut take = |word: &str| match self.counts.get_mut(word) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            };
            // What is written from right to left may be read in the order in which it is drawn.
            if take(word) || word.chars().any(is_leftward) && take(&turned) {
                self.out.read += 1;
            } else {
                missing.push(word.clone());
            }
        }
        missing
    }

    fn stands(&self, words: &[String]) -> bool {
        if find(words, &self.read, 0).is_some() {
            return true;
        }
        let leftward = |word: &String| word.chars().any(is_leftward);
        // Mixed directions have no one order to hold them to.
        words.iter().any(leftward)
    }

    fn section(&mut self, key: &str, entries: &[Entry]) {
        let mut cursor = 0;
        let mut places = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            entry
                .heads
                .iter()
                .chain(&entry.texts)
                .chain(&entry.bullets)
                .chain(&entry.words)
                .for_each(|it| self.field(it));
            let place = self.place(entry, cursor).or_else(|| self.place(entry, 0));
            places.extend(place);
            let next = entries.get(index + 1).and_then(|next| self.place(next, place.unwrap_or(cursor) + 1));
            self.dates(entry, place, cursor, next);
            cursor = place.map_or(cursor, |place| self.end_of(entry, place));
        }
        if places.windows(2).any(|two| two[1] < two[0]) {
            self.out.disordered.push(key.to_string());
        }
    }

    /// Where an entry begins: where its names stand near each other.
    fn place(&self, entry: &Entry, from: usize) -> Option<usize> {
        let heads: Vec<Vec<String>> = entry.heads.iter().map(words_of).filter(|it| !it.is_empty()).collect();
        let (first, others) = heads.split_first()?;
        let mut at = from;
        while let Some(found) = find(first, &self.read, at) {
            let low = found.saturating_sub(NEAR);
            let high = (found + NEAR).min(self.read.len());
            if others.iter().all(|other| find(other, &self.read[low..high], 0).is_some()) {
                return Some(found);
            }
            at = found + 1;
        }
        find(first, &self.read, from)
    }

    /// Where an entry's last paragraph or bullet ends.
    fn end_of(&self, entry: &Entry, place: usize) -> usize {
        let mut end = place + entry.heads.first().map_or(0, |head| words_of(head).len());
        for field in entry.texts.iter().chain(&entry.bullets).chain(&entry.words) {
            let words = words_of(field);
            if let Some(found) = find(&words, &self.read, place) {
                end = end.max(found + words.len());
            }
        }
        end
    }

    /// Dates stand between the end of what was before and the entry's own first paragraph.
    fn dates(&mut self, entry: &Entry, place: Option<usize>, from: usize, next: Option<usize>) {
        for day in &entry.days {
            self.out.fields += 1;
            let Some(date) = Date::parse(&day.text) else { continue };
            let words = tokens(&date.shown());
            let missing = self.missing(&words);
            if !missing.is_empty() {
                self.say(day, Fate::Missing { words: missing });
                continue;
            }
            let Some(place) = place else { continue };
            let body = entry.texts.iter().chain(&entry.bullets).chain(&entry.words).map(words_of);
            let body = body.filter_map(|words| find(&words, &self.read, place)).min();
            let heads = entry.heads.iter().map(|it| words_of(it).len()).sum::<usize>();
            let end = body.or(next).unwrap_or(place + heads + NEAR).min(self.read.len());
            let low = from.min(place);
            if find(&words, &self.read[low..end.max(low)], 0).is_none() {
                self.say(day, Fate::Astray);
            }
        }
    }
}
