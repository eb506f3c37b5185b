//! What commands, pages and the API do alike: each gives a shape that one prints, one draws and one sends.

pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod replaying;
pub(crate) mod runs;
pub(crate) mod telling;
