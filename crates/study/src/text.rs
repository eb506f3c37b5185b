//! Words, sentences and clauses of an English text, with their places in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a word shares with its other forms, as a number that is the same in every text and process,
/// so that comparing two is cheap: 64 bits of FNV-1a.
pub type Stem = u64;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its place, in bytes.
    pub place: Range<usize>,
    /// In lower case, without accents, one spelling.
    pub word: String,
    /// What it shares with its other forms.
    pub stem: Stem,
    /// The number of its sentence.
    pub sentence: u32,
    /// The number of its clause, counted through the whole text.
    pub clause: u32,
    /// The punctuation between it and the word before.
    pub stop: Stop,
}

/// So many words keep their stem at hand; answers may bring in any number of strange ones.
const STEMS_KEPT_MAX: usize = 50_000;
/// Words that open a clause of their own.
const CLAUSE_WORDS: &[&str] = &[
    "but", "because", "so", "if", "when", "which", "unless", "until", "then", "while", "although", "though",
    "whereas", "since", "where", "who", "that", "whether", "as",
];
/// A full stop after these (the last letters of "e.g.", "i.e.") does not end a sentence.
const ABBREVIATIONS: &[&str] = &["g", "e", "etc", "vs", "approx", "cf", "resp"];
/// Forms that no stemmer can know.
const IRREGULAR: &[(&str, &str)] = &[
    ("analyses", "analyze"),
    ("analysis", "analyze"),
    ("began", "begin"),
    ("begun", "begin"),
    ("bought", "buy"),
    ("broke", "break"),
    ("broken", "break"),
    ("brought", "bring"),
    ("built", "build"),
    ("caught", "catch"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("drawn", "draw"),
    ("drew", "draw"),
    ("fallen", "fall"),
    ("fell", "fall"),
    ("fewer", "few"),
    ("fewest", "few"),
    ("found", "find"),
    ("froze", "freeze"),
    ("gave", "give"),
    ("given", "give"),
    ("gone", "go"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("growth", "grow"),
    ("heard", "hear"),
    ("held", "hold"),
    ("indexes", "index"),
    ("indices", "index"),
    ("kept", "keep"),
    ("knew", "know"),
    ("known", "know"),
    ("led", "lead"),
    ("listened", "listen"),
    ("loss", "lose"),
    ("lost", "lose"),
    ("made", "make"),
    ("met", "meet"),
    ("paid", "pay"),
    ("ran", "run"),
    ("risen", "rise"),
    ("rose", "rise"),
    ("said", "say"),
    ("saw", "see"),
    ("seen", "see"),
    ("sent", "send"),
    ("shown", "show"),
    ("slower", "slow"),
    ("slowest", "slow"),
    ("spent", "spend"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("stood", "stand"),
    ("stuck", "stick"),
    ("taken", "take"),
    ("taught", "teach"),
    ("thought", "think"),
    ("told", "tell"),
    ("took", "take"),
    ("understood", "understand"),
    ("went", "go"),
    ("won", "win"),
    ("written", "write"),
    ("wrote", "write"),
];
/// Contractions and what people type without the apostrophe.
const CONTRACTIONS: &[(&str, &[&str])] = &[
    ("ain't", &["is", "not"]),
    ("can't", &["can", "not"]),
    ("cannot", &["can", "not"]),
    ("cant", &["can", "not"]),
    ("couldnt", &["could", "not"]),
    ("didnt", &["did", "not"]),
    ("doesnt", &["does", "not"]),
    ("dont", &["do", "not"]),
    ("isnt", &["is", "not"]),
    ("shan't", &["shall", "not"]),
    ("shouldnt", &["should", "not"]),
    ("wasnt", &["was", "not"]),
    ("won't", &["will", "not"]),
    ("wont", &["will", "not"]),
    ("wouldnt", &["would", "not"]),
];

/// The stem of a word that is in the form that [`tokens`] gives.
pub fn stem(word: &str) -> Stem {
    thread_local! {
        // Stemming is the dear part, and a pack uses the same few thousand words again and again.
        static KNOWN: RefCell<HashMap<u64, Stem>> = RefCell::default();
    }
    let key = fnv(word);
    KNOWN.with_borrow_mut(|known| {
        if let Some(stem) = known.get(&key) {
            return *stem;
        }
        let regular =
            IRREGULAR.binary_search_by_key(&word, |(form, _)| form).map_or(word, |i| IRREGULAR[i].1);
        let stem = fnv(&Stemmer::create(Algorithm::English).stem(&one_spelling(regular)));
        if known.len() < STEMS_KEPT_MAX {
            known.insert(key, stem);
        }
        stem
    })
}

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo): among the few thousand words of a pack the odds of two
/// with the same number are below one in 10¹¹.
fn fnv(word: &str) -> u64 {
    word.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// One spelling for British and American words.
fn one_spelling(word: &str) -> String {
    const ENDINGS: &[(&str, &str)] = &[
        ("isation", "ization"),
        ("isations", "ization"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ise", "ize"),
        ("yse", "yze"),
        ("ysed", "yzed"),
        ("yses", "yzes"),
        ("ysing", "yzing"),
        ("our", "or"),
        ("ours", "ors"),
        ("oured", "ored"),
        ("iour", "ior"),
        ("elled", "eled"),
        ("elling", "eling"),
    ];
    let ending =
        ENDINGS.iter().find(|(british, _)| word.len() > british.len() + 2 && word.ends_with(british));
    match ending {
        Some((british, american)) => format!("{}{american}", &word[..word.len() - british.len()]),
        None => word.to_string(),
    }
}

/// The words of a text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let (mut sentence, mut clause, mut end) = (0, 0, 0);
    for place in raw_words(text) {
        let between = &text[end..place.start];
        let after = found.last().map_or("", |t: &Token| t.word.as_str());
        let stop = stops(between, after);
        if stop >= Stop::Sentence {
            sentence += 1;
        }
        for (index, word) in normal(&text[place.clone()]).into_iter().enumerate() {
            let opens = index == 0 && (stop >= Stop::Clause || CLAUSE_WORDS.contains(&word.as_str()));
            if opens && !found.is_empty() {
                clause += 1;
            }
            found.push(Token {
                place: place.clone(),
                stem: stem(&word),
                word,
                sentence,
                clause,
                stop: if index == 0 { stop } else { Stop::None },
            });
        }
        end = place.end;
    }
    found
}

/// How strongly the characters between two words part them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// Not at all.
    None,
    /// A comma, a bracket, a dash.
    Clause,
    /// A colon: what follows says the same in other words, or the contrary.
    Colon,
    /// The end of a sentence.
    Sentence,
}

fn stops(between: &str, before: &str) -> Stop {
    let mut stop = Stop::None;
    let mut chars = between.chars().peekable();
    let mut newlines = 0;
    while let Some(c) = chars.next() {
        let ends = match c {
            // Not the dot within "e.g." or "main.rs".
            '.' if chars.peek().is_none() || ABBREVIATIONS.contains(&before) => Stop::None,
            '.' | '!' | '?' | '…' | ';' => Stop::Sentence,
            ':' => Stop::Colon,
            // A list's marker, or an empty line.
            '\n' => {
                newlines += 1;
                let rest: String = chars.clone().collect();
                let marked = rest.trim_start_matches([' ', '\t']).starts_with(['-', '*', '•', '#', '+']);
                if newlines > 1 || marked { Stop::Sentence } else { Stop::None }
            }
            '•' => Stop::Sentence,
            ',' | '(' | ')' | '[' | ']' | '—' | '–' | '"' | '“' | '”' => Stop::Clause,
            '-' if between.starts_with(' ') && between.ends_with(' ') => Stop::Clause,
            _ => Stop::None,
        };
        stop = stop.max(ends);
    }
    stop
}

/// The places of words, before contractions are taken apart.
fn raw_words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let inside = match c {
            c if c.is_ascii() => c.is_ascii_alphanumeric() || (start.is_some() && is_joint(before, c, next)),
            c => {
                c.is_alphanumeric()
                    || is_combining_mark(c)
                    || (start.is_some() && (is_invisible(c) || is_joint(before, c, next)))
            }
        };
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
        if c == '%' {
            words.push(at..at + 1);
        }
        before = c;
    }
    words.extend(start.map(|from| from..text.len()));
    words
}

