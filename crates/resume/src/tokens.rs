//! Words as machines compare them: without case, ligatures and hidden signs.

use unicode_normalization::UnicodeNormalization as _;

/// The words of a text: letters and digits that stand together, and `c++` and `c#` as one.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let (mut found, mut word) = (Vec::new(), String::new());
    for c in text.nfkc().filter(|c| !hidden(*c)) {
        if c.is_alphanumeric()
            || matches!(c, '+' | '#') && !word.is_empty() && !word.ends_with(|c: char| c.is_ascii_digit())
        {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// Where a row of words stands in another one, from a place on.
pub(crate) fn find(words: &[String], in_: &[String], from: usize) -> Option<usize> {
    if words.is_empty() || in_.len() < words.len() {
        return None;
    }
    (from..=in_.len() - words.len()).find(|at| in_[*at] == words[0] && in_[*at..*at + words.len()] == *words)
}
