//! Reads a PDF back: its text in the order of its content and in the order of its layout, its links and promises.

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, String as Text};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};

/// A glyph on a page, in points from the page's lower left corner.
#[derive(Debug, Clone)]
struct Mark {
    text: String,
    x: f64,
    y: f64,
    size: f64,
}

/// What a program finds in a PDF.
pub(crate) struct Reading {
    pages: Vec<Vec<Mark>>,
    texts: Vec<String>,
    /// Width and height of each page in points.
    pub(crate) papers: Vec<(f32, f32)>,
    /// Where links lead, in the order of the pages.
    pub(crate) links: Vec<String>,
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) language: Option<String>,
    /// It says that it is tagged, and has a tree of tags.
    pub(crate) tagged: bool,
    pub(crate) dated: bool,
}

impl Reading {
    pub(crate) fn of(bytes: &[u8]) -> Reading {
        let pdf = Pdf::new(bytes.to_vec()).expect("the PDF can be opened");
        let cache = InterpreterCache::new();
        let mut pages = Vec::new();
        let mut links = Vec::new();
        for page in pdf.pages().iter() {
            let bounds = Rect::new(0.0, 0.0, 2000.0, 2000.0);
            let settings = InterpreterSettings::default();
            let mut context = Context::new(Affine::IDENTITY, bounds, &cache, pdf.xref(), settings);
            let mut marks = Marks::default();
            interpret_page(page, &mut context, &mut marks);
            pages.push(marks.0);
            links.extend(targets(page.raw()));
        }
        let root: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).expect("a root");
        let text = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(decoded);
        Reading {
            texts: pages.iter().map(|marks: &Vec<Mark>| words(marks).join(" ")).collect(),
            pages,
            papers: pdf.pages().iter().map(|page| page.base_dimensions()).collect(),
            links,
            title: text(&pdf.metadata().title),
            author: text(&pdf.metadata().author),
            language: root.get::<Text<'_>>("Lang").map(|lang| decoded(lang.as_bytes())),
            tagged: root.get::<Dict<'_>>("StructTreeRoot").is_some()
                && root.get::<Dict<'_>>("MarkInfo").and_then(|info| info.get::<bool>("Marked")) == Some(true),
            dated: pdf.metadata().creation_date.is_some() || pdf.metadata().modification_date.is_some(),
        }
    }

    /// Words in the order in which the file draws them.
    pub(crate) fn by_content(&self) -> Vec<String> {
        self.pages.iter().flat_map(|marks| words(marks)).collect()
    }

    /// Words as an eye goes: line by line from the top, each from the left.
    pub(crate) fn by_layout(&self) -> Vec<String> {
        let lines = self.pages.iter().flat_map(|marks| lines(marks));
        lines.flat_map(|line| words(&line)).collect()
    }

    /// The lines as an eye sees them.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.pages.iter().flat_map(|marks| lines(marks)).map(|line| words(&line).join(" ")).collect()
    }

    pub(crate) fn text(&self) -> String {
        self.by_content().join(" ")
    }

    /// The widest empty room between two neighbours in a line, in sizes of the text: where it is wide, programs
    /// see two columns.
    pub(crate) fn widest_gap(&self) -> (f64, String) {
        let mut widest = (0.0, String::new());
        for line in self.pages.iter().flat_map(|marks| lines(marks)) {
            for pair in line.windows(2) {
                let gap = (pair[1].x - pair[0].x) / pair[0].size.max(pair[1].size);
                if gap > widest.0 {
                    widest = (gap, words(&line).join(" "));
                }
            }
        }
        widest
    }

    /// How far to the right anything begins, in points.
    pub(crate) fn right_end(&self) -> f64 {
        self.pages.iter().flatten().map(|mark| mark.x).fold(0.0, f64::max)
    }

    /// The pages on which a word stands.
    pub(crate) fn pages_with(&self, word: &str) -> Vec<usize> {
        let pages = self.texts.iter().enumerate();
        pages.filter(|(_, text)| text.contains(word)).map(|(page, _)| page).collect()
    }
}

fn lines(marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut sorted: Vec<Mark> = marks.to_vec();
    sorted.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines: Vec<Vec<Mark>> = Vec::new();
    for mark in sorted {
        match lines.last_mut().filter(|line| (line[0].y - mark.y).abs() < 2.0) {
            Some(line) => line.push(mark),
            None => lines.push(vec![mark]),
        }
    }
    lines.iter_mut().for_each(|line| line.sort_by(|a, b| a.x.total_cmp(&b.x)));
    lines
}

/// Words end at spaces, at a line's end, and where there is room for a space.
fn words(marks: &[Mark]) -> Vec<String> {
    let mut text = String::new();
    let mut before: Option<&Mark> = None;
    for mark in marks {
        let breaks = before.is_some_and(|before| {
            (before.y - mark.y).abs() > 2.0 || (mark.x - before.x).abs() > 1.4 * before.size.max(mark.size)
        });
        text.push_str(if breaks { " " } else { "" });
        text.push_str(&mark.text);
        before = Some(mark);
    }
    text.split_whitespace().map(str::to_owned).collect()
}

fn targets(page: &Dict<'_>) -> Vec<String> {
    let annotations = page.get::<Array<'_>>("Annots");
    let annotations = annotations.iter().flat_map(|annotations| annotations.iter::<Dict<'_>>());
    let links =
        annotations.filter(|it| it.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Link"));
    let action =
        |link: Dict<'_>| link.get::<Dict<'_>>("A")?.get::<Text<'_>>("URI").map(|uri| decoded(uri.as_bytes()));
    links.filter_map(action).collect()
}

/// PDF's texts are UTF-16 with a mark, or nearly Latin-1.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[derive(Default)]
struct Marks(Vec<Mark>);

impl Device<'_> for Marks {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let whole = transform * glyph_transform;
        let origin = whole * Point::ZERO;
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => '\u{fffd}'.to_string(),
        };
        // A glyph's own space has 1000 units to the size of the text.
        let size = whole.determinant().abs().sqrt() * 1000.0;
        self.0.push(Mark { text, x: origin.x, y: origin.y, size });
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
