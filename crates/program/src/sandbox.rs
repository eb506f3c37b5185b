//! What a machine allows: the levels of the sandbox, how to find out, and what every program may read.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use crate::launch::Launch;
use crate::running::{Program, StartError};

/// How strong a sandbox is. Each level has all of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Limits and a user without rights if we are root. The program can read what its user can.
    Limits,
    /// Landlock and seccomp: files, ports, signals and system calls. It still sees that other processes exist.
    Confined,
    /// And PID, IPC and mount namespaces: nothing else exists, and nothing can outlive it.
    Full,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Limits => "limits only",
            Level::Confined => "confined",
            Level::Full => "full",
        })
    }
}

/// What this machine allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The strongest level that works.
    pub level: Level,
    /// The ABI of the kernel's Landlock: 0 without it, ports are kept from 4 on, signals from 6 on.
    pub landlock_abi: i64,
    /// Why each stronger level does not work.
    pub refused: Vec<(Level, String)>,
}

impl fmt::Display for Probe {
    /// Sentences for `doctor`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Full => write!(
                f,
                "Programs run in a full sandbox: they see no other process and only files that they need."
            )?,
            Level::Confined => write!(
                f,
                "Programs run confined (Landlock, seccomp): they reach no files of yours, but see that other processes exist."
            )?,
            Level::Limits => write!(
                f,
                "Programs run with limits only: they can read and change what their user can. Judge only what you trust."
            )?,
        }
        if self.level > Level::Limits && self.landlock_abi < 4 {
            write!(f, " This kernel does not keep them from other TCP ports; Linux 6.7 and newer do.")?;
        }
        for (level, reason) in &self.refused {
            write!(f, " The level \"{level}\" does not work here: {reason}.")?;
            if *level == Level::Full {
                write!(f, "{}", advice())?;
            }
        }
        Ok(())
    }
}

/// What usually keeps a user from making namespaces.
fn advice() -> &'static str {
    let is = |file: &str, value: &str| fs::read_to_string(file).is_ok_and(|text| text.trim() == value);
    if is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1") {
        " AppArmor restricts user namespaces (`sysctl kernel.apparmor_restrict_unprivileged_userns`)."
    } else if is("/proc/sys/kernel/unprivileged_userns_clone", "0") {
        " User namespaces are switched off (`sysctl kernel.unprivileged_userns_clone`)."
    } else if is("/proc/sys/user/max_user_namespaces", "0") {
        " User namespaces are switched off (`sysctl user.max_user_namespaces`)."
    } else {
        ""
    }
}

/// Finds the strongest level that works here, by setting each up for a command that does nothing. Takes some
/// milliseconds; nothing is left of it. `supervisor` is as in [`Launch`].
///
/// # Errors
/// When not even limits can be set, or the supervisor does not start.
pub async fn probe(supervisor: Option<&Path>) -> Result<Probe, StartError> {
    static PROBES: AtomicU32 = AtomicU32::new(0);
    let number = PROBES.fetch_add(1, Ordering::Relaxed);
    let scratch = std::env::temp_dir().join(format!("program-probe-{}-{number}", std::process::id()));
    let result = probe_in(&scratch, supervisor).await;
    // It holds empty folders; one that is left does no harm.
    let _ = fs::remove_dir_all(&scratch);
    result
}

async fn probe_in(scratch: &Path, supervisor: Option<&Path>) -> Result<Probe, StartError> {
    let dir = scratch.join("workspace");
    // If this fails, so does entering it, with better words.
    let _ = fs::create_dir_all(&dir);
    let mut refused = Vec::new();
    for level in [Level::Full, Level::Confined] {
        if !cfg!(target_os = "linux") {
            refused.push((level, "it needs Linux".to_owned()));
            continue;
        }
        match try_level(level, &dir, scratch, supervisor).await {
            Ok(()) => return Ok(Probe { level, landlock_abi: landlock_abi(), refused }),
            Err(StartError::Failed(reason)) => refused.push((level, reason.to_string())),
            Err(other) => return Err(other),
        }
    }
    try_level(Level::Limits, &dir, scratch, supervisor).await?;
    Ok(Probe { level: Level::Limits, landlock_abi: landlock_abi(), refused })
}

