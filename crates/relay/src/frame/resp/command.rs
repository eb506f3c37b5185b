//! The first words of a command.

use super::super::HEAD_BYTES;
use crate::message::TEXT_BYTES_MAX;

/// How many words of a command name it.
const WORDS_MAX: usize = 4;

/// A command's first words, each possibly cut short.
#[derive(Debug)]
pub(super) struct Command<'a> {
    words: Vec<&'a [u8]>,
}

/// What can be said of a command's beginning.
#[derive(Debug)]
pub(super) enum Words<'a> {
    More,
    Broken,
    Are(Command<'a>),
}

impl Command<'_> {
    /// A word, or nothing where there is none.
    pub(super) fn word(&self, at: usize) -> &[u8] {
        self.words.get(at).copied().unwrap_or_default()
    }

    /// The name in capitals, then the first arguments; without passwords.
    pub(super) fn text(&self) -> String {
        let name = self.word(0).to_ascii_uppercase();
        let told = match &*name {
            b"AUTH" => 1,
            b"HELLO" => 2,
            _ => WORDS_MAX,
        };
        let mut text = String::from_utf8_lossy(&name).into_owned();
        for word in self.words.iter().take(told).skip(1) {
            text.push(' ');
            text.push_str(&String::from_utf8_lossy(&word[..word.len().min(TEXT_BYTES_MAX)]));
        }
        text
    }
}

/// Reads the first words of what begins here: an array of strings, or words on a line.
pub(super) fn read(input: &[u8]) -> Words<'_> {
    match input[0] {
        b'*' => read_array(input),
        b' '..=b'~' | b'\t' | b'\r' | b'\n' => read_line(input),
        _ => Words::Broken,
    }
}

fn read_line(input: &[u8]) -> Words<'_> {
    let line = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => &input[..end],
        None if input.len() < HEAD_BYTES => return Words::More,
        None => input,
    };
    let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    Words::Are(Command { words: words.take(WORDS_MAX).collect() })
}

fn read_array(input: &[u8]) -> Words<'_> {
    let (count, mut rest) = match number(input, b'*') {
        Ok(read) => read,
        Err(words) => return words,
    };
    let mut words = Vec::new();
    while (words.len() as i64) < count.min(WORDS_MAX as i64) {
        let long_enough = input.len() >= HEAD_BYTES;
        let (length, after) = match number(rest, b'$') {
            Ok(read) => read,
            Err(Words::More) if long_enough => break,
            Err(words) => return words,
        };
        let Ok(length) = usize::try_from(length) else { return Words::Broken };
        if let Some((word, after)) = after.split_at_checked(length).filter(|(_, after)| after.len() >= 2) {
            words.push(word);
            rest = &after[2..];
        } else if long_enough {
            words.push(&after[..after.len().min(length)]);
            break;
        } else {
            return Words::More;
        }
    }
    Words::Are(Command { words })
}

/// A line such as `$12`, and what follows it.
fn number(input: &[u8], sign: u8) -> Result<(i64, &[u8]), Words<'_>> {
    if input.first().is_some_and(|first| *first != sign) {
        return Err(Words::Broken);
    }
    let Some(end) = input.iter().take(32).position(|byte| *byte == b'\n') else {
        return Err(if input.len() < 32 { Words::More } else { Words::Broken });
    };
    let digits = std::str::from_utf8(input[1..end].trim_ascii_end()).ok();
    let value = digits.and_then(|digits| digits.parse().ok()).ok_or(Words::Broken)?;
    Ok((value, &input[end + 1..]))
}
