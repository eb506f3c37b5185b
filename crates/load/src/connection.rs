//! One connection and the one exchange on it: a request going out, an answer coming in.

mod chunked;
mod head;
pub(crate) mod response;

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::{Failure, Limits, Request};
use response::{Progress, Reader};

/// After so many full buffers it is the others' turn.
const READS_A_TURN: usize = 16;

/// A connection that carries a `T`, the caller's notes on the exchange, while it is busy.
pub(crate) struct Connection<T> {
    stream: TcpStream,
    /// Its number over the run.
    pub(crate) id: u64,
    pub(crate) reader: Reader,
    pub(crate) exchange: Option<T>,
    connected: bool,
    /// The peer has sent its last byte, even if it was not read yet; no further event will tell.
    ending: bool,
    /// Exchanges that ended well on it.
    served: u64,
    out: Vec<u8>,
    written: usize,
}

/// What came of trying to get further.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The peer is to move.
    Pending,
    /// There is more to read at once, and others wait.
    Again,
    /// The answer is whole; may the connection be used again, and did bytes follow that nobody asked for?
    Answered { reusable: bool, surplus: bool },
    /// The exchange ended without a full answer, or no exchange was on and the peer closed. `sent`: a byte of the
    /// request may have reached the peer. `reused`: the connection had served before.
    Failed { failure: Failure, sent: bool, reused: bool },
}

/// What the event queue says of a connection.
#[derive(Clone, Copy)]
pub(crate) struct Readiness {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    /// Nothing can follow what is there to read.
    pub(crate) closed: bool,
}

impl<T> Connection<T> {
    /// Begins to connect; the outcome comes as an event.
    pub(crate) fn open(
        address: SocketAddr,
        id: u64,
        limits: Limits,
        keep: Option<usize>,
    ) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        // Without it, the second part of a long request would wait for an acknowledgement.
        drop(stream.set_nodelay(true));
        let reader = Reader::new(limits, keep);
        let out = Vec::new();
        let (connected, ending) = (false, false);
        Ok(Connection { stream, id, reader, exchange: None, connected, ending, served: 0, out, written: 0 })
    }

    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(&mut self.stream, token, Interest::READABLE | Interest::WRITABLE)
    }

    /// Writes the request that is to be sent next into the buffer.
    pub(crate) fn prepare(&mut self, request: &Request, host: &[u8]) {
        request.write(host, &mut self.out);
        self.written = 0;
        self.reader.reset(request.is_head());
    }

    /// Begins the exchange that was prepared, and sends what can be sent.
    pub(crate) fn begin(&mut self, exchange: T) -> Step {
        self.exchange = Some(exchange);
        if self.connected { self.send() } else { Step::Pending }
    }

    /// Goes on after an event.
    pub(crate) fn ready(&mut self, ready: Readiness, scratch: &mut [u8]) -> Step {
        if !self.connected {
            match self.connect(ready) {
                Step::Pending if self.connected => {}
                step => return step,
            }
        }
        self.ending |= ready.closed;
        if self.exchange.is_none() {
            return self.drop_in(scratch);
        }
        if ready.writable && self.written < self.out.len() {
            match self.send() {
                Step::Pending => {}
                // A server may answer and close before it has read all of the request.
                failed if !ready.readable => return failed,
                _ => {}
            }
        }
        if ready.readable || ready.closed { self.receive(scratch) } else { Step::Pending }
    }

    fn connect(&mut self, ready: Readiness) -> Step {
        let failed = |failure| Step::Failed { failure, sent: false, reused: false };
        if let Ok(Some(error)) = self.stream.take_error() {
            return failed(failure_of(&error));
        }
        let peer = match self.stream.peer_addr() {
            Ok(peer) => peer,
            Err(error) if error.kind() == io::ErrorKind::NotConnected && !ready.closed => {
                return Step::Pending;
            }
            // Connected and reset since: the reset was the error, and nobody told us which.
            Err(_) => return failed(Failure::Reset),
        };
        // Nobody listens, but the port to connect from happened to be the one to connect to: TCP then lets a
        // socket connect to itself, and the request would come back as its own answer.
        if self.stream.local_addr().is_ok_and(|own| own == peer) {
            return failed(Failure::ConnectionRefused);
        }
        self.connected = true;
        Step::Pending
    }

    fn send(&mut self) -> Step {
        while self.written < self.out.len() {
            match self.stream.write(&self.out[self.written..]) {
                Ok(0) => return self.failed(Failure::Closed),
                Ok(bytes) => self.written += bytes,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.failed(failure_of(&error)),
            }
        }
        Step::Pending
    }

    fn receive(&mut self, scratch: &mut [u8]) -> Step {
        for _ in 0..READS_A_TURN {
            match self.stream.read(scratch) {
                Ok(0) => {
                    return if self.reader.end() {
                        self.answered(false, false)
                    } else {
                        self.failed(Failure::Closed)
                    };
                }
                Ok(bytes) => match self.reader.feed(&scratch[..bytes]) {
                    Err(failure) => return self.failed(failure),
                    Ok(Progress::Done { used }) => {
                        let surplus = used < bytes;
                        let reusable = self.reader.keeps_alive() && !surplus && !self.ending;
                        return self.answered(reusable && self.written == self.out.len(), surplus);
                    }
                    // A short read has emptied the socket, and an edge tells of what comes later; but of an end
                    // that the event already told of, no further event comes.
                    Ok(Progress::More) if bytes < scratch.len() && !self.ending => return Step::Pending,
                    Ok(Progress::More) => {}
                },
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Step::Pending,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.failed(failure_of(&error)),
            }
        }
        Step::Again
    }

    /// Something happens while no exchange is on: an end, or bytes that nobody asked for.
    fn drop_in(&mut self, scratch: &mut [u8]) -> Step {
        match self.stream.read(scratch) {
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                Step::Pending
            }
            _ => self.failed(Failure::Closed),
        }
    }

    fn answered(&mut self, reusable: bool, surplus: bool) -> Step {
        self.served += 1;
        Step::Answered { reusable, surplus }
    }

    fn failed(&self, failure: Failure) -> Step {
        Step::Failed { failure, sent: self.written > 0, reused: self.served > 0 }
    }

    /// May a byte of the request have reached the peer?
    pub(crate) fn has_sent(&self) -> bool {
        self.written > 0
    }
}

/// What a network error means to the one who asked.
pub(crate) fn failure_of(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::ConnectionRefused,
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Failure::Reset
        }
        io::ErrorKind::TimedOut => Failure::Timeout,
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse => Failure::LocalLimit,
        _ => Failure::Network,
    }
}
