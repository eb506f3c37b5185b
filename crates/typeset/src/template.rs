//! The looks and papers there are.

use std::fmt;
use std::str::FromStr;

/// How a résumé looks. All have one column, dates beside what they date, and real headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// Sans serif and black on white, with room to breathe: for unknown readers and machines.
    Plain,
    /// Small and dense, with entries that run on in one line and one colour: for much on one page.
    Compact,
    /// Serif, a centred head and small capitals: for readers of letters.
    Classic,
}

impl Template {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Template; 3] = [Template::Plain, Template::Compact, Template::Classic];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Template::Plain => "plain",
            Template::Compact => "compact",
            Template::Classic => "classic",
        }
    }

    pub(crate) fn source(self) -> &'static str {
        match self {
            Template::Plain => include_str!("templates/plain.typ"),
            Template::Compact => include_str!("templates/compact.typ"),
            Template::Classic => include_str!("templates/classic.typ"),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Template {
    type Err = String;

    fn from_str(name: &str) -> Result<Template, String> {
        let found = Template::ALL.into_iter().find(|template| template.name() == name);
        found.ok_or_else(|| format!("there is no template {name:?}; there are plain, compact and classic"))
    }
}

/// What the résumé is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 inches.
    Letter,
}

impl Paper {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::Letter => "letter",
        }
    }

    /// Its name in typst.
    pub(crate) fn typst(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::Letter => "us-letter",
        }
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Paper {
    type Err = String;

    fn from_str(name: &str) -> Result<Paper, String> {
        match name {
            "a4" => Ok(Paper::A4),
            "letter" => Ok(Paper::Letter),
            _ => Err(format!("there is no paper {name:?}; there are a4 and letter")),
        }
    }
}
