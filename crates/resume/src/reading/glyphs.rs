//! Every glyph of a page with its place, found by walking through what the page draws.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::Unmapped;
use super::font::Font;

/// A page draws no more glyphs than this.
const GLYPHS_MAX: usize = 200_000;
/// Nor does it take more steps.
const STEPS_MAX: usize = 2_000_000;
/// Forms in forms in forms.
const FORMS_MAX: usize = 6;
/// Saved states.
const STATES_MAX: usize = 512;

/// A glyph on the page; lengths are points, and y grows upwards.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Its left edge.
    pub(super) x0: f64,
    /// Its right edge.
    pub(super) x1: f64,
    /// Its baseline.
    pub(super) y: f64,
    /// How tall it is.
    pub(super) size: f64,
    /// What it stands for; none, if nobody can know.
    pub(super) text: Option<String>,
}

type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

#[derive(Clone)]
struct State {
    place: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    between_letters: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

struct Walk {
    glyphs: Vec<Glyph>,
    fonts: HashMap<Vec<u8>, Rc<Font>>,
    state: State,
    saved: Vec<State>,
    /// Where the next glyph goes, and where its line began.
    text: Matrix,
    line: Matrix,
    steps: usize,
}

/// The glyphs of a page, in the order in which they are drawn.
pub(super) fn of_page(page: &Page<'_>) -> Vec<Glyph> {
    let state = State {
        place: IDENTITY,
        font: None,
        size: 0.0,
        between_letters: 0.0,
        between_words: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    let (glyphs, fonts, saved) = (Vec::new(), HashMap::new(), Vec::new());
    let mut walk = Walk { glyphs, fonts, state, saved, text: IDENTITY, line: IDENTITY, steps: 0 };
    walk.through(page.typed_operations(), page.resources(), FORMS_MAX);
    walk.glyphs
}

/// Glyphs that mean nothing, each with what stands before it.
pub(super) fn unmapped(pages: &[Vec<Glyph>]) -> Vec<Unmapped> {
    let mut found = Vec::new();
    for (page, glyphs) in (1..).zip(pages) {
        let mut before: Vec<&str> = Vec::new();
        for glyph in glyphs {
            match &glyph.text {
                Some(text) => before.push(text),
                None => {
                    found.push(Unmapped { page, after: before[before.len().saturating_sub(20)..].concat() })
                }
            }
        }
    }
    found
}

impl Walk {
    fn through(&mut self, mut steps: TypedIter<'_>, resources: &Resources<'_>, forms: usize) {
        while let Some(step) = steps.next() {
            self.steps += 1;
            if self.steps > STEPS_MAX || self.glyphs.len() > GLYPHS_MAX {
                return;
            }
            match step {
                TypedInstruction::SaveState(_) if self.saved.len() < STATES_MAX => {
                    self.saved.push(self.state.clone())
                }
                TypedInstruction::RestoreState(_) => {
                    if let Some(state) = self.saved.pop() {
                        self.state = state;
                    }
                }
                TypedInstruction::Transform(m) => {
                    let m = [m.0, m.1, m.2, m.3, m.4, m.5].map(|it| it.as_f64());
                    self.state.place = then(m, self.state.place);
                }
                TypedInstruction::XObject(form) if forms > 0 => {
                    if let Some(stream) = resources.get_x_object(form.0) {
                        self.form(&stream, resources, forms - 1);
                    }
                }
                step => self.text_step(&step, resources),
            }
        }
    }

    fn text_step(&mut self, step: &TypedInstruction<'_, '_>, resources: &Resources<'_>) {
        match step {
            TypedInstruction::BeginText(_) => (self.text, self.line) = (IDENTITY, IDENTITY),
            TypedInstruction::TextFont(font) => {
                self.state.size = font.1.as_f64();
                self.state.font = self.font(font.0, resources);
            }
            TypedInstruction::CharacterSpacing(it) => self.state.between_letters = it.0.as_f64(),
            TypedInstruction::WordSpacing(it) => self.state.between_words = it.0.as_f64(),
            TypedInstruction::HorizontalScaling(it) => self.state.stretch = it.0.as_f64() / 100.0,
            TypedInstruction::TextLeading(it) => self.state.leading = it.0.as_f64(),
            TypedInstruction::TextRise(it) => self.state.rise = it.0.as_f64(),
            TypedInstruction::NextLine(it) => self.next_line(it.0.as_f64(), it.1.as_f64()),
            TypedInstruction::NextLineAndSetLeading(it) => {
                self.state.leading = -it.1.as_f64();
                self.next_line(it.0.as_f64(), it.1.as_f64());
            }
            TypedInstruction::SetTextMatrix(m) => {
                self.line = [m.0, m.1, m.2, m.3, m.4, m.5].map(|it| it.as_f64());
                self.text = self.line;
            }
            TypedInstruction::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            TypedInstruction::ShowText(it) => self.show(it.0.as_bytes()),
            TypedInstruction::NextLineAndShowText(it) => {
                self.next_line(0.0, -self.state.leading);
                self.show(it.0.as_bytes());
            }
            TypedInstruction::ShowTextWithParameters(it) => {
                (self.state.between_words, self.state.between_letters) = (it.0.as_f64(), it.1.as_f64());
                self.next_line(0.0, -self.state.leading);
                self.show(it.2.as_bytes());
            }
            TypedInstruction::ShowTexts(it) => {
                for part in it.0.iter::<Object<'_>>() {
                    match part {
                        Object::String(text) => self.show(text.as_bytes()),
                        Object::Number(back) => {
                            self.forward(-back.as_f64() / 1000.0 * self.state.size * self.state.stretch);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn form(&mut self, stream: &Stream<'_>, around: &Resources<'_>, forms: usize) {
        let dict = stream.dict();
        if dict.get::<Name<'_>>("Subtype").is_none_or(|it| it.as_str() != "Form") {
            return;
        }
        let Ok(content) = stream.decoded() else { return };
        let own = dict.get::<Dict<'_>>("Resources").unwrap_or_default();
        let resources = Resources::from_parent(own, around.clone());
        let before = self.state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
            self.state.place = then(matrix, self.state.place);
        }
        // A form's names are its own.
        let fonts = std::mem::take(&mut self.fonts);
        let depth = self.saved.len();
        self.through(TypedIter::new(&content), &resources, forms);
        self.saved.truncate(depth);
        self.fonts = fonts;
        self.state = before;
    }

    fn font(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Option<Rc<Font>> {
        if let Some(font) = self.fonts.get(name.as_str().as_bytes()) {
            return Some(Rc::clone(font));
        }
        let font = Rc::new(Font::of(&resources.get_font(name)?));
        self.fonts.insert(name.as_str().as_bytes().to_vec(), Rc::clone(&font));
        Some(font)
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn forward(&mut self, x: f64) {
        self.text = then([1.0, 0.0, 0.0, 1.0, x, 0.0], self.text);
    }

    fn show(&mut self, text: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        let state = self.state.clone();
        for code in font.codes(text) {
            let width = font.width(code.code) * state.size * state.stretch;
            let place = then(self.text, state.place);
            let at = |x: f64, y: f64| {
                (x * place[0] + y * place[2] + place[4], x * place[1] + y * place[3] + place[5])
            };
            let ((x0, y), (x1, _)) = (at(0.0, state.rise), at(width, state.rise));
            let size = state.size.abs() * place[2].hypot(place[3]);
            // What stands at no place stands nowhere.
            if [x0, x1, y, size].iter().all(|it| it.is_finite()) && self.glyphs.len() <= GLYPHS_MAX {
                let text = font.letters(code.code);
                self.glyphs.push(Glyph { x0: x0.min(x1), x1: x0.max(x1), y, size, text });
            }
            let blank = if code.is_blank { state.between_words } else { 0.0 };
            self.forward(width + (state.between_letters + blank) * state.stretch);
        }
    }
}
