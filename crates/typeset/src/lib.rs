//! Turns a résumé into a PDF in process: no network, no browser, no file but the fonts and templates inside.
//!
//! A résumé in JSON Resume's shape becomes a [`sheet`]: sections, entries and lines whose texts are data. A
//! template lays the sheet out through typst, which runs here as a library. Nothing that a learner wrote is ever
//! read as code: the sheet reaches the template as a JSON file in memory, and its texts are strings to the end.

mod dates;
mod error;
mod field;
mod fonts;
mod glyphs;
mod inline;
mod sections;
mod sheet;
mod stage;
mod template;
mod writing;

pub use error::TypesetError;
pub use inline::{Run, runs};
pub use template::{Paper, Template};

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use serde_json::Value;

use fonts::Fonts;
use sheet::Sheet;
use stage::{Stage, Theatre};

/// No résumé is longer; what is has been made by mistake.
pub const PAGES_MAX: usize = 100;
/// All texts of a résumé together, in bytes. It bounds the time that a layout can take.
pub const TEXT_BYTES_MAX: usize = 500_000;
/// The copyright of the fonts inside and their licence, which has to come along with them.
pub const FONT_LICENCE: &str = include_str!("../fonts/OFL.txt");
/// A layout that takes longer is given up. A page takes some milliseconds.
const LAYOUT_TIME_MAX: Duration = Duration::from_secs(60);
/// Typst descends deeply, above all without optimisation.
const STACK_BYTES: usize = 16 << 20;
/// Results of so many layouts ago are forgotten.
const CACHE_AGE_MAX: usize = 8;

/// A finished document.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file's contents. The same résumé gives the same bytes.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What a reader will miss, each with the field it stands in: a character that no font has, a link that leads
    /// nowhere.
    pub warnings: Vec<String>,
}

/// A finished document with what its pages look like.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The document.
    pub pdf: Pdf,
    /// Each page as SVG: glyphs are outlines, so no font has to be there.
    pub pictures: Vec<String>,
}

/// Makes PDFs. It keeps fonts, templates and earlier layouts, so a second one after an edit is much faster.
pub struct Typesetter {
    theatre: Theatre,
    /// The characters that this machine's fonts were searched for; nothing if they are not to be searched.
    searched: Option<BTreeSet<char>>,
}

impl Typesetter {
    /// Fonts of this machine are searched once a résumé needs a character that the fonts inside do not have.
    #[must_use]
    pub fn new() -> Typesetter {
        Typesetter { theatre: Theatre::new(), searched: Some(BTreeSet::new()) }
    }

    /// Uses only the fonts inside, so that every machine makes the same PDF.
    #[must_use]
    pub fn without_system_fonts() -> Typesetter {
        Typesetter { theatre: Theatre::new(), searched: None }
    }

    /// Lays out `resume`, which has the shape of JSON Resume 1.x; fields that it does not know are passed over.
    ///
    /// # Errors
    /// When the résumé is no object, is too long, or took too long; and when typst fails, which is our fault.
    pub fn pdf(&mut self, resume: &Value, template: Template, paper: Paper) -> Result<Pdf, TypesetError> {
        self.lay_out(resume, template, paper, false).map(|drawn| drawn.pdf)
    }

    /// The same, with a picture of each page from the same layout.
    ///
    /// # Errors
    /// Those of [`Typesetter::pdf`].
    pub fn drawn(&mut self, resume: &Value, template: Template, paper: Paper) -> Result<Drawn, TypesetError> {
        self.lay_out(resume, template, paper, true)
    }

    fn lay_out(
        &mut self,
        resume: &Value,
        template: Template,
        paper: Paper,
        with_pictures: bool,
    ) -> Result<Drawn, TypesetError> {
        let sheet = Sheet::read(resume, paper)?;
        self.search_fonts_for(&sheet);
        let stage = self.theatre.stage(&sheet, template);
        let document = perform(stage, with_pictures)?;
        if document.pages > PAGES_MAX {
            return Err(TypesetError::TooManyPages { pages: document.pages, pages_max: PAGES_MAX });
        }
        let mut warnings = sheet.warnings;
        warnings.extend(glyphs::warnings(&document.missing, resume));
        let pdf = Pdf { bytes: document.bytes, pages: document.pages, warnings };
        Ok(Drawn { pdf, pictures: document.pictures })
    }

    fn search_fonts_for(&mut self, sheet: &Sheet) {
        let Some(searched) = &mut self.searched else { return };
        let missing = self.theatre.fonts.without(&sheet.characters);
        if !missing.is_subset(searched) {
            searched.extend(missing);
            // What was found before is found again, for it is still among what is searched.
            let found = fonts::on_this_machine(searched);
            self.theatre.fonts = Arc::new(Fonts::embedded_and(found));
        }
    }
}

impl Default for Typesetter {
    fn default() -> Typesetter {
        Typesetter::new()
    }
}

/// Runs the layout on a thread of its own: typst cannot be interrupted, but it can be left behind. It ends by
/// itself, for its input is bounded.
fn perform(stage: Stage, with_pictures: bool) -> Result<stage::Document, TypesetError> {
    let (sender, receiver) = sync_channel(1);
    std::thread::Builder::new()
        .name("typeset".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let outcome = stage.perform(with_pictures);
            typst::comemo::evict(CACHE_AGE_MAX);
            // Nobody listens any more once the time is up.
            let _ = sender.send(outcome);
        })
        .map_err(TypesetError::NoThread)?;
    receiver.recv_timeout(LAYOUT_TIME_MAX).unwrap_or_else(|missed| {
        Err(match missed {
            RecvTimeoutError::Timeout => TypesetError::TooSlow { seconds_max: LAYOUT_TIME_MAX.as_secs() },
            RecvTimeoutError::Disconnected => {
                TypesetError::Layout("the layout ended without an answer".to_owned())
            }
        })
    })
}
