//! Where messages begin and end in two streams that belong together.
//!
//! Frames look at bytes and keep none. A caller offers the bytes that come next in one direction and does
//! what the [`Step`] says; whoever holds the bytes asks again until the answer is [`Step::More`].

use crate::message::{Direction, Message, Protocol};

mod http;
mod postgres;
mod resp;
mod sql;
#[cfg(test)]
mod tests;

/// The size of a lane's buffer. A frame that asks for more bytes while it is offered so many is given up.
pub(crate) const BUFFER_BYTES: usize = 64 * 1024;

/// How much of a message is looked at to name it, in PostgreSQL's protocol and in RESP.
const HEAD_BYTES: usize = 4 * 1024;

/// What is known of the bytes that come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing, until more bytes are offered.
    More,
    /// A message begins at the first of them.
    Begin(Message),
    /// So many belong to what has begun, or to no message.
    Pass(usize),
    /// The message that began first, of those that have not ended, ends right before them.
    End,
    /// They are passed through without looking from here on, in both directions; and why.
    Opaque(&'static str),
}

/// The frames of one connection.
#[derive(Debug)]
pub(crate) struct Frames {
    frame: Frame,
    is_opaque: bool,
}

#[derive(Debug)]
enum Frame {
    Postgres(Box<postgres::Postgres>),
    Resp(Box<resp::Resp>),
    Http(Box<http::Http>),
    None,
}

impl Frames {
    pub(crate) fn new(protocol: Protocol) -> Frames {
        let frame = match protocol {
            Protocol::Postgres => Frame::Postgres(Box::default()),
            Protocol::Resp => Frame::Resp(Box::default()),
            Protocol::Http1 => Frame::Http(Box::default()),
            Protocol::Opaque => Frame::None,
        };
        Frames { frame, is_opaque: protocol == Protocol::Opaque }
    }

    /// What is known of `input`, the bytes that come next in this direction.
    pub(crate) fn next(&mut self, direction: Direction, input: &[u8]) -> Step {
        if self.is_opaque {
            return if input.is_empty() { Step::More } else { Step::Pass(input.len()) };
        }
        let step = match &mut self.frame {
            Frame::Postgres(frame) => frame.next(direction, input),
            Frame::Resp(frame) => frame.next(direction, input),
            Frame::Http(frame) => frame.next(direction, input),
            Frame::None => Step::Opaque("there are no frames"),
        };
        self.is_opaque = matches!(step, Step::Opaque(_));
        step
    }

    /// What the end of the stream in this direction means; asked until the answer is `More`.
    pub(crate) fn finish(&mut self, direction: Direction) -> Step {
        match &mut self.frame {
            Frame::Http(frame) if !self.is_opaque => frame.finish(direction),
            _ => Step::More,
        }
    }

    /// Looks no more.
    pub(crate) fn give_up(&mut self) {
        self.is_opaque = true;
    }
}

/// One thing for each direction.
#[derive(Debug, Default)]
struct Each<T> {
    to_upstream: T,
    to_client: T,
}

impl<T> Each<T> {
    fn of(&mut self, direction: Direction) -> &mut T {
        match direction {
            Direction::ToUpstream => &mut self.to_upstream,
            Direction::ToClient => &mut self.to_client,
        }
    }
}
