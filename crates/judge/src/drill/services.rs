//! What a scenario needs to run a learner's program: the program, what is sent to it, what goes wrong.

use std::collections::BTreeMap;

/// A program that is handed in, in one or more instances.
#[derive(Debug)]
pub struct Program {
    /// The slot that takes its folder.
    pub slot: String,
    /// How many run side by side.
    pub instances: u32,
    /// One that does not listen after this many seconds hangs. A busy machine needs some of them.
    pub ready_s: u64,
    /// Names of environment variables, and the component whose address each gets.
    pub env: BTreeMap<String, String>,
}

/// Something that goes wrong at an event between a program and a component, or between us and the program.
#[derive(Debug)]
pub struct Fault {
    /// The component that is spoken to.
    pub on: String,
    /// At which message.
    pub at: Moment,
    /// How the message's request begins: `POST /charges`, `COMMIT`.
    pub to: String,
    /// At the how manieth such message, from 1.
    pub nth: u64,
    /// What is done.
    pub does: Harm,
    /// The component that is started again, if that is what is done.
    pub victim: String,
}

/// At which message of an exchange a fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the request reaches the component.
    Request,
    /// After the component has answered and before the answer reaches who asked.
    Answer,
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// Kills the instance (SIGKILL), and starts it again.
    Kill,
    /// Cuts the connection.
    Cut,
    /// Ends every connection to the component, of all instances, as when it is started again.
    Restart,
    /// Asks the instance to end (SIGTERM), lets the message go, and starts it again once it has ended.
    Terminate,
    /// Stops the instance (SIGSTOP) with its message held, until the next row of the conversation is answered.
    Freeze,
}

impl Harm {
    /// The word in drills and in evidence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Harm::Kill => "kill",
            Harm::Cut => "cut",
            Harm::Restart => "restart",
            Harm::Terminate => "terminate",
            Harm::Freeze => "freeze",
        }
    }
}

/// HTTP requests, one for each row of a parameter set.
#[derive(Debug)]
pub struct Requests {
    /// The parameter set.
    pub each: String,
    /// The program.
    pub on: String,
    /// What decides when each is sent.
    pub pace: Pace,
}

/// What decides when a request is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pace {
    /// A free client: so many conversations at once.
    Clients(usize),
    /// Its fellows: rows with equal values in this column are sent at the same moment.
    Together(String),
    /// A timetable: so many rows a second, whether or not earlier ones have been answered.
    Rate(u32),
}
