//! What a PostgreSQL client sends.

use super::{Head, Pending, Postgres, head, message, string};
use crate::frame::{Step, sql};
use crate::message::Direction::ToUpstream;
use crate::message::{Kind, lossy};

const TLS_REQUEST: u32 = 80_877_103;
const GSSAPI_REQUEST: u32 = 80_877_104;
const CANCEL_REQUEST: u32 = 80_877_102;
/// The longest first message that PostgreSQL accepts.
const STARTUP_BYTES_MAX: u32 = 10_000;

impl Postgres {
    pub(super) fn begin_client(&mut self, input: &[u8]) -> Step {
        if !self.started {
            return self.first_message(input);
        }
        match head(input, |letter| b"QPBEC".contains(&letter)) {
            Ok(head) => self.client_message(&head).unwrap_or_else(|step| step),
            Err(step) => step,
        }
    }

    fn first_message(&mut self, input: &[u8]) -> Step {
        const STRANGE: Step = Step::Opaque("the client does not begin as PostgreSQL's protocol does");
        if self.encryption_asked {
            return Step::Opaque("the client did not wait for the answer about encryption");
        }
        if input[0] != 0 {
            return STRANGE;
        }
        let [a, b, c, d, e, f, g, h, ..] = *input else { return Step::More };
        let (length, code) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        if !(8..=STARTUP_BYTES_MAX).contains(&length) {
            return STRANGE;
        }
        let bytes = length as usize;
        match code {
            TLS_REQUEST | GSSAPI_REQUEST if length == 8 => {
                self.encryption_asked = true;
                let asked = if code == TLS_REQUEST { "TLS" } else { "GSSAPI" };
                self.begin(message(ToUpstream, Kind::EncryptionRequest).text(asked), 8)
            }
            CANCEL_REQUEST => self.begin(message(ToUpstream, Kind::CancelRequest), bytes as u64),
            _ if code >> 16 != 3 => STRANGE,
            _ if input.len() < bytes => Step::More,
            _ => {
                self.started = true;
                let text = lossy(parameters(&input[8..bytes]).as_bytes());
                self.begin(message(ToUpstream, Kind::Startup).text(text), bytes as u64)
            }
        }
    }

    fn client_message(&mut self, head: &Head<'_>) -> Result<Step, Step> {
        let body = head.body;
        let plain = |kind| message(ToUpstream, kind);
        let message = match head.letter {
            b'Q' => {
                let text = sql::head(string(body).0);
                self.expect(Pending::Query(text.clone()))?;
                plain(Kind::Query).text(text)
            }
            b'P' => {
                let (statement, rest) = string(body);
                let text = sql::head(string(rest).0);
                self.prepared.parse(statement, text.clone());
                plain(Kind::Parse).text(text)
            }
            b'B' => {
                let (portal, rest) = string(body);
                let mut message = plain(Kind::Bind);
                message.text = self.prepared.bind(portal, string(rest).0);
                message
            }
            b'E' => {
                let mut message = plain(Kind::Execute);
                message.text = self.prepared.portal(string(body).0);
                self.expect(Pending::Execute(message.text.clone()))?;
                message
            }
            b'C' => {
                match body.split_first() {
                    Some((b'S', name)) => self.prepared.close_statement(string(name).0),
                    Some((b'P', name)) => self.prepared.close_portal(string(name).0),
                    _ => {}
                }
                plain(Kind::Close)
            }
            b'S' => {
                self.expect(Pending::Sync)?;
                plain(Kind::Sync)
            }
            b'F' => {
                self.expect(Pending::Sync)?;
                plain(Kind::FunctionCall)
            }
            b'd' | b'c' | b'f' => {
                self.forget_syncs_in_copy();
                plain(copy_kind(head.letter))
            }
            b'D' => plain(Kind::Describe),
            b'H' => plain(Kind::Flush),
            b'p' => plain(Kind::Password),
            b'X' => plain(Kind::Terminate),
            _ => return Err(Step::Opaque("the client sent a message of an unknown kind")),
        };
        Ok(self.begin(message, head.bytes))
    }

    /// The server ignores a Sync that comes before the end of a COPY stream, so nothing will answer it.
    fn forget_syncs_in_copy(&mut self) {
        if self.copying_in && matches!(self.pending.front(), Some(Pending::Execute(_))) {
            while matches!(self.pending.get(1), Some(Pending::Sync)) {
                self.pending.remove(1);
            }
        }
    }
}

fn copy_kind(letter: u8) -> Kind {
    match letter {
        b'd' => Kind::CopyData,
        b'c' => Kind::CopyDone,
        _ => Kind::CopyFail,
    }
}

/// `user=… database=…`, as it stands in the startup message.
fn parameters(mut body: &[u8]) -> String {
    let mut text = String::new();
    while body.first().is_some_and(|byte| *byte != 0) {
        let (name, rest) = string(body);
        let (value, rest) = string(rest);
        body = rest;
        let pair = format!("{}={}", String::from_utf8_lossy(name), String::from_utf8_lossy(value));
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&pair);
    }
    text
}
