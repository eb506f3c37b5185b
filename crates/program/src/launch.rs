//! What to run, and what it may do, as plain data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::sandbox::Level;

/// One start of a learner's program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The program and its arguments. Without a `/` it is looked for on the `PATH` of `env`. An empty command
    /// sets everything up and ends at once with exit status 0: that is how [`crate::sandbox::probe`] asks.
    pub command: Vec<String>,
    /// The workspace, where the program starts: a private copy that the caller made. The program may change
    /// everything in it. When we are root, it is given to the program's user ([`crate::give`]).
    pub dir: PathBuf,
    /// A folder for this program alone, which exists and is empty at first. It gets `home`, `tmp` and `root` in
    /// it. The caller removes it afterwards.
    pub scratch: PathBuf,
    /// The only environment; `PATH`, `HOME` and `TMPDIR` are added where they are missing.
    pub env: BTreeMap<String, String>,
    /// What it may use.
    pub limits: Limits,
    /// What it may reach.
    pub sandbox: Sandbox,
    /// A binary whose `main` calls [`crate::supervise_if_asked`] first; without it, the current one.
    pub supervisor: Option<PathBuf>,
}

impl Launch {
    /// A launch with an empty environment, the usual limits, and a sandbox of this level without network.
    pub fn new<S: Into<String>>(
        command: impl IntoIterator<Item = S>,
        dir: impl Into<PathBuf>,
        scratch: impl Into<PathBuf>,
        level: Level,
    ) -> Launch {
        Launch {
            command: command.into_iter().map(Into::into).collect(),
            dir: dir.into(),
            scratch: scratch.into(),
            env: BTreeMap::new(),
            limits: Limits::default(),
            sandbox: Sandbox::new(level),
            supervisor: None,
        }
    }

    /// The same with one more variable in its environment.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: impl ToString) -> Launch {
        self.env.insert(name.to_owned(), value.to_string());
        self
    }

    /// The environment with what every program needs.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let mut env = self.env.clone();
        let mut missing = |name: &str, value: String| {
            env.entry(name.to_owned()).or_insert(value);
        };
        missing("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned());
        missing("HOME", self.home().display().to_string());
        missing("TMPDIR", self.tmp().display().to_string());
        env
    }

    /// The program's own home.
    pub(crate) fn home(&self) -> PathBuf {
        self.scratch.join("home")
    }

    /// The program's own folder for temporary files.
    pub(crate) fn tmp(&self) -> PathBuf {
        self.scratch.join("tmp")
    }

    /// Where its root is built.
    pub(crate) fn root(&self) -> PathBuf {
        self.scratch.join("root")
    }
}

/// What a program may use. Each limit that is exceeded is an [`crate::Exceeded`] in its [`crate::End`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory that all its processes hold together, each shared page counted once. Address space is not
    /// limited, because Node, Go and Java reserve far more than they use.
    pub memory_bytes: u64,
    /// Processes and threads together.
    pub tasks: u64,
    /// Open files of one process.
    pub open_files: u64,
    /// The length of one file.
    pub file_bytes: u64,
    /// How much the workspace and the program's own folders may grow.
    pub disk_bytes: u64,
    /// CPU time of all its processes together: a hang limit.
    pub cpu_s: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_bytes: 1 << 30,
            tasks: 512,
            open_files: 4096,
            file_bytes: 256 << 20,
            disk_bytes: 1 << 30,
            cpu_s: 600,
        }
    }
}

/// What a program may reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// How strong it is; [`crate::sandbox::probe`] says what this machine allows.
    pub level: Level,
    /// What it may read and run, besides the system's own folders: toolchains in a home directory, say
    /// ([`crate::sandbox::toolchains`]). What does not exist is left out.
    pub read: Vec<PathBuf>,
    /// What it may write, besides its workspace and its own folders: caches of a package manager, say. They are
    /// not given to `run_as`, which must be able to write them already.
    pub write: Vec<PathBuf>,
    /// Where it may connect and listen.
    pub network: Network,
    /// Whether it may use Unix sockets even where nothing else keeps it from the sockets of the desktop or of a
    /// container engine, which is below [`Level::Full`], or before Landlock's ABI 6 (Linux 6.12). Only sockets
    /// that lie in `read` or `write` are reached at [`Level::Full`].
    pub unix_sockets: bool,
    /// Who it runs as when we are root; without it, the user 65534. When we are not root, it runs as we do.
    pub run_as: Option<RunAs>,
}

impl Sandbox {
    /// A sandbox of this level, without anything to read, write or connect to besides what every program needs.
    pub fn new(level: Level) -> Sandbox {
        Sandbox {
            level,
            read: Vec::new(),
            write: Vec::new(),
            network: Network::Ports { listen: Vec::new(), connect: Vec::new() },
            unix_sockets: false,
            run_as: None,
        }
    }
}

/// Where a program may connect and listen. Held from [`Level::Confined`] on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// Everywhere, also with UDP: for builds that fetch packages.
    Open,
    /// TCP on these ports alone, and no UDP. Ports are kept from Landlock's ABI 4 (Linux 6.7) on.
    Ports {
        /// Where it may listen; it may connect to these as well.
        listen: Vec<u16>,
        /// Where it may connect.
        connect: Vec<u16>,
    },
}

/// A user and a group, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAs {
    /// The user.
    pub uid: u32,
    /// The group; the program has no other.
    pub gid: u32,
}

impl RunAs {
    /// The user that owns nothing on most systems.
    pub const NOBODY: RunAs = RunAs { uid: 65534, gid: 65534 };
}
