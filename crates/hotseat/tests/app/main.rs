//! The app without a browser: the real binary on loopback, asked over HTTP.

mod client;
mod judging;
mod looking;
#[path = "../support/mod.rs"]
mod support;
mod workspaces;
