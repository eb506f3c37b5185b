//! How a program ended, in words.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::output::Output;
use crate::usage::Usage;

/// A program that has ended, and its tree with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How its first process ended.
    pub how: How,
    /// The limit that ended it, if one did.
    pub exceeded: Option<Exceeded>,
    /// How many processes it left behind when its first one ended. They were killed.
    pub left_behind: u64,
    /// What it used in all.
    pub usage: Usage,
    /// What it said last.
    pub output: Output,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.exceeded {
            Some(exceeded) => write!(f, "was ended because {exceeded}")?,
            None => write!(f, "{}", self.how)?,
        }
        match self.left_behind {
            0 => Ok(()),
            1 => write!(f, " (and left 1 process in the background, which was killed)"),
            n => write!(f, " (and left {n} processes in the background, which were killed)"),
        }
    }
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// Nobody knows: its supervisor was killed from outside.
    Lost,
}

impl How {
    /// Whether it ended by itself with status 0.
    pub fn is_success(self) -> bool {
        self == How::Exited(0)
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            How::Exited(status) => write!(f, "ended with exit status {status}"),
            How::Signalled(number) => match nix::sys::signal::Signal::try_from(*number) {
                Ok(signal) => write!(f, "was ended by {signal}"),
                Err(_) => write!(f, "was ended by signal {number}"),
            },
            How::Lost => write!(f, "was lost, because somebody killed its supervisor"),
        }
    }
}

/// A limit that a program exceeded. The words follow "because".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Exceeded {
    /// [`crate::Limits::memory_bytes`].
    #[error("it used {} MiB of memory, and {} MiB is its limit", mib(.used_bytes), mib(.limit_bytes))]
    Memory {
        /// What it used when it was noticed.
        used_bytes: u64,
        /// What it may use.
        limit_bytes: u64,
    },
    /// [`crate::Limits::tasks`].
    #[error("it had {used} processes and threads, and {limit} is its limit")]
    Tasks {
        /// What it had when it was noticed.
        used: u64,
        /// What it may have.
        limit: u64,
    },
    /// [`crate::Limits::file_bytes`].
    #[error("it wrote a file longer than {} MiB", mib(.limit_bytes))]
    File {
        /// How long a file may be.
        limit_bytes: u64,
    },
    /// [`crate::Limits::disk_bytes`].
    #[error("it filled {} MiB of disk, and {} MiB is its limit", mib(.used_bytes), mib(.limit_bytes))]
    Disk {
        /// How much it had written when it was noticed.
        used_bytes: u64,
        /// How much it may write.
        limit_bytes: u64,
    },
    /// [`crate::Limits::cpu_s`].
    #[error("it used {limit_s} s of CPU time, which is its limit")]
    Cpu {
        /// How much it may use.
        limit_s: u64,
    },
    /// The time that the caller of [`crate::build()`] gave.
    #[error("it had not ended after {limit_s} s")]
    Time {
        /// How long it may take.
        limit_s: u64,
    },
}

fn mib(bytes: &u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

/// What it took to stop a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Whether it ignored SIGTERM for the whole grace and was killed.
    pub killed: bool,
    /// How it ended.
    pub end: End,
}
