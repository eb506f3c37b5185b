//! Everything that a layout may see: one template, what the templates share, one sheet and the fonts. No other
//! file, no package, no network and no clock.

use std::collections::BTreeSet;
use std::sync::Arc;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, is_default_ignorable};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use crate::fonts::Fonts;
use crate::sheet::Sheet;
use crate::{PAGES_MAX, Template, TypesetError};

/// What stays the same from one layout to the next.
pub(crate) struct Theatre {
    pub(crate) fonts: Arc<Fonts>,
    library: Arc<LazyHash<Library>>,
    templates: Vec<(Template, Source)>,
    common: Source,
    sheet: FileId,
}

impl Theatre {
    pub(crate) fn new() -> Theatre {
        let source = |name: &str, text: &str| Source::new(file(name), text.to_owned());
        let template = |template: Template| (template, source(&format!("{template}.typ"), template.source()));
        Theatre {
            fonts: Arc::new(Fonts::embedded()),
            library: Arc::new(LazyHash::new(Library::default())),
            templates: Template::ALL.into_iter().map(template).collect(),
            common: source("common.typ", include_str!("templates/common.typ")),
            sheet: file("sheet.json"),
        }
    }

    pub(crate) fn stage(&self, sheet: &Sheet, template: Template) -> Stage {
        let chosen = self.templates.iter().find(|(named, _)| *named == template);
        let main = chosen.map_or_else(|| self.common.clone(), |(_, source)| source.clone());
        Stage {
            fonts: Arc::clone(&self.fonts),
            library: Arc::clone(&self.library),
            main,
            common: self.common.clone(),
            sheet: (self.sheet, Bytes::new(sheet.json.clone())),
        }
    }
}

/// A file that is only a name: its contents are in memory.
fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a template's name is a plain file name");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// One layout.
pub(crate) struct Stage {
    fonts: Arc<Fonts>,
    library: Arc<LazyHash<Library>>,
    main: Source,
    common: Source,
    sheet: (FileId, Bytes),
}

/// A résumé laid out and written.
pub(crate) struct Document {
    pub(crate) bytes: Vec<u8>,
    pub(crate) pages: usize,
    /// Each page as SVG, if they were asked for.
    pub(crate) pictures: Vec<String>,
    /// Characters that are seen as an empty box, for no font has them.
    pub(crate) missing: BTreeSet<char>,
}

impl Stage {
    pub(crate) fn perform(&self, with_pictures: bool) -> Result<Document, TypesetError> {
        let laid_out = typst::compile::<PagedDocument>(self).output.map_err(|errors| failure(&errors))?;
        let pages = laid_out.pages();
        let mut missing = BTreeSet::new();
        pages.iter().for_each(|page| boxes(&page.frame, &mut missing));
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("hotseat".to_owned())),
            standards: standards(missing.is_empty())?,
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&laid_out, &options).map_err(|errors| failure(&errors))?;
        // A document that is refused for its length is not drawn either.
        let drawn = if with_pictures && pages.len() <= PAGES_MAX { pages } else { &[] };
        let pictures = drawn.iter().map(|page| typst_svg::svg(page, &SvgOptions::default())).collect();
        Ok(Document { bytes, pages: pages.len(), pictures, missing })
    }
}

/// PDF/UA-1 forbids boxes in place of characters, so a document with one is tagged all the same but promises
/// nothing.
fn standards(complete: bool) -> Result<PdfStandards, TypesetError> {
    let promised: &[PdfStandard] = if complete { &[PdfStandard::Ua_1] } else { &[] };
    PdfStandards::new(promised).map_err(|error| TypesetError::Layout(format!("{error:?}")))
}

fn failure(errors: &[SourceDiagnostic]) -> TypesetError {
    let messages = errors.iter().map(|error| {
        let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v));
        format!("{}{}", error.message, hints.collect::<String>())
    });
    TypesetError::Layout(messages.collect::<Vec<_>>().join("; "))
}

/// Collects the characters whose glyph is the box that a font keeps for what it does not have.
fn boxes(frame: &Frame, missing: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => boxes(&group.frame, missing),
            FrameItem::Text(text) => {
                let boxed = text.glyphs.iter().filter(|glyph| glyph.id == 0);
                let characters = boxed.flat_map(|glyph| text.text[glyph.range()].chars());
                missing.extend(characters.filter(|&c| !is_default_ignorable(c) && !c.is_whitespace()));
            }
            _ => {}
        }
    }
}

impl World for Stage {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.common]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| unknown(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (sheet, contents) = &self.sheet;
        if *sheet == id { Ok(contents.clone()) } else { Err(unknown(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn unknown(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
