//! Texts made ready for a template: cleaned, taken apart into runs, with a direction and places to break.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::field::Field;
use crate::inline::{self, Run};

/// A shorter word is not broken at a hyphen or a slash either: what is torn at a line's end, a machine reads as two.
const WHOLE_CHARS_MAX: usize = 48;
/// A word of more characters gets places where it may break: no line holds it.
const WORD_CHARS_MAX: usize = 60;
/// So many characters stay together in such a word.
const PIECE_CHARS: usize = 8;
/// Typst takes no longer ones.
const URL_BYTES_MAX: usize = 4000;

/// One line or one paragraph.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Line {
    /// It runs from right to left.
    pub(crate) rtl: bool,
    runs: Vec<Piece>,
}

#[derive(Debug, Clone, Serialize)]
struct Piece {
    text: String,
    strong: bool,
    emphasis: bool,
    code: bool,
    url: Option<String>,
    /// A line may break before it.
    gap: bool,
    /// A line may not break within it.
    whole: bool,
}

impl Line {
    pub(crate) fn chars(&self) -> usize {
        self.runs.iter().map(|run| run.text.chars().count()).sum()
    }

    /// Makes the whole line a link, unless it holds one already.
    pub(crate) fn linked(mut self, url: Option<&str>) -> Line {
        if self.runs.iter().all(|run| run.url.is_none()) {
            self.runs.iter_mut().for_each(|run| run.url = url.map(str::to_owned));
        }
        self
    }

    /// Several lines as one.
    pub(crate) fn joined(lines: impl IntoIterator<Item = Line>, separator: &str) -> Option<Line> {
        lines.into_iter().reduce(|mut whole, next| {
            whole.runs.extend(Writer::pieces(Run { text: separator.to_owned(), ..Run::default() }));
            whole.runs.extend(next.runs);
            whole
        })
    }

    /// The text between two others.
    pub(crate) fn between(self, before: &str, after: &str) -> Line {
        let word = |text: &str| Writer::pieces(Run { text: text.to_owned(), ..Run::default() });
        let runs = word(before).into_iter().chain(self.runs).chain(word(after)).collect();
        Line { rtl: self.rtl, runs }
    }
}

/// Makes lines of fields, and keeps what there is to say about them.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) warnings: Vec<String>,
    /// All texts together.
    pub(crate) bytes: usize,
    /// Every character that will be shown.
    pub(crate) characters: BTreeSet<char>,
    /// How many texts run from left to right, less those that run from right to left.
    pub(crate) rightward: isize,
}

impl Writer {
    /// A field's text with its inline Markdown read.
    pub(crate) fn line(&mut self, field: &Field<'_>) -> Option<Line> {
        let text = field.text()?;
        self.marked(&text, field)
    }

    /// A text as it stands, without Markdown: addresses, dates.
    pub(crate) fn plain(&mut self, text: &str, field: &Field<'_>) -> Option<Line> {
        let text = self.cleaned(text, field);
        let run = Run { text, ..Run::default() };
        (!run.text.is_empty()).then(|| self.of_runs(vec![run]))
    }

    /// A field's paragraphs: blank lines stand between them.
    pub(crate) fn paragraphs(&mut self, field: &Field<'_>) -> Vec<Line> {
        let text = field.text().unwrap_or_default().replace("\r\n", "\n").replace('\u{2029}', "\n\n");
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let paragraphs = lines.split(|line| line.is_empty());
        paragraphs.filter_map(|lines| self.marked(&lines.join(" "), field)).collect()
    }

