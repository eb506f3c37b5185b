//! What a machine reads from a PDF: its text in two orders, its links, and glyphs that mean nothing to it.
//! Two readers that share no code: one takes the text as it comes in the file, the other looks only at
//! where each glyph stands on the page.

mod cmap;
mod content;
mod encoding;
mod font;
mod glyphs;
mod guard;
mod layout;
mod links;
#[cfg(test)]
mod tests;

pub(crate) use layout::is_leftward;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

/// The largest PDF that is read, in bytes.
pub const PDF_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most pages that are read.
const PAGES_MAX: usize = 200;
/// Whoever needs longer was made to hang.
const PATIENCE: Duration = Duration::from_secs(20);
/// Deep nesting needs room.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// A glyph that no machine can read as a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeUnmapped)]
pub struct Unmapped {
    /// The page, from 1.
    pub page: usize,
    /// What stands before it.
    pub after: String,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResumeReading)]
pub struct Reading {
    /// How many pages there are.
    pub pages: usize,
    /// How large the file is.
    pub bytes: usize,
    /// The text in the order of the file, by the first reader.
    pub content_order: String,
    /// The text in the order of its places on the page, by the second.
    pub layout_order: String,
    /// Glyphs that mean nothing.
    pub unmapped: Vec<Unmapped>,
    /// Where its links lead.
    pub links: Vec<String>,
}

/// Why a PDF cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// It is too large.
    #[error("the PDF has {bytes} bytes; at most {PDF_BYTES_MAX} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It unpacks to too much.
    #[error("the PDF unpacks to more than {limit} bytes, which no résumé or job description does")]
    Bomb {
        /// What is unpacked at most.
        limit: usize,
    },
    /// It is packed in a way that is not read.
    #[error("the PDF is packed with {0}, which is not read here; save it anew from a current program")]
    Packing(&'static str),
    /// It has too many pages.
    #[error("the PDF has {pages} pages; at most {PAGES_MAX} are read")]
    TooManyPages {
        /// How many.
        pages: usize,
    },
    /// It is encrypted.
    #[error("the PDF asks for a password; save it without one")]
    Encrypted,
    /// It is none, or a broken one.
    #[error("this is no PDF that can be read: {0}")]
    Damaged(String),
    /// Reading did not come to an end.
    #[error("the PDF could not be read within {} s", PATIENCE.as_secs())]
    TooSlow,
}

/// Reads a PDF of unknown origin.
pub fn read(pdf: &[u8]) -> Result<Reading, ReadingError> {
    shielded(pdf, |pdf| {
        let (by_place, links, pages) = by_place(pdf)?;
        Ok(Reading {
            pages,
            bytes: pdf.len(),
            content_order: content::text(pdf)?,
            layout_order: layout::text(&by_place),
            unmapped: glyphs::unmapped(&by_place),
            links,
        })
    })
}

/// The text alone, by places on the page: of a job description, say.
pub fn text(pdf: &[u8]) -> Result<String, ReadingError> {
    shielded(pdf, |pdf| Ok(layout::text(&by_place(pdf)?.0)))
}

type ByPlace = (Vec<Vec<glyphs::Glyph>>, Vec<String>, usize);

fn by_place(pdf: &[u8]) -> Result<ByPlace, ReadingError> {
    let opened = hayro_syntax::Pdf::new(pdf.to_vec()).map_err(|error| match error {
        hayro_syntax::LoadPdfError::Decryption(_) => ReadingError::Encrypted,
        _ => ReadingError::Damaged("its list of objects is broken".into()),
    })?;
    let pages = opened.pages().len();
    if pages == 0 {
        return Err(ReadingError::Damaged("it has no pages".into()));
    }
    if pages > PAGES_MAX {
        return Err(ReadingError::TooManyPages { pages });
    }
    let glyphs = opened.pages().iter().map(glyphs::of_page).collect();
    Ok((glyphs, links::of(&opened), pages))
}

/// Reads on a thread of its own, so that whatever a hostile file does to the reader, we go on.
fn shielded<T: Send + 'static>(
    pdf: &[u8],
    read: impl FnOnce(&[u8]) -> Result<T, ReadingError> + Send + 'static,
) -> Result<T, ReadingError> {
    if pdf.len() > PDF_BYTES_MAX {
        return Err(ReadingError::TooLarge { bytes: pdf.len() });
    }
    guard::check(pdf)?;
    let pdf = pdf.to_vec();
    let (done, result) = mpsc::channel();
    let reader = thread::Builder::new().name("pdf".into()).stack_size(STACK_BYTES).spawn(move || {
        // The receiver is gone when we took too long.
        let _ = done.send(read(&pdf));
    });
    let reader =
        reader.map_err(|error| ReadingError::Damaged(format!("no thread to read it in: {error}")))?;
    match result.recv_timeout(PATIENCE) {
        Ok(read) => read,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(ReadingError::TooSlow),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let _ = reader.join();
            Err(ReadingError::Damaged("it contradicts itself".into()))
        }
    }
}
