//! The app without a browser: the real binary on loopback, asked over HTTP.

mod archives;
mod client;
mod data;
mod door;
mod full_disk;
mod guide;
mod judging;
mod killed;
mod layouts;
mod looking;
mod own_questions;
mod plan;
mod resume;
mod safety;
#[path = "../support/mod.rs"]
mod support;
mod today;
mod verdict;
mod workspaces;
