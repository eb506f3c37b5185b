//! A rule: at which messages something is done, at which moment, and what.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::armed::Firing;
use crate::door::Admission;
use crate::message::{ConnectionId, Direction, Kind, Message};
use crate::pattern::Pattern;

/// Which messages a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    direction: Option<Direction>,
    kinds: Vec<Kind>,
    text: Pattern,
    about: Pattern,
}

impl Trigger {
    /// Any message of one kind.
    pub fn message(kind: Kind) -> Trigger {
        Trigger::any_of(&[kind])
    }

    /// Any message of these kinds.
    pub fn any_of(kinds: &[Kind]) -> Trigger {
        Trigger { direction: None, kinds: kinds.to_vec(), text: Pattern::Any, about: Pattern::Any }
    }

    /// A connection. Before: it was accepted, the relay has not yet connected to upstream. After: it has.
    pub fn opened() -> Trigger {
        Trigger::message(Kind::Opened)
    }

    /// PostgreSQL: a statement is sent to be executed, by a simple query or by Execute of what was prepared.
    /// What is compared are its first 512 bytes, without leading comments and with single spaces. A simple
    /// query that holds several statements is one message; [`Pattern::contains`] looks into it.
    pub fn statement(statement: impl Into<Pattern>) -> Trigger {
        Trigger::any_of(&[Kind::Query, Kind::Execute]).text(statement)
    }

    /// PostgreSQL: a statement is acknowledged with this tag (`COMMIT`, `INSERT 0 1`). A COMMIT that failed is
    /// acknowledged with `ROLLBACK`.
    pub fn complete(tag: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Complete).text(tag)
    }

    /// PostgreSQL: such a statement is acknowledged.
    pub fn complete_of(statement: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Complete).about(statement)
    }

    /// PostgreSQL: the server says that it is ready for the next query.
    pub fn ready() -> Trigger {
        Trigger::message(Kind::Ready)
    }

    /// PostgreSQL: a session begins.
    pub fn startup() -> Trigger {
        Trigger::message(Kind::Startup)
    }

    /// RESP: a command is sent; name and first arguments, as in `SET cart:`.
    pub fn command(command: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Command).text(command)
    }

    /// RESP: such a command is answered.
    pub fn reply_to(command: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Reply).about(command)
    }

    /// HTTP: the head of a request is complete; `POST /v1/payments` and what begins so.
    pub fn request(request: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Request).text(request)
    }

    /// HTTP: such a request ends, body and all. Before: its last byte has not been forwarded.
    pub fn request_end(request: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::RequestEnd).text(request)
    }

    /// HTTP: the response to such a request begins. Before: not a byte of it has been forwarded.
    pub fn response_to(request: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::Response).about(request)
    }

    /// HTTP: the response to such a request ends. Before: its last byte has not been forwarded.
    pub fn response_end_to(request: impl Into<Pattern>) -> Trigger {
        Trigger::message(Kind::ResponseEnd).about(request)
    }

    /// Only messages with such a text.
    pub fn text(mut self, text: impl Into<Pattern>) -> Trigger {
        self.text = text.into();
        self
    }

    /// Only messages that answer a request with such a text.
    pub fn about(mut self, about: impl Into<Pattern>) -> Trigger {
        self.about = about.into();
        self
    }

    /// Only messages that go this way; of use for `CopyData` and `CopyDone`, which go both ways.
    pub fn going(mut self, direction: Direction) -> Trigger {
        self.direction = Some(direction);
        self
    }

    pub(crate) fn matches(&self, message: &Message) -> bool {
        self.kinds.contains(&message.kind)
            && self.direction.is_none_or(|direction| direction == message.direction)
            && self.text.matches(message.text.as_deref())
            && self.about.matches(message.about.as_deref())
    }
}

