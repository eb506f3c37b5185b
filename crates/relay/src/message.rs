//! What a relay knows of a message: which way it goes, what kind it is, and the little that names it.

use std::sync::Arc;

/// How many bytes of a message's name are kept.
pub(crate) const TEXT_BYTES_MAX: usize = 512;

/// Which protocol's boundaries a relay looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// PostgreSQL's frontend/backend protocol, version 3.
    Postgres,
    /// Redis's protocol, RESP2 and RESP3.
    Resp,
    /// HTTP/1.0 and HTTP/1.1.
    Http1,
    /// Bytes without boundaries; only the opening of a connection is an event.
    Opaque,
}

/// A connection of a relay; numbered from 1 in the order in which they were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the client, which connected to the relay, to what the relay stands in front of.
    ToUpstream,
    /// Back to the client.
    ToClient,
}

/// What a message is. Its `text` and what it is `about` are told beside each kind that has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A connection was accepted.
    Opened,
    /// A connection ended; text: why.
    Closed,
    /// A connection is passed through without looking from here on; text: why.
    Opaque,
    /// A rule fired; text: the rule's name.
    Fired,

    /// PostgreSQL: the first message of a session; text: its parameters, `user=… database=…`.
    Startup,
    /// PostgreSQL: the client asks for encryption; text: `TLS` or `GSSAPI`.
    EncryptionRequest,
    /// PostgreSQL: one connection asks that another's statement be cancelled.
    CancelRequest,
    /// PostgreSQL: a password or a step of authentication; never any text.
    Password,
    /// PostgreSQL: a simple query; text: the statement.
    Query,
    /// PostgreSQL: a statement is prepared; text: the statement.
    Parse,
    /// PostgreSQL: a portal is made from a prepared statement; text: the statement.
    Bind,
    /// PostgreSQL: a portal is executed; text: the statement that its Parse named.
    Execute,
    /// PostgreSQL: a description is asked for.
    Describe,
    /// PostgreSQL: a statement or portal is closed.
    Close,
    /// PostgreSQL: the server shall send what it has.
    Flush,
    /// PostgreSQL: the end of a series of extended messages.
    Sync,
    /// PostgreSQL: a function is called by the old sub-protocol.
    FunctionCall,
    /// PostgreSQL: a piece of a COPY stream, either way.
    CopyData,
    /// PostgreSQL: a COPY stream ends, either way.
    CopyDone,
    /// PostgreSQL: the client gives a COPY up.
    CopyFail,
    /// PostgreSQL: the client says goodbye.
    Terminate,

    /// PostgreSQL: the server's single byte about encryption; text: that byte.
    EncryptionAnswer,
    /// PostgreSQL: a request or result of authentication.
    Authentication,
    /// PostgreSQL: a setting's value.
    ParameterStatus,
    /// PostgreSQL: the key with which a statement can be cancelled.
    BackendKeyData,
    /// PostgreSQL: the server knows an older version only.
    NegotiateProtocolVersion,
    /// PostgreSQL: the server is ready; text: `I` idle, `T` in a transaction, `E` in a failed one.
    Ready,
    /// PostgreSQL: the columns of a result.
    RowDescription,
    /// PostgreSQL: a row.
    DataRow,
    /// PostgreSQL: a statement was done; text: its tag, such as `INSERT 0 1`; about: the statement.
    Complete,
    /// PostgreSQL: the statement was empty; about: the statement.
    EmptyQuery,
    /// PostgreSQL: an Execute reached its row limit; about: the statement.
    PortalSuspended,
    /// PostgreSQL: an error; text: its SQLSTATE; about: the statement, where one was running.
    Error,
    /// PostgreSQL: a notice.
    Notice,
    /// PostgreSQL: a notification of LISTEN.
    Notification,
    /// PostgreSQL: a Parse was done.
    ParseComplete,
    /// PostgreSQL: a Bind was done.
    BindComplete,
    /// PostgreSQL: a Close was done.
    CloseComplete,
    /// PostgreSQL: a description of nothing.
    NoData,
    /// PostgreSQL: the parameters of a statement.
    ParameterDescription,
    /// PostgreSQL: the server waits for a COPY stream; about: the statement.
    CopyIn,
    /// PostgreSQL: a COPY stream from the server begins; about: the statement.
    CopyOut,
    /// PostgreSQL: a COPY stream both ways begins (replication).
    CopyBoth,
    /// PostgreSQL: the result of a function call.
    FunctionResult,

    /// RESP: a command; text: its name in capitals and its first arguments, `SET cart:1 …`.
    Command,
    /// RESP: a reply; text: its line if it is a short one (`+OK`, `-ERR …`, `:1`); about: the command.
    Reply,
    /// RESP: a message that no command asked for: publish/subscribe, invalidation.
    Push,

    /// HTTP: the head of a request; text: `POST /v1/payments`.
    Request,
    /// HTTP: the end of a request: its last byte, its last chunk, or the head if there is no body; text as above.
    RequestEnd,
    /// HTTP: the head of an interim response (1xx); text: the status; about: the request.
    Interim,
    /// HTTP: the head of a response; text: the status; about: the request, `POST /v1/payments`.
    Response,
    /// HTTP: the end of a response, as of a request; text: the status; about: the request.
    ResponseEnd,
}

/// One message, as far as a relay knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which way it goes.
    pub direction: Direction,
    /// What it is.
    pub kind: Kind,
    /// What it says, shortened: a statement, a tag, a command, a method with its path, a status.
    pub text: Option<Arc<str>>,
    /// The text of the request that this message answers, where the relay can tell.
    pub about: Option<Arc<str>>,
}

impl Message {
    pub(crate) fn new(direction: Direction, kind: Kind) -> Message {
        Message { direction, kind, text: None, about: None }
    }

    pub(crate) fn text(mut self, text: impl Into<Arc<str>>) -> Message {
        self.text = Some(text.into());
        self
    }

    pub(crate) fn about(mut self, about: Option<Arc<str>>) -> Message {
        self.about = about;
        self
    }

    /// A short name to count under: the first word of a statement, tag or command (of a reply: of the
    /// command), method and path without the query, else the text, else nothing.
    pub fn label(&self) -> &str {
        use Kind::*;
        let of_request = matches!(self.kind, Reply | Interim | Response | ResponseEnd);
        let named = if of_request { &self.about } else { &self.text };
        let Some(text) = named.as_deref() else { return "" };
        match self.kind {
            Query | Parse | Bind | Execute | Complete | Command | Reply => first_word(text),
            Request | RequestEnd | Interim | Response | ResponseEnd => text.split('?').next().unwrap_or(text),
            Startup => "",
            _ => text,
        }
    }
}

pub(crate) fn first_word(text: &str) -> &str {
    text.split([' ', ';', '(']).next().unwrap_or(text)
}

/// At most `TEXT_BYTES_MAX` bytes as text; what is no UTF-8 is replaced.
pub(crate) fn lossy(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(TEXT_BYTES_MAX)]).into()
}
