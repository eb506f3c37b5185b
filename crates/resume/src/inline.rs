//! The small Markdown that a text may hold: `**strong**`, `*emphasis*`, `` `code` ``, `[links](to)`.
//! Whatever is not clearly one of these is text.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Text(&'t str),
    Strong(Vec<Piece<'t>>),
    Emphasis(Vec<Piece<'t>>),
    Code(&'t str),
    Link(Vec<Piece<'t>>, &'t str),
}

/// The longest that a link may be, in bytes.
const LINK_BYTES_MAX: usize = 4000;
/// So deep may marks lie in marks.
const DEPTH_MAX: usize = 4;

/// Takes a text apart.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    within(text, DEPTH_MAX)
}

/// The text without its marks.
pub(crate) fn plain(text: &str) -> String {
    fn add(pieces: &[Piece<'_>], out: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(text) | Piece::Code(text) => out.push_str(text),
                Piece::Strong(inner) | Piece::Emphasis(inner) | Piece::Link(inner, _) => add(inner, out),
            }
        }
    }
    let mut out = String::with_capacity(text.len());
    add(&pieces(text), &mut out);
    out
}

/// Where the links of a text lead.
pub(crate) fn links(text: &str) -> Vec<String> {
    fn add(pieces: &[Piece<'_>], out: &mut Vec<String>) {
        for piece in pieces {
            match piece {
                Piece::Text(_) | Piece::Code(_) => {}
                Piece::Strong(inner) | Piece::Emphasis(inner) => add(inner, out),
                Piece::Link(_, url) => out.push((*url).to_string()),
            }
        }
    }
    let mut out = Vec::new();
    add(&pieces(text), &mut out);
    out
}

fn within(text: &str, depth: usize) -> Vec<Piece<'_>> {
    let (mut found, mut plain_from, mut at) = (Vec::new(), 0, 0);
    // A mark without an end has none further on either.
    let (mut no_strong, mut no_emphasis, mut no_code) = (depth == 0, depth == 0, depth == 0);
    while let Some(offset) = text[at..].find(['*', '`', '[']) {
        at += offset;
        let rest = &text[at..];
        let (piece, end) = if rest.starts_with("**") {
            let end = if no_strong || !opens(text, at, 2) {
                None
            } else {
                close(text, at + 2, "**", &mut no_strong)
            };
            (
                end.map(|end| Piece::Strong(within(&text[at + 2..end], depth - 1))),
                end.map_or(at + 2, |end| end + 2),
            )
        } else if rest.starts_with('*') {
            let end = if no_emphasis || !opens(text, at, 1) {
                None
            } else {
                close(text, at + 1, "*", &mut no_emphasis)
            };
            (
                end.map(|end| Piece::Emphasis(within(&text[at + 1..end], depth - 1))),
                end.map_or(at + 1, |end| end + 1),
            )
        } else if rest.starts_with('`') {
            let end = if no_code { None } else { text[at + 1..].find('`').map(|to| at + 1 + to) };
            no_code |= end.is_none();
            let end = end.filter(|end| *end > at + 1);
            (end.map(|end| Piece::Code(&text[at + 1..end])), end.map_or(at + 1, |end| end + 1))
        } else {
            match link(text, at + 1).filter(|_| depth > 0) {
                Some((label, url, end)) => (Some(Piece::Link(within(label, depth - 1), url)), end),
                None => (None, at + 1),
            }
        };
        if let Some(piece) = piece {
            if plain_from < at {
                found.push(Piece::Text(&text[plain_from..at]));
            }
            found.push(piece);
            plain_from = end;
        }
        at = end;
    }
    if plain_from < text.len() {
        found.push(Piece::Text(&text[plain_from..]));
    }
    found
}

/// A mark opens where a word begins.
fn opens(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    !before.is_some_and(|c| c.is_alphanumeric() || c == '*')
        && after.is_some_and(|c| !c.is_whitespace() && c != '*')
}

/// Where a mark closes: where a word ends.
fn close(text: &str, from: usize, mark: &str, none: &mut bool) -> Option<usize> {
    let closes = |to: usize| {
        let before = text[..to].chars().next_back();
        let after = text[to + mark.len()..].chars().next();
        to > from
            && before.is_some_and(|c| !c.is_whitespace() && (c != '*' || mark == "**"))
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '*')
    };
    let found = text[from..].match_indices(mark).map(|(to, _)| from + to).find(|to| closes(*to));
    *none |= found.is_none();
    found
}

/// `label](url)`: both parts, and where it ends.
fn link(text: &str, from: usize) -> Option<(&str, &str, usize)> {
    let (mut label_end, mut depth) = (None, 0_usize);
    for (offset, c) in text[from..].char_indices().take_while(|(offset, _)| *offset < LINK_BYTES_MAX) {
        let at = from + offset;
        match (label_end, c) {
            (None, '[') => return None,
            (None, ']') if at == from || !text[at + 1..].starts_with('(') => return None,
            (None, ']') => label_end = Some(at),
            (Some(end), ')') if depth == 1 => {
                let url = &text[end + 2..at];
                return (!url.is_empty()).then_some((&text[from..end], url, at + 1));
            }
            (Some(_), ')') => depth = depth.saturating_sub(1),
            (Some(_), '(') => depth += 1,
            (Some(_), c) if c.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}
