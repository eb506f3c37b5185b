//! Letters of fonts without a ToUnicode map: WinAnsi, and names of glyphs.

use unicode_normalization::UnicodeNormalization as _;

/// WinAnsi from 0x80 to 0x9f; the rest is Latin-1.
const WINDOWS: [char; 32] = [
    '€', '•', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '•', 'Ž', '•', '•', '‘', '’', '“', '”',
    '•', '–', '—', '˜', '™', 'š', '›', 'œ', '•', 'ž', 'Ÿ',
];

const NAMES: [(&str, &str); 54] = [
    ("space", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("bullet", "•"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("ellipsis", "…"),
    ("germandbls", "ß"),
    ("Euro", "€"),
];

const LIGATURES: [(&str, &str); 7] =
    [("ff", "ff"), ("fi", "fi"), ("fl", "fl"), ("ffi", "ffi"), ("ffl", "ffl"), ("ae", "æ"), ("oslash", "ø")];

const ACCENTS: [(&str, char); 8] = [
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("tilde", '\u{303}'),
    ("caron", '\u{30c}'),
    ("cedilla", '\u{327}'),
    ("ring", '\u{30a}'),
];

/// What a byte stands for in WinAnsi.
pub(super) fn windows(byte: u8) -> Option<char> {
    match byte {
        0..=0x1f | 0x7f => None,
        0x80..=0x9f => Some(WINDOWS[usize::from(byte - 0x80)]),
        _ => Some(char::from(byte)),
    }
}

/// What a glyph's name stands for.
pub(super) fn named(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter.to_string());
    }
    if let Some((_, text)) = NAMES.iter().chain(&LIGATURES).find(|(known, _)| *known == name) {
        return Some((*text).to_string());
    }
    let code = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
    if let Some(letter) =
        code.and_then(|hex| u32::from_str_radix(hex.get(..4)?, 16).ok()).and_then(char::from_u32)
    {
        return Some(letter.to_string());
    }
    let (base, rest) = name.split_at(name.chars().next()?.len_utf8());
    let (_, accent) = ACCENTS.iter().find(|(known, _)| *known == rest)?;
    Some(format!("{base}{accent}").nfc().collect())
}
