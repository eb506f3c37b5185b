//! The cluster on disk: made by initdb, cleaned up after a killed hotseat, and served by a
//! `postgres` that dies with us.

use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, chown};

use super::BenchError;
use super::binaries::Binaries;
use super::child::as_server_user;

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

/// Room that a server needs besides databases, in bytes.
pub(super) const SPARE_BYTES: u64 = 300 * 1024 * 1024;

/// The cluster on disk.
#[derive(Debug)]
pub(super) struct Cluster {
    pub dir: PathBuf,
    pub data: PathBuf,
    pub user: Option<User>,
    pub binaries: Binaries,
}

impl Cluster {
    pub(super) fn is_ready(&self) -> bool {
        fs::read_to_string(self.dir.join("ready")).is_ok_and(|version| version == self.binaries.version)
            && self.data.join("PG_VERSION").exists()
    }

    /// Removes what a killed hotseat left; drops the cluster if the machine went down under it,
    /// because without fsync its files cannot be trusted then.
    pub(super) fn clean_up_after_the_last(&self) -> Result<(), BenchError> {
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

    pub(super) fn distrust(&self) {
        let _ = fs::remove_file(self.dir.join("ready"));
    }

    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    pub(super) fn make(&self) -> Result<(), BenchError> {
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
        let output = as_server_user(command.arg(&self.data), self.user.as_ref())
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
    pub(super) fn socket_dir(&self) -> Result<PathBuf, BenchError> {
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

    pub(super) fn spawn(&self, socket_dir: &Path) -> Result<Child, BenchError> {
        let log = File::create(self.log()).map_err(|e| BenchError::at(&self.log(), e))?;
        let mut command = Command::new(self.binaries.program("postgres"));
        command.arg("-D").arg(&self.data).arg("-k").arg(socket_dir);
        for (name, value) in SETTINGS {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        as_server_user(&mut command, self.user.as_ref())
            .spawn()
            .map_err(|e| BenchError::at(&self.binaries.dir, e))
    }
}

/// Makes a folder with exactly these permissions, owned by `owner` if there is one.
pub(super) fn make_dir(path: &Path, mode: u32, owner: Option<&User>) -> Result<(), BenchError> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(|e| BenchError::at(path, e))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|e| BenchError::at(path, e))?;
    if let Some(user) = owner {
        chown(path, Some(user.uid), Some(user.gid)).map_err(|e| BenchError::at(path, e.into()))?;
    }
    Ok(())
}

/// Changes when the machine starts anew.
fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".into(), |id| id.trim().into())
}
