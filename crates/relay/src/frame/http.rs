//! HTTP/1.0 and HTTP/1.1: requests one way, responses in their order the other.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Each, Step};
use crate::message::Direction::{self, ToClient, ToUpstream};
use crate::message::{Kind, Message, lossy};
use body::{Body, Found};
use head::{Framing, Head};

mod body;
mod head;

/// How many requests of one connection may be unanswered.
const PENDING_MAX: usize = 10_000;

/// Both directions of one connection.
#[derive(Debug, Default)]
pub(super) struct Http {
    each: Each<Side>,
    pending: VecDeque<Request>,
}

#[derive(Debug, Default)]
struct Side {
    /// Steps that are decided and have not been told.
    planned: VecDeque<Step>,
    body: Body,
    /// What the end of the body is called.
    ending: Option<Message>,
}

#[derive(Debug)]
struct Request {
    text: Arc<str>,
    is_head: bool,
    is_connect: bool,
}

impl Http {
    pub(super) fn next(&mut self, direction: Direction, input: &[u8]) -> Step {
        let side = self.each.of(direction);
        if let Some(step) = side.planned.pop_front() {
            return step;
        }
        if input.is_empty() {
            return Step::More;
        }
        match side.body.find(input) {
            Found::None => self.head(direction, input),
            Found::More => Step::More,
            Found::Body(bytes) => Step::Pass(bytes),
            Found::Last(bytes) => {
                side.planned.push_back(Step::Pass(bytes));
                if side.body == Body::None {
                    side.planned.push_back(Step::End);
                }
                side.ending.take().map_or(Step::Pass(0), Step::Begin)
            }
            Found::Trailer(bytes) => {
                if side.body == Body::None {
                    side.planned.push_back(Step::End);
                }
                Step::Pass(bytes)
            }
            Found::Broken => Step::Opaque("this is not how a chunked body goes on"),
        }
    }

    /// A response whose body has no length ends with the stream.
    pub(super) fn finish(&mut self, direction: Direction) -> Step {
        let side = self.each.of(direction);
        if let Some(step) = side.planned.pop_front() {
            return step;
        }
        let ending = side.ending.take_if(|_| side.body == Body::UntilTheEnd);
        let Some(ending) = ending else { return Step::More };
        side.planned.push_back(Step::End);
        Step::Begin(ending)
    }

    fn head(&mut self, direction: Direction, input: &[u8]) -> Step {
        // Some clients send an empty line after a body.
        match input {
            [b'\r', b'\n', ..] => return Step::Pass(2),
            [b'\n', ..] => return Step::Pass(1),
            [b'\r'] => return Step::More,
            _ => {}
        }
        let head = match head::read(input) {
            Ok(Some(head)) => head,
            Ok(None) => return Step::More,
            Err(why) => return Step::Opaque(why),
        };
        let planned = match direction {
            ToUpstream => self.request(&head),
            ToClient => self.response(&head),
        };
        planned.unwrap_or_else(Step::Opaque)
    }

    fn request(&mut self, head: &Head<'_>) -> Result<Step, &'static str> {
        let [method, target, version] = head.first_line;
        if !version.starts_with(b"HTTP/1.") {
            return Err("this is not how an HTTP/1.1 request begins");
        }
        if self.pending.len() >= PENDING_MAX {
            return Err("too many unanswered requests");
        }
        let body = match head.framing {
            Framing::Chunked => Body::chunked(),
            Framing::Length(bytes) => Body::of(bytes),
            Framing::Unsaid => Body::None,
            Framing::UntilTheEnd => return Err("a request's body has no end"),
        };
        let text = lossy(&[method, b" ", target].concat());
        let (is_head, is_connect) = (method == b"HEAD", method == b"CONNECT");
        self.pending.push_back(Request { text: text.clone(), is_head, is_connect });
        let begins = Message::new(ToUpstream, Kind::Request).text(text.clone());
        let ends = Message::new(ToUpstream, Kind::RequestEnd).text(text);
        Ok(self.each.to_upstream.plan(head.bytes, begins, Some(ends), body))
    }

    fn response(&mut self, head: &Head<'_>) -> Result<Step, &'static str> {
        let [version, status, _] = head.first_line;
        if !version.starts_with(b"HTTP/1.") || status.len() != 3 || !status.iter().all(u8::is_ascii_digit) {
            return Err("this is not how an HTTP/1.1 response begins");
        }
        let text = lossy(status);
        let message = |kind, about| Message::new(ToClient, kind).text(text.clone()).about(about);
        let upgraded = status == b"101";
        if status[0] == b'1' && !upgraded {
            let about = self.pending.front().map(|request| request.text.clone());
            let begins = message(Kind::Interim, about);
            return Ok(self.each.to_client.plan(head.bytes, begins, None, Body::None));
        }
        let request = self.pending.pop_front();
        let tunnel = request.as_ref().is_some_and(|request| request.is_connect) && status[0] == b'2';
        let is_bare = upgraded
            || tunnel
            || matches!(status, b"204" | b"304")
            || request.as_ref().is_some_and(|request| request.is_head);
        let body = match head.framing {
            _ if is_bare => Body::None,
            Framing::Chunked => Body::chunked(),
            Framing::Length(bytes) => Body::of(bytes),
            Framing::Unsaid | Framing::UntilTheEnd => Body::UntilTheEnd,
        };
        let about = request.map(|request| request.text);
        let begins = message(Kind::Response, about.clone());
        let ends = message(Kind::ResponseEnd, about);
        let first = self.each.to_client.plan(head.bytes, begins, Some(ends), body);
        if upgraded || tunnel {
            let last = Step::Opaque("the connection speaks another protocol from here on");
            self.each.to_client.planned.push_back(last);
        }
        Ok(first)
    }
}

impl Side {
    /// A head of so many bytes; its end is the end of all if no body follows.
    fn plan(&mut self, bytes: usize, begins: Message, ends: Option<Message>, body: Body) -> Step {
        let bare = body == Body::None;
        self.body = body;
        self.ending = ends;
        let ends = self.ending.take_if(|_| bare);
        let two = ends.is_some();
        self.planned.extend(ends.map(Step::Begin));
        self.planned.extend([Step::Pass(bytes), Step::End]);
        self.planned.extend(two.then_some(Step::End));
        Step::Begin(begins)
    }
}

#[cfg(test)]
mod tests;
