//! The head of a message: its first line, and what it says about the body's length.

/// The longest head that is read; servers accept a fraction of it.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// A whole head.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// Its length, the empty line included.
    pub(super) bytes: usize,
    /// The first line's three parts; the last may be empty in a response.
    pub(super) first_line: [&'a [u8]; 3],
    pub(super) framing: Framing,
}

/// What a head says about the body's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Unsaid,
    Length(u64),
    Chunked,
    /// Encoded, and the last encoding is not `chunked`.
    UntilTheEnd,
}

/// Reads the head that begins here; `None` if it is not there yet.
pub(super) fn read(input: &[u8]) -> Result<Option<Head<'_>>, &'static str> {
    const STRANGE: &str = "this is not how an HTTP/1.1 message begins";
    // Letters and signs only; this finds TLS out before it sends a line.
    if !input[0].is_ascii_graphic() {
        return Err(STRANGE);
    }
    let Some(bytes) = length(input) else {
        return if input.len() < HEAD_BYTES_MAX { Ok(None) } else { Err("a head is too long") };
    };
    let mut lines = input[..bytes].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let mut parts = lines.next().unwrap_or_default().splitn(3, |byte| *byte == b' ');
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return Err(STRANGE) };
    let first_line = [first, second, parts.next().unwrap_or_default()];
    Ok(Some(Head { bytes, first_line, framing: framing(lines)? }))
}

/// Up to and with the first empty line.
fn length(input: &[u8]) -> Option<usize> {
    let mut lines = input.split_inclusive(|byte| *byte == b'\n');
    let mut bytes = 0;
    lines.find_map(|line| {
        bytes += line.len();
        matches!(line, b"\r\n" | b"\n").then_some(bytes)
    })
}

fn framing<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Result<Framing, &'static str> {
    let mut length: Option<u64> = None;
    let mut encoding: Option<&[u8]> = None;
    for field in fields {
        let Some(colon) = field.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (field[..colon].trim_ascii_end(), field[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            encoding = Some(value);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let said = std::str::from_utf8(value).ok().filter(|digits| !digits.starts_with('+'));
            let said = said.and_then(|digits| digits.parse().ok()).ok_or("a Content-Length is no number")?;
            if length.is_some_and(|before| before != said) {
                return Err("a head has two different Content-Lengths");
            }
            length = Some(said);
        }
    }
    let last = encoding.and_then(|codings| codings.rsplit(|byte| *byte == b',').next());
    Ok(match (last.map(<[u8]>::trim_ascii), length) {
        (Some(last), _) if last.eq_ignore_ascii_case(b"chunked") => Framing::Chunked,
        (Some(_), _) => Framing::UntilTheEnd,
        (None, Some(bytes)) => Framing::Length(bytes),
        (None, None) => Framing::Unsaid,
    })
}
