//! Runs a command of the workspace that ends: a build, with the network and caches that the caller allows.

use std::time::{Duration, Instant};

use crate::end::{End, Exceeded};
use crate::launch::Launch;
use crate::running::{Program, StartError};

/// A build that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// How it ended; [`Exceeded::Time`] if it took too long.
    pub end: End,
    /// How long it took.
    pub took_ms: u64,
}

impl Built {
    /// Whether it ended by itself with status 0.
    pub fn succeeded(&self) -> bool {
        self.end.exceeded.is_none() && self.end.how.is_success()
    }
}

/// Runs a build command to its end, or kills it after `limit`. Package managers need
/// [`crate::Network::Open`] and their caches in [`crate::Sandbox::write`]; the launch says so.
///
/// # Errors
/// As [`Program::start`].
pub async fn build(launch: &Launch, limit: Duration) -> Result<Built, StartError> {
    let begun = Instant::now();
    let program = Program::start(launch).await?;
    let end = match tokio::time::timeout(limit, program.wait()).await {
        Ok(end) => end,
        Err(_) => {
            let end = program.kill_all().await;
            End { exceeded: Some(Exceeded::Time { limit_s: limit.as_secs() }), ..end }
        }
    };
    Ok(Built { end, took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX) })
}