/// When a rule acts, seen from the message that it fires at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// All bytes before the message have been written to the peer's socket, and none of the message.
    Before,
    /// The whole message has been written to the peer's socket, and nothing that follows it. Whether the peer
    /// acts on it is the peer's affair: a PostgreSQL that cannot write an earlier answer, because the
    /// connection was cut, does not begin the statement. To have it done, fire before its acknowledgement.
    After,
}

/// How a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// As a process that dies with its machine: TCP's RST. Unread bytes may be lost. On a Unix socket
    /// there is no RST; the peer sees the end of the stream.
    Reset,
    /// In good order: what was forwarded arrives, then the end of the stream (FIN).
    Finish,
}

/// What is done when a rule fires.
#[derive(Debug, Clone)]
pub enum Action {
    /// This direction of the connection stands still for so long.
    Delay(Duration),
    /// This direction of the connection stands still until the rule is released or disarmed.
    Hold,
    /// The connection is closed on both sides.
    Cut(Close),
    /// Every connection of the relay is closed on both sides.
    CutAll(Close),
    /// From here on the connection carries at most so many bytes a second each way, until the rule is disarmed.
    Throttle {
        /// Bytes a second, at least 1.
        bytes_per_s: u64,
    },
    /// So many bytes, counted from the first one of the message, are forwarded; then the connection is cut.
    /// A shorter message is forwarded whole; an HTTP head counts together with its body. At the moment
    /// `After` this is a cut.
    Truncate {
        /// Bytes of the message that still reach the peer.
        bytes: u64,
        /// How the connection is closed then.
        close: Close,
    },
    /// The relay treats new connections so from here on.
    Admit(Admission),
    /// A function is called, which must not block: what goes through the relay waits for it.
    Call(Callback),
}

impl Action {
    /// Calls `function` with the firing, before the message goes on.
    pub fn call(function: impl Fn(&Firing) + Send + Sync + 'static) -> Action {
        Action::Call(Callback(Arc::new(function)))
    }
}

/// A function that is called when a rule fires.
#[derive(Clone)]
pub struct Callback(pub(crate) Arc<dyn Fn(&Firing) + Send + Sync>);

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

/// What is to be done, and when. Without further words: once, before the first message that matches.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) name: String,
    pub(crate) trigger: Trigger,
    pub(crate) moment: Moment,
    pub(crate) first: u64,
    pub(crate) limit: Option<u64>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) actions: Vec<Action>,
}

impl Rule {
    /// A rule about these messages, which so far does nothing but count and tell.
    pub fn on(trigger: Trigger) -> Rule {
        Rule {
            name: String::new(),
            trigger,
            moment: Moment::Before,
            first: 1,
            limit: Some(1),
            connection: None,
            actions: Vec::new(),
        }
    }

    /// A name, for evidence.
    pub fn named(mut self, name: impl Into<String>) -> Rule {
        self.name = name.into();
        self
    }

    /// Acts before the message is forwarded.
    pub fn before(mut self) -> Rule {
        self.moment = Moment::Before;
        self
    }

    /// Acts after the message was forwarded.
    pub fn after(mut self) -> Rule {
        self.moment = Moment::After;
        self
    }

    /// Only at the `k`-th matching message since the rule was armed, counted from 1 over all connections.
    pub fn nth(self, k: u64) -> Rule {
        self.from(k).at_most(1)
    }

    /// At every matching message.
    pub fn every(self) -> Rule {
        self.from(1)
    }

    /// At the `k`-th matching message and at all that follow.
    pub fn from(mut self, k: u64) -> Rule {
        self.first = k.max(1);
        self.limit = None;
        self
    }

    /// Fires so often at most.
    pub fn at_most(mut self, times: u64) -> Rule {
        self.limit = Some(times);
        self
    }

    /// Only on this connection.
    pub fn on_connection(mut self, connection: ConnectionId) -> Rule {
        self.connection = Some(connection);
        self
    }

    /// Does this when it fires, after what it does already.
    pub fn then(mut self, action: Action) -> Rule {
        self.actions.push(action);
        self
    }
}
