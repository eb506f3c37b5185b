//! The app without a browser: the real binary on loopback, asked over HTTP.

mod client;
mod door;
mod guide;
mod judging;
mod looking;
mod safety;
#[path = "../support/mod.rs"]
mod support;
mod verdict;
mod workspaces;
