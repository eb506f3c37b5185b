//! What commands, pages and the API do alike: each gives a shape that one prints, one draws and one sends.

pub(crate) mod about;
pub(crate) mod carrying;
pub(crate) mod doctor;
pub(crate) mod planning;
pub(crate) mod today;
