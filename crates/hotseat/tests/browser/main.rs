//! The app in a real Chromium, with everything behind it real: the binary, PostgreSQL, a workspace on disk.

mod absence;
mod browser;
#[path = "../app/client.rs"]
mod client;
mod journeys;
mod keyboard;
mod keys;
mod learner;
mod pages;
mod resume;
#[path = "../support/mod.rs"]
mod support;
