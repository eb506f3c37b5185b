//! The supervisor: the current binary, started once more, that starts one program and ends its whole tree.

use std::fs;
use std::io::{self, BufRead, BufReader, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

use nix::unistd::{ForkResult, Gid, Pid, Uid, chown, geteuid, setsid};
use serde::Serialize;

use crate::launch::{Launch, RunAs};
use crate::wire::{Failed, Report};

mod become_program;
mod disk;
mod init;
mod limits;
mod system;
mod tree;
mod watch;

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod listening;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;

#[cfg(target_os = "linux")]
pub(crate) use system::landlock_abi;

/// The name under which the binary is started as a supervisor; it is what `ps` shows.
pub(crate) const MARK: &str = "program-supervisor";

/// Does a supervisor's work, and does not return, if this process was started as one. To be called first in
/// `main`, before there is a second thread.
pub fn supervise_if_asked() {
    if std::env::args_os().next().is_some_and(|name| name == MARK) {
        std::process::exit(supervise().map_or(1, |()| 0));
    }
}

/// From the launch on standard input to the last report.
fn supervise() -> io::Result<()> {
    let mut control = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut first = String::new();
    BufReader::new(control.try_clone()?).read_line(&mut first)?;
    let launch: Launch = serde_json::from_str(&first)?;
    // Ctrl-C in the judge's terminal is for the judge. It fails if we lead a session already.
    let _ = setsid();
    let user = user(&launch);
    let started = make_folders(&launch, user).and_then(|()| {
        let disk = disk::Growth::since_now(vec![launch.dir.clone(), launch.home(), launch.tmp()]);
        Ok((start(&launch, user, control.try_clone().map_err(Failed::to("keep the socket"))?)?, disk))
    });
    match started {
        Ok((started, disk)) => {
            say(&mut control, &Report::Started { pid: started.program.as_raw() })?;
            watch::Watch::new(&launch, started, disk, control).run()
        }
        Err(failed) => say(&mut control, &Report::Failed(failed)),
    }
}

/// Writes one line.
fn say(to: &mut impl Write, what: &impl Serialize) -> io::Result<()> {
    to.write_all((serde_json::to_string(what)? + "\n").as_bytes())
}

/// A program that runs, as its supervisor sees it.
struct Started {
    init: Pid,
    program: Pid,
    out: PipeReader,
    err: PipeReader,
    /// Where *init* writes how the program ended.
    report: PipeReader,
}

/// The ends of the pipes that the processes below the supervisor write to.
struct Ends {
    out: PipeWriter,
    err: PipeWriter,
    /// The program's process number, and why it could not become the program; closed by exec.
    start: PipeWriter,
    report: PipeWriter,
}

fn start(launch: &Launch, user: Option<RunAs>, control: UnixStream) -> Result<Started, Failed> {
    #[cfg(target_os = "linux")]
    {
        // Orphans of a program without PID namespace come to us if its init is gone.
        nix::sys::prctl::set_child_subreaper(true).map_err(Failed::to("adopt orphans"))?;
        if launch.sandbox.level == crate::Level::Full {
            namespaces::leave()?;
        }
    }
    let pipe = || io::pipe().map_err(Failed::to("open a pipe"));
    let ((out, out_end), (err, err_end), (mut start, start_end), (report, report_end)) =
        (pipe()?, pipe()?, pipe()?, pipe()?);
    let ends = Ends { out: out_end, err: err_end, start: start_end, report: report_end };
    match system::fork().map_err(Failed::to("fork"))? {
        ForkResult::Child => {
            // Only the supervisor may hold these, or the judge would not notice that it is gone.
            drop((control, out, err, start, report));
            init::run(launch, user, ends)
        }
        ForkResult::Parent { child: init } => {
            drop(ends);
            system::hide();
            let mut said = String::new();
            start.read_to_string(&mut said).map_err(Failed::to("read what the program's start said"))?;
            let (pid, failed) = said.split_once('\n').unwrap_or(("", ""));
            if let Ok(failed) = serde_json::from_str::<Failed>(failed) {
                // It ends by itself, as its only child has ended.
                let _ = nix::sys::wait::waitpid(init, None);
                return Err(failed);
            }
            let program = pid.parse().map(Pid::from_raw).map_err(|_| Failed::Setup {
                step: "start the program".to_owned(),
                reason: "its init was killed".to_owned(),
            })?;
            Ok(Started { init, program, out, err, report })
        }
    }
}

/// Who the program runs as, if that is not us.
fn user(launch: &Launch) -> Option<RunAs> {
    geteuid().is_root().then(|| launch.sandbox.run_as.unwrap_or(RunAs::NOBODY)).filter(|user| user.uid != 0)
}

/// Makes the program's own folders, and gives them and the workspace to its user.
fn make_folders(launch: &Launch, user: Option<RunAs>) -> Result<(), Failed> {
    for dir in [launch.home(), launch.tmp(), launch.root()] {
        fs::create_dir_all(&dir).map_err(Failed::to(format!("make {}", dir.display())))?;
    }
    let Some(user) = user else { return Ok(()) };
    for dir in [&launch.dir, &launch.home(), &launch.tmp()] {
        give(dir, user).map_err(Failed::to(format!("give {} to user {}", dir.display(), user.uid)))?;
    }
    Ok(())
}

/// Gives a folder and all in it to a user, as root: links themselves, not what they lead to. A folder that is
/// the user's already is left as it is, because another program of the same user may work in it, and could put a
/// link in the way. So who starts several programs in one folder gives it to their user before.
///
/// # Errors
/// What the system says. The folder itself is given last, so that the next try begins anew.
pub fn give(folder: &Path, user: RunAs) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::symlink_metadata(folder)?;
    if (about.uid(), about.gid()) == (user.uid, user.gid) { Ok(()) } else { give_all(folder, user) }
}

fn give_all(path: &Path, user: RunAs) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::symlink_metadata(path)?;
    if about.is_symlink() {
        return std::os::unix::fs::lchown(path, Some(user.uid), Some(user.gid));
    }
    // A second name of a file may lie outside, so what lies there is left as it is.
    let is_shared = !about.is_dir() && about.nlink() > 1;
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            give_all(&entry?.path(), user)?;
        }
    }
    if (about.uid(), about.gid()) != (user.uid, user.gid) && !is_shared {
        chown(path, Some(Uid::from_raw(user.uid)), Some(Gid::from_raw(user.gid)))?;
    }
    Ok(())
}
