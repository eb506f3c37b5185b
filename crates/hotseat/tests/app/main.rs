//! The app without a browser: the real binary on loopback, asked over HTTP.

mod archives;
mod client;
mod data;
mod plan;
#[path = "../support/mod.rs"]
mod support;
mod today;
