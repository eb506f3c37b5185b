//! Reads one answer from pieces of any size, and stops at what a hostile server sends.

#[cfg(test)]
mod tests;

use super::chunked::Chunked;
use super::head::{self, Framing, Head};
use crate::{Failure, Limits, Response};

/// How far an answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It is not whole yet.
    More,
    /// It is whole, and so many bytes of the last piece belong to it.
    Done { used: usize },
}

/// Reads one answer after the other; its buffers are used again.
pub(crate) struct Reader {
    limits: Limits,
    keep: Option<usize>,
    to_head: bool,
    state: State,
    /// The beginning of a head that did not come in one piece.
    partial: Vec<u8>,
    /// No sooner than at this length is it worth parsing again, unless the head's end is seen.
    parse_at: usize,
    /// Bytes of heads that are over: those of 1xx answers.
    head_bytes: usize,
    body_bytes: u64,
    bytes: u64,
    status: Option<u16>,
    keeps_alive: bool,
    kept: Option<Response>,
}

enum State {
    Head,
    Sized(u64),
    Chunked(Chunked),
    UntilClose,
    Done,
}

impl Reader {
    pub(crate) fn new(limits: Limits, keep: Option<usize>) -> Reader {
        Reader {
            limits,
            keep,
            to_head: false,
            state: State::Head,
            partial: Vec::new(),
            parse_at: 0,
            head_bytes: 0,
            body_bytes: 0,
            bytes: 0,
            status: None,
            keeps_alive: false,
            kept: None,
        }
    }

    /// Gets ready for the answer to a new request.
    pub(crate) fn reset(&mut self, to_head: bool) {
        self.to_head = to_head;
        self.state = State::Head;
        self.partial.clear();
        self.parse_at = 0;
        self.head_bytes = 0;
        self.body_bytes = 0;
        self.bytes = 0;
        self.status = None;
        self.keeps_alive = false;
        self.kept = None;
    }

    /// The status, once the final head is there.
    pub(crate) fn status(&self) -> Option<u16> {
        self.status
    }

    /// Bytes received.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// May another request follow on the connection?
    pub(crate) fn keeps_alive(&self) -> bool {
        self.keeps_alive
    }

    /// The answer, if it was to be kept.
    pub(crate) fn take_response(&mut self) -> Option<Response> {
        self.kept.take()
    }

    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, input: &[u8]) -> Result<Progress, Failure> {
        let mut used = 0;
        while !matches!(self.state, State::Done) {
            let rest = &input[used..];
            if rest.is_empty() {
                break;
            }
            let taken = self.take(rest)?;
            used += taken;
            self.bytes += taken as u64;
        }
        Ok(if matches!(self.state, State::Done) { Progress::Done { used } } else { Progress::More })
    }

    /// The peer has closed: is the answer whole?
    pub(crate) fn end(&mut self) -> bool {
        if matches!(self.state, State::UntilClose) {
            self.state = State::Done;
        }
        matches!(self.state, State::Done)
    }

    /// Takes some of `rest`, at least one byte, and says how many.
    fn take(&mut self, rest: &[u8]) -> Result<usize, Failure> {
        match &mut self.state {
            State::Head => self.take_head(rest),
            State::Sized(left) => {
                let taken = rest.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                if *left == 0 {
                    self.state = State::Done;
                }
                self.take_body(&rest[..taken])?;
                Ok(taken)
            }
            State::UntilClose => {
                self.take_body(rest)?;
                Ok(rest.len())
            }
            State::Chunked(chunked) => {
                let step = chunked.take(rest, self.limits.head_bytes_max)?;
                if step.done {
                    self.state = State::Done;
                }
                self.take_body(&rest[step.data])?;
                Ok(step.used)
            }
            State::Done => Ok(0),
        }
    }

    fn take_body(&mut self, data: &[u8]) -> Result<(), Failure> {
        self.body_bytes += data.len() as u64;
        if self.body_bytes > self.limits.body_bytes_max {
            return Err(Failure::TooLarge);
        }
        if let (Some(kept), Some(keep)) = (&mut self.kept, self.keep) {
            let room = keep.saturating_sub(kept.body.len()).min(data.len());
            kept.body.extend_from_slice(&data[..room]);
            kept.truncated |= room < data.len();
        }
        Ok(())
    }

    fn take_head(&mut self, rest: &[u8]) -> Result<usize, Failure> {
        let before = self.partial.len();
        // Mostly a head comes whole, and is read where it lies.
        let parsed = if before == 0 {
            head::parse(rest, self.keep.is_some())?
        } else {
            self.partial.extend_from_slice(rest);
            // Parsed at its end or when it has doubled: a head that drips costs no more than its length.
            let looks_whole = head::may_end(&self.partial[before.saturating_sub(3)..]);
            if looks_whole || self.partial.len() >= self.parse_at {
                head::parse(&self.partial, self.keep.is_some())?
            } else {
                None
            }
        };
        let length = parsed.as_ref().map_or(before + rest.len(), |(length, _)| *length);
        if self.head_bytes + length > self.limits.head_bytes_max {
            return Err(Failure::TooLarge);
        }
        match parsed {
            Some((length, head)) => {
                self.head_bytes += length;
                self.partial.clear();
                self.begin_body(head)?;
                Ok(length - before)
            }
            None => {
                if before == 0 {
                    self.partial.extend_from_slice(rest);
                }
                if self.partial.len() >= self.parse_at {
                    self.parse_at = self.partial.len() * 2;
                }
                Ok(rest.len())
            }
        }
    }

    fn begin_body(&mut self, head: Head) -> Result<(), Failure> {
        match head.status {
            // An upgrade that nobody asked for.
            101 => return Err(Failure::Invalid),
            100..200 => {
                self.parse_at = 0;
                return Ok(());
            }
            _ => {}
        }
        self.status = Some(head.status);
        self.keeps_alive = head.keeps_alive;
        self.kept = head.kept;
        self.state = match head.framing {
            _ if self.to_head || matches!(head.status, 204 | 304) => State::Done,
            Framing::Length(0) => State::Done,
            Framing::Length(length) if length > self.limits.body_bytes_max => return Err(Failure::TooLarge),
            Framing::Length(length) => State::Sized(length),
            Framing::Chunked => State::Chunked(Chunked::default()),
            Framing::UntilClose => {
                self.keeps_alive = false;
                State::UntilClose
            }
        };
        Ok(())
    }
}
