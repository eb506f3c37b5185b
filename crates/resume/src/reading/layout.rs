//! The second reader: text by places. Glyphs become pieces of lines, pieces become blocks, and blocks
//! are read from the top, as programs do that know nothing of the file's own order. A date in a column
//! of its own is a block of its own here, and comes after whatever the block beside it says.

use super::glyphs::Glyph;

/// In parts of the letters' size: a wider gap parts words,
const WORD_GAP: f64 = 0.17;
/// a wider one pieces of a line.
const PIECE_GAP: f64 = 2.0;
/// In parts of the line's height: lines nearer than this are of one block.
const LINE_GAP: f64 = 0.55;

/// A run of glyphs on one line without a wide gap.
#[derive(Debug, Clone)]
struct Piece {
    x0: f64,
    x1: f64,
    y: f64,
    size: f64,
    text: String,
}

/// The text of all pages.
pub(super) fn text(pages: &[Vec<Glyph>]) -> String {
    let mut out = String::new();
    for glyphs in pages {
        for block in blocks(pieces(glyphs)) {
            for piece in block {
                out.push_str(&piece.text);
                out.push('\n');
            }
            out.push('\n');
        }
    }
    out
}

/// Lines from top to bottom, each cut at its wide gaps.
fn pieces(glyphs: &[Glyph]) -> Vec<Piece> {
    let mut sorted: Vec<&Glyph> = glyphs.iter().filter(|it| it.size > 0.0).collect();
    sorted.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in sorted {
        match lines.last_mut() {
            // A raised letter is still on its line.
            Some(line) if (line[0].y - glyph.y) < 0.35 * line[0].size.max(glyph.size) => line.push(glyph),
            _ => lines.push(vec![glyph]),
        }
    }
    let mut found = Vec::new();
    for mut line in lines {
        line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let mut start = 0;
        for at in 1..=line.len() {
            let ends = line.get(at).is_none_or(|next| {
                let last = line[at - 1];
                next.x0 - last.x1 > PIECE_GAP * last.size.min(next.size).max(1.0)
            });
            if ends {
                found.extend(piece(&line[start..at]));
                start = at;
            }
        }
    }
    found
}

fn piece(glyphs: &[&Glyph]) -> Option<Piece> {
    let mut letters: Vec<String> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        let gap = last.map_or(0.0, |last| glyph.x0 - last.x1);
        if gap > WORD_GAP * glyph.size {
            letters.push(" ".into());
        }
        letters.push(glyph.text.clone().unwrap_or_else(|| "\u{fffd}".into()));
        last = Some(glyph);
    }
    let text = in_reading_order(letters);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, last) = (glyphs.first()?, last?);
    let size = glyphs.iter().map(|it| it.size).fold(0.0, f64::max);
    (!text.is_empty()).then_some(Piece { x0: first.x0, x1: last.x1, y: first.y, size, text })
}

/// Letters from left to right, put in the order in which they are read: runs from right to left are
/// turned round.
fn in_reading_order(letters: Vec<String>) -> String {
    let leftward = |text: &str| text.chars().any(is_leftward);
    if !letters.iter().any(|it| leftward(it)) {
        return letters.concat();
    }
    let rightward = |text: &str| text.chars().any(|c| c.is_alphanumeric() && !is_leftward(c));
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        if !leftward(&letters[at]) {
            out.push_str(&letters[at]);
            at += 1;
            continue;
        }
        // Up to the last letter of the run; what stands between belongs to it.
        let mut end = at + 1;
        for (next, text) in letters.iter().enumerate().skip(at + 1) {
            if rightward(text) {
                break;
            }
            if leftward(text) {
                end = next + 1;
            }
        }
        letters[at..end].iter().rev().for_each(|text| out.push_str(text));
        at = end;
    }
    out
}

/// Hebrew, Arabic and their like.
pub(crate) fn is_leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Pieces that stand under each other, from the highest block to the lowest; of two that begin at the
/// same height, the left one first.
fn blocks(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut blocks: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        // The nearest lines are among the blocks that grew last.
        let above = blocks.iter().rposition(|block| block.last().is_some_and(|last| belongs(last, &piece)));
        match above {
            Some(at) => blocks[at].push(piece),
            None => blocks.push(vec![piece]),
        }
    }
    blocks.sort_by(|a, b| {
        let same = (a[0].y - b[0].y).abs() < 0.35 * a[0].size.max(b[0].size);
        if same { a[0].x0.total_cmp(&b[0].x0) } else { b[0].y.total_cmp(&a[0].y) }
    });
    blocks
}

/// Whether a piece goes on with the block whose last line this is: near below it, of about its size, and
/// beginning, ending or centred where it does, or within its width.
fn belongs(last: &Piece, piece: &Piece) -> bool {
    let below = last.y - piece.y;
    let height = last.size.max(piece.size);
    let gap = below - height;
    let alike = (last.size - piece.size).abs() < 0.35 * height;
    let overlap = last.x1.min(piece.x1) - last.x0.max(piece.x0);
    below > 0.3 * height && gap < LINE_GAP * height && alike && overlap > 0.0
}
