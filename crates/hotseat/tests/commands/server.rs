//! A small HTTP server on threads, which remembers what came.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    inner: Arc<Inner>,
    thread: Option<JoinHandle<()>>,
}

struct Inner {
    answer: Option<&'static [u8]>,
    /// From the first of these requests on, answers are held until the second has come.
    held: Option<(usize, usize)>,
    ends: AtomicBool,
    requests: Mutex<Vec<String>>,
    came: Condvar,
}

impl Server {
    /// Answers at once.
    pub(crate) fn answering() -> Server {
        Server::start(Some(OK), None)
    }

    /// Answers with an error, at once.
    pub(crate) fn failing() -> Server {
        Server::start(Some(BUSY), None)
    }

    /// Never answers.
    pub(crate) fn silent() -> Server {
        Server::start(None, None)
    }

    /// Stalls as a whole, from one request (counted from 1) until another has come.
    pub(crate) fn stalling(from: usize, until: usize) -> Server {
        Server::start(Some(OK), Some((from, until)))
    }

    fn start(answer: Option<&'static [u8]>, held: Option<(usize, usize)>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let (requests, came) = Default::default();
        let inner = Arc::new(Inner { answer, held, ends: AtomicBool::new(false), requests, came });
        let serving = Arc::clone(&inner);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.ends.load(Ordering::SeqCst) {
                    return;
                }
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        Server { address, inner, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests that came whole, in the order of their coming.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.inner.requests.lock().expect("no test panics with it").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.inner.ends.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server does not panic");
        }
    }
}

impl Inner {
    fn serve(&self, mut stream: TcpStream) {
        let (mut unread, mut buffer) = (Vec::new(), [0; 4096]);
        while let Ok(bytes @ 1..) = stream.read(&mut buffer) {
            unread.extend_from_slice(&buffer[..bytes]);
            while let Some(length) = whole(&unread) {
                let request: Vec<u8> = unread.drain(..length).collect();
                self.note(String::from_utf8_lossy(&request).into_owned());
                if self.answer.is_some_and(|answer| stream.write_all(answer).is_err()) {
                    return;
                }
            }
        }
    }

    /// Remembers a request, and returns once it may be answered.
    fn note(&self, request: String) {
        let mut requests = self.requests.lock().expect("no test panics with it");
        requests.push(request);
        self.came.notify_all();
        if let Some((from, until)) = self.held {
            let holds = |requests: &mut Vec<String>| (from..until).contains(&requests.len());
            drop(self.came.wait_while(requests, holds).expect("no test panics with it"));
        }
    }
}

/// How long the first request is, if it has come whole.
fn whole(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    let length = end + length.map_or(0, |digits| digits.parse().expect("digits"));
    (bytes.len() >= length).then_some(length)
}
