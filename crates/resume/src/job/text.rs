//! The text of a job description, whatever it comes in: text, Markdown, HTML or PDF.

use super::JOB_BYTES_MAX;
use crate::reading::{self, ReadingError};

/// Why a job description cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It is too large.
    #[error("the job description has {bytes} bytes; at most {JOB_BYTES_MAX} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is a PDF that cannot be read.
    #[error("the job description: {0}")]
    Pdf(#[from] ReadingError),
    /// It is neither text nor PDF.
    #[error("the job description is neither text nor a PDF; save it as one of them")]
    Binary,
    /// There is no text in it.
    #[error("the job description has no text in it; if it is a picture, copy the text by hand")]
    Empty,
}

/// Reads one.
pub fn read(bytes: &[u8]) -> Result<String, JobError> {
    if bytes.len() > JOB_BYTES_MAX {
        return Err(JobError::TooLarge { bytes: bytes.len() });
    }
    let text = if bytes.starts_with(b"%PDF-") {
        reading::text(bytes)?
    } else if bytes.contains(&0) {
        return Err(JobError::Binary);
    } else {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if looks_like_html(&text) { from_html(&text) } else { text }
    };
    if text.trim().is_empty() { Err(JobError::Empty) } else { Ok(text) }
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2000).collect::<String>().to_lowercase();
    start.starts_with('<')
        || ["<html", "<body", "<div", "<p>", "<ul", "<li", "<br"].iter().any(|it| start.contains(it))
}

/// Tags that end a line.
const BLOCKS: [&str; 22] = [
    "p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "section",
    "article", "header", "footer", "table", "dt", "dd",
];

/// The text of HTML; scripts and styles are no text.
fn from_html(html: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(open) = rest.find('<') {
        push_text(&rest[..open], &mut out);
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.find("-->").map_or("", |end| &after[end + 3..]);
            continue;
        }
        let Some(close) = rest.find('>') else {
            push_text(rest, &mut out);
            return out;
        };
        let tag = rest[1..close].trim_start_matches('/');
        let name: String =
            tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let ends = rest[1..].starts_with('/');
        rest = &rest[close + 1..];
        if !ends && ["script", "style", "noscript", "template"].contains(&name.as_str()) {
            rest = after_end_of(rest, &name);
        } else if BLOCKS.contains(&name.as_str()) {
            out.push_str(if name == "li" && !ends { "\n- " } else { "\n" });
        }
    }
    push_text(rest, &mut out);
    out
}

/// What comes after `</name`.
fn after_end_of<'t>(text: &'t str, name: &str) -> &'t str {
    let end = text.match_indices("</").find(|(at, _)| {
        text.get(at + 2..at + 2 + name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name))
    });
    end.map_or("", |(at, _)| text[at..].find('>').map_or("", |close| &text[at + close + 1..]))
}

/// Text with its entities put into letters, on one line.
fn push_text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if !rest.starts_with('&') {
            out.push(' ');
            rest = &rest[1..];
            continue;
        }
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(at, _)| at);
        match end.and_then(|end| Some((letter(&rest[1..end])?, end))) {
            Some((letter, end)) => {
                out.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn letter(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16).ok());
        return char::from_u32(hexadecimal.unwrap_or_else(|| number.parse().ok())?);
    }
    let known = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("ndash", '–'),
        ("mdash", '—'),
        ("bull", '•'),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("hellip", '…'),
        ("auml", 'ä'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("szlig", 'ß'),
        ("eacute", 'é'),
    ];
    known.iter().find(|(name, _)| *name == entity).map(|(_, letter)| *letter)
}
