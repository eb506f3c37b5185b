//! PostgreSQL's frontend/backend protocol, version 3: a letter, a length, a body.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Each, HEAD_BYTES, Step};
use crate::message::{Direction, Kind, Message};
use prepared::Prepared;

mod client;
mod prepared;
mod server;

/// How many requests of one connection may be unanswered before the relay stops naming what they are about.
const PENDING_MAX: usize = 1 << 20;

/// The longest message that PostgreSQL accepts or sends.
const MESSAGE_BYTES_MAX: u32 = 0x4000_0000;

/// Both directions of one connection.
#[derive(Debug, Default)]
pub(super) struct Postgres {
    /// Bytes of the message that has begun which have not been passed.
    rest: Each<Option<u64>>,
    /// Whether the startup message has been sent; what comes before has no letter.
    started: bool,
    /// Whether the server has been ready once; that answers the startup and no request.
    greeted: bool,
    /// Whether the server's next byte answers a request for encryption.
    encryption_asked: bool,
    /// Whether the server agreed, so that what follows cannot be read.
    encrypted: bool,
    prepared: Prepared,
    pending: VecDeque<Pending>,
    /// Whether the server reads a COPY stream, in which it ignores Sync.
    copying_in: bool,
}

/// What the client has sent and the server has not finished.
#[derive(Debug)]
enum Pending {
    /// Done when the server is ready again.
    Query(Arc<str>),
    /// Done with its completion, or when the server is ready again.
    Execute(Option<Arc<str>>),
    /// Done when the server is ready again.
    Sync,
}

impl Postgres {
    pub(super) fn next(&mut self, direction: Direction, input: &[u8]) -> Step {
        match self.rest.of(direction) {
            Some(0) => {
                *self.rest.of(direction) = None;
                Step::End
            }
            Some(rest) if !input.is_empty() => {
                let bytes = input.len().min(usize::try_from(*rest).unwrap_or(usize::MAX));
                *rest -= bytes as u64;
                Step::Pass(bytes)
            }
            None if self.encrypted => Step::Opaque("the connection is encrypted from here on"),
            None if !input.is_empty() => match direction {
                Direction::ToUpstream => self.begin_client(input),
                Direction::ToClient => self.begin_server(input),
            },
            Some(_) | None => Step::More,
        }
    }

    fn begin(&mut self, message: Message, bytes: u64) -> Step {
        *self.rest.of(message.direction) = Some(bytes);
        Step::Begin(message)
    }

    fn expect(&mut self, pending: Pending) -> Result<(), Step> {
        if self.pending.len() >= PENDING_MAX {
            return Err(Step::Opaque("too many unanswered messages"));
        }
        self.pending.push_back(pending);
        Ok(())
    }
}

/// A letter, a length, and as much of the body as is there and wanted.
struct Head<'a> {
    letter: u8,
    /// Of the whole message, the letter included.
    bytes: u64,
    body: &'a [u8],
}

/// `wants` says of which letters the body names the message.
fn head(input: &[u8], wants: impl Fn(u8) -> bool) -> Result<Head<'_>, Step> {
    let [letter, a, b, c, d, ..] = *input else { return Err(Step::More) };
    let length = u32::from_be_bytes([a, b, c, d]);
    if !(4..=MESSAGE_BYTES_MAX).contains(&length) {
        return Err(Step::Opaque("a message has an impossible length"));
    }
    let bytes = u64::from(length) + 1;
    let wanted = if wants(letter) { bytes.min(HEAD_BYTES as u64) as usize } else { 5 };
    if input.len() < wanted {
        return Err(Step::More);
    }
    Ok(Head { letter, bytes, body: &input[5..wanted] })
}

/// The bytes up to a zero byte, or all of them, and what follows it.
fn string(body: &[u8]) -> (&[u8], &[u8]) {
    match body.iter().position(|byte| *byte == 0) {
        Some(end) => (&body[..end], &body[end + 1..]),
        None => (body, &[]),
    }
}

fn message(direction: Direction, kind: Kind) -> Message {
    Message::new(direction, kind)
}

#[cfg(test)]
mod tests;
