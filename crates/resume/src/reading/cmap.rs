//! ToUnicode maps: which letters a glyph's code stands for.

use std::collections::HashMap;

/// One range may not name more codes than this: the largest real ones cover a font.
const RANGE_MAX: u32 = 65_536;
/// So many codes are kept at most.
const CODES_MAX: usize = 200_000;

/// A map from codes to letters.
#[derive(Debug, Default)]
pub(super) struct CMap {
    letters: HashMap<u32, String>,
    /// How many bytes a code has, where the map says so.
    pub(super) code_bytes: Option<usize>,
}

impl CMap {
    /// Reads one; what makes no sense in it is passed over.
    pub(super) fn read(text: &[u8]) -> CMap {
        let mut map = CMap::default();
        let mut tokens = Tokens { text, at: 0 };
        let mut pending: Vec<Token> = Vec::new();
        let mut section = Section::None;
        while let Some(token) = tokens.next() {
            if let Token::Word(word) = &token {
                section = match word.as_slice() {
                    b"begincodespacerange" => Section::Space,
                    b"beginbfchar" => Section::Char,
                    b"beginbfrange" => Section::Range,
                    b"endcodespacerange" | b"endbfchar" | b"endbfrange" => Section::None,
                    _ => section,
                };
                pending.clear();
                continue;
            }
            pending.push(token);
            let whole = match section {
                Section::None => 1,
                Section::Space | Section::Char => 2,
                Section::Range => 3,
            };
            if pending.len() < whole {
                continue;
            }
            match (section, pending.as_slice()) {
                (Section::Space, [Token::Bytes(low), _]) => {
                    map.code_bytes = Some(map.code_bytes.map_or(low.len(), |known| known.max(low.len())));
                }
                (Section::Char, [Token::Bytes(code), Token::Bytes(letters)]) => {
                    map.add(number(code), letters, 0)
                }
                (Section::Range, [Token::Bytes(low), Token::Bytes(high), to]) => map.range(low, high, to),
                _ => {}
            }
            pending.clear();
        }
        map
    }

    fn range(&mut self, low: &[u8], high: &[u8], to: &Token) {
        let (low, high) = (number(low), number(high));
        let last = high.min(low.saturating_add(RANGE_MAX));
        for code in low..=last {
            match to {
                Token::Bytes(letters) => self.add(code, letters, code - low),
                Token::List(list) => match list.get((code - low) as usize) {
                    Some(letters) => self.add(code, letters, 0),
                    None => return,
                },
                Token::Word(_) => return,
            }
        }
    }

    /// The letters in UTF-16, the last of them `offset` further on.
    fn add(&mut self, code: u32, letters: &[u8], offset: u32) {
        if self.letters.len() >= CODES_MAX {
            return;
        }
        let mut units: Vec<u16> = match letters {
            [one] => vec![u16::from(*one)],
            _ => letters.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
        };
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(offset as u16);
        }
        self.letters.insert(code, String::from_utf16_lossy(&units));
    }

    /// What a code stands for.
    pub(super) fn letters(&self, code: u32) -> Option<&str> {
        self.letters.get(&code).map(String::as_str)
    }

    /// Whether it says anything.
    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}

#[derive(Clone, Copy)]
enum Section {
    None,
    Space,
    Char,
    Range,
}

#[derive(Debug)]
enum Token {
    Bytes(Vec<u8>),
    List(Vec<Vec<u8>>),
    Word(Vec<u8>),
}

struct Tokens<'t> {
    text: &'t [u8],
    at: usize,
}

impl Tokens<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            match *self.text.get(self.at)? {
                b'%' => self.skip_until(|byte| matches!(byte, b'\n' | b'\r')),
                b'<' if self.text.get(self.at + 1) == Some(&b'<') => self.at += 2,
                b'<' => return Some(Token::Bytes(self.bytes())),
                b'[' => {
                    self.at += 1;
                    let mut list = Vec::new();
                    while let Some(&byte) = self.text.get(self.at) {
                        match byte {
                            b'<' => list.push(self.bytes()),
                            b']' => break,
                            _ => self.at += 1,
                        }
                    }
                    self.at += 1;
                    return Some(Token::List(list));
                }
                byte if byte.is_ascii_alphanumeric() || byte == b'/' => {
                    let start = self.at;
                    self.at += 1;
                    self.skip_until(|byte| {
                        !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.')
                    });
                    return Some(Token::Word(self.text[start..self.at].to_vec()));
                }
                _ => self.at += 1,
            }
        }
    }

    fn skip_until(&mut self, ends: impl Fn(u8) -> bool) {
        while self.text.get(self.at).is_some_and(|byte| !ends(*byte)) {
            self.at += 1;
        }
    }

    /// `<…>` in hexadecimal digits.
    fn bytes(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'>' => break,
                _ => digits.extend((byte as char).to_digit(16).map(|digit| digit as u8)),
            }
        }
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }
}

/// A code as a number; of a longer one, the last four bytes.
pub(super) fn number(code: &[u8]) -> u32 {
    code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
