//! A PostgreSQL server of a test's own, gone with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use relay::Address;
use tempfile::TempDir;

/// A server that trusts everybody who reaches its socket.
pub(crate) struct Server {
    /// Removed with the server.
    _dir: TempDir,
    child: Child,
    socket: PathBuf,
}

/// Names the Unix socket; every server has a folder of its own.
const PORT: u16 = 5432;

impl Server {
    /// Starts one that listens on a Unix socket and at a TCP port of 127.0.0.1, if one is given. `None` and a
    /// word on standard error if PostgreSQL is not installed.
    pub(crate) async fn start(test: &str, tcp: Option<u16>) -> Option<Server> {
        let Some(bin) = bin() else {
            eprintln!("{test} is skipped: there is no PostgreSQL under /usr/lib/postgresql/*/bin");
            return None;
        };
        let dir = tempfile::Builder::new().prefix("relay-").tempdir().expect("there is room for a folder");
        if let Some(user) = server_user() {
            let (user, group) = (Some(user.uid.as_raw()), Some(user.gid.as_raw()));
            std::os::unix::fs::chown(dir.path(), user, group).expect("root may give folders away");
        }
        let data = dir.path().join("data");
        let made = as_server(&bin.join("initdb"), dir.path())
            .args(["--no-sync", "--auth=trust", "--username=judge", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let (addresses, port) = tcp.map_or(("", PORT), |port| ("127.0.0.1", port));
        let settings = [
            "fsync=off".to_owned(),
            format!("port={port}"),
            format!("unix_socket_directories={}", dir.path().display()),
            format!("listen_addresses={addresses}"),
            "max_connections=50".to_owned(),
        ];
        let child = as_server(&bin.join("postgres"), dir.path())
            .arg("-D")
            .arg(&data)
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres runs");
        let socket = dir.path().join(format!(".s.PGSQL.{port}"));
        let mut server = Server { _dir: dir, child, socket };
        server.wait_until_ready(&data).await;
        Some(server)
    }

    async fn wait_until_ready(&mut self, data: &Path) {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        let started = Instant::now();
        let ready = || {
            std::fs::read_to_string(data.join("postmaster.pid"))
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
        };
        while !ready() {
            let ended = self.child.try_wait().expect("the server is our child");
            assert!(ended.is_none(), "the server ended with {ended:?}");
            assert!(started.elapsed() < Duration::from_secs(120), "the server does not start");
            ticks.tick().await;
        }
    }

    /// Its Unix socket.
    pub(crate) fn socket(&self) -> Address {
        Address::Unix(self.socket.clone())
    }

    /// A program of PostgreSQL that connects to this port.
    pub(crate) fn client(&self, program: &str, port: u16) -> Command {
        let mut command = Command::new(bin().expect("the server runs").join(program));
        let environment = [("PGHOST", "127.0.0.1"), ("PGUSER", "judge"), ("PGDATABASE", "postgres")];
        command.envs(environment).env("PGPORT", port.to_string()).stdin(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        // Errors mean that it is gone.
        let _ = kill(Pid::from_raw(id), Signal::SIGQUIT);
        let _ = self.child.wait();
    }
}

fn bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut bins: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
    bins.retain(|bin| bin.join("postgres").is_file() && bin.join("initdb").is_file());
    bins.sort();
    bins.pop()
}

/// PostgreSQL refuses to run as root.
fn server_user() -> Option<User> {
    let known = || ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
    geteuid().is_root().then(known).flatten()
}

fn as_server(program: &Path, dir: &Path) -> Command {
    let mut command = match server_user() {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={}", user.uid)).arg(format!("--regid={}", user.gid));
            command.arg("--clear-groups").arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null());
    command
}
