//! The least server that can be loaded: one thread, one fixed answer. It can stall once, as a whole.
//!
//! `server [STALL_AFTER_S STALL_FOR_S]` prints its address and serves until it is ended.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!";
const LISTENER: Token = Token(usize::MAX - 1);

struct Stall {
    after: Duration,
    lasts: Duration,
    first_request: Option<Instant>,
    over: bool,
}

impl Stall {
    fn happen(&mut self) {
        let first = *self.first_request.get_or_insert_with(Instant::now);
        if self.over || first.elapsed() < self.after {
            return;
        }
        self.over = true;
        let start = Instant::now();
        while let Some(left) = self.lasts.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
            std::thread::park_timeout(left);
        }
    }
}

fn main() -> io::Result<()> {
    let seconds: Vec<f64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let mut stall = Stall {
        after: Duration::from_secs_f64(seconds.first().copied().unwrap_or_default()),
        lasts: Duration::from_secs_f64(seconds.get(1).copied().unwrap_or_default()),
        first_request: None,
        over: seconds.len() < 2,
    };
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind("127.0.0.1:0".parse().expect("an address"))?;
    println!("{}", listener.local_addr()?);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut connections: Vec<Option<TcpStream>> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut stream, _)) = listener.accept() {
                    stream.set_nodelay(true)?;
                    let token = Token(connections.len());
                    poll.registry().register(&mut stream, token, Interest::READABLE)?;
                    connections.push(Some(stream));
                }
            } else {
                // What does not go on is dropped, and so closed.
                let mut has_ended =
                    |stream: &mut TcpStream| !serve(stream, event.is_read_closed(), &mut buffer, &mut stall);
                drop(connections[event.token().0].take_if(&mut has_ended));
            }
        }
    }
}

/// Answers what has come; does the connection go on?
fn serve(stream: &mut TcpStream, ends: bool, buffer: &mut [u8], stall: &mut Stall) -> bool {
    loop {
        match stream.read(buffer) {
            Ok(0) => return false,
            Ok(bytes) => {
                stall.happen();
                // The generators here send each request in one piece.
                let requests = buffer[..bytes].windows(4).filter(|four| four == b"\r\n\r\n").count();
                for _ in 0..requests {
                    if stream.write(ANSWER).is_err() {
                        return false;
                    }
                }
                if bytes < buffer.len() && !ends {
                    return true;
                }
            }
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}
