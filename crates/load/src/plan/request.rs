//! One request, checked and written out once, so that sending it is three copies.

use thiserror::Error;

/// A request that is ready but for its Host header, which the target gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET /path HTTP/1.1` and the beginning of the Host header.
    start: Vec<u8>,
    /// What follows the Host header.
    rest: Vec<u8>,
    is_head: bool,
    tag: u32,
}

/// Why a request cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// The method is no token.
    #[error("{0:?} is no HTTP method. Write it like GET or POST.")]
    Method(String),
    /// The path is no path.
    #[error(
        "{0:?} is no path. It starts with / and has no spaces or control characters; write those as %XX."
    )]
    Path(String),
    /// A header's name or value has characters that would break the request.
    #[error("The header {0:?} cannot be sent: its name is a word, and its value has no control characters.")]
    Header(String),
    /// The generator writes this header itself.
    #[error(
        "The header {0} is written by the generator, which knows the target, the body and the connection. Leave it out."
    )]
    Reserved(String),
}

impl Request {
    /// A GET of `path`, which may have a query.
    ///
    /// # Errors
    ///
    /// [`RequestError::Path`].
    pub fn get(path: &str) -> Result<Request, RequestError> {
        Request::new("GET", path, &[], b"")
    }

    /// A request with its headers and body. `Host`, `Content-Length` and `Connection` are added.
    ///
    /// # Errors
    ///
    /// See [`RequestError`].
    pub fn new(
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Request, RequestError> {
        if !is_token(method) || method == "CONNECT" {
            return Err(RequestError::Method(method.to_owned()));
        }
        if !path.starts_with('/') || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(RequestError::Path(path.to_owned()));
        }
        let mut rest = Vec::new();
        for (name, value) in headers {
            if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
                return Err(RequestError::Reserved((*name).to_owned()));
            }
            if !is_token(name) || value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
                return Err(RequestError::Header(format!("{name}: {value}")));
            }
            rest.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
            rest.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        rest.extend_from_slice(b"\r\n");
        rest.extend_from_slice(body);
        let start = format!("{method} {path} HTTP/1.1\r\nHost: ").into_bytes();
        Ok(Request { start, rest, is_head: method == "HEAD", tag: 0 })
    }

    /// The request with a mark that its record carries, such as which of a mix it is.
    #[must_use]
    pub fn tagged(self, tag: u32) -> Request {
        Request { tag, ..self }
    }

    /// The mark that its record carries.
    pub fn tag(&self) -> u32 {
        self.tag
    }

    /// Its answer has no body.
    pub(crate) fn is_head(&self) -> bool {
        self.is_head
    }

    /// Replaces what is in `wire`; `host` ends its line and holds the Connection header if there is one.
    pub(crate) fn write(&self, host: &[u8], wire: &mut Vec<u8>) {
        wire.clear();
        wire.extend_from_slice(&self.start);
        wire.extend_from_slice(host);
        wire.extend_from_slice(&self.rest);
    }
}

const RESERVED: [&str; 5] = ["Host", "Content-Length", "Connection", "Transfer-Encoding", "Expect"];

fn is_token(word: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !word.is_empty() && word.bytes().all(part)
}
