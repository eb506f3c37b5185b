//! The address on loopback, who has it, and the connections that come in through it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::{App, routes};
use crate::failure::Failure;
use crate::home::Home;

/// Where the app listens if nobody says where.
const PORT: u16 = 7410;
/// How many ports are tried after it.
const PORTS_TRIED: u16 = 100;
/// In the data directory, locked by the app that runs; it holds its address.
const ADDRESS_FILE: &str = "app.address";
/// How long a client may take to send a request's head, also on a connection that rests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections at a time; others wait to be accepted. More than the thousand listeners of one run.
const CONNECTIONS_MAX: usize = 2_000;
/// Files that are left to everything else when there are few.
const FILES_KEPT: u64 = 200;
/// How long requests may go on once somebody wants us to end.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The app's address, ours as long as this value lives.
pub(crate) struct Door {
    listener: TcpListener,
    port: u16,
    /// The default port, if somebody else has it.
    pub(crate) taken: Option<u16>,
    file: PathBuf,
    /// Locked, so that a second hotseat finds the first.
    _lock: File,
}

/// Whether the app of this data directory runs already.
pub(crate) enum Opened {
    Here(Door),
    /// The address of the one that runs.
    Elsewhere(String),
}

impl Door {
    /// Takes an address for the app of this data directory, unless one runs already.
    pub(crate) async fn open(home: &Home, port: Option<u16>) -> Result<Opened, Failure> {
        let file = home.dir.join(ADDRESS_FILE);
        let lock = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&file);
        let mut lock = lock.map_err(|e| Failure::io(&file, &e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return running(&file).await,
            Err(TryLockError::Error(error)) => return Err(Failure::io(&file, &error)),
        }
        let (listener, taken) = listen(port).await?;
        let port = listener.local_addr().map_err(Failure::bug)?.port();
        let door = Door {
            listener,
            port,
            taken,
            file: file.clone(),
            _lock: lock.try_clone().map_err(Failure::bug)?,
        };
        lock.set_len(0)
            .and_then(|()| lock.write_all(door.address().as_bytes()))
            .map_err(|e| Failure::io(&file, &e))?;
        Ok(Opened::Here(door))
    }

    /// As a browser takes it.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until `end` comes; then answers what has begun, and closes.
    pub(crate) async fn serve(self, app: Arc<App>, end: impl Future<Output = ()>) -> Result<(), Failure> {
        let router = routes::routes(Arc::clone(&app), self.port);
        let room = Arc::new(Semaphore::new(connections_max()));
        let graceful = GracefulShutdown::new();
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        let mut end = std::pin::pin!(end);
        loop {
            let accepted = async {
                let permit = Arc::clone(&room).acquire_owned().await;
                (permit, self.listener.accept().await)
            };
            let (permit, stream) = tokio::select! {
                () = &mut end => break,
                accepted = accepted => match accepted {
                    (permit, Ok((stream, _))) => (permit, stream),
                    // No file is free for it, or the client has gone again: the next one may be lucky.
                    (_, Err(_)) => { tokio::time::sleep(Duration::from_millis(20)).await; continue }
                },
            };
            // Small answers go out at once; that it cannot be set harms nothing.
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
            tokio::spawn(async move {
                // A connection that breaks is the client's affair.
                let _ = connection.await;
                drop(permit);
            });
        }
        drop(self.listener);
        app.end();
        let _ = tokio::time::timeout(END_TIMEOUT, graceful.shutdown()).await;
        let _ = fs::remove_file(&self.file);
        app.close().await;
        Ok(())
    }
}

/// How many connections there may be: as many as we want, or as the system gives files for.
fn connections_max() -> usize {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return FILES_KEPT as usize };
    let wanted = (CONNECTIONS_MAX as u64 + FILES_KEPT).min(hard).max(soft);
    let files = if setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() { wanted } else { soft };
    usize::try_from(files.saturating_sub(FILES_KEPT)).unwrap_or(usize::MAX).clamp(1, CONNECTIONS_MAX)
}

/// The port that was asked for, or the first free one from the default on.
async fn listen(port: Option<u16>) -> Result<(TcpListener, Option<u16>), Failure> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        let listener = TcpListener::bind(at(port)).await.map_err(|error| {
            Failure::usage(format!("port {port}: {error}")).hint("name another one with --port, or none")
        })?;
        return Ok((listener, None));
    }
    for port in PORT..PORT + PORTS_TRIED {
        if let Ok(listener) = TcpListener::bind(at(port)).await {
            return Ok((listener, (port != PORT).then_some(PORT)));
        }
    }
    Err(Failure::missing(format!("no port from {PORT} to {} is free", PORT + PORTS_TRIED - 1))
        .hint("name one with --port"))
}

/// The address of the app that holds the lock.
async fn running(file: &std::path::Path) -> Result<Opened, Failure> {
    for _ in 0..50 {
        // It is written right after the lock is taken.
        let address = fs::read_to_string(file).unwrap_or_default();
        let authority = address.strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        if let Some(authority) = authority
            && TcpStream::connect(authority).await.is_ok()
        {
            return Ok(Opened::Elsewhere(address));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Failure::missing("another hotseat holds the app's lock and does not answer")
        .hint("end it, or set HOTSEAT_HOME to another folder"))
}

/// Opens a browser, if there is one; the address stands on the terminal anyway.
pub(crate) fn show(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = Command::new(opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
