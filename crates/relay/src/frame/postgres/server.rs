//! What a PostgreSQL server sends.

use std::sync::Arc;

use super::{Head, Pending, Postgres, head, message, string};
use crate::frame::Step;
use crate::message::Direction::ToClient;
use crate::message::{Kind, Message, lossy};

impl Postgres {
    pub(super) fn begin_server(&mut self, input: &[u8]) -> Step {
        if self.encryption_asked {
            self.encryption_asked = false;
            let yes = match input[0] {
                b'S' | b'G' => Some(true),
                b'N' => Some(false),
                // An old server answers with an error message.
                _ => None,
            };
            if let Some(yes) = yes {
                self.encrypted = yes;
                return self.begin(message(ToClient, Kind::EncryptionAnswer).text(lossy(&input[..1])), 1);
            }
        }
        match head(input, |letter| b"CEZ".contains(&letter)) {
            Ok(head) => self.server_message(&head).unwrap_or_else(|step| step),
            Err(step) => step,
        }
    }

    fn server_message(&mut self, head: &Head<'_>) -> Result<Step, Step> {
        let kind = kind(head.letter).ok_or(Step::Opaque("the server sent a message of an unknown kind"))?;
        let plain = Message::new(ToClient, kind);
        let message = match kind {
            Kind::Complete => plain.text(lossy(string(head.body).0)).about(self.completed()),
            Kind::EmptyQuery | Kind::PortalSuspended => plain.about(self.completed()),
            Kind::Error => {
                self.copying_in = false;
                plain.text(lossy(sqlstate(head.body))).about(self.running())
            }
            Kind::Ready => {
                self.ready();
                plain.text(lossy(head.body))
            }
            Kind::CopyIn | Kind::CopyOut => {
                self.copying_in = kind == Kind::CopyIn;
                plain.about(self.running())
            }
            _ => plain,
        };
        Ok(self.begin(message, head.bytes))
    }

    /// All up to the next Query or Sync is done.
    fn ready(&mut self) {
        self.copying_in = false;
        if std::mem::replace(&mut self.greeted, true) {
            while let Some(Pending::Execute(_)) = self.pending.front() {
                self.pending.pop_front();
            }
            self.pending.pop_front();
        }
    }

    /// The statement that is done now. A simple query may hold several, so it stays.
    fn completed(&mut self) -> Option<Arc<str>> {
        self.copying_in = false;
        // No statement can be done by a Sync: the server has ignored it.
        while let Some(Pending::Sync) = self.pending.front() {
            self.pending.pop_front();
        }
        let text = self.running();
        if let Some(Pending::Execute(_)) = self.pending.front() {
            self.pending.pop_front();
        }
        text
    }

    fn running(&self) -> Option<Arc<str>> {
        match self.pending.front() {
            Some(Pending::Query(text)) => Some(text.clone()),
            Some(Pending::Execute(text)) => text.clone(),
            Some(Pending::Sync) | None => None,
        }
    }
}

fn kind(letter: u8) -> Option<Kind> {
    Some(match letter {
        b'R' => Kind::Authentication,
        b'S' => Kind::ParameterStatus,
        b'K' => Kind::BackendKeyData,
        b'v' => Kind::NegotiateProtocolVersion,
        b'Z' => Kind::Ready,
        b'T' => Kind::RowDescription,
        b'D' => Kind::DataRow,
        b'C' => Kind::Complete,
        b'I' => Kind::EmptyQuery,
        b's' => Kind::PortalSuspended,
        b'E' => Kind::Error,
        b'N' => Kind::Notice,
        b'A' => Kind::Notification,
        b'1' => Kind::ParseComplete,
        b'2' => Kind::BindComplete,
        b'3' => Kind::CloseComplete,
        b'n' => Kind::NoData,
        b't' => Kind::ParameterDescription,
        b'G' => Kind::CopyIn,
        b'H' => Kind::CopyOut,
        b'W' => Kind::CopyBoth,
        b'd' => Kind::CopyData,
        b'c' => Kind::CopyDone,
        b'V' => Kind::FunctionResult,
        _ => return None,
    })
}

/// The field `C` of an error: a letter and a string each.
fn sqlstate(mut body: &[u8]) -> &[u8] {
    while let Some((letter, rest)) = body.split_first() {
        let (value, rest) = string(rest);
        match letter {
            0 => break,
            b'C' => return value,
            _ => body = rest,
        }
    }
    &[]
}
