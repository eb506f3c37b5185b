//! Where a body ends: after so many bytes, after the last chunk, or with the stream.

/// The longest line before a chunk; extensions are rare and short.
const LINE_BYTES_MAX: usize = 4 * 1024;

/// What is still to come of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Body {
    /// Nothing: a head comes next.
    #[default]
    None,
    /// So many bytes.
    Length(u64),
    /// A line with the size of the next chunk.
    ChunkLine,
    /// So many bytes of a chunk, its line end included.
    Chunk(u64),
    /// The lines after the last chunk, up to an empty one. Whether the line so far is empty.
    Trailer { empty: bool },
    /// All that comes.
    UntilTheEnd,
}

/// What the next bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A head.
    None,
    /// That cannot be said yet.
    More,
    /// So many bytes of the body, and not its end.
    Body(usize),
    /// So many bytes with which the end begins: the last byte, or the line of the last chunk.
    Last(usize),
    /// So many bytes that follow the last chunk.
    Trailer(usize),
    /// Something else.
    Broken,
}

impl Body {
    pub(super) fn of(bytes: u64) -> Body {
        if bytes == 0 { Body::None } else { Body::Length(bytes) }
    }

    pub(super) fn chunked() -> Body {
        Body::ChunkLine
    }

    /// What the input, which is not empty, begins with; counts that as passed.
    pub(super) fn find(&mut self, input: &[u8]) -> Found {
        let at_most = |bytes: u64| input.len().min(usize::try_from(bytes).unwrap_or(usize::MAX));
        match *self {
            Body::None => Found::None,
            Body::UntilTheEnd => Found::Body(input.len()),
            Body::Length(1) => {
                *self = Body::None;
                Found::Last(1)
            }
            Body::Length(bytes) => {
                let passed = at_most(bytes - 1);
                *self = Body::Length(bytes - passed as u64);
                Found::Body(passed)
            }
            Body::Chunk(bytes) => {
                let passed = at_most(bytes);
                let left = bytes - passed as u64;
                *self = if left == 0 { Body::ChunkLine } else { Body::Chunk(left) };
                Found::Body(passed)
            }
            Body::ChunkLine => self.chunk_line(input),
            Body::Trailer { empty } => self.trailer(input, empty),
        }
    }

    fn chunk_line(&mut self, input: &[u8]) -> Found {
        let Some(end) = input.iter().take(LINE_BYTES_MAX).position(|byte| *byte == b'\n') else {
            return if input.len() < LINE_BYTES_MAX { Found::More } else { Found::Broken };
        };
        match chunk_bytes(&input[..end]) {
            Some(0) => {
                *self = Body::Trailer { empty: true };
                Found::Last(end + 1)
            }
            Some(bytes) => {
                *self = Body::Chunk(bytes);
                Found::Body(end + 1)
            }
            None => Found::Broken,
        }
    }

    fn trailer(&mut self, input: &[u8], empty: bool) -> Found {
        let end = input.iter().position(|byte| *byte == b'\n');
        let line = &input[..end.unwrap_or(input.len())];
        let empty = empty && line.iter().all(|byte| *byte == b'\r');
        *self = match end {
            Some(_) if empty => Body::None,
            Some(_) => Body::Trailer { empty: true },
            None => Body::Trailer { empty },
        };
        Found::Trailer(end.map_or(input.len(), |end| end + 1))
    }
}

/// The size in a line such as `1a;name=value`; a chunk's own line end counts as part of it.
fn chunk_bytes(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    match u64::from_str_radix(digits, 16).ok()? {
        0 => Some(0),
        bytes => bytes.checked_add(2),
    }
}
