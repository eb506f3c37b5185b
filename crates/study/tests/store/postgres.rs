//! A PostgreSQL server for the tests alone. It ends, and its files go, when the test process does,
//! however it does.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

pub(crate) static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

pub(crate) struct Server {
    dir: PathBuf,
    /// Waits for the end of its input, which is the end of this process, and cleans up.
    _reaper: Child,
}

impl Server {
    fn start() -> Server {
        let bin = binaries();
        // A socket's path has at most 107 bytes, so it does not lie in the target folder.
        let dir = tempfile::Builder::new().prefix("hotseat-store-").tempdir_in("/tmp");
        let dir = dir.expect("/tmp can be written to").keep();
        let user = server_user();
        if let Some((uid, gid)) = user {
            chown(&dir, Some(uid), Some(gid)).expect("root may give folders away");
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir("/").env("LC_ALL", "C").process_group(0).stdin(Stdio::null());
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let script =
            r#"cat >/dev/null; "$0/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1; rm -rf "$1""#;
        let reaper = command(Path::new("sh"))
            .args(["-c", script])
            .args([&bin, &dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh can be started");
        let data = dir.join("data");
        let run = |program: &str, arguments: &[&str]| {
            let output = command(&bin.join(program)).arg("-D").arg(&data).args(arguments).output();
            let output = output.unwrap_or_else(|e| panic!("{program}: {e}"));
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(
            "initdb",
            &["-U", "study", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"],
        );
        let options = format!("-k {} -c listen_addresses= -c fsync=off", dir.display());
        let log = dir.join("log").display().to_string();
        run("pg_ctl", &["-w", "-s", "-l", &log, "-o", &options, "start"]);
        Server { dir, _reaper: reaper }
    }

    /// The address of a schema, which need not exist.
    pub(crate) fn address(&self, schema: &str) -> String {
        format!(
            "postgres://study@localhost/postgres?host={}&options=-csearch_path%3D{schema}",
            self.dir.display()
        )
    }
}

/// PostgreSQL refuses to run as root.
fn server_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().expect("id can be started");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let of_postgres = id(&["-u", "postgres"]).zip(id(&["-g", "postgres"]));
    Some(of_postgres.expect("there is a user postgres, as distributions make one"))
}

/// `HOTSEAT_POSTGRES_BIN`, the PATH, or where distributions put the server, the newest first.
fn binaries() -> PathBuf {
    if let Some(named) = std::env::var_os("HOTSEAT_POSTGRES_BIN") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .filter_map(|dir| Some(dir.join("postgres").canonicalize().ok()?.parent()?.to_path_buf()));
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    on_path
        .chain(versions.into_iter().rev().map(|(_, dir)| dir))
        .find(|dir| dir.join("postgres").exists() && dir.join("initdb").exists())
        .expect("a PostgreSQL server is installed, or HOTSEAT_POSTGRES_BIN names one")
}
