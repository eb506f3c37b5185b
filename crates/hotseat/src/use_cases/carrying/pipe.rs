//! Bytes between the thread that answers requests and one that may wait.

use std::io::{self, Read, Write};

use hyper::body::{Buf, Bytes};
use tokio::sync::mpsc::{Receiver, Sender};

/// A piece is sent once it has so many bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// What comes in.
pub(super) enum Part {
    Piece(Bytes),
    /// All of it has come; without this, the sender has gone in the middle.
    End,
}

/// Sends what is written, in pieces.
pub(super) struct Writer {
    to: Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Writer {
    pub(super) fn to(to: Sender<io::Result<Bytes>>) -> Writer {
        Writer { to, piece: Vec::with_capacity(PIECE_BYTES) }
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        if piece.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Reads what comes in.
pub(super) struct Reader {
    from: Receiver<Part>,
    piece: Bytes,
    ended: bool,
}

impl Reader {
    pub(super) fn of(from: Receiver<Part>) -> Reader {
        Reader { from, piece: Bytes::new(), ended: false }
    }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            match self.from.blocking_recv() {
                Some(Part::Piece(piece)) => self.piece = piece,
                Some(Part::End) => self.ended = true,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let many = self.piece.len().min(into.len());
        self.piece.copy_to_slice(&mut into[..many]);
        Ok(many)
    }
}
