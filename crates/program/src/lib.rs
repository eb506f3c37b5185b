//! Runs a learner's own program, in any language, as a part of a judging, and leaves nothing behind.
//!
//! A [`Launch`] says what to run, where, with which environment, [`Limits`] and [`Sandbox`].
//! [`Program::start`] starts the current binary once more as a *supervisor*, a small process that sets up the
//! sandbox, starts the program in it, drains its output, watches its limits and ends the whole tree. The judge
//! speaks with the supervisor over a socket and has nothing to do while the program runs.
//!
//! ```text
//! judge ──socket── supervisor ──── init ──── the program ──── its children …
//!                  watches, drains  reaps      limits, namespaces, Landlock, seccomp, then exec
//! ```
//!
//! Nothing survives: when the judge goes, however it goes, the socket closes and the supervisor ends the tree.
//! When the supervisor is killed, Linux kills *init*, and with it, at [`Level::Full`], its PID namespace.
//!
//! - [`sandbox::probe`] finds out what this machine allows, with a sentence for people.
//! - [`Program::ready`] waits until it listens, and says what is wrong when it does not.
//! - [`Program::signal`], [`Program::stop`], [`Program::kill_all`], [`Program::restart`], [`Program::wait`].
//! - [`Program::look`]: its last output, what it uses, where it listens.
//! - [`RunQueue`]: how long it was kept from running.
//! - [`build()`]: the same for a command that ends.
//!
//! Memory, tasks and disk are watched from outside (`/proc`), not by cgroups, which an ordinary user seldom may
//! write: a program can exceed them for some 25 ms before it is ended. It is the first that the kernel takes when
//! the machine runs out of memory.
//!
//! Below [`Level::Full`], a hostile program can learn that other processes exist, and one that runs as the judge's
//! own user at [`Level::Limits`] can do what that user can, also to the judge.
//!
//! Linux first. On macOS there are no namespaces, no Landlock, no seccomp and no `/proc`: the level is
//! [`Level::Limits`], memory and processes are not watched, and a child that left the program's process group
//! outlives it.

pub mod sandbox;

mod build;
mod end;
mod launch;
mod output;
mod queue;
mod ready;
mod running;
mod supervise;
mod usage;
mod wire;

pub use build::{Built, build};
pub use end::{End, Exceeded, How, Stopped};
pub use launch::{Launch, Limits, Network, RunAs, Sandbox};
pub use output::{Chunk, Output, Stream};
pub use queue::RunQueue;
pub use ready::{Listening, NotReady};
pub use running::{Program, Signal, StartError, this_binary};
pub use sandbox::Level;
pub use supervise::{give, supervise_if_asked};
pub use usage::Usage;
pub use wire::{Failed, Seen};
