//! Why a load could not be performed at all.

use std::io;

use thiserror::Error;

/// Why [`run()`](crate::run()) performed nothing. What the server does is never an error: it is in the report.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The plan asks for something that cannot be done.
    #[error("This plan cannot be performed: {0}")]
    Plan(String),
    /// The operating system gave no event queue or timer, or took it away.
    #[error(
        "The operating system refused {what}: {source}. Close programs that hold many files open, or raise the \
         limit with `ulimit -n`, and try again."
    )]
    System {
        /// What was asked for.
        what: &'static str,
        /// What it said.
        source: io::Error,
    },
}

impl LoadError {
    pub(crate) fn system(what: &'static str) -> impl FnOnce(io::Error) -> LoadError {
        move |source| LoadError::System { what, source }
    }
}
