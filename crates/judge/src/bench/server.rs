//! One PostgreSQL server of our own: private folder, Unix socket, gone when hotseat is gone.
//!
//! Linux sends the server SIGQUIT when hotseat dies, however it dies. What even that leaves (a
//! socket folder, half-built databases; on other systems the server itself) the next start removes.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};

use super::binaries::Binaries;
use super::cluster::{Cluster, make_dir};
use super::{BenchError, Event, Watcher};

/// How long a server may take to start or stop before we say so: a hang limit.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    /// Where its socket lies: the host to connect to.
    pub socket_dir: PathBuf,
    cluster: Cluster,
    child: Child,
    /// Held while the server runs: one hotseat judges at a time.
    _lock: File,
}

/// The folder of the bench for a home: inside it, unless the server's user cannot reach it there.
pub fn bench_dir(home: &Path) -> PathBuf {
    if geteuid().is_root() && !reachable(home) {
        let name = crate::hash(&[&home.display().to_string()]);
        return PathBuf::from("/var/lib/hotseat").join(name);
    }
    home.join("bench")
}

/// Whether every user may pass through all folders on the way to `path`.
fn reachable(path: &Path) -> bool {
    path.ancestors()
        .filter_map(|dir| fs::metadata(dir).ok())
        .all(|about| about.permissions().mode() & 0o001 != 0)
}

/// The user that the server runs as: ourselves, or an unprivileged one when we are root.
pub fn server_user() -> Result<Option<User>, BenchError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let known = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
    known.map(Some).ok_or(BenchError::NoServerUser)
}

impl Server {
    /// Starts the server of this home; the first time, it makes its cluster.
    pub(super) async fn start(home: &Path, watcher: &dyn Watcher) -> Result<Server, BenchError> {
        let binaries = Binaries::find()?;
        let user = server_user()?;
        let dir = bench_dir(home);
        make_dir(&dir, 0o711, None)?;
        fs::write(dir.join("home"), home.display().to_string()).map_err(|e| BenchError::at(&dir, e))?;
        let lock = lock(&dir, watcher).await?;
        let cluster = Cluster { dir: dir.clone(), data: dir.join("data"), user, binaries };
        cluster.clean_up_after_the_last()?;
        if !cluster.is_ready() {
            watcher.event(Event::Doing("making a PostgreSQL cluster"));
            cluster.make()?;
        }
        let socket_dir = cluster.socket_dir()?;
        let child = cluster.spawn(&socket_dir)?;
        let mut server = Server { socket_dir, cluster, child, _lock: lock };
        match server.wait_until_ready().await {
            Err(error) if !is_setting(&error) => server.start_anew(watcher).await?,
            ready => ready?,
        }
        Ok(server)
    }

    /// Starts on a new cluster: an old one that does not work holds nothing but caches.
    pub(super) async fn start_anew(&mut self, watcher: &dyn Watcher) -> Result<(), BenchError> {
        watcher.event(Event::Doing("making a new PostgreSQL cluster, because the old one is damaged"));
        self.kill();
        self.cluster.make()?;
        self.child = self.cluster.spawn(&self.socket_dir)?;
        self.wait_until_ready().await
    }

    async fn wait_until_ready(&mut self) -> Result<(), BenchError> {
        let socket = self.socket_dir.join(".s.PGSQL.5432");
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let ready = fs::read_to_string(self.cluster.data.join("postmaster.pid"))
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"));
            if ready && socket.exists() {
                return Ok(());
            }
            if !self.is_alive() || Instant::now() > deadline {
                self.kill();
                return Err(BenchError::ServerFailed { said: tail(&self.log()), log: self.log() });
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The server's version, such as `15.18`.
    pub(super) fn version(&self) -> String {
        self.cluster.binaries.version.clone()
    }

    /// The process that all others of the server come from.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next start makes a new cluster.
    pub(super) fn distrust(&self) {
        self.cluster.distrust();
    }

    fn kill(&mut self) {
        signal(&self.child, Signal::SIGQUIT);
        // An error means that it is gone already.
        let _ = self.child.wait();
    }

    /// Whether the server still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Where the server writes what it has to say.
    pub(super) fn log(&self) -> PathBuf {
        self.cluster.log()
    }

    /// Stops the server in good order.
    pub(super) async fn stop(mut self) -> Result<(), BenchError> {
        signal(&self.child, Signal::SIGINT);
        let deadline = Instant::now() + START_LIMIT;
        while self.is_alive() {
            if Instant::now() > deadline {
                signal(&self.child, Signal::SIGQUIT);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    fn forget(&self) {
        // Both may be gone already, which is what we want.
        let _ = fs::remove_dir_all(&self.socket_dir);
        let _ = fs::remove_file(self.cluster.dir.join("running"));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.is_alive() {
            self.kill();
        }
        self.forget();
    }
}

fn signal(child: &Child, signal: Signal) {
    if let Ok(id) = i32::try_from(child.id()) {
        // An error means that it is gone already.
        let _ = kill(Pid::from_raw(id), signal);
    }
}

/// Waits for the bench of this home to be free.
async fn lock(dir: &Path, watcher: &dyn Watcher) -> Result<File, BenchError> {
    let path = dir.join("lock");
    let file = File::options().create(true).append(true).open(&path).map_err(|e| BenchError::at(&path, e))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => {
                if !told {
                    watcher.event(Event::Waiting);
                    told = true;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(fs::TryLockError::Error(e)) => return Err(BenchError::at(&path, e)),
        }
    }
}

/// A refusal that a new cluster would meet again.
fn is_setting(error: &BenchError) -> bool {
    let said = error.to_string();
    ["pg_stat_statements", "No space left", "shared memory"].iter().any(|words| said.contains(words))
}

/// The last lines of a log.
fn tail(path: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = File::open(path) {
        let bytes = file.metadata().map_or(0, |about| about.len());
        let _ = file.seek(SeekFrom::Start(bytes.saturating_sub(2_000)));
        let _ = file.read_to_string(&mut text);
    }
    text.trim().to_string()
}
