//! Programs that do not start, do not answer, want too much or will not go: each gets its ruling in clear words,
//! and leaves nothing behind.
//!
//! What is told in `starts`, while it is spoken to in `answers`, beyond its limits in `greed`, where it has no
//! business in `trespass`, in the end in `survivors`, when the app is told to end it in `app`, and before
//! anything runs in `workspaces`.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod app;
#[path = "../app/client.rs"]
mod client;
mod echo;
mod greed;
mod redis;
mod signals;
mod starts;
mod survivors;
mod trespass;
mod workspaces;

use echo::Echo;

#[test]
fn a_program_that_says_hello_passes_alone_and_beside_the_reference() {
    let echo = Echo::new();
    for level in ["alone", "beside"] {
        echo.check(&echo.workspace(level, &[])).passes();
        echo.assert_nothing_is_left();
    }
}
