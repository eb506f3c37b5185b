//! The head of an answer: its status, and how its body's end is found.

use httparse::{Header, Status};

use crate::{Failure, Response};

/// More fields than this in one head is an attack.
const FIELDS_MAX: usize = 128;

/// What matters of a head.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) framing: Framing,
    pub(crate) keeps_alive: bool,
    pub(crate) kept: Option<Response>,
}

/// How the end of a body is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(u64),
    Chunked,
    UntilClose,
}

/// Might these bytes hold the empty line that ends a head?
pub(crate) fn may_end(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n\n") || bytes.windows(3).any(|three| three == b"\n\r\n")
}

/// The head and its length, or none if it is not whole yet.
pub(crate) fn parse(bytes: &[u8], keep: bool) -> Result<Option<(usize, Head)>, Failure> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
    let mut response = httparse::Response::new(&mut fields);
    let length = match response.parse(bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Failure::TooLarge),
        Err(_) => return Err(Failure::Invalid),
    };
    let status = response.code.filter(|code| (100..600).contains(code)).ok_or(Failure::Invalid)?;
    let is_http_1_0 = response.version == Some(0);
    let (framing, persistence) = framing(response.headers, is_http_1_0, (100..200).contains(&status))?;
    let keeps_alive = if is_http_1_0 { persistence.keep } else { !persistence.close };
    let kept = keep.then(|| Response {
        status,
        headers: response
            .headers
            .iter()
            .map(|field| (field.name.to_owned(), String::from_utf8_lossy(field.value).into_owned()))
            .collect(),
        ..Response::default()
    });
    Ok(Some((length, Head { status, framing, keeps_alive, kept })))
}

#[derive(Default)]
struct Persistence {
    close: bool,
    keep: bool,
}

/// RFC 9112, section 6.3; what it calls an error or a sign of smuggling is invalid here.
fn framing(
    fields: &[Header],
    is_http_1_0: bool,
    is_interim: bool,
) -> Result<(Framing, Persistence), Failure> {
    let mut persistence = Persistence::default();
    let mut length = None;
    let mut codings = None;
    for field in fields {
        if field.name.eq_ignore_ascii_case("content-length") {
            for part in list(field.value) {
                let value = decimal(part).ok_or(Failure::Invalid)?;
                if length.replace(value).is_some_and(|other| other != value) {
                    return Err(Failure::Invalid);
                }
            }
        } else if field.name.eq_ignore_ascii_case("transfer-encoding") {
            for part in list(field.value) {
                // Nothing may follow chunked, which marks the end.
                if codings.replace(part.eq_ignore_ascii_case(b"chunked")) == Some(true) {
                    return Err(Failure::Invalid);
                }
            }
        } else if field.name.eq_ignore_ascii_case("connection") {
            for part in list(field.value) {
                persistence.close |= part.eq_ignore_ascii_case(b"close");
                persistence.keep |= part.eq_ignore_ascii_case(b"keep-alive");
            }
        }
    }
    let framing = match (codings, length) {
        _ if is_interim => Framing::Length(0),
        (Some(_), Some(_)) => return Err(Failure::Invalid),
        (Some(_), None) if is_http_1_0 => return Err(Failure::Invalid),
        (Some(true), None) => Framing::Chunked,
        (None, Some(length)) => Framing::Length(length),
        (Some(false), None) | (None, None) => Framing::UntilClose,
    };
    Ok((framing, persistence))
}

fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// Digits only: no sign, no spaces, nothing that some parsers forgive.
fn decimal(digits: &[u8]) -> Option<u64> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all.then(|| str::from_utf8(digits).ok()?.parse().ok()).flatten()
}
