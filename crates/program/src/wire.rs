//! What the judge and the supervisor say to each other: one JSON object a line.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::end::{End, How};
use crate::output::Output;
use crate::ready::Listening;
use crate::running::Signal;
use crate::usage::Usage;

/// From the judge, after the [`crate::Launch`] in the first line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Send this signal; there is no answer.
    Signal(Signal),
    /// Answer with [`Report::Seen`] of the same number.
    Look {
        /// An asker may give up, and the answer still comes.
        number: u64,
    },
}

/// From the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Report {
    /// The program runs. The first line is this or the next.
    Started {
        /// Its process, as the judge sees it.
        pid: i32,
    },
    /// It could not be started, and nothing of it is left.
    Failed(Failed),
    /// The answer to a look.
    Seen {
        /// The number of the look.
        number: u64,
        /// What was seen.
        seen: Seen,
    },
    /// The program has ended, and its tree with it. The last line.
    Ended(Box<End>),
}

/// A running program, looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What it uses.
    pub usage: Usage,
    /// What it said last.
    pub output: Output,
    /// Where its processes listen for TCP; empty also when this cannot be seen.
    pub listening: Vec<Listening>,
    /// Whether it can be seen where the processes listen.
    pub listening_is_known: bool,
    /// Whether all its processes are stopped by a signal; false also when this cannot be seen.
    pub is_still: bool,
    /// Whether its first process has ended, or is being ended, and its tree will be gone soon.
    pub is_ending: bool,
}

/// Why a program was not started.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Failed {
    /// A step before the program itself failed; it is not the learner's fault.
    #[error("could not {step}: {reason}")]
    Setup {
        /// What was tried, as an infinitive.
        step: String,
        /// What the system answered, and what to do.
        reason: String,
    },
    /// The command cannot be run.
    #[error("cannot run `{command}`: {reason}")]
    Command {
        /// The command's first word.
        command: String,
        /// Why, and what to do.
        reason: String,
    },
}

impl Failed {
    /// For `map_err`: what was tried, with what the system answered.
    pub(crate) fn to<E: std::fmt::Display>(step: impl Into<String>) -> impl FnOnce(E) -> Failed {
        let step = step.into();
        move |reason| Failed::Setup { step, reason: reason.to_string() }
    }
}

/// From *init* to the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ending {
    /// How the program's first process ended.
    pub how: How,
    /// How many processes it left behind.
    pub left_behind: u64,
}
