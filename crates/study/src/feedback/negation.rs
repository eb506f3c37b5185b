//! Which words of an answer are said not to be so, or not to be done.

use crate::text::{Stop, Token};

/// What a "no" does to a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Negated {
    /// A "no" of its own clause.
    pub here: bool,
    /// A "no" over the whole sentence: "it is not true that …".
    pub whole: bool,
}

/// A "not" before these takes nothing back.
const HARMLESS: &[&str] = &[
    "only",
    "just",
    "merely",
    "simply",
    "forget",
    "hesitate",
    "least",
    "sure",
    "necessarily",
    "always",
    "yet",
];
/// A clause that begins so tells what would be, not what one does.
const SUBORDINATE: &[&str] = &[
    "if", "when", "because", "since", "so", "that", "which", "who", "where", "while", "although", "until",
    "unless", "whether", "as", "though", "whereas",
];
const CLAUSE_NEGATORS: &[&str] = &["not", "never", "nobody", "neither", "nor", "hardly", "refuse", "ignore"];
/// How far a "no" reaches within its clause.
const REACH: usize = 12;
/// Openings that deny a whole sentence. `…` stands for up to three words.
const OPENINGS: &[&[&str]] = &[
    &["not", "true"],
    &["not", "correct"],
    &["not", "right"],
    &["not", "the", "case"],
    &["not", "believe"],
    &["not", "think"],
    &["not", "agree"],
    &["not", "necessary"],
    &["not", "needed"],
    &["not", "important"],
    &["not", "worth"],
    &["not", "a", "good", "idea"],
    &["no", "need"],
    &["no", "point"],
    &["no", "reason"],
    &["no", "sense"],
    &["no", "use"],
    &["no", "value"],
    &["is", "false"],
    &["is", "untrue"],
    &["is", "wrong"],
    &["is", "pointless"],
    &["is", "unnecessary"],
    &["i", "disagree"],
    &["i", "doubt"],
    &["i", "deny"],
    &["under", "no", "circumstances"],
    &["by", "no", "means"],
];
/// "An index is unnecessary": what stands before in the clause is taken back.
const TAKEN_BACK: &[&str] =
    &["unnecessary", "pointless", "useless", "overrated", "nonsense", "overkill", "superfluous"];
/// An opening stands among the first words of a sentence.
const OPENING_WORDS: usize = 8;

/// For each word, whether it is negated.
pub(super) fn negations(words: &[Token]) -> Vec<Negated> {
    let mut negated = vec![Negated::default(); words.len()];
    for at in 0..words.len() {
        let in_sentence = |other: &&Token| other.sentence == words[at].sentence;
        let before = words[..at].iter().rev().take_while(in_sentence).count();
        if before < OPENING_WORDS && is_opening(words, at) {
            let more = |next: &&Token| next.sentence == words[at].sentence && next.stop != Stop::Colon;
            let rest = words[at + 1..].iter().take_while(more).count() + 1;
            negated[at..at + rest].iter_mut().for_each(|word| word.whole = true);
        }
        if is_no(words, at) {
            let rest = reach(&words[at..], is_stance(&words[at - before..at]));
            negated[at + 1..at + 1 + rest].iter_mut().for_each(|word| word.here = true);
        }
        if is_taken_back(words, at) {
            let clause =
                words[..at].iter().rev().take_while(|other| other.clause == words[at].clause).count();
            negated[at - clause..at].iter_mut().for_each(|word| word.here = true);
        }
    }
    negated
}

/// Whether a word is a "no" that takes something back.
fn is_no(words: &[Token], at: usize) -> bool {
    CLAUSE_NEGATORS.contains(&words[at].word.as_str())
        && !is_harmless(words, at)
        && !is_subordinate(words, at)
}

/// "I would not", "we never", "do not": the speaker's own choice, given the words before the "no".
fn is_stance(before: &[Token]) -> bool {
    const SPEAKERS: &[&str] = &["i", "we", "you", "one", "nobody"];
    let speaks = before.iter().rev().take(3).any(|word| SPEAKERS.contains(&word.word.as_str()));
    let orders = matches!(before, []) || matches!(before, [word] if word.word == "do");
    speaks || orders
}

