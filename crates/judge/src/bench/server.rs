//! One PostgreSQL server of our own: private folder, Unix socket, gone when hotseat is gone.
//!
//! Linux sends the server SIGQUIT when hotseat dies, however it dies. What even that leaves (a
//! socket folder, half-built databases; on other systems the server itself) the next start removes.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{SigHandler, Signal, kill};
use nix::unistd::{Pid, User, chown, geteuid};

use super::binaries::Binaries;
use super::{BenchError, Event, Watcher};

/// What makes work repeatable, as measured in the project's notes on components: no parallel or
/// background work, no full-page images, a whole-table sample for statistics.
const SETTINGS: &[(&str, &str)] = &[
    ("autovacuum", "off"),
    ("bgwriter_lru_maxpages", "0"),
    ("checkpoint_timeout", "1d"),
    ("deadlock_timeout", "50ms"),
    ("default_statistics_target", "10000"),
    ("effective_cache_size", "1GB"),
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("jit", "off"),
    ("listen_addresses", ""),
    ("log_timezone", "UTC"),
    ("maintenance_work_mem", "256MB"),
    ("max_connections", "100"),
    ("max_parallel_maintenance_workers", "0"),
    ("max_parallel_workers_per_gather", "0"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "20GB"),
    ("pg_stat_statements.track", "top"),
    ("random_page_cost", "1.1"),
    // A crashed backend is a component that died by itself: the run is void, not quietly repeated.
    ("restart_after_crash", "off"),
    ("shared_buffers", "256MB"),
    ("shared_preload_libraries", "pg_stat_statements"),
    ("synchronize_seqscans", "off"),
    ("timezone", "UTC"),
    ("wal_level", "minimal"),
    ("work_mem", "4MB"),
];

/// How long a server may take to start or stop before we say so: a hang limit.
const START_LIMIT: Duration = Duration::from_secs(120);
/// Room that a server needs besides databases, in bytes.
pub(super) const SPARE_BYTES: u64 = 300 * 1024 * 1024;

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

fn make_dir(path: &Path, mode: u32, owner: Option<&User>) -> Result<(), BenchError> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(|e| BenchError::at(path, e))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|e| BenchError::at(path, e))?;
    if let Some(user) = owner {
        chown(path, Some(user.uid), Some(user.gid)).map_err(|e| BenchError::at(path, e.into()))?;
    }
    Ok(())
}

/// A refusal that a new cluster would meet again.
fn is_setting(error: &BenchError) -> bool {
    let said = error.to_string();
    ["pg_stat_statements", "No space left", "shared memory"].iter().any(|words| said.contains(words))
}

/// The cluster on disk.
#[derive(Debug)]
struct Cluster {
    dir: PathBuf,
    data: PathBuf,
    user: Option<User>,
    binaries: Binaries,
}

impl Cluster {
    fn is_ready(&self) -> bool {
        fs::read_to_string(self.dir.join("ready")).is_ok_and(|version| version == self.binaries.version)
            && self.data.join("PG_VERSION").exists()
    }

    /// Removes what a killed hotseat left; drops the cluster if the machine went down under it,
    /// because without fsync its files cannot be trusted then.
    fn clean_up_after_the_last(&self) -> Result<(), BenchError> {
        self.end_a_server_left_behind();
        let running = self.dir.join("running");
        let Ok(note) = fs::read_to_string(&running) else { return Ok(()) };
        let (boot, socket_dir) = note.split_once('\n').unwrap_or((&note, ""));
        if socket_dir.contains("/hotseat-") {
            let _ = fs::remove_dir_all(socket_dir);
        }
        if boot != boot_id() {
            self.distrust();
        }
        fs::remove_file(&running).map_err(|e| BenchError::at(&running, e))
    }

