//! Redis's protocol, RESP2 and RESP3: commands one way, replies in their order the other.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Each, Step};
use crate::message::Direction::{self, ToClient, ToUpstream};
use crate::message::{Kind, Message, first_word, lossy};
use command::{Command, Words};
use value::{Value, Walk};

mod command;
mod value;

/// How many commands of one connection may be unanswered.
const PENDING_MAX: usize = 1 << 20;
/// How much of a reply's first line is looked at.
const LINE_BYTES: usize = 128;
/// First elements of arrays that RESP2 sends to a subscriber without being asked.
const PUSHES: [&[u8]; 9] = [
    b"subscribe",
    b"unsubscribe",
    b"message",
    b"psubscribe",
    b"punsubscribe",
    b"pmessage",
    b"ssubscribe",
    b"sunsubscribe",
    b"smessage",
];

/// Both directions of one connection.
#[derive(Debug, Default)]
pub(super) struct Resp {
    value: Each<Option<Value>>,
    pending: VecDeque<Arc<str>>,
    replies: Replies,
    /// Whether the client has ever subscribed, so that RESP2 may push.
    subscribed: bool,
    resp3: bool,
}

/// Whether commands are answered: CLIENT REPLY.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Replies {
    #[default]
    On,
    Off,
    /// Off for the next command.
    Skip,
}

impl Resp {
    pub(super) fn next(&mut self, direction: Direction, input: &[u8]) -> Step {
        if input.is_empty() && !self.value.of(direction).as_ref().is_some_and(Value::is_over) {
            return Step::More;
        }
        match self.value.of(direction) {
            Some(value) => match value.walk(input) {
                Walk::Over => {
                    *self.value.of(direction) = None;
                    Step::End
                }
                Walk::On(bytes) => Step::Pass(bytes),
                Walk::Broken => Step::Opaque("this is not how RESP goes on"),
            },
            None if direction == ToUpstream => self.command(input),
            None => self.reply(input),
        }
    }

    fn command(&mut self, input: &[u8]) -> Step {
        let command = match command::read(input) {
            Words::More => return Step::More,
            Words::Broken => return Step::Opaque("this is not how a RESP command begins"),
            Words::Are(command) => command,
        };
        let text: Arc<str> = lossy(command.text().as_bytes());
        if self.is_answered(&command) {
            if self.pending.len() >= PENDING_MAX {
                return Step::Opaque("too many unanswered commands");
            }
            self.pending.push_back(text.clone());
        }
        self.value.to_upstream = Some(if input[0] == b'*' { Value::new() } else { Value::line() });
        Step::Begin(Message::new(ToUpstream, Kind::Command).text(text))
    }

    /// Whether a reply in the order of commands will come, and what the command changes about that.
    fn is_answered(&mut self, command: &Command<'_>) -> bool {
        let skipped = self.replies == Replies::Skip;
        if skipped {
            self.replies = Replies::On;
        }
        let word = |at: usize| command.word(at).to_ascii_uppercase();
        match &*word(0) {
            // Redis passes over an empty command.
            b"" => return false,
            b"CLIENT" if word(1) == b"REPLY" => {
                self.replies = match &*word(2) {
                    b"OFF" => Replies::Off,
                    b"SKIP" if self.replies != Replies::Off => Replies::Skip,
                    b"ON" => Replies::On,
                    _ => self.replies,
                };
                return self.replies == Replies::On && !skipped;
            }
            b"HELLO" if !word(1).is_empty() => self.resp3 = word(1) == b"3",
            b"SUBSCRIBE" | b"PSUBSCRIBE" | b"SSUBSCRIBE" => {
                self.subscribed = true;
                return false;
            }
            b"UNSUBSCRIBE" | b"PUNSUBSCRIBE" | b"SUNSUBSCRIBE" => return false,
            _ => {}
        }
        self.replies == Replies::On && !skipped
    }

    fn reply(&mut self, input: &[u8]) -> Step {
        if !value::is_type(input[0]) {
            return Step::Opaque("this is not how a RESP reply begins");
        }
        if let Some(b"MONITOR" | b"SYNC" | b"PSYNC") =
            self.pending.front().map(|text| first_word(text).as_bytes())
        {
            return Step::Opaque("what answers MONITOR, SYNC and PSYNC is no reply");
        }
        let line = match input.iter().position(|byte| *byte == b'\n') {
            Some(end) => &input[..end],
            None if input.len() < LINE_BYTES => return Step::More,
            None => input,
        };
        let pushed = match input[0] {
            b'>' => Some(true),
            b'*' if !self.resp3 && (self.subscribed || self.pending.is_empty()) => is_push(input),
            _ => Some(false),
        };
        let Some(pushed) = pushed else { return Step::More };
        self.value.to_client = Some(Value::new());
        if pushed {
            return Step::Begin(Message::new(ToClient, Kind::Push));
        }
        let mut message = Message::new(ToClient, Kind::Reply).about(self.pending.pop_front());
        if b"+-:_,#(".contains(&input[0]) {
            message = message.text(lossy(line[..line.len().min(LINE_BYTES)].trim_ascii_end()));
        }
        Step::Begin(message)
    }
}

/// Whether an array begins with one of `PUSHES`; `None` while that cannot be told.
fn is_push(input: &[u8]) -> Option<bool> {
    let mut lines = input.split(|byte| *byte == b'\n');
    let (count, length) = (lines.next()?, lines.next()?);
    if matches!(count, b"*0\r" | b"*-1\r") {
        return Some(false);
    }
    match lines.next() {
        // No push begins with anything but a string.
        _ if !length.is_empty() && length[0] != b'$' => Some(false),
        None => None,
        Some(word) if word.ends_with(b"\r") => Some(PUSHES.contains(&&word[..word.len() - 1])),
        Some(word) if word.len() > LINE_BYTES => Some(false),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
