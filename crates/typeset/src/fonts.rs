//! The fonts inside, and those of this machine for writing that the ones inside do not have.

use std::collections::BTreeSet;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo, is_default_ignorable};
use typst::utils::LazyHash;

/// Latin, Greek and Cyrillic in three families, Arabic, Hebrew, and emoji in one colour. Their licence is the
/// SIL Open Font License; see `fonts/README.md`.
const EMBEDDED: [&[u8]; 14] = [
    include_bytes!("../fonts/SourceSans3-Regular.ttf"),
    include_bytes!("../fonts/SourceSans3-Italic.ttf"),
    include_bytes!("../fonts/SourceSans3-SemiBold.ttf"),
    include_bytes!("../fonts/SourceSans3-SemiBoldItalic.ttf"),
    include_bytes!("../fonts/SourceSerif4-Regular.ttf"),
    include_bytes!("../fonts/SourceSerif4-Italic.ttf"),
    include_bytes!("../fonts/SourceSerif4-SemiBold.ttf"),
    include_bytes!("../fonts/SourceSerif4-SemiBoldItalic.ttf"),
    include_bytes!("../fonts/IBMPlexMono-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-SemiBold.ttf"),
    include_bytes!("../fonts/NotoEmoji-Regular.ttf"),
];

/// Fonts in the order in which typst numbers them.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
}

impl Fonts {
    pub(crate) fn embedded() -> Fonts {
        Fonts::embedded_and(Vec::new())
    }

    pub(crate) fn embedded_and(others: Vec<Font>) -> Fonts {
        let faces: Vec<Font> =
            EMBEDDED.iter().flat_map(|data| Font::iter(Bytes::new(*data))).chain(others).collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
    }

    /// The characters that none of these fonts has.
    pub(crate) fn without(&self, characters: &BTreeSet<char>) -> BTreeSet<char> {
        let seen = |c: char| !c.is_whitespace() && !is_default_ignorable(c);
        let known = |c: char| self.faces.iter().any(|face| covers(face.info(), c));
        characters.iter().copied().filter(|&c| seen(c) && !known(c)).collect()
    }
}

fn covers(info: &FontInfo, c: char) -> bool {
    info.coverage.contains(u32::from(c))
}

/// The faces of this machine that have any of these characters. Upright ones of usual weight come first, and what
/// one face has is not looked for in the next.
pub(crate) fn on_this_machine(missing: &BTreeSet<char>) -> Vec<Font> {
    let mut system = fontdb::Database::new();
    system.load_system_fonts();
    let mut faces: Vec<_> =
        system.faces().map(|face| (strangeness(face), face.post_script_name.clone(), face.id)).collect();
    faces.sort();
    let mut missing = missing.clone();
    let mut found = Vec::new();
    for (_, _, id) in faces {
        if missing.is_empty() {
            break;
        }
        let covered = system.with_face_data(id, |data, index| {
            let info = FontInfo::new(data, index)?;
            let covered: Vec<char> = missing.iter().copied().filter(|&c| covers(&info, c)).collect();
            (!covered.is_empty()).then(|| (covered, Bytes::new(data.to_vec()), index))
        });
        if let Some((covered, data, index)) = covered.flatten()
            && let Some(face) = Font::new(data, index)
        {
            found.push(face);
            missing.retain(|c| !covered.contains(c));
        }
    }
    found
}

/// How far a face is from what a text is set in.
fn strangeness(face: &fontdb::FaceInfo) -> (bool, bool, u16) {
    let slanted = face.style != fontdb::Style::Normal;
    (slanted, face.monospaced, face.weight.0.abs_diff(fontdb::Weight::NORMAL.0))
}
