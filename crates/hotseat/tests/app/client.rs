//! The app in a home of its own, and a client that sends what it is told to, right or wrong.
#![allow(dead_code, clippy::allow_attributes, reason = "each test binary uses a part of it")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::support::{PATIENCE, Ran, Running, TestHome, eventually};

/// A hotseat that serves the app.
pub(crate) struct TestApp {
    running: Running,
    pub(crate) port: u16,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl TestApp {
    /// Starts the app with the pack in the binary.
    pub(crate) fn start(home: &TestHome) -> TestApp {
        TestApp::start_with(home, &[])
    }

    /// Starts the app with the pack in this folder.
    pub(crate) fn start_with_pack(home: &TestHome, pack: &Path) -> TestApp {
        TestApp::start_with(home, &["--pack", pack.to_str().expect("its path is UTF-8")])
    }

    /// Starts the app with more arguments.
    pub(crate) fn start_with(home: &TestHome, more: &[&str]) -> TestApp {
        TestApp::of(home.start(["app", "--no-open"].iter().chain(more)))
    }

    /// One that was started by hand, once it answers.
    pub(crate) fn of(running: Running) -> TestApp {
        let address = || {
            let printed = running.printed();
            let rest = printed.strip_prefix("http://127.0.0.1:")?;
            rest.split_once("/\n")?.0.parse::<u16>().ok()
        };
        eventually("the app prints its address first", || address().is_some());
        let port = address().expect("it was there");
        TestApp { running, port }
    }

    /// Sends bytes as they are, and reads until the app closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The app may have answered and closed before all was sent.
        let _ = stream.write_all(bytes);
        Answer::read(&mut stream)
    }

    /// An open connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the app listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit can be set");
        stream
    }

    /// A request with these headers and this body, from a program on this machine.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            text += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" || method == "PUT" {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(format!("{text}\r\n{body}").as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// Hands in a form, as this app's own pages do.
    pub(crate) fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://127.0.0.1:{}", self.port);
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin.as_str())];
        self.send("POST", path, &headers, &form(fields))
    }

    pub(crate) fn send_json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[("Content-Type", "application/json")], &body.to_string())
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.running.pid
    }

    /// Ends it as Ctrl-C does.
    pub(crate) fn end(self) -> Ran {
        self.running.signal(Signal::SIGINT);
        self.running.finish()
    }

    /// Ends it as a crash does, without a chance to clean up.
    pub(crate) fn kill(self) {
        self.running.signal(Signal::SIGKILL);
        assert_eq!(self.running.finish().code, None);
    }

    pub(crate) fn printed(&self) -> String {
        self.running.printed()
    }
}

/// Fields as a form sends them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let one = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(one).collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}

impl Answer {
    fn read(stream: &mut TcpStream) -> Answer {
        let mut bytes = Vec::new();
        // A connection that is reset after the answer has given its answer.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers: Vec<_> =
            headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_string())).collect();
        let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = if chunked { joined(body) } else { body.to_string() };
        Answer { status, headers, body }
    }

    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    /// Insists on the status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "another status was due: {self:?}");
        self
    }

    /// Insists on words in the body.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Answer {
        for word in words {
            assert!(self.body.contains(word), "`{word}` is missing from: {}", self.body);
        }
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {self:?}"))
    }
}

/// A chunked body in one piece.
fn joined(mut rest: &str) -> String {
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let Some(size) = usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0) else { break };
        let Some(piece) = after.get(..size) else { break };
        whole += piece;
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}
