//! A lane's buffer: bytes that wait to be written, then bytes of which nothing has been decided yet.

use std::io;

use crate::frame::BUFFER_BYTES;
use crate::socket::Reader;

#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// Up to here they are written.
    written: usize,
    /// Up to here they may be written.
    decided: usize,
    /// Up to here there are any.
    end: usize,
}

impl Buffer {
    pub(super) fn new() -> Buffer {
        Buffer { bytes: vec![0; BUFFER_BYTES], written: 0, decided: 0, end: 0 }
    }

    /// What may be written and has not been.
    pub(super) fn ready(&self) -> &[u8] {
        &self.bytes[self.written..self.decided]
    }

    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
    }

    /// What has not been decided.
    pub(super) fn undecided(&self) -> &[u8] {
        &self.bytes[self.decided..self.end]
    }

    /// The next bytes may be written.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.decided = (self.decided + bytes).min(self.end);
    }

    /// Whether nothing more can be read before something is decided.
    pub(super) fn is_full(&self) -> bool {
        self.end - self.written == self.bytes.len()
    }

    /// Reads once, behind what is there; 0 is the end of the stream.
    pub(super) async fn fill(&mut self, reader: &mut Reader<'_>) -> io::Result<usize> {
        if self.written > 0 && (self.written == self.end || self.end == self.bytes.len()) {
            self.bytes.copy_within(self.written..self.end, 0);
            self.decided -= self.written;
            self.end -= self.written;
            self.written = 0;
        }
        let bytes = reader.read(&mut self.bytes[self.end..]).await?;
        self.end += bytes;
        Ok(bytes)
    }
}