/// How many words after a "no", the first of `words`, it reaches over: its clause; a choice also what is
/// listed after commas.
fn reach(words: &[Token], stance: bool) -> usize {
    const NEW_SUBJECTS: &[&str] =
        &["i", "we", "you", "he", "she", "it", "they", "this", "instead", "rather", "and"];
    let ends = |pair: &[Token]| {
        let (word, next) = (&pair[0], &pair[1]);
        let opens = [NEW_SUBJECTS, SUBORDINATE, &["but", "then"]].concat().contains(&next.word.as_str());
        next.sentence != word.sentence || (next.clause != word.clause && (!stance || opens))
    };
    let within = words.windows(2).position(ends).unwrap_or(words.len() - 1);
    if stance { within } else { within.min(REACH) }
}

/// Whether a word begins an opening that denies its sentence, and not something said by the way ("anything
/// not needed for the answer").
fn is_opening(words: &[Token], at: usize) -> bool {
    if is_subordinate(words, at) || !OPENINGS.iter().any(|opening| begins(&words[at..], opening)) {
        return false;
    }
    let before = words[..at].last().map_or("", |word| word.word.as_str());
    let subject = words[..=at].iter().rev().take_while(|word| word.clause == words[at].clause).last();
    let empty = subject.is_some_and(|word| ["it", "this", "there"].contains(&word.word.as_str()));
    match words[at].word.as_str() {
        "not" => matches!(before, "do" | "did") || (empty && matches!(before, "is" | "was")),
        "no" => matches!(before, "is" | "was" | "see" | "under" | "by"),
        "is" => empty,
        _ => true,
    }
}

/// Whether a word takes back what stands before it in its clause: "an index is unnecessary", "Kafka is not
/// needed".
fn is_taken_back(words: &[Token], at: usize) -> bool {
    let needless = begins(&words[at..], &["not", "needed"]) || begins(&words[at..], &["not", "necessary"]);
    let says =
        words[..at].last().is_some_and(|word| ["is", "are", "was", "were"].contains(&word.word.as_str()));
    let whole = TAKEN_BACK.contains(&words[at].word.as_str());
    !is_subordinate(words, at) && (whole || (needless && says))
}

fn begins(words: &[Token], opening: &[&str]) -> bool {
    words.len() >= opening.len()
        && words.iter().zip(opening).all(|(word, wanted)| word.word == *wanted)
        && words[0].sentence == words[opening.len() - 1].sentence
}

fn is_harmless(words: &[Token], at: usize) -> bool {
    words.get(at + 1).is_some_and(|next| HARMLESS.contains(&next.word.as_str()))
}

/// Whether the clause of a word begins with a word that makes it a subordinate one.
fn is_subordinate(words: &[Token], at: usize) -> bool {
    let clause = words[at].clause;
    let first = words[..=at].iter().rev().take_while(|word| word.clause == clause).last();
    first.is_some_and(|first| SUBORDINATE.contains(&first.word.as_str()))
}

/// The shares of sentences with a "no" of the speaker's own, and with any.
pub(super) fn denied_shares(words: &[Token]) -> (f32, f32) {
    let (mut sentences, mut own, mut any) = (0, 0, 0);
    for sentence in words.chunk_by(|a, b| a.sentence == b.sentence).filter(|sentence| sentence.len() > 2) {
        let opening = (0..sentence.len().min(OPENING_WORDS)).any(|at| is_opening(sentence, at));
        let mut noes = (0..sentence.len()).filter(|at| is_no(sentence, *at)).peekable();
        let has_no = opening || noes.peek().is_some();
        sentences += 1;
        any += usize::from(has_no);
        own += usize::from(opening || noes.any(|at| is_stance(&sentence[..at])));
    }
    let share = |n: usize| if sentences < 3 { 0.0 } else { n as f32 / sentences as f32 };
    (share(own), share(any))
}
