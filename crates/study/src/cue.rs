//! Cues: what a rubric looks for in an answer, in a small language of words, sets and nearness.
//!
//! docs/questions.md describes the language for authors.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::text::{Stem, Token, plain_word, stem, tokens};

/// At most this many other words stand between two words of a sequence.
const GAP_MAX: usize = 3;
/// The parts of `a & b` lie within this many words.
const NEAR_WORDS: usize = 30;
/// Words that make a cue one about a negation.
const NEGATING: &[&str] =
    &["no", "not", "never", "none", "nobody", "nothing", "without", "neither", "nor", "avoid", "cannot"];

/// Sets of a lexicon, by name.
pub type Sets = BTreeMap<String, Arc<Alternatives>>;

/// A cue, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Cue {
    /// Sequences that must all be found near each other.
    parts: Vec<Sequence>,
    /// Whether it is itself about a negation.
    pub negative: bool,
}

type Sequence = Vec<Item>;

#[derive(Debug, Clone)]
enum Item {
    Stem(Stem),
    Exact(String),
    Prefix(String),
    Number,
    Any(Arc<Alternatives>),
}

/// Several ways to say one thing.
#[derive(Debug, Default)]
pub struct Alternatives {
    /// Those of one word, sorted.
    stems: Vec<Stem>,
    /// Those that begin with a known word, sorted by it, so that most places are passed over at once.
    longer: Vec<(Stem, Sequence)>,
    /// Those that begin with a set, a prefix or a figure.
    open: Vec<Sequence>,
    negative: bool,
}

/// Words of an answer, from the first (counted from 0) to before the last.
pub type Span = std::ops::Range<usize>;

impl Cue {
    /// Reads a cue, or says what is wrong with it.
    pub fn parse(source: &str, sets: &Sets) -> Result<Cue, String> {
        let mut parser = Parser { rest: source, sets, negative: false };
        let mut parts = vec![parser.sequence()?];
        while parser.take('&') {
            parts.push(parser.sequence()?);
        }
        match parser.peek() {
            None => Ok(Cue { parts, negative: parser.negative }),
            Some('|') => Err(format!("`{source}`: put alternatives into brackets: `(a | b)`")),
            Some(other) => Err(format!("`{source}`: `{other}` is not expected here")),
        }
    }

    /// The places of this cue in an answer: for each, the spans of its parts.
    pub fn find(&self, words: &[Token]) -> Vec<Vec<Span>> {
        let places: Vec<Vec<Span>> = self.parts.iter().map(|part| spans(part, words)).collect();
        let Some((first, others)) = places.split_first() else { return Vec::new() };
        first.iter().filter_map(|span| near(span, others)).collect()
    }
}

/// A span of each part within reach of the first one's, the nearest of each.
fn near(first: &Span, others: &[Vec<Span>]) -> Option<Vec<Span>> {
    let mut found = vec![first.clone()];
    for spans in others {
        let (low, high) = hull(&found);
        let reach = |span: &&Span| span.end.max(high) - span.start.min(low);
        let apart =
            |span: &Span| found.iter().all(|other| span.end <= other.start || other.end <= span.start);
        let nearest = spans.iter().filter(|span| apart(span)).min_by_key(reach)?;
        if reach(&nearest) > NEAR_WORDS {
            return None;
        }
        found.push(nearest.clone());
    }
    Some(found)
}

fn hull(spans: &[Span]) -> (usize, usize) {
    let low = spans.iter().map(|span| span.start).min().unwrap_or(0);
    (low, spans.iter().map(|span| span.end).max().unwrap_or(0))
}

fn spans(sequence: &[Item], words: &[Token]) -> Vec<Span> {
    let mut ends = Vec::new();
    (0..words.len())
        .filter_map(|start| {
            ends.clear();
            ends_of(sequence, words, start, &mut ends);
            ends.iter().min().map(|end| start..*end)
        })
        .collect()
}

/// Where a sequence that begins at a word may end.
fn ends_of(sequence: &[Item], words: &[Token], start: usize, ends: &mut Vec<usize>) {
    let Some((first, rest)) = sequence.split_first() else {
        ends.push(start);
        return;
    };
    let mut firsts = Vec::new();
    first.ends(words, start, &mut firsts);
    for end in firsts {
        if rest.is_empty() {
            ends.push(end);
            continue;
        }
        let sentence = words[start].sentence;
        let within =
            (end..words.len().min(end + GAP_MAX + 1)).take_while(|at| words[*at].sentence == sentence);
        for at in within {
            let before = ends.len();
            ends_of(rest, words, at, ends);
            // The nearest continuation is enough.
            if ends.len() > before {
                break;
            }
        }
    }
}

