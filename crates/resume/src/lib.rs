//! A résumé from one source. What others may see is an allow-list; every figure has something behind it
//! or is marked; and the PDF is read back as a machine reads it.

pub mod check;
mod compare;
mod date;
mod document;
mod figures;
mod inline;
pub mod job;
mod outline;
pub mod reading;
pub mod render;
pub mod sheet;
mod source;
pub mod story;
mod tokens;
mod weak;

pub use compare::{Comparison, Fate, Found, compare};
pub use date::Date;
pub use document::{Bullet, Evidence, Resume};
pub use figures::{Figure, RunFacts, Standing, digits, examine, figures_in};
pub use outline::{Entry, Field, Outline, Section};
pub use source::{Form, Mistake, SOURCE_BYTES_MAX, Source, near_misses, pretty};
pub use tokens::tokens;
pub use weak::{Weak, Weakness, weaknesses};

/// A complete résumé to begin with.
pub const EXAMPLE: &str = include_str!("example.toml");
