//! What commands, pages and the API do alike: each gives a shape that one prints, one draws and one sends.

pub(crate) mod about;
pub(crate) mod asking;
pub(crate) mod bench;
pub(crate) mod calendar;
pub(crate) mod carrying;
pub(crate) mod doctor;
pub(crate) mod drills;
pub(crate) mod evidence;
pub(crate) mod guide;
pub(crate) mod judging;
pub(crate) mod looking;
pub(crate) mod planning;
pub(crate) mod progress;
pub(crate) mod replaying;
pub(crate) mod resume;
pub(crate) mod reviewing;
pub(crate) mod runs;
pub(crate) mod telling;
pub(crate) mod today;
pub(crate) mod trust;
pub(crate) mod workspaces;
