//! What a program uses.

use serde::{Deserialize, Serialize};

/// What all processes of a program use together. It is sampled, every 25 ms or less often on a machine with very
/// many processes, so a peak can be missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// CPU time, of ended processes too.
    pub cpu_ms: u64,
    /// Resident memory; a page that two processes share is counted twice.
    pub memory_bytes: u64,
    /// The most that was seen of it; never less than the largest process that ended had.
    pub memory_peak_bytes: u64,
    /// Processes.
    pub processes: u64,
    /// Threads of all processes, each process having one at least.
    pub tasks: u64,
    /// The most that was seen of them.
    pub tasks_peak: u64,
    /// How much the workspace and the program's own folders have grown.
    pub disk_bytes: u64,
}

impl Usage {
    /// Keeps what only grows.
    pub(crate) fn update(&mut self, now: Usage) {
        *self = Usage {
            cpu_ms: self.cpu_ms.max(now.cpu_ms),
            memory_peak_bytes: self.memory_peak_bytes.max(now.memory_bytes),
            tasks_peak: self.tasks_peak.max(now.tasks),
            ..now
        };
    }
}
