//! A font as far as reading needs it: how codes are cut, what they stand for, how wide they are.

use std::collections::HashMap;

use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::cmap::{CMap, number};
use super::encoding::{named, windows};

/// Widths are in thousandths of the font's size.
const WIDTH: f64 = 500.0;
/// So many widths are kept at most.
const WIDTHS_MAX: usize = 100_000;

/// A font.
pub(super) struct Font {
    code_bytes: usize,
    to_unicode: CMap,
    /// What bytes stand for by the font's own list.
    differences: HashMap<u32, String>,
    composite: bool,
    widths: HashMap<u32, f64>,
    usual_width: f64,
}

/// A code of a text.
pub(super) struct Code {
    /// As a number.
    pub(super) code: u32,
    /// It is the single byte 32, which word spacing widens.
    pub(super) is_blank: bool,
}

impl Font {
    /// Reads one.
    pub(super) fn of(dict: &Dict<'_>) -> Font {
        let composite = dict.get::<Name<'_>>("Subtype").is_some_and(|it| it.as_str() == "Type0");
        let map = dict
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|it| it.decoded().ok().map(|text| CMap::read(&text)));
        let to_unicode = map.unwrap_or_default();
        let code_bytes = if composite { to_unicode.code_bytes.unwrap_or(2).clamp(1, 4) } else { 1 };
        let mut font = Font {
            code_bytes,
            to_unicode,
            differences: HashMap::new(),
            composite,
            widths: HashMap::new(),
            usual_width: WIDTH,
        };
        if composite {
            font.read_composite(dict);
        } else {
            font.read_plain(dict);
        }
        font
    }

    fn read_composite(&mut self, dict: &Dict<'_>) {
        let below = dict.get::<Array<'_>>("DescendantFonts").and_then(|it| it.iter::<Dict<'_>>().next());
        let Some(below) = below else { return };
        self.usual_width = below.get::<f64>("DW").unwrap_or(1000.0);
        let Some(widths) = below.get::<Array<'_>>("W") else { return };
        let mut pending: Vec<f64> = Vec::new();
        for object in widths.iter::<Object<'_>>() {
            match object {
                Object::Number(it) => pending.push(it.as_f64()),
                Object::Array(list) => {
                    let first = pending.pop().unwrap_or(0.0) as u32;
                    for (code, width) in (first..).zip(list.iter::<f64>()).take(WIDTHS_MAX) {
                        self.widths.insert(code, width);
                    }
                    pending.clear();
                }
                _ => {}
            }
            if let [first, last, width] = pending[..] {
                for code in (first as u32..=last as u32).take(WIDTHS_MAX) {
                    self.widths.insert(code, width);
                }
                pending.clear();
            }
            if self.widths.len() > WIDTHS_MAX {
                return;
            }
        }
    }

    fn read_plain(&mut self, dict: &Dict<'_>) {
        let first = dict.get::<f64>("FirstChar").unwrap_or(0.0) as u32;
        if let Some(widths) = dict.get::<Array<'_>>("Widths") {
            self.widths = (first..).zip(widths.iter::<f64>()).take(256).collect();
        }
        let encoding = dict.get::<Dict<'_>>("Encoding");
        let Some(list) = encoding.and_then(|it| it.get::<Array<'_>>("Differences")) else { return };
        let mut code = 0;
        for object in list.iter::<Object<'_>>() {
            match object {
                Object::Number(it) => code = it.as_f64() as u32,
                Object::Name(name) => {
                    if let Some(text) = named(name.as_str()) {
                        self.differences.insert(code, text);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// Cuts a text into its codes.
    pub(super) fn codes<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = Code> + 't {
        text.chunks(self.code_bytes).map(|code| Code { code: number(code), is_blank: code == b" " })
    }

    /// What a code stands for; none, if no machine can know.
    pub(super) fn letters(&self, code: u32) -> Option<String> {
        let text = match self.to_unicode.letters(code) {
            Some(text) => text.to_string(),
            None if self.composite => return None,
            None => match self.differences.get(&code) {
                Some(text) => text.clone(),
                // A map that leaves a code out means it.
                None if !self.to_unicode.is_empty() => return None,
                None => windows(u8::try_from(code).ok()?)?.to_string(),
            },
        };
        let meaningless =
            |c: char| matches!(c, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
        (!text.is_empty() && !text.chars().any(meaningless)).then_some(text)
    }

    /// How wide a code is, in parts of the font's size.
    pub(super) fn width(&self, code: u32) -> f64 {
        self.widths.get(&code).copied().unwrap_or(self.usual_width) / 1000.0
    }
}
