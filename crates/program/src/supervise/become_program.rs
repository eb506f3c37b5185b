//! The last steps before the program: what a child of *init* does to itself until it is the program.

use std::ffi::CString;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout, execve, setsid};

use super::{Ends, limits, say, system};
use crate::launch::{Launch, RunAs};
use crate::wire::Failed;

/// Becomes the program, or says why not.
pub(super) fn run(launch: &Launch, user: Option<RunAs>, ends: &mut Ends) -> ! {
    let Err(failed) = be_the_program(launch, user, ends);
    if let Some(failed) = failed {
        // The supervisor sees a start that says nothing if this fails.
        let _ = say(&mut ends.start, &failed);
        std::process::exit(127);
    }
    std::process::exit(0)
}

/// Returns only if there is nothing to execute, for a reason or because the command is empty.
fn be_the_program(
    launch: &Launch,
    user: Option<RunAs>,
    ends: &mut Ends,
) -> Result<std::convert::Infallible, Option<Failed>> {
    prepare(launch, user, ends)?;
    if launch.command.is_empty() {
        return Err(None);
    }
    Err(Some(execute(launch)))
}

fn prepare(launch: &Launch, user: Option<RunAs>, ends: &mut Ends) -> Result<(), Failed> {
    say_who_we_are(ends)?;
    setsid().map_err(Failed::to("start a session"))?;
    connect_streams(ends).map_err(Failed::to("connect the program's output"))?;
    system::default_signals().map_err(Failed::to("reset signals"))?;
    limits::apply(launch, user)?;
    #[cfg(target_os = "linux")]
    // If the machine runs out of memory before we notice, the program goes, and not the judge or its database.
    std::fs::write("/proc/self/oom_score_adj", "1000").map_err(Failed::to("be the first to go"))?;
    #[cfg(target_os = "linux")]
    if launch.sandbox.level == crate::Level::Full {
        super::root::change(launch)?;
    }
    if let Some(user) = user {
        become_user(user)?;
    }
    // After the change of user, which forgets it.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
        .map_err(Failed::to("follow the supervisor's end"))?;
    std::env::set_current_dir(&launch.dir).map_err(|error| unreachable_dir(launch, user, &error))?;
    #[cfg(target_os = "linux")]
    if launch.sandbox.level >= crate::Level::Confined {
        super::landlock::restrict(launch)?;
        super::seccomp::restrict(launch)?;
    }
    #[cfg(target_os = "linux")]
    // Before Linux 5.9, only files that Rust opened are closed; others the judge does not leave open.
    let _ = system::close_files_at_exec();
    Ok(())
}

/// Our number as the judge sees it; `/proc` is still the machine's here.
fn say_who_we_are(ends: &mut Ends) -> Result<(), Failed> {
    let seen = std::fs::read_link("/proc/self").ok().and_then(|link| link.to_str()?.parse::<i32>().ok());
    let pid = seen.unwrap_or_else(|| nix::unistd::getpid().as_raw());
    say(&mut ends.start, &pid).map_err(Failed::to("report the program's process"))
}

fn connect_streams(ends: &Ends) -> io::Result<()> {
    let null = std::fs::File::open("/dev/null")?;
    dup2_stdin(null)?;
    dup2_stdout(ends.out.as_fd())?;
    dup2_stderr(ends.err.as_fd())?;
    Ok(())
}

fn become_user(user: RunAs) -> Result<(), Failed> {
    use nix::unistd::{Gid, Uid, setgid, setuid};
    let step = || Failed::to(format!("become user {}", user.uid));
    #[cfg(target_os = "linux")]
    nix::unistd::setgroups(&[]).map_err(step())?;
    // As root, these change the saved ones too, so there is no way back.
    setgid(Gid::from_raw(user.gid)).map_err(step())?;
    setuid(Uid::from_raw(user.uid)).map_err(step())
}

fn unreachable_dir(launch: &Launch, user: Option<RunAs>, error: &io::Error) -> Failed {
    let hint = match user {
        Some(user) => format!("; user {} must be able to pass through every folder above it", user.uid),
        None => String::new(),
    };
    Failed::Setup { step: format!("enter {}", launch.dir.display()), reason: format!("{error}{hint}") }
}

/// Executes the command; returns only if that fails.
fn execute(launch: &Launch) -> Failed {
    let name = launch.command.first().cloned().unwrap_or_default();
    let failed = |reason: String| Failed::Command { command: name.clone(), reason };
    let environment = launch.environment();
    let texts = |all: Vec<String>| all.into_iter().map(CString::new).collect::<Result<Vec<_>, _>>();
    let variables = environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (Ok(arguments), Ok(variables)) = (texts(launch.command.clone()), texts(variables)) else {
        return failed("an argument or a variable of its environment holds a zero byte".to_owned());
    };
    let path = environment.get("PATH").map_or("", String::as_str);
    let mut error = Errno::ENOENT;
    for candidate in candidates(&name, path) {
        let Ok(file) = CString::new(candidate.into_os_string().into_encoded_bytes()) else { continue };
        let Err(found) = execve(&file, &arguments, &variables);
        // As the shell does: a file that may not be executed is remembered, and the search goes on.
        if !matches!(found, Errno::ENOENT | Errno::ENOTDIR) {
            error = found;
        }
    }
    failed(why_not(&name, path, error))
}

fn candidates(name: &str, path: &str) -> Vec<PathBuf> {
    if name.contains('/') {
        return vec![PathBuf::from(name)];
    }
    path.split(':').filter(|dir| !dir.is_empty()).map(|dir| Path::new(dir).join(name)).collect()
}

fn why_not(name: &str, path: &str, error: Errno) -> String {
    match error {
        Errno::ENOENT if Path::new(name).exists() => {
            "the interpreter that its first line (#!) names does not exist, or may not be read in the sandbox"
                .to_owned()
        }
        Errno::ENOENT if name.contains('/') => "there is no such file in the workspace".to_owned(),
        Errno::ENOENT => format!("it is not on the program's PATH ({path})"),
        Errno::EACCES => {
            format!(
                "permission denied: is it executable (`chmod +x {name}`), and may the sandbox read where it lies?"
            )
        }
        Errno::ENOEXEC => {
            "it is neither a binary for this machine nor a script with #! in its first line".to_owned()
        }
        other => other.desc().to_owned(),
    }
}
