//! The first reader: the text in the order in which the file draws it, by lopdf.

use lopdf::{Document, LoadOptions};

use super::ReadingError;

/// One part of a file unpacks to this at most, in bytes.
const PART_BYTES_MAX: usize = 64 * 1024 * 1024;

/// All pages' text.
pub(super) fn text(pdf: &[u8]) -> Result<String, ReadingError> {
    let damaged = |error: lopdf::Error| ReadingError::Damaged(error.to_string());
    let options = LoadOptions { max_decompressed_size: Some(PART_BYTES_MAX), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(pdf, options).map_err(damaged)?;
    if document.is_encrypted() {
        return Err(ReadingError::Encrypted);
    }
    let mut text = String::new();
    for page in document.get_pages().into_keys() {
        // A page that cannot be read leaves a gap, which the comparison shows.
        for chunk in document.extract_text_chunks_with_limit(&[page], PART_BYTES_MAX).into_iter().flatten() {
            text.push_str(&chunk);
        }
        text.push('\n');
    }
    Ok(text)
}
