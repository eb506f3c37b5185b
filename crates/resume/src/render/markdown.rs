//! Markdown (CommonMark).

use std::fmt::Write as _;

use super::heading;
use crate::inline::{Piece, pieces};
use crate::outline::{Entry, Outline};

/// Writes it.
#[must_use]
pub fn markdown(outline: &Outline) -> String {
    let mut out = format!("# {}\n", escaped(&outline.name.text));
    if let Some(label) = &outline.label {
        let _ = write!(out, "\n{}\n", inline(&label.text));
    }
    let contacts = outline.contacts.iter().map(|field| escaped(&field.text));
    let links = outline.links.iter().map(|(url, shown)| link(&url.text, &escaped(shown)));
    let reach: Vec<String> = contacts.chain(links).collect();
    if !reach.is_empty() {
        let _ = write!(out, "\n{}\n", reach.join(" · "));
    }
    if let Some(summary) = &outline.summary {
        let _ = write!(out, "\n{}\n", inline(&summary.text));
    }
    for section in &outline.sections {
        let _ = write!(out, "\n## {}\n", section.title);
        section.entries.iter().for_each(|it| entry(it, &mut out));
    }
    out
}

fn entry(entry: &Entry, out: &mut String) {
    let names = heading(entry, inline);
    let names = entry.url.as_ref().map_or(names.clone(), |url| link(&url.text, &names));
    let dates = if entry.dates.is_empty() { String::new() } else { format!(" ({})", escaped(&entry.dates)) };
    let _ = write!(out, "\n### {names}{dates}\n");
    for text in &entry.texts {
        let _ = write!(out, "\n{}\n", inline(&text.text));
    }
    if !entry.words.is_empty() {
        let words: Vec<String> = entry.words.iter().map(|word| inline(&word.text)).collect();
        let _ = write!(out, "\n{}\n", words.join(", "));
    }
    if !entry.bullets.is_empty() {
        out.push('\n');
    }
    for bullet in &entry.bullets {
        let _ = writeln!(out, "- {}", inline(&bullet.text));
    }
}

fn inline(text: &str) -> String {
    fn write(pieces: &[Piece<'_>]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => escaped(text),
                Piece::Code(text) => format!("`{}`", one_line(text)),
                Piece::Strong(inner) => format!("**{}**", write(inner)),
                Piece::Emphasis(inner) => format!("*{}*", write(inner)),
                Piece::Link(inner, url) => link(url, &write(inner)),
            })
            .collect()
    }
    write(&pieces(text))
}

fn link(url: &str, shown: &str) -> String {
    let safe = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')' | '\\');
    if url.chars().all(safe) { format!("[{shown}]({url})") } else { shown.to_string() }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text on one line in which nothing is a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let begins = text[..at].trim_start().is_empty();
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' => out.extend(['\\', c]),
            '#' | '+' | '-' | '=' if begins => out.extend(['\\', c]),
            // `2021. ` would begin a list.
            '.' | ')' if at > 0 && text[..at].trim_start().bytes().all(|b| b.is_ascii_digit()) => {
                out.extend(['\\', c])
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
