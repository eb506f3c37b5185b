//! What a document promises, in the shape in which exchanges are looked up.

use crate::{media::MediaRange, template::Template};

/// The number of a schema among all compiled ones.
pub(crate) type SchemaId = usize;

#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Paths of the servers' addresses, without a slash at the end.
    pub(crate) bases: Vec<String>,
    /// Sorted: a path with text where another has a variable comes first.
    pub(crate) routes: Vec<Route>,
}

#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) template: Template,
    pub(crate) operations: Vec<Operation>,
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// In upper case.
    pub(crate) method: String,
    /// `POST /v1/payments`
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Option<SchemaId>,
    pub(crate) pointer: String,
    /// Written as the default style of its place has it; another style is not examined.
    pub(crate) plain: bool,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) contents: Vec<Content>,
}

#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) media: MediaRange,
    pub(crate) schema: Option<SchemaId>,
    pub(crate) pointer: String,
}

/// A key of `responses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Exact(u16),
    /// The hundreds: 4 for `4XX`.
    Range(u16),
    Default,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) headers: Vec<Parameter>,
    pub(crate) contents: Vec<Content>,
}

impl Status {
    pub(crate) fn read(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        let bytes = key.as_bytes();
        let hundreds = u16::from(bytes.first()?.checked_sub(b'0')?);
        if bytes.len() != 3 || !(1..=5).contains(&hundreds) {
            return None;
        }
        if &bytes[1..] == b"XX" {
            return Some(Self::Range(hundreds));
        }
        key.parse().ok().filter(|_| bytes.iter().all(u8::is_ascii_digit)).map(Self::Exact)
    }

    /// Whether all answers under this key carry the hundreds `class`.
    pub(crate) fn is_class(self, class: u16) -> bool {
        match self {
            Self::Exact(code) => code / 100 == class,
            Self::Range(hundreds) => hundreds == class,
            Self::Default => false,
        }
    }

    /// HTTP knows no body for these, whatever a document says.
    pub(crate) fn is_bodiless(self) -> bool {
        matches!(self, Self::Exact(204 | 205 | 304) | Self::Range(1)) || self.is_class(1)
    }
}

impl Operation {
    /// The description that counts for a status: itself, then its range, then `default`.
    pub(crate) fn answer(&self, status: u16) -> Option<&Answer> {
        let find = |key| self.answers.iter().find(|answer| answer.status == key);
        find(Status::Exact(status))
            .or_else(|| find(Status::Range(status / 100)))
            .or_else(|| find(Status::Default))
    }
}
