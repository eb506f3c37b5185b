//! A mix of requests with weights, drawn from a seed: the same seed gives the same requests in the same order.

use std::sync::Arc;

use thiserror::Error;

use crate::{Request, RequestError};

/// A request with blanks: `${index}` becomes the request's number, from 0, and `${draw:N}` a number below N that
/// is drawn from the mix's seed. They may stand in the path, in values of headers and in the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// GET, POST …
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
}

impl Template {
    /// A GET of `path`.
    pub fn get(path: &str) -> Template {
        Template { method: "GET".to_owned(), path: path.to_owned(), ..Template::default() }
    }

    /// A POST of JSON to `path`.
    pub fn post_json(path: &str, body: &str) -> Template {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Template { method: "POST".to_owned(), path: path.to_owned(), headers, body: body.to_owned() }
    }
}

/// Why a mix cannot be drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MixError {
    /// There is nothing in it.
    #[error("The mix holds nothing: give at least one request a weight above 0.")]
    Empty,
    /// A blank has no meaning.
    #[error(
        "Request {number} of the mix has ${{{blank}}}. The blanks are ${{index}} and ${{draw:N}}, N above 0."
    )]
    Blank {
        /// Which, from 1.
        number: usize,
        /// What stands in it.
        blank: String,
    },
    /// A request cannot be sent.
    #[error("Request {number} of the mix: {source}")]
    Request {
        /// Which, from 1.
        number: usize,
        /// Why.
        source: RequestError,
    },
}

/// Requests with weights. A request's tag is its place in the mix, from 0.
#[derive(Clone, Debug)]
pub struct Mix {
    seed: u64,
    entries: Arc<[Entry]>,
    weight: u64,
}

#[derive(Debug)]
struct Entry {
    weight: u64,
    template: Template,
    /// Without blanks it is the same each time.
    fixed: Option<Arc<Request>>,
}

impl Mix {
    /// A mix of templates, each as likely as its weight says.
    ///
    /// # Errors
    ///
    /// See [`MixError`].
    pub fn new(seed: u64, templates: Vec<(u32, Template)>) -> Result<Mix, MixError> {
        let mut entries = Vec::new();
        for (at, (weight, template)) in templates.into_iter().enumerate() {
            let number = at + 1;
            let mut has_blanks = false;
            let texts =
                template.headers.iter().map(|(_, value)| value).chain([&template.path, &template.body]);
            for text in texts {
                has_blanks |= check_blanks(text).map_err(|blank| MixError::Blank { number, blank })?;
            }
            // Blanks are filled with digits only, so what can be sent once can be sent always.
            let first = fill(&template, 0, &mut Draw(seed), at as u32);
            let first = first.map_err(|source| MixError::Request { number, source })?;
            let fixed = (!has_blanks).then(|| Arc::new(first));
            entries.push(Entry { weight: weight.into(), template, fixed });
        }
        let weight = entries.iter().map(|entry| entry.weight).sum();
        if weight == 0 { Err(MixError::Empty) } else { Ok(Mix { seed, entries: entries.into(), weight }) }
    }

    /// The requests, without end.
    pub fn draw(&self) -> impl Iterator<Item = Arc<Request>> + use<> {
        let Mix { seed, entries, weight } = self.clone();
        let mut draw = Draw(seed);
        (0_u64..).map(move |index| {
            let mut left = draw.below(weight);
            let chosen = entries.iter().position(|entry| {
                let here = left < entry.weight;
                left = left.saturating_sub(entry.weight);
                here
            });
            let at = chosen.expect("a number below the sum of the weights lies in one of them");
            let Entry { template, fixed, .. } = &entries[at];
            match fixed {
                Some(request) => Arc::clone(request),
                None => Arc::new(
                    fill(template, index, &mut draw, at as u32)
                        .expect("it could be written with other digits"),
                ),
            }
        })
    }
}

fn fill(template: &Template, index: u64, draw: &mut Draw, tag: u32) -> Result<Request, RequestError> {
    let path = fill_text(&template.path, index, draw);
    let headers: Vec<(&str, String)> =
        template.headers.iter().map(|(name, value)| (name.as_str(), fill_text(value, index, draw))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = fill_text(&template.body, index, draw);
    Ok(Request::new(&template.method, &path, &headers, body.as_bytes())?.tagged(tag))
}

fn fill_text(text: &str, index: u64, draw: &mut Draw) -> String {
    let mut filled = String::with_capacity(text.len());
    for (before, blank) in pieces(text) {
        filled.push_str(before);
        match blank.map(meaning) {
            Some(Some(Blank::Index)) => filled.push_str(&index.to_string()),
            Some(Some(Blank::Draw(below))) => filled.push_str(&draw.below(below).to_string()),
            Some(None) | None => {}
        }
    }
    filled
}

/// Does the text have blanks? An error is a blank without meaning.
fn check_blanks(text: &str) -> Result<bool, String> {
    let mut any = false;
    for (_, blank) in pieces(text) {
        let Some(blank) = blank else { continue };
        any = true;
        meaning(blank).ok_or_else(|| blank.to_owned())?;
    }
    Ok(any)
}

enum Blank {
    Index,
    Draw(u64),
}

fn meaning(blank: &str) -> Option<Blank> {
    match blank.split_once(':') {
        None if blank == "index" => Some(Blank::Index),
        Some(("draw", below)) => below.parse().ok().filter(|below| *below > 0).map(Blank::Draw),
        _ => None,
    }
}

/// The text cut at its blanks: what stands before each, and the blank. The last has none.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let blank = text.find("${").and_then(|start| Some((start, start + text[start..].find('}')?)));
        rest = blank.map(|(_, end)| &text[end + 1..]);
        Some(match blank {
            Some((start, end)) => (&text[..start], Some(&text[start + 2..end])),
            None => (text, None),
        })
    })
}

/// SplitMix64 (Steele, Lea and Flood 2014): a few lines, the same on every machine, and good enough to choose.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly below `below`: the high half of a product, whose bias is far under one in a million here.
    fn below(&mut self, below: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(below)) >> 64) as u64
    }
}
