//! One HTTP exchange with a program: what was sent, what came back, and whether it can have happened.

use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::evidence::Outcome;

/// More than this of an answer is not read, in bytes.
pub(crate) const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names and values, as they are written.
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// How an exchange ended.
#[derive(Debug)]
pub(crate) struct Exchanged {
    pub outcome: Outcome,
    pub reply: Option<Reply>,
    /// Why there is none, in words.
    pub reason: Option<String>,
}

impl Exchanged {
    /// It was sent, and given up after `limit`.
    pub(crate) fn given_up(limit: Duration) -> Exchanged {
        let why = format!("no whole answer within {} s", limit.as_secs());
        Exchanged::without_reply(Outcome::Unknown, why)
    }

    fn without_reply(outcome: Outcome, reason: impl ToString) -> Exchanged {
        Exchanged { outcome, reply: None, reason: Some(reason.to_string()) }
    }
}

impl Reply {
    /// The first header of this name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A client with one connection at a time, which it keeps as long as the program does.
#[derive(Default)]
pub(crate) struct Caller {
    port: u16,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Caller {
    /// Connects, unless there is a connection to this port already.
    ///
    /// # Errors
    /// The program does not take connections there.
    pub(crate) async fn connect(&mut self, port: u16) -> std::io::Result<()> {
        let usable = self.port == port && self.connection.as_ref().is_some_and(|c| !c.is_closed());
        if usable && self.connection.as_mut().is_some_and(|c| c.is_ready()) {
            return Ok(());
        }
        self.connection = None;
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
        // How it ends shows in the exchange that it ends.
        tokio::spawn(async move { drop(connection.await) });
        (self.port, self.connection) = (port, Some(sender));
        Ok(())
    }

    /// Sends one request and reads the whole answer, or gives up after `limit`.
    pub(crate) async fn exchange(&mut self, port: u16, question: &Question, limit: Duration) -> Exchanged {
        if let Some(exchanged) = self.exchange_once(port, question, limit).await {
            return exchanged;
        }
        // The program closed a connection that it had kept, before the request went out: every client asks again.
        let again = self.exchange_once(port, question, limit).await;
        let never = || Exchanged::without_reply(Outcome::Refused, "the connection closed at once, twice");
        again.unwrap_or_else(never)
    }

    /// None if the request cannot have reached the program, because a kept connection had been closed.
    async fn exchange_once(&mut self, port: u16, question: &Question, limit: Duration) -> Option<Exchanged> {
        let request = match request(port, question) {
            Ok(request) => request,
            Err(why) => return Some(Exchanged::without_reply(Outcome::Refused, why)),
        };
        let reused = self.connection.is_some();
        if let Err(error) = self.connect(port).await {
            return Some(Exchanged::without_reply(Outcome::Refused, format!("no connection: {error}")));
        }
        let Some(connection) = self.connection.as_mut() else {
            return Some(Exchanged::without_reply(Outcome::Refused, "no connection"));
        };
        let sent = timeout(limit, async {
            let answer = connection.send_request(request).await?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
            Ok::<_, hyper::Error>((head, body))
        });
        let ended = sent.await;
        let exchanged = match ended {
            Err(_) => Exchanged::given_up(limit),
            Ok(Err(error)) if error.is_canceled() && reused => {
                self.connection = None;
                return None;
            }
            Ok(Err(error)) => Exchanged::without_reply(Outcome::Unknown, in_words(&error)),
            Ok(Ok((head, Err(error)))) => {
                let status = head.status.as_u16();
                let why = match error.is::<LengthLimitError>() {
                    true => format!("the answer {status} is longer than {} MiB", ANSWER_BYTES_MAX >> 20),
                    false => format!("the answer {status} broke off: {error}"),
                };
                Exchanged::without_reply(Outcome::Unknown, why)
            }
            Ok(Ok((head, Ok(body)))) => {
                let reply = Reply {
                    status: head.status.as_u16(),
                    headers: listed(&head.headers),
                    body: body.to_bytes().to_vec(),
                };
                Exchanged { outcome: Outcome::Done, reply: Some(reply), reason: None }
            }
        };
        if exchanged.reply.is_none() {
            self.connection = None;
        }
        Some(exchanged)
    }
}

fn request(port: u16, question: &Question) -> Result<Request<Full<Bytes>>, String> {
    let mut request = Request::builder().method(question.method.as_str()).uri(&question.path);
    request = request.header("host", format!("127.0.0.1:{port}"));
    for (name, value) in &question.headers {
        request = request.header(name, value);
    }
    let body = Full::new(Bytes::from(question.body.clone().unwrap_or_default()));
    request.body(body).map_err(|error| format!("the request cannot be written: {error}"))
}

fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn in_words(error: &hyper::Error) -> String {
    use std::error::Error;
    let why = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    if error.is_parse_too_large() {
        return "the head of the answer has too many headers, or too long ones".into();
    }
    match error.is_parse() {
        true => format!("the answer is no HTTP: {why}"),
        false => format!("no answer: {why}"),
    }
}