    /// Where a link leads, if it leads anywhere that a reader should be sent.
    pub(crate) fn url(&mut self, written: &str, field: &Field<'_>) -> Option<String> {
        let url = written.trim();
        let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let known = matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "tel"));
        let bare = !url.contains(':') && url.split('/').next().is_some_and(|host| host.contains('.'));
        let clean =
            !url.contains(|c: char| c.is_whitespace() || c.is_control()) && url.len() <= URL_BYTES_MAX;
        match (clean, known, bare) {
            (true, true, _) => Some(url.to_owned()),
            (true, false, true) => Some(format!("https://{url}")),
            _ => {
                let shown: String = url.chars().take(80).collect();
                let warning = format!(
                    "{}: {shown:?} is no address that a link can lead to, so it is only text; write http://, \
                     https://, mailto: or tel:",
                    field.place()
                );
                self.warnings.push(warning);
                None
            }
        }
    }

    fn marked(&mut self, text: &str, field: &Field<'_>) -> Option<Line> {
        let text = self.cleaned(text, field);
        let mut runs = inline::runs(&text);
        for run in &mut runs {
            run.url = run.url.take().and_then(|url| self.url(&url, field));
        }
        if runs.is_empty() {
            return None;
        }
        self.rightward += match direction(&runs) {
            Some(true) => -1,
            Some(false) => 1,
            None => 0,
        };
        Some(self.of_runs(runs))
    }

    fn of_runs(&mut self, runs: Vec<Run>) -> Line {
        self.characters.extend(runs.iter().flat_map(|run| run.text.chars()));
        let rtl = direction(&runs).unwrap_or(false);
        self.bytes += runs.iter().map(|run| run.text.len()).sum::<usize>();
        Line { rtl, runs: runs.into_iter().flat_map(Writer::pieces).collect() }
    }

    /// White space becomes single spaces; what cannot be shown is left out, and said if anyone would miss it.
    fn cleaned(&mut self, text: &str, field: &Field<'_>) -> String {
        let mut kept = String::with_capacity(text.len());
        let mut told = BTreeSet::new();
        for c in text.trim().chars() {
            let is_override = matches!(c, '\u{202d}' | '\u{202e}');
            // A no-break space is a wish; other white space is how the file was written.
            if c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}') {
                if !kept.ends_with(' ') {
                    kept.push(' ');
                }
            } else if c.is_control() || is_override {
                if told.insert(c) {
                    self.warnings.push(format!(
                        "{}: the control character U+{:04X} cannot be shown and was left out",
                        field.place(),
                        c as u32
                    ));
                }
            // A soft hyphen and a byte order mark are invisible, and would tear words when the PDF is read.
            } else if !matches!(c, '\u{ad}' | '\u{feff}') {
                kept.push(c);
            }
        }
        kept
    }

    /// A run in pieces: words that must not break, places where very long ones may, and all that is between.
    fn pieces(run: Run) -> Vec<Piece> {
        let piece = |text: &str, gap, whole| Piece {
            text: text.to_owned(),
            gap,
            whole,
            strong: run.strong,
            emphasis: run.emphasis,
            code: run.code,
            url: run.url.clone(),
        };
        let mut pieces = Vec::new();
        let mut plain_from = 0;
        let mut at = 0;
        for word in run.text.split_inclusive(' ') {
            let (from, letters) = (at, word.trim_end_matches(' '));
            at += word.len();
            let long = letters.chars().count() > WORD_CHARS_MAX;
            if !long && !may_break(letters) {
                continue;
            }
            if plain_from < from {
                pieces.push(piece(&run.text[plain_from..from], false, false));
            }
            match long {
                true => pieces
                    .extend(cut(letters).into_iter().enumerate().map(|(i, cut)| piece(cut, i > 0, false))),
                false => pieces.push(piece(letters, false, true)),
            }
            plain_from = from + letters.len();
        }
        if plain_from < run.text.len() {
            pieces.push(piece(&run.text[plain_from..], false, false));
        }
        pieces
    }
}

/// Whether a line could break within this word.
fn may_break(word: &str) -> bool {
    let harmless = |c: char| c.is_alphanumeric() || ".,'’_@".contains(c);
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    !inside.chars().all(harmless) && word.chars().count() <= WHOLE_CHARS_MAX
}

/// A very long word in short parts. A part begins with a letter of its own: never inside of an emoji or between a
/// letter and its accent.
fn cut(word: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut chars = 0;
    for (at, c) in word.char_indices() {
        if chars >= PIECE_CHARS && c.is_alphanumeric() {
            cuts.push(at);
            chars = 0;
        }
        chars += 1;
    }
    cuts.push(word.len());
    cuts.windows(2).map(|pair| &word[pair[0]..pair[1]]).collect()
}

/// Whether a text runs from right to left, as its first letter does; nothing for what has no letters.
fn direction(runs: &[Run]) -> Option<bool> {
    let mut letters = runs.iter().flat_map(|run| run.text.chars()).filter(|c| c.is_alphabetic());
    letters.next().map(|c| {
        matches!(u32::from(c),
            0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x10800..=0x10fff | 0x1e800..=0x1efff)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn pieces_are_the_whole_text(text in "([a-z]{1,70}|[-/#é👩🏽‍💻 ]){0,40}") {
            let pieces = Writer::pieces(Run { text: text.clone(), ..Run::default() });
            assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
            assert!(pieces.iter().all(|piece| !(piece.whole && piece.gap)));
        }
    }
}
