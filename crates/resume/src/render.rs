//! A public résumé as HTML, Markdown and plain text.

mod html;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

pub use html::html;
pub use markdown::markdown;
pub use text::text;

use crate::outline::Entry;

/// The names of an entry, in a row.
fn heading(entry: &Entry, write: impl Fn(&str) -> String) -> String {
    entry.heads.iter().map(|head| write(&head.text)).collect::<Vec<_>>().join(", ")
}
