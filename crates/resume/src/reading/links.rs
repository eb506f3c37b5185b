//! Where a PDF's links lead. Nothing is fetched.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, String as Text};

/// More links than this no résumé has.
const LINKS_MAX: usize = 10_000;

/// The addresses behind the annotations of all pages, in their order.
pub(super) fn of(pdf: &Pdf) -> Vec<String> {
    let mut found = Vec::new();
    for page in pdf.pages().iter() {
        let Some(notes) = page.raw().get::<Array<'_>>("Annots") else { continue };
        for note in notes.iter::<Dict<'_>>() {
            let address = note.get::<Dict<'_>>("A").and_then(|action| action.get::<Text<'_>>("URI"));
            if let Some(address) = address
                && found.len() < LINKS_MAX
            {
                found.push(String::from_utf8_lossy(address.as_bytes()).into_owned());
            }
        }
    }
    found
}
