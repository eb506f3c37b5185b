//! What is wrong with a document.

use std::fmt;

/// One place of a document that breaks a rule of [`crate::RULES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The line in the text that was handed in, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The way from the root, such as `paths./v1/payments.post`.
    pub place: String,
    /// The name of the rule in [`crate::RULES`].
    pub rule: &'static str,
    /// What is wrong and what to do, in words.
    pub what: String,
}

impl Defect {
    pub(crate) fn new(rule: &'static str, place: impl Into<String>, what: impl Into<String>) -> Self {
        debug_assert!(crate::rules::known(rule), "no rule {rule}");
        Self { line: None, place: place.into(), rule, what: what.into() }
    }

    /// Whether nothing more can be said about the document.
    pub(crate) fn is_fatal(&self) -> bool {
        crate::rule(self.rule).is_some_and(|rule| rule.about == crate::About::Reading)
    }

    /// A defect of the whole document.
    pub(crate) fn nowhere(rule: &'static str, what: impl Into<String>) -> Self {
        Self::new(rule, "the document", what)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}, {}: {} [{}]", self.place, self.what, self.rule),
            None => write!(f, "{}: {} [{}]", self.place, self.what, self.rule),
        }
    }
}
