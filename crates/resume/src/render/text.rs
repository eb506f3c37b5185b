//! Plain text, as one pastes it into a form.

use std::fmt::Write as _;

use super::heading;
use crate::inline::plain;
use crate::outline::{Entry, Outline};

/// Writes it.
#[must_use]
pub fn text(outline: &Outline) -> String {
    let mut out = format!("{}\n", outline.name.text);
    if let Some(label) = &outline.label {
        let _ = writeln!(out, "{}", plain(&label.text));
    }
    for contact in &outline.contacts {
        let _ = writeln!(out, "{}", contact.text);
    }
    for (url, shown) in &outline.links {
        let whole = if shown.contains(&crate::outline::bare(&url.text)) { shown } else { &url.text };
        let _ = writeln!(out, "{whole}");
    }
    if let Some(summary) = &outline.summary {
        let _ = write!(out, "\n{}\n", plain(&summary.text));
    }
    for section in &outline.sections {
        let _ = write!(out, "\n{}\n", section.title.to_uppercase());
        for it in &section.entries {
            entry(it, &mut out);
        }
    }
    out.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

fn entry(entry: &Entry, out: &mut String) {
    let dates = if entry.dates.is_empty() { String::new() } else { format!(" ({})", entry.dates) };
    let _ = write!(out, "\n{}{dates}\n", heading(entry, plain));
    if let Some(url) = &entry.url {
        let _ = writeln!(out, "{}", url.text);
    }
    for text in &entry.texts {
        let _ = writeln!(out, "{}", plain(&text.text));
    }
    if !entry.words.is_empty() {
        let words: Vec<String> = entry.words.iter().map(|word| plain(&word.text)).collect();
        let _ = writeln!(out, "{}", words.join(", "));
    }
    for bullet in &entry.bullets {
        let _ = writeln!(out, "- {}", plain(&bullet.text));
    }
}
