//! Finds the machine's own PostgreSQL server.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::BenchError;

/// The oldest PostgreSQL that will do: `CREATE DATABASE … STRATEGY` came with it.
pub const MAJOR_MIN: u32 = 15;
/// Names another folder of server binaries.
pub const BIN_VARIABLE: &str = "HOTSEAT_POSTGRES_BIN";

/// A server that can be spawned.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// The folder with `postgres` and `initdb`.
    pub dir: PathBuf,
    /// For people and for caches, such as `15.18`.
    pub version: String,
}

impl Binaries {
    /// The first server of version [`MAJOR_MIN`] or newer: `HOTSEAT_POSTGRES_BIN`, the PATH, then
    /// where distributions put it.
    pub fn find() -> Result<Binaries, BenchError> {
        let named = std::env::var_os(BIN_VARIABLE).map(PathBuf::from);
        let candidates = match &named {
            Some(dir) => vec![dir.clone()],
            None => usual_places(),
        };
        let mut too_old = Vec::new();
        for dir in candidates {
            let Some(version) = version(&dir) else { continue };
            let major: u32 =
                version.split(['.', 'b', 'r', 'd']).next().and_then(|n| n.parse().ok()).unwrap_or(0);
            if major < MAJOR_MIN {
                too_old.push(format!("{version} in {}", dir.display()));
            } else if dir.join("initdb").exists() {
                return Ok(Binaries { dir, version });
            }
        }
        match (too_old.is_empty(), named) {
            (false, _) => Err(BenchError::TooOld { found: too_old.join(", ") }),
            (true, Some(dir)) => Err(BenchError::NotInNamedFolder { dir }),
            (true, None) => Err(BenchError::NoPostgres),
        }
    }

    /// The path of one of the server's programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// What `postgres --version` in `dir` calls itself, such as `15.18`.
fn version(dir: &Path) -> Option<String> {
    let output = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(2).map(str::to_string)
}

/// The PATH first, then the folders of distributions, newest version first.
fn usual_places() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path)
        .filter(|dir| dir.join("postgres").exists())
        // A link on the PATH may stand alone; initdb lies beside what it points to.
        .filter_map(|dir| dir.join("postgres").canonicalize().ok()?.parent().map(Path::to_path_buf))
        .collect();
    for (root, below) in
        [("/usr/lib/postgresql", "bin"), ("/usr/local/opt", "bin"), ("/opt/homebrew/opt", "bin")]
    {
        places.extend(versioned(Path::new(root), below));
    }
    places.extend(
        versioned(Path::new("/usr"), "bin").into_iter().filter(|p| p.to_string_lossy().contains("pgsql-")),
    );
    places.push(PathBuf::from("/usr/lib/postgresql/bin"));
    places
}

/// The `below` folders of all that looks like a PostgreSQL version in `root`, newest first.
fn versioned(root: &Path, below: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.trim_start_matches("postgresql@").trim_start_matches("pgsql-");
            Some((number.parse().ok()?, entry.path().join(below)))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, path)| path).collect()
}
