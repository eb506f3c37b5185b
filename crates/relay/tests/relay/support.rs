//! What the tests share: limits, sockets, and parts to stand between.

use std::future::Future;
use std::time::Duration;

use relay::{Address, Protocol, Relay};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) mod postgres;

/// Nothing here takes a tenth of it.
pub(crate) const HANG_LIMIT: Duration = Duration::from_secs(120);

/// The result, or a failed test if there is none in time.
pub(crate) async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(HANG_LIMIT, work).await.expect("this hangs")
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let mut ticks = tokio::time::interval(Duration::from_millis(2));
    let waiting = async {
        while !is_so() {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(HANG_LIMIT, waiting).await.unwrap_or_else(|_| panic!("never {what}"));
}

/// A listener on loopback, for a server that the test plays.
pub(crate) async fn listener() -> (TcpListener, Address) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = Address::Tcp(listener.local_addr().expect("it has an address"));
    (listener, address)
}

pub(crate) fn relay(upstream: &Address, protocol: Protocol) -> Relay {
    Relay::open(Address::loopback(0), upstream.clone(), protocol).expect("loopback has a free port")
}

pub(crate) async fn connect(address: &Address) -> TcpStream {
    TcpStream::connect(address.tcp().expect("it is a TCP address")).await.expect("somebody listens")
}

/// A client through the relay and the server's end of its connection.
pub(crate) async fn pair(relay: &Relay, listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = connect(relay.address()).await;
    let (server, _) = within(listener.accept()).await.expect("the relay connects");
    (client, server)
}

pub(crate) async fn send(stream: &mut TcpStream, bytes: &[u8]) {
    within(stream.write_all(bytes)).await.expect("it is sent");
}

/// Reads exactly as many bytes as are expected, and finds these.
pub(crate) async fn expect(stream: &mut TcpStream, expected: &[u8]) {
    let mut bytes = vec![0; expected.len()];
    within(stream.read_exact(&mut bytes)).await.expect("there are so many bytes");
    assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(expected));
}

/// All up to the end of the stream, and whether that came as an error.
pub(crate) async fn rest(stream: &mut TcpStream) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let mut bytes = Vec::new();
    let ended = within(stream.read_to_end(&mut bytes)).await;
    (bytes, ended.err().map(|error| error.kind()))
}

/// Whether nothing arrives, also if it is waited for: what is forwarded on loopback is there at once.
pub(crate) async fn is_silent(stream: &TcpStream) -> bool {
    tokio::time::timeout(Duration::from_millis(50), stream.peek(&mut [0])).await.is_err()
}

/// Bytes that repeat nowhere soon.
pub(crate) fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    std::iter::repeat_with(&mut next).take(bytes).collect()
}

/// Where a program is, or a word on standard error that a test is left out.
pub(crate) fn program(name: &str, test: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file());
    if found.is_none() {
        eprintln!("{test} is skipped: there is no {name} on the PATH; install it to run this test");
    }
    found
}

/// A session with the PostgreSQL at this address.
pub(crate) async fn session(address: &Address) -> tokio_postgres::Client {
    let mut config = tokio_postgres::Config::new();
    match address {
        Address::Tcp(address) => config.host("127.0.0.1").port(address.port()),
        Address::Unix(socket) => config.host_path(socket.parent().expect("it lies in a folder")),
    };
    config.user("judge").dbname("postgres");
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    client
}

/// One number.
pub(crate) async fn number(client: &tokio_postgres::Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect("the query is right").get(0)
}