/// Whether a character between two others belongs to one word: "don't", "2,000", "99.9".
fn is_joint(before: char, c: char, next: char) -> bool {
    match c {
        '\'' | '’' => before.is_alphabetic() && next.is_alphabetic(),
        ',' | '.' => before.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}

/// Whether a word has the form of a past tense.
pub(crate) fn is_past(word: &str) -> bool {
    const OTHERS: &[&str] =
        &["was", "were", "had", "did", "felt", "left", "lost", "got", "came", "became", "meant", "sat"];
    let irregular = IRREGULAR.binary_search_by_key(&word, |(form, _)| form);
    (word.len() > 3 && word.ends_with("ed"))
        || OTHERS.contains(&word)
        || irregular.is_ok_and(|at| !IRREGULAR[at].0.ends_with('s') && IRREGULAR[at].0 != "growth")
}

/// Characters without a shape: they neither part words nor count.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// The parts of a word that is several.
fn contraction(word: &str) -> Option<&'static [&'static str]> {
    let place = CONTRACTIONS.binary_search_by_key(&word, |(whole, _)| whole).ok()?;
    Some(CONTRACTIONS[place].1)
}

/// A word of ASCII letters and digits in lower case, if it is one and only one.
pub(crate) fn plain_word(word: &str) -> Option<String> {
    let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(word.to_ascii_lowercase()).filter(|word| plain && contraction(word).is_none())
}

/// A word in lower case and one spelling, contractions taken apart.
fn normal(raw: &str) -> Vec<String> {
    let plain: String = if raw.is_ascii() {
        raw.to_ascii_lowercase()
    } else {
        let bare = raw.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c));
        bare.map(|c| if c == '’' { '\'' } else { c }).flat_map(char::to_lowercase).collect()
    };
    if plain == "%" {
        return vec!["percent".into()];
    }
    if let Some(parts) = contraction(&plain) {
        return parts.iter().map(|part| (*part).into()).collect();
    }
    let Some((word, ending)) = plain.split_once('\'') else { return vec![plain] };
    let second = match ending {
        "t" if word.ends_with('n') => return vec![word[..word.len() - 1].into(), "not".into()],
        "re" => "are",
        "ve" => "have",
        "ll" => "will",
        "d" => "would",
        "m" => "am",
        _ => return vec![word.into()],
    };
    vec![word.into(), second.into()]
}

/// A range of bytes as one of characters.
pub fn in_chars(text: &str, bytes: &Range<usize>) -> [usize; 2] {
    let start = text[..bytes.start].chars().count();
    [start, start + text[bytes.clone()].chars().count()]
}

#[cfg(test)]
mod tests;
