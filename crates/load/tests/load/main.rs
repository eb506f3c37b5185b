//! What somebody who loads a server would notice.

mod closed;
mod hostile;
mod mixes;
mod open;
mod reports;
mod schedules;
mod server;
mod targets;
