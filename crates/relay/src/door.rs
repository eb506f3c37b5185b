//! Where clients come in: the listening socket, which can be shut and opened again at the same address.

use std::io;
use std::path::Path;

use tokio::net::{TcpListener, TcpSocket, UnixListener};

use crate::address::Address;
use crate::socket::Socket;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// What happens to new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Admission {
    /// They are relayed.
    #[default]
    Open,
    /// They are refused, as where no process listens.
    Refuse,
    /// They are accepted and reset at once.
    Reset,
    /// They are accepted and never answered, also later; what the client sends is thrown away.
    BlackHole,
}

/// A listening socket, or what keeps its place while connections are refused.
#[derive(Debug)]
pub(crate) struct Door {
    address: Address,
    state: State,
}

#[derive(Debug)]
enum State {
    Tcp(TcpListener),
    Unix(UnixListener),
    /// Bound and not listening: the system refuses connections, and nobody else gets the port.
    ShutTcp(TcpSocket),
    /// The socket's file without a listener: the system refuses connections.
    ShutUnix,
    /// Neither open nor well shut: something else took the place.
    Lost,
}

impl Door {
    pub(crate) fn open(address: &Address) -> io::Result<Door> {
        match address {
            Address::Unix(path) => {
                let state = State::Unix(UnixListener::bind(path)?);
                Ok(Door { address: address.clone(), state })
            }
            Address::Tcp(_) => {
                let listener = bound(address)?.listen(BACKLOG)?;
                let address = Address::Tcp(listener.local_addr()?);
                Ok(Door { address, state: State::Tcp(listener) })
            }
        }
    }

    /// Where clients connect to.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Opens or shuts the door; nothing happens if it is so already.
    pub(crate) fn set_open(&mut self, open: bool) -> io::Result<()> {
        let is_open = matches!(self.state, State::Tcp(_) | State::Unix(_));
        if is_open == open {
            return Ok(());
        }
        self.state = match (std::mem::replace(&mut self.state, State::Lost), &self.address) {
            (State::ShutTcp(keeper), _) => State::Tcp(keeper.listen(BACKLOG)?),
            (_, Address::Tcp(_)) if open => State::Tcp(bound(&self.address)?.listen(BACKLOG)?),
            (_, Address::Unix(path)) if open => State::Unix(bind_again(path)?),
            (listening, Address::Tcp(_)) => {
                drop(listening);
                State::ShutTcp(bound(&self.address)?)
            }
            (_, Address::Unix(_)) => State::ShutUnix,
        };
        Ok(())
    }

    /// Waits for a client; for ever while the door is shut.
    pub(crate) async fn accept(&self) -> io::Result<Socket> {
        match &self.state {
            State::Tcp(listener) => Socket::tcp(listener.accept().await?.0),
            State::Unix(listener) => Ok(Socket::Unix(listener.accept().await?.0)),
            State::ShutTcp(_) | State::ShutUnix | State::Lost => std::future::pending().await,
        }
    }
}

fn bound(address: &Address) -> io::Result<TcpSocket> {
    let address = address.tcp().ok_or(io::ErrorKind::InvalidInput)?;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections that were accepted here may still be there when the door is opened again.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn bind_again(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => UnixListener::bind(path),
    }
}
