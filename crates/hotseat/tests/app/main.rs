//! The app without a browser: the real binary on loopback, asked over HTTP.

mod client;
mod door;
mod safety;
#[path = "../support/mod.rs"]
mod support;
