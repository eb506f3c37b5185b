//! Whose figures stand beside each other: one's own, the reference's, and those of a run before.

use judge::evidence::Reading;

/// Whose figures they are; the order in which they are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    Before,
    Yours,
    Par,
}

/// An earlier run of the same drill, to compare with.
pub(crate) struct Before {
    /// Its name.
    pub(crate) run: String,
    pub(crate) reading: Reading,
}

/// The evidence that a chart may look at.
pub(super) struct Sides<'r> {
    pub(super) reading: &'r Reading,
    pub(super) before: Option<&'r Before>,
}

impl Whose {
    pub(super) const ALL: [Whose; 3] = [Whose::Before, Whose::Yours, Whose::Par];

    /// The class that gives it its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Whose::Before => "b",
            Whose::Yours => "a",
            Whose::Par => "c",
        }
    }
}

impl Sides<'_> {
    /// Whose evidence a query asks, and what its tables' names begin with; none if there is no such run.
    pub(super) fn of(&self, whose: Whose) -> Option<(&Reading, &'static str)> {
        match whose {
            Whose::Before => self.before.map(|it| (&it.reading, "main")),
            Whose::Yours => Some((self.reading, "main")),
            Whose::Par => Some((self.reading, "par")),
        }
    }

    /// In words.
    pub(super) fn name(&self, whose: Whose) -> String {
        match (whose, self.before) {
            (Whose::Before, Some(before)) => format!("before ({})", before.run),
            (Whose::Before, None) => "before".to_owned(),
            (Whose::Yours, _) => "yours".to_owned(),
            (Whose::Par, _) => "the reference".to_owned(),
        }
    }
}
