//! Names of what jobs ask for, each with its other spellings. A name is one only where it stands as whole
//! words: java is not javascript.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What can be asked for.
#[derive(Debug)]
pub(crate) struct Term {
    /// The usual name.
    pub(crate) name: String,
    /// Every spelling in words, without case.
    spellings: Vec<Vec<String>>,
    /// It is an English word too, so that case decides: Go, Rust, Spring.
    exact: Option<String>,
}

/// A word with its case.
pub(crate) struct Word {
    /// As it is compared.
    pub(crate) plain: String,
    /// As it is written.
    pub(crate) written: String,
}

#[derive(Deserialize)]
struct Lists {
    /// Name to other spellings.
    terms: HashMap<String, Vec<String>>,
    exact: Vec<String>,
    not_before: Vec<String>,
}

/// All of them, by name, and by the first word of a spelling.
pub(crate) struct Terms {
    pub(crate) all: Vec<Term>,
    by_word: HashMap<String, Vec<usize>>,
    not_before: Vec<String>,
}

pub(crate) static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    let lists: Lists = toml::from_str(include_str!("terms.toml")).expect("our own file is read by a test");
    let mut names: Vec<(String, Vec<String>)> = lists.terms.into_iter().collect();
    names.sort();
    let spelt = |text: &String| words(text).into_iter().map(|word| word.plain).collect::<Vec<_>>();
    let all: Vec<Term> = names
        .into_iter()
        .map(|(name, others)| Term {
            spellings: std::iter::once(&name).chain(&others).map(spelt).collect(),
            exact: lists.exact.contains(&name).then(|| name.clone()),
            name,
        })
        .collect();
    let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, term) in all.iter().enumerate() {
        for first in term.spellings.iter().filter_map(|spelling| spelling.first()) {
            let known = by_word.entry(first.clone()).or_default();
            if !known.contains(&index) {
                known.push(index);
            }
        }
    }
    Terms { all, by_word, not_before: lists.not_before }
});

/// The words of a text; `.net`, `c++`, `c#` and `node.js` keep their signs.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    let mut end = |word: &mut String| {
        let written = std::mem::take(word);
        let written = written.trim_end_matches('.');
        if written.chars().any(char::is_alphanumeric) {
            found.push(Word { plain: written.to_lowercase(), written: written.to_string() });
        }
    };
    while let Some(c) = chars.next() {
        let inside = !word.is_empty() && matches!(c, '+' | '#');
        let dot = c == '.' && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if c.is_alphanumeric() || inside || dot {
            word.push(c);
        } else {
            end(&mut word);
        }
    }
    end(&mut word);
    found
}

/// Where a term stands.
pub(crate) fn places_of(term: &Term, in_: &[Word]) -> Vec<usize> {
    (0..in_.len()).filter(|at| length_at(term, in_, *at).is_some()).collect()
}

/// Every term that a text names, each with its place, the longest where two begin together.
pub(crate) fn named(in_: &[Word]) -> Vec<(usize, &'static Term)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < in_.len() {
        let here = TERMS.by_word.get(&in_[at].plain).into_iter().flatten();
        let fits =
            here.filter_map(|index| Some((length_at(&TERMS.all[*index], in_, at)?, &TERMS.all[*index])));
        match fits.max_by_key(|(length, _)| *length) {
            Some((length, term)) => {
                found.push((at, term));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// How many words a term has, if it stands here.
fn length_at(term: &Term, in_: &[Word], at: usize) -> Option<usize> {
    let fits = |spelling: &&Vec<String>| {
        spelling.len() <= in_.len() - at && spelling.iter().zip(&in_[at..]).all(|(a, b)| *a == b.plain)
    };
    let length = term.spellings.iter().filter(fits).map(Vec::len).max()?;
    if let Some(exact) = &term.exact
        && length == 1
        && in_[at].plain == exact.to_lowercase()
    {
        let next = in_.get(at + 1).map(|word| word.plain.as_str());
        let verb = next.is_some_and(|next| TERMS.not_before.iter().any(|it| it == next));
        return (in_[at].written == *exact && !verb).then_some(1);
    }
    Some(length)
}
