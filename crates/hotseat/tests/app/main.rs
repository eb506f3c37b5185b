//! The app without a browser: the real binary on loopback, asked over HTTP.

mod client;
#[path = "../support/mod.rs"]
mod support;
mod verdict;
