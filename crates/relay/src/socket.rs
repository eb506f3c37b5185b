//! A TCP connection or a Unix one, and how each is ended.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream, tcp, unix};

use crate::address::Address;
use crate::rule::Close;

#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    pub(crate) async fn connect(address: &Address) -> io::Result<Socket> {
        match address {
            Address::Tcp(address) => Socket::tcp(TcpStream::connect(address).await?),
            Address::Unix(path) => Ok(Socket::Unix(UnixStream::connect(path).await?)),
        }
    }

    /// Small messages must not wait for each other's acknowledgements.
    pub(crate) fn tcp(stream: TcpStream) -> io::Result<Socket> {
        stream.set_nodelay(true)?;
        Ok(Socket::Tcp(stream))
    }

    pub(crate) fn split(&mut self) -> (Reader<'_>, Writer<'_>) {
        match self {
            Socket::Tcp(stream) => {
                let (reader, writer) = stream.split();
                (Reader::Tcp(reader), Writer::Tcp(writer))
            }
            Socket::Unix(stream) => {
                let (reader, writer) = stream.split();
                (Reader::Unix(reader), Writer::Unix(writer))
            }
        }
    }

    /// Errors are ignored: they mean that the peer was faster.
    pub(crate) async fn close(mut self, how: Close) {
        match (how, &self) {
            (Close::Reset, Socket::Tcp(stream)) => {
                let _ = stream.set_zero_linger();
            }
            (Close::Reset, Socket::Unix(_)) => {}
            (Close::Finish, _) => {
                let _ = self.split().1.shutdown().await;
                self.drain();
            }
        }
    }

    /// Takes what has arrived, so that closing says FIN and not RST.
    fn drain(&self) {
        let mut scrap = [0; 4096];
        // A peer that writes faster than we read must not keep us here.
        for _ in 0..64 {
            let taken = match self {
                Socket::Tcp(stream) => stream.try_read(&mut scrap),
                Socket::Unix(stream) => stream.try_read(&mut scrap),
            };
            if !matches!(taken, Ok(1..)) {
                return;
            }
        }
    }
}

#[derive(Debug)]
pub(crate) enum Reader<'a> {
    Tcp(tcp::ReadHalf<'a>),
    Unix(unix::ReadHalf<'a>),
}

impl Reader<'_> {
    pub(crate) async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Reader::Tcp(half) => half.read(into).await,
            Reader::Unix(half) => half.read(into).await,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Writer<'a> {
    Tcp(tcp::WriteHalf<'a>),
    Unix(unix::WriteHalf<'a>),
}

impl Writer<'_> {
    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Writer::Tcp(half) => half.write_all(bytes).await,
            Writer::Unix(half) => half.write_all(bytes).await,
        }
    }

    /// Tells the peer that nothing more comes; it may still answer.
    pub(crate) async fn shutdown(&mut self) -> io::Result<()> {
        match self {
            Writer::Tcp(half) => half.shutdown().await,
            Writer::Unix(half) => half.shutdown().await,
        }
    }
}