impl Item {
    fn ends(&self, words: &[Token], at: usize, ends: &mut Vec<usize>) {
        let Some(word) = words.get(at) else { return };
        let one = match self {
            Item::Stem(stem) => word.stem == *stem,
            Item::Exact(exact) => word.word == *exact,
            Item::Prefix(prefix) => word.word.starts_with(prefix.as_str()),
            Item::Number => is_number(&word.word),
            Item::Any(any) => {
                any.beginning_with(word.stem).for_each(|(_, sequence)| ends_of(sequence, words, at, ends));
                any.open.iter().for_each(|sequence| ends_of(sequence, words, at, ends));
                any.stems.binary_search(&word.stem).is_ok()
            }
        };
        if one {
            ends.push(at + 1);
        }
    }
}

/// Whether a word is a figure.
pub(crate) fn is_number(word: &str) -> bool {
    const NUMBERS: &[&str] = &[
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "millions",
        "billion",
        "half",
        "halved",
        "third",
        "thirds",
        "quarter",
        "tenth",
        "dozen",
        "doubled",
        "tripled",
        "tenfold",
        "percent",
    ];
    word.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&word)
}

impl Alternatives {
    /// Reads the words of a set.
    pub fn parse(entries: &[String]) -> Result<Alternatives, String> {
        let none = Sets::new();
        let mut any = Alternatives::default();
        for entry in entries {
            let mut parser = Parser { rest: entry, sets: &none, negative: false };
            let sequence = parser.sequence()?;
            if let Some(other) = parser.peek() {
                return Err(format!("`{entry}`: `{other}` is not expected in a set"));
            }
            any.negative |= parser.negative;
            any.add(sequence);
        }
        any.sort();
        Ok(any)
    }

    fn add(&mut self, sequence: Sequence) {
        match sequence.as_slice() {
            [Item::Stem(stem)] => self.stems.push(*stem),
            [Item::Stem(stem), ..] => self.longer.push((*stem, sequence)),
            _ => self.open.push(sequence),
        }
    }

    fn sort(&mut self) {
        self.stems.sort_unstable();
        self.longer.sort_by_key(|(stem, _)| *stem);
    }

    fn beginning_with(&self, stem: Stem) -> impl Iterator<Item = &(Stem, Sequence)> {
        let from = self.longer.partition_point(|(first, _)| *first < stem);
        self.longer[from..].iter().take_while(move |(first, _)| *first == stem)
    }
}

struct Parser<'p> {
    rest: &'p str,
    sets: &'p Sets,
    negative: bool,
}

impl<'p> Parser<'p> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.rest = &self.rest[wanted.len_utf8()..];
        }
        there
    }

    fn until(&mut self, end: char) -> Result<&'p str, String> {
        let (inside, rest) =
            self.rest.split_once(end).ok_or_else(|| format!("`{end}` is missing after `{}`", self.rest))?;
        self.rest = rest;
        Ok(inside)
    }

    fn sequence(&mut self) -> Result<Sequence, String> {
        let mut items = Vec::new();
        loop {
            match self.peek() {
                None | Some('&' | '|' | ')' | '}') => break,
                Some('(') => items.push(self.alternatives()?),
                Some('{') => items.push(self.set()?),
                Some('"') => {
                    self.take('"');
                    let word = self.until('"')?;
                    items.extend(tokens(word).into_iter().map(|t| Item::Exact(t.word)));
                }
                Some(_) => self.word(&mut items),
            }
        }
        if items.is_empty() {
            return Err(format!("words are missing before `{}`", self.rest));
        }
        Ok(items)
    }

    fn alternatives(&mut self) -> Result<Item, String> {
        self.take('(');
        let mut any = Alternatives::default();
        loop {
            any.add(self.sequence()?);
            if self.take(')') {
                break;
            }
            if !self.take('|') {
                return Err(format!("`)` is missing before `{}`", self.rest));
            }
        }
        any.sort();
        Ok(Item::Any(Arc::new(any)))
    }

    fn set(&mut self) -> Result<Item, String> {
        self.take('{');
        let name = self.until('}')?.trim();
        if name == "number" {
            return Ok(Item::Number);
        }
        let set = self.sets.get(name).ok_or_else(|| format!("there is no set `{name}` in lexicon.toml"))?;
        self.negative |= set.negative;
        Ok(Item::Any(Arc::clone(set)))
    }

    fn word(&mut self, items: &mut Sequence) {
        let end =
            self.rest.find(|c: char| c.is_whitespace() || "&|(){}\"".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let bare = word.strip_suffix('*');
        // Most words are plain, and a pack has tens of thousands of them.
        if let Some(plain) = plain_word(bare.unwrap_or(word)) {
            self.negative |= NEGATING.contains(&plain.as_str());
            items.push(if bare.is_some() { Item::Prefix(plain) } else { Item::Stem(stem(&plain)) });
            return;
        }
        let mut found = tokens(word);
        let last = if bare.is_some() { found.pop() } else { None };
        for token in &found {
            self.negative |= NEGATING.contains(&token.word.as_str());
        }
        items.extend(found.into_iter().map(|token| Item::Stem(token.stem)));
        items.extend(last.map(|token| Item::Prefix(token.word)));
    }
}

#[cfg(test)]
mod tests;
