//! Waits until a program listens, and finds words for why it does not.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::net::TcpStream;

use crate::end::End;
use crate::running::Program;

/// How often a connection is tried.
const TRY_EVERY: Duration = Duration::from_millis(10);
/// How many lines of output a message quotes.
const QUOTED_LINES: usize = 20;

/// Where a process listens for TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Listening {
    /// The address and the port.
    pub at: SocketAddr,
}

impl Listening {
    /// Whether a connection to 127.0.0.1 arrives here. `::` is taken to accept IPv4 too, as it does by default.
    fn takes_loopback(&self) -> bool {
        match self.at.ip() {
            IpAddr::V4(ip) => ip.is_unspecified() || ip.is_loopback() && ip.octets() == [127, 0, 0, 1],
            IpAddr::V6(ip) => ip.is_unspecified() || ip.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback()),
        }
    }
}

impl fmt::Display for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.takes_loopback() {
            true => write!(f, "port {}", self.at.port()),
            false => write!(f, "{}", self.at),
        }
    }
}

/// Why a program is not ready. The words are for the learner.
#[derive(Debug, Error)]
pub enum NotReady {
    /// It ended first.
    #[error("your program {end} before it listened on PORT={port}, where alone it may listen{}", quoted(&.end.output))]
    Ended {
        /// The port it was asked to listen on.
        port: u16,
        /// How it ended.
        end: Box<End>,
    },
    /// It runs, but not where it was asked to.
    #[error("{}{}", elsewhere(*.port, *.waited_s, .listening, *.taken), quoted(.output))]
    NotListening {
        /// The port it was asked to listen on.
        port: u16,
        /// How long we waited.
        waited_s: u64,
        /// Where it listens.
        listening: Vec<Listening>,
        /// Whether somebody else answers on the port.
        taken: bool,
        /// What it said last.
        output: Box<crate::Output>,
    },
}

impl Program {
    /// Waits until a TCP connection to 127.0.0.1 on this port succeeds, and says how long that took. The
    /// connection is closed at once, so a program sees at least one that says nothing.
    ///
    /// # Errors
    /// When it ended first, or did not listen within `limit`. It is left running then.
    pub async fn ready(&self, port: u16, limit: Duration) -> Result<Duration, NotReady> {
        let begun = Instant::now();
        let listened = async {
            loop {
                if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                    let seen = self.look().await;
                    let ours = seen.listening.iter().any(|one| one.at.port() == port);
                    if ours || !seen.listening_is_known {
                        return;
                    }
                }
                tokio::time::sleep(TRY_EVERY).await;
            }
        };
        let timed_out = tokio::select! {
            biased;
            end = self.wait() => {
                return Err(NotReady::Ended { port, end: Box::new(end) });
            }
            listened = tokio::time::timeout(limit, listened) => listened.is_err(),
        };
        if !timed_out {
            return Ok(begun.elapsed());
        }
        let seen = self.look().await;
        if let Some(end) = self.end() {
            return Err(NotReady::Ended { port, end: Box::new(end) });
        }
        let ours = seen.listening.iter().any(|one| one.at.port() == port);
        let taken = seen.listening_is_known && !ours && TcpStream::connect(("127.0.0.1", port)).await.is_ok();
        Err(NotReady::NotListening {
            port,
            waited_s: begun.elapsed().as_secs(),
            listening: seen.listening,
            taken,
            output: Box::new(seen.output),
        })
    }
}

fn elsewhere(port: u16, waited_s: u64, listening: &[Listening], taken: bool) -> String {
    if taken {
        return format!("another process has port {port}; end it, or your program cannot listen there");
    }
    let there = listening.iter().find(|one| one.at.port() == port);
    if let Some(there) = there {
        let at = there.at;
        return format!(
            "your program listens on {at}, where 127.0.0.1:{port} does not lead; listen on 0.0.0.0 or 127.0.0.1"
        );
    }
    let mut others: Vec<String> = listening.iter().map(Listening::to_string).collect();
    others.dedup();
    if others.is_empty() {
        return format!(
            "your program runs, but after {waited_s} s it does not listen on port {port} (PORT={port}), nor on any other"
        );
    }
    format!("your program listens on {}, but was asked to listen on PORT={port}", others.join(" and "))
}

fn quoted(output: &crate::Output) -> String {
    let last = output.last_lines(QUOTED_LINES);
    match last.is_empty() {
        true => "; it printed nothing".to_owned(),
        false => format!("; its last output:\n{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Listening {
        Listening { at: text.parse().expect("an address") }
    }

    #[test]
    fn each_case_has_its_own_words() {
        let words = |listening: &[&str]| {
            elsewhere(4711, 10, &listening.iter().map(|text| at(text)).collect::<Vec<_>>(), false)
        };
        assert!(words(&[]).contains("does not listen on port 4711 (PORT=4711), nor on any other"));
        assert!(
            words(&["0.0.0.0:8080"]).contains("listens on port 8080, but was asked to listen on PORT=4711")
        );
        assert!(words(&["0.0.0.0:8080", "[::]:8080"]).contains("listens on port 8080, but"));
        assert!(words(&["[::1]:4711"]).contains("[::1]:4711, where 127.0.0.1:4711 does not lead"));
        assert!(elsewhere(4711, 10, &[], true).contains("another process has port 4711"));
    }
}
