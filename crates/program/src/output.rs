//! The last output of a program: bounded, with times, and always printable.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// How much of the output is kept.
pub(crate) const KEPT_BYTES: usize = 64 * 1024;
/// Pieces that arrive this close to each other become one chunk, so that a chunk is never only its own overhead.
const TOGETHER_MS: u64 = 5;

/// Where a program wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Something a program wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// When it arrived, from the program's start.
    pub at_ms: u64,
    /// Where it was written.
    pub stream: Stream,
    /// The text. What is no UTF-8 is U+FFFD, and control characters other than line feed and tab are their
    /// pictures (`␛`), so that no program plays tricks on a terminal.
    pub text: String,
}

/// The last 64 KiB that a program wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// In the order of arrival; between the two streams, that is near the order of writing.
    pub chunks: Vec<Chunk>,
    /// How much it wrote in all.
    pub bytes_total: u64,
    /// Whether `chunks` are not everything.
    pub is_cut: bool,
}

impl Output {
    /// Both streams as one text.
    pub fn text(&self) -> String {
        self.chunks.iter().map(|chunk| chunk.text.as_str()).collect()
    }

    /// One stream as one text.
    pub fn text_of(&self, stream: Stream) -> String {
        self.chunks.iter().filter(|chunk| chunk.stream == stream).map(|chunk| chunk.text.as_str()).collect()
    }

    /// The end of the text for a message: at most this many lines, and 2000 characters.
    pub fn last_lines(&self, lines_max: usize) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let last = lines[lines.len().saturating_sub(lines_max)..].join("\n");
        let cut = last.char_indices().rev().nth(1999).map_or(0, |(at, _)| at);
        last[cut..].to_owned()
    }
}

/// Keeps the last output while it arrives.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    pieces: VecDeque<Piece>,
    kept_bytes: usize,
    bytes_total: u64,
}

#[derive(Debug)]
struct Piece {
    at_ms: u64,
    stream: Stream,
    bytes: Vec<u8>,
}

impl Ring {
    /// Takes what arrived, and forgets the oldest.
    pub(crate) fn push(&mut self, at_ms: u64, stream: Stream, bytes: &[u8]) {
        self.bytes_total += bytes.len() as u64;
        let bytes = &bytes[bytes.len().saturating_sub(KEPT_BYTES)..];
        self.kept_bytes += bytes.len();
        match self.pieces.back_mut() {
            Some(last) if last.stream == stream && at_ms < last.at_ms + TOGETHER_MS => {
                last.bytes.extend_from_slice(bytes);
            }
            _ => self.pieces.push_back(Piece { at_ms, stream, bytes: bytes.to_vec() }),
        }
        while self.kept_bytes > KEPT_BYTES {
            let surplus = self.kept_bytes - KEPT_BYTES;
            let Some(first) = self.pieces.front_mut() else { break };
            let dropped = surplus.min(first.bytes.len());
            first.bytes.drain(..dropped);
            self.kept_bytes -= dropped;
            if first.bytes.is_empty() {
                self.pieces.pop_front();
            }
        }
    }

    /// What is kept, as text.
    pub(crate) fn output(&self) -> Output {
        // A character whose bytes arrived in two pieces belongs to the later one.
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut chunks: Vec<Chunk> = Vec::new();
        for piece in &self.pieces {
            let carried = if piece.stream == Stream::Out { &mut out } else { &mut err };
            carried.extend_from_slice(&piece.bytes);
            let begun = carried.split_off(whole_characters(carried));
            let text = printable(carried);
            *carried = begun;
            if !text.is_empty() {
                chunks.push(Chunk { at_ms: piece.at_ms, stream: piece.stream, text });
            }
        }
        for (stream, rest) in [(Stream::Out, out), (Stream::Err, err)] {
            if let Some(last) = chunks.iter_mut().rev().find(|chunk| chunk.stream == stream) {
                last.text.push_str(&printable(&rest));
            } else if !rest.is_empty() {
                chunks.push(Chunk { at_ms: 0, stream, text: printable(&rest) });
            }
        }
        Output { chunks, bytes_total: self.bytes_total, is_cut: self.bytes_total > self.kept_bytes as u64 }
    }
}

/// How many bytes come before a character at the end that has begun and may still become whole.
fn whole_characters(bytes: &[u8]) -> usize {
    // A character has four bytes at most, so only its first three can be waiting for more.
    let from = bytes.len().saturating_sub(3);
    let begins = (from..bytes.len()).rev().find(|&at| bytes[at] >= 0xC0);
    match begins {
        Some(at) if std::str::from_utf8(&bytes[at..]).is_err_and(|error| error.error_len().is_none()) => at,
        _ => bytes.len(),
    }
}

fn printable(bytes: &[u8]) -> String {
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // The second set of control characters, and those that reorder a line.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    // Carriage returns before a line feed are how some systems end a line.
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").chars().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ring(pieces: &[&[u8]]) -> Ring {
        let mut ring = Ring::default();
        for (index, piece) in pieces.iter().enumerate() {
            ring.push(index as u64 * 100, Stream::Out, piece);
        }
        ring
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        let text = ring(&[b"\x1b[2Jred\x07\r\n\xff done\tx"]).output().text();
        assert_eq!(text, "\u{241b}[2Jred\u{2407}\n\u{fffd} done\tx");
    }

    #[test]
    fn a_character_in_two_pieces_is_one() {
        let output = ring(&["na\u{ef}ve".as_bytes().split_at(3).0, "na\u{ef}ve".as_bytes().split_at(3).1]);
        assert_eq!(output.output().text(), "na\u{ef}ve");
    }

    #[test]
    fn the_end_of_a_flood_is_kept_and_all_of_it_counted() {
        let mut ring = Ring::default();
        for number in 0..100_000_u64 {
            ring.push(number, Stream::Err, format!("line {number}\n").as_bytes());
        }
        let output = ring.output();
        assert!(output.is_cut && output.text().len() <= KEPT_BYTES);
        assert_eq!(output.bytes_total, 1_088_890);
        assert!(output.last_lines(2).ends_with("line 99998\nline 99999"));
    }

    proptest! {
        #[test]
        fn where_the_pieces_end_does_not_show(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            cuts in prop::collection::vec(0_usize..200, 0..6),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let whole = ring(&[&bytes]).output().text().replace('\u{240d}', "");
            prop_assert_eq!(ring(&pieces).output().text().replace('\u{240d}', ""), whole);
        }

        #[test]
        fn nothing_unprintable_comes_out(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let text = ring(&[&bytes]).output().text();
            prop_assert!(text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
        }
    }
}
