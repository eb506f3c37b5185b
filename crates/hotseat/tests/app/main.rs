//! The app without a browser: the real binary on loopback, asked over HTTP.

mod client;
mod guide;
#[path = "../support/mod.rs"]
mod support;
