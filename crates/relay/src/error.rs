//! Why a relay could not be opened.

use std::io;

use crate::address::Address;

/// Why a relay could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// It was asked to listen where other machines could connect.
    #[error("a relay listens on loopback only, not on {0}; use 127.0.0.1 or a Unix socket")]
    NotLoopback(Address),
    /// The system did not let it listen.
    #[error("the relay cannot listen on {address}: {source}; choose port 0 or a path that is free")]
    Listen {
        /// Where.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
}
