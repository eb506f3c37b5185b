//! Path templates such as `/v1/payments/{id}`.

use crate::words::percent_decoded;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// A path with variables, cut into segments.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) text: String,
    segments: Vec<Vec<Piece>>,
}

impl Template {
    /// Reads a template, or says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err("a path begins with a slash".to_owned());
        };
        if text.contains(['?', '#']) {
            return Err("a path has no query; describe it under `parameters` with `in: query`".to_owned());
        }
        let segments = rest.split('/').map(segment).collect::<Result<Vec<_>, _>>()?;
        let template = Self { text: text.to_owned(), segments };
        let mut names: Vec<&str> = template.variables().collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("`{{{}}}` stands in the path twice", crate::words::clip(pair[0]))),
            None => Ok(template),
        }
    }

    /// The names of the variables, in order.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flatten().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The variables with their values in `path` (percent-decoded); None when the path is another.
    pub(crate) fn matches<'t>(&'t self, path: &str) -> Option<Vec<(&'t str, String)>> {
        let mut found = vec![];
        let mut parts = path.strip_prefix('/')?.split('/');
        for pieces in &self.segments {
            fit(pieces, &percent_decoded(parts.next()?), &mut found)?;
        }
        parts.next().is_none().then_some(found)
    }

    /// The template with its variables' names left out: two with the same shape are the same path.
    pub(crate) fn shape(&self) -> String {
        let mut shape = String::new();
        for pieces in &self.segments {
            shape.push('/');
            for piece in pieces {
                match piece {
                    Piece::Text(text) => shape.push_str(text),
                    Piece::Variable(_) => shape.push_str("{}"),
                }
            }
        }
        shape
    }

    /// Sorts text before variables, from the left.
    pub(crate) fn vagueness(&self) -> Vec<bool> {
        self.segments.iter().map(|pieces| !is_text(pieces)).collect()
    }

    /// Whether some path fits both templates and each is the more concrete one somewhere.
    pub(crate) fn is_ambiguous_with(&self, other: &Self) -> bool {
        if self.segments.len() != other.segments.len() {
            return false;
        }
        let (mut more, mut less) = (false, false);
        for (mine, theirs) in self.segments.iter().zip(&other.segments) {
            match (is_text(mine), is_text(theirs)) {
                (true, true) if mine != theirs => return false,
                (true, false) if !accepts(theirs, mine) => return false,
                (false, true) if !accepts(mine, theirs) => return false,
                (true, false) => more = true,
                (false, true) => less = true,
                // Two different mixtures of text and variables rarely meet; they are given the benefit.
                (false, false) if mine.len() != theirs.len() || mine.len() > 1 => return false,
                _ => {}
            }
        }
        more && less
    }
}

fn is_text(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| matches!(piece, Piece::Text(_)))
}

fn accepts(pieces: &[Piece], text: &[Piece]) -> bool {
    match text {
        [Piece::Text(text)] => fit(pieces, text, &mut vec![]).is_some(),
        _ => false,
    }
}

fn segment(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = vec![];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            return Err(format!("`{{` without `}}` in `{}`", crate::words::clip(text)));
        };
        if name.is_empty() || name.contains('{') || before.contains('}') {
            return Err(format!("the braces in `{}` hold no name", crate::words::clip(text)));
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(percent_decoded(before)));
        } else if !pieces.is_empty() {
            return Err(format!("two variables without text between them in `{}`", crate::words::clip(text)));
        }
        pieces.push(Piece::Variable(name.to_owned()));
        rest = tail;
    }
    if rest.contains('}') {
        return Err(format!("`}}` without `{{` in `{}`", crate::words::clip(text)));
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(percent_decoded(rest)));
    }
    Ok(pieces)
}

/// Matches one segment from the left; a variable takes at least one character and no more than needed.
fn fit<'t>(pieces: &'t [Piece], text: &str, found: &mut Vec<(&'t str, String)>) -> Option<()> {
    let mut rest = text;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(literal) => rest = rest.strip_prefix(literal.as_str())?,
            Piece::Variable(name) => {
                let end = match pieces.get(index + 1) {
                    None => rest.len(),
                    Some(Piece::Text(literal)) if index + 2 == pieces.len() => {
                        rest.strip_suffix(literal.as_str())?.len()
                    }
                    Some(Piece::Text(literal)) => {
                        let first = rest.chars().next()?.len_utf8();
                        first + rest[first..].find(literal.as_str())?
                    }
                    Some(Piece::Variable(_)) => return None,
                };
                let value = rest.get(..end).filter(|value| !value.is_empty())?;
                found.push((name, value.to_owned()));
                rest = &rest[end..];
            }
        }
    }
    rest.is_empty().then_some(())
}
