//! What can keep a résumé from becoming a PDF.

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// The résumé is a list, a text or a number.
    #[error(
        "the résumé is no JSON object, so it has no fields to typeset; JSON Resume begins with {{\"basics\": …}}"
    )]
    NotAnObject,
    /// All texts together are too long.
    #[error("the résumé holds {bytes} bytes of text and at most {bytes_max} can be typeset; shorten it")]
    TooMuchText {
        /// All texts together.
        bytes: usize,
        /// What is typeset at most.
        bytes_max: usize,
    },
    /// There are too many pages.
    #[error("the résumé would fill {pages} pages and at most {pages_max} are made; shorten it")]
    TooManyPages {
        /// How many it would fill.
        pages: usize,
        /// How many are made at most.
        pages_max: usize,
    },
    /// The layout was given up.
    #[error(
        "the layout was given up after {seconds_max} s; shorten the résumé, or try again on a quieter machine"
    )]
    TooSlow {
        /// How long was waited.
        seconds_max: u64,
    },
    /// The system has no thread left.
    #[error("no thread could be started for the layout: {0}")]
    NoThread(std::io::Error),
    /// A template or typst itself failed: nothing that is written in a résumé may bring this about.
    #[error("the layout failed, which is a fault of this program and not of the résumé: {0}")]
    Layout(String),
}