async fn try_level(
    level: Level,
    dir: &Path,
    scratch: &Path,
    supervisor: Option<&Path>,
) -> Result<(), StartError> {
    let mut launch = Launch::new(Vec::<String>::new(), dir, scratch, level);
    launch.supervisor = supervisor.map(Path::to_owned);
    Program::start(&launch).await?.wait().await;
    Ok(())
}

fn landlock_abi() -> i64 {
    #[cfg(target_os = "linux")]
    return crate::supervise::landlock_abi();
    #[cfg(not(target_os = "linux"))]
    0
}

/// Where toolchains lie in a home directory, those that exist: for [`crate::Sandbox::read`]. Folders that hold
/// passwords or tokens beside caches (`.cargo`, `.m2`, `.gradle`, `.npm`) are given in parts.
pub fn toolchains(home: &Path) -> Vec<PathBuf> {
    const IN_HOME: &[&str] = &[
        ".asdf",
        ".bun",
        ".cargo/bin",
        ".cargo/git",
        ".cargo/registry",
        ".deno",
        ".dotnet",
        ".goenv",
        ".gradle/caches",
        ".gradle/wrapper",
        ".jenv",
        ".linuxbrew",
        ".local/bin",
        ".local/lib",
        ".local/share/fnm",
        ".local/share/mise",
        ".local/share/pnpm",
        ".local/share/uv",
        ".m2/repository",
        ".nvm",
        ".pyenv",
        ".rbenv",
        ".rustup",
        ".sdkman/candidates",
        ".volta",
        "go",
    ];
    // Homebrew has a home of its own.
    let brew = home.with_file_name("linuxbrew").join(".linuxbrew");
    IN_HOME.iter().map(|name| home.join(name)).chain([brew]).filter(|path| path.exists()).collect()
}

/// Devices that every program may read and write.
#[cfg(target_os = "linux")]
pub(crate) const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Folders that a program's root shows. What may be read in `/etc` is another list.
#[cfg(target_os = "linux")]
pub(crate) fn system_folders() -> Vec<PathBuf> {
    PROGRAMS.iter().chain(&["/etc"]).map(PathBuf::from).chain(resolver()).collect()
}

/// What every program may read.
#[cfg(target_os = "linux")]
pub(crate) fn readable() -> Vec<PathBuf> {
    let of_etc = fs::read_dir("/etc").into_iter().flatten().flatten().map(|entry| entry.file_name());
    let of_etc = of_etc.filter(|name| {
        let name = name.to_string_lossy();
        IN_ETC.iter().any(|known| match known.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *known,
        })
    });
    let of_etc = of_etc.map(|name| Path::new("/etc").join(name));
    let programs = PROGRAMS.iter().chain(&["/proc"]).map(PathBuf::from);
    programs.chain(of_etc).chain(resolver()).collect()
}

/// The file with the resolver's settings is often a link into a folder that nobody needs otherwise.
#[cfg(target_os = "linux")]
fn resolver() -> Option<PathBuf> {
    fs::canonicalize("/etc/resolv.conf").ok().filter(|path| !path.starts_with("/etc"))
}

#[cfg(target_os = "linux")]
const PROGRAMS: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/opt",
    "/nix/store",
    "/gnu/store",
    "/run/current-system",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
];

/// What runtimes read in `/etc`; `*` stands for any end.
#[cfg(target_os = "linux")]
const IN_ETC: &[&str] = &[
    "alternatives",
    "ca-certificates*",
    "crypto-policies",
    "debian_version",
    "dotnet",
    "erlang*",
    "fonts",
    "gai.conf",
    "group",
    "host.conf",
    "hosts",
    "java*",
    "ld.so.*",
    "ld-musl*",
    "locale*",
    "localtime",
    "lsb-release",
    "magic",
    "maven",
    "mime.types",
    "nsswitch.conf",
    "os-release",
    "passwd",
    "php*",
    "pki",
    "protocols",
    "python*",
    "resolv.conf",
    "services",
    "ssl",
    "static",
    "terminfo",
    "timezone",
];