    /// We hold the lock, so a server on our data belongs to a hotseat that is gone.
    fn end_a_server_left_behind(&self) {
        let Ok(text) = fs::read_to_string(self.data.join("postmaster.pid")) else { return };
        let Some(id) = text.lines().next().and_then(|line| line.trim().parse::<i32>().ok()) else { return };
        let ours = fs::read(format!("/proc/{id}/cmdline"))
            .map_or(!Path::new("/proc/self").exists(), |cmdline| {
                String::from_utf8_lossy(&cmdline).contains(&*self.data.to_string_lossy())
            });
        let deadline = Instant::now() + Duration::from_secs(30);
        while ours && kill(Pid::from_raw(id), Signal::SIGQUIT).is_ok() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn distrust(&self) {
        let _ = fs::remove_file(self.dir.join("ready"));
    }

    fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    fn make(&self) -> Result<(), BenchError> {
        self.distrust();
        if self.data.exists() {
            fs::remove_dir_all(&self.data).map_err(|e| BenchError::at(&self.data, e))?;
        }
        super::require_space(&self.dir, SPARE_BYTES)?;
        make_dir(&self.data, 0o700, self.user.as_ref())?;
        let mut command = Command::new(self.binaries.program("initdb"));
        command.args([
            "-U",
            "judge",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
            "-D",
        ]);
        let output = self
            .as_server_user(command.arg(&self.data))
            .output()
            .map_err(|e| BenchError::at(&self.data, e))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
            return Err(BenchError::ServerFailed { said, log: self.log() });
        }
        let ready = self.dir.join("ready");
        fs::write(&ready, &self.binaries.version).map_err(|e| BenchError::at(&ready, e))
    }

    /// A socket's path has at most 107 bytes, so it lies in the system's temporary folder.
    fn socket_dir(&self) -> Result<PathBuf, BenchError> {
        let name = format!("hotseat-{}-{}", std::process::id(), crate::fresh_seed());
        let dir = Path::new("/tmp").join(name);
        // The note comes first, and whole: whenever we are killed, the next start knows the folder.
        let running = self.dir.join("running");
        let part = self.dir.join("running.new");
        let note = format!("{}\n{}", boot_id(), dir.display());
        fs::write(&part, note).map_err(|e| BenchError::at(&part, e))?;
        fs::rename(&part, &running).map_err(|e| BenchError::at(&running, e))?;
        fs::DirBuilder::new().mode(0o700).create(&dir).map_err(|e| BenchError::at(&dir, e))?;
        if let Some(user) = &self.user {
            chown(&dir, Some(user.uid), Some(user.gid)).map_err(|e| BenchError::at(&dir, e.into()))?;
        }
        Ok(dir)
    }

    fn spawn(&self, socket_dir: &Path) -> Result<Child, BenchError> {
        let log = File::create(self.log()).map_err(|e| BenchError::at(&self.log(), e))?;
        let mut command = Command::new(self.binaries.program("postgres"));
        command.arg("-D").arg(&self.data).arg("-k").arg(socket_dir);
        for (name, value) in SETTINGS {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.as_server_user(&mut command).spawn().map_err(|e| BenchError::at(&self.binaries.dir, e))
    }

    /// Runs a command as the server's user, in a process group of its own (Ctrl-C in the terminal
    /// is for us to handle), and ends it when we end.
    #[expect(unsafe_code, reason = "what a child does between fork and exec; it only makes system calls")]
    fn as_server_user<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        use std::os::unix::process::CommandExt;
        command.process_group(0).current_dir("/").env_clear().env("LC_ALL", "C").env("TZ", "UTC");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let parent = std::process::id();
        // SAFETY: only async-signal-safe system calls, no allocation.
        unsafe {
            command.pre_exec(move || {
                // A script's background jobs ignore it, and so would the server until it has started.
                listen_to(Signal::SIGQUIT)?;
                die_with(parent)
            })
        }
    }
}

#[expect(unsafe_code, reason = "the default action is no handler of ours that could be unsound")]
fn listen_to(which: Signal) -> std::io::Result<()> {
    // SAFETY: see above.
    unsafe { nix::sys::signal::signal(which, SigHandler::SigDfl) }?;
    Ok(())
}

#[cfg(target_os = "linux")]
fn die_with(parent: u32) -> std::io::Result<()> {
    nix::sys::prctl::set_pdeathsig(Signal::SIGQUIT)?;
    // One that died before that line has nobody to tell us any more.
    if u32::try_from(nix::unistd::getppid().as_raw()) != Ok(parent) {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with(_parent: u32) -> std::io::Result<()> {
    Ok(())
}

/// Changes when the machine starts anew.
fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".into(), |id| id.trim().into())
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
