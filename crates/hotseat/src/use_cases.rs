//! What commands, pages and the API do alike: each gives a shape that one prints, one draws and one sends.

pub(crate) mod asking;
pub(crate) mod calendar;
pub(crate) mod doctor;
pub(crate) mod guide;
pub(crate) mod progress;
pub(crate) mod reviewing;
