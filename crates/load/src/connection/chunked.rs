//! The chunked transfer coding (RFC 9112, section 7.1), read from pieces of any size.

use std::ops::Range;

use crate::Failure;

/// Where in a chunked body the next byte stands.
#[derive(Debug, Default)]
pub(crate) struct Chunked {
    place: Place,
    /// Of the chunk that is being read.
    size: u64,
    /// Bytes of extensions and trailers, which are read and thrown away.
    overhead: usize,
}

#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Size,
    MoreSize,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    /// The start of a trailer's line, or of the last line.
    Line,
    Trailer,
    TrailerEnd,
    LastLf,
}

/// What became of some bytes.
pub(crate) struct Step {
    /// So many were taken.
    pub(crate) used: usize,
    /// These of them are the body's.
    pub(crate) data: Range<usize>,
    /// The body is over.
    pub(crate) done: bool,
}

impl Chunked {
    /// Takes bytes up to the end of some data, of the input or of the body, whichever comes first.
    pub(crate) fn take(&mut self, input: &[u8], overhead_max: usize) -> Result<Step, Failure> {
        for (at, byte) in input.iter().enumerate() {
            if let Place::Data = self.place {
                let length = (input.len() - at).min(usize::try_from(self.size).unwrap_or(usize::MAX));
                self.size -= length as u64;
                if self.size == 0 {
                    self.place = Place::DataCr;
                }
                return Ok(Step { used: at + length, data: at..at + length, done: false });
            }
            if let (Place::LastLf, b'\n') = (self.place, byte) {
                return Ok(Step { used: at + 1, data: 0..0, done: true });
            }
            self.place = self.after(*byte)?;
            if self.overhead > overhead_max {
                return Err(Failure::TooLarge);
            }
        }
        Ok(Step { used: input.len(), data: 0..0, done: false })
    }

    /// The place after a byte that is neither data nor the last.
    fn after(&mut self, byte: u8) -> Result<Place, Failure> {
        Ok(match (self.place, byte) {
            (Place::Size | Place::MoreSize, _) if byte.is_ascii_hexdigit() => {
                if let Place::Size = self.place {
                    self.size = 0;
                }
                let digit = u64::from((byte as char).to_digit(16).unwrap_or_default());
                let shifted = self.size.checked_mul(16).ok_or(Failure::Invalid)?;
                self.size = shifted + digit;
                // A size is written in a few digits; leading noughts without end are an attack.
                self.overhead += usize::from(self.size == 0);
                Place::MoreSize
            }
            (Place::MoreSize | Place::Extension, b'\r') => Place::SizeEnd,
            (Place::MoreSize, b';' | b' ' | b'\t') => Place::Extension,
            (Place::Extension, _) if byte != b'\n' => {
                self.overhead += 1;
                Place::Extension
            }
            (Place::SizeEnd, b'\n') if self.size == 0 => Place::Line,
            (Place::SizeEnd, b'\n') => Place::Data,
            (Place::DataCr, b'\r') => Place::DataLf,
            (Place::DataLf, b'\n') => Place::Size,
            (Place::Line, b'\r') => Place::LastLf,
            (Place::Line | Place::Trailer, _) if byte != b'\n' => {
                self.overhead += 1;
                if byte == b'\r' { Place::TrailerEnd } else { Place::Trailer }
            }
            (Place::TrailerEnd, b'\n') => Place::Line,
            _ => return Err(Failure::Invalid),
        })
    }
}
