//! *init*: the parent of the program, who adopts its orphans, reaps them, and ends them all in the end.
//!
//! At [`Level::Full`] it is process 1 of a PID namespace: nothing in there can signal it, and when it ends, the
//! kernel kills what is left.

use nix::errno::Errno;
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid};

use super::{Ends, become_program, say, system, tree};
use crate::end::How;
use crate::launch::{Launch, RunAs};
use crate::sandbox::Level;
use crate::wire::{Ending, Failed};

/// Starts the program, waits for it, ends what it left, reports, and ends.
pub(super) fn run(launch: &Launch, user: Option<RunAs>, mut ends: Ends) -> ! {
    let code = match tend(launch, user, &mut ends) {
        Ok(()) => 0,
        Err(failed) => {
            // The supervisor reads a process number first.
            let _ = say(&mut ends.start, &0).and_then(|()| say(&mut ends.start, &failed));
            1
        }
    };
    std::process::exit(code)
}

fn tend(launch: &Launch, user: Option<RunAs>, ends: &mut Ends) -> Result<(), Failed> {
    let full = launch.sandbox.level == Level::Full;
    let me = me();
    die_with_the_supervisor(full, ends)?;
    #[cfg(target_os = "linux")]
    // Process 1 of a namespace gets its orphans anyway.
    nix::sys::prctl::set_child_subreaper(true).map_err(Failed::to("adopt orphans"))?;
    let mut awaited = SigSet::empty();
    awaited.add(Signal::SIGCHLD);
    if !full {
        // The supervisor asks with it; in a namespace it kills us.
        awaited.add(Signal::SIGTERM);
    }
    awaited.thread_block().map_err(Failed::to("block signals"))?;
    let program = match system::fork().map_err(Failed::to("fork"))? {
        ForkResult::Child => become_program::run(launch, user, ends),
        ForkResult::Parent { child } => child,
    };
    // Whoever runs as the same user could look into us otherwise.
    system::hide();
    let report = ends.report.try_clone().map_err(Failed::to("keep a pipe"))?;
    close_all_but_the_report(ends)?;
    let (mut how, any_left) = wait_for(program, &awaited);
    let mut left_behind = 0;
    if any_left {
        left_behind = if how.is_some() { tree::Scanner::default().below(me).len() as u64 } else { 0 };
        how = end_all(me, program, full).or(how);
    }
    let how = how.unwrap_or(How::Lost);
    // If nobody reads it, nobody needs it.
    let _ = say(&mut { report }, &Ending { how, left_behind });
    Ok(())
}

/// Waits until the program has ended, and says how, or until the supervisor asks for the end of all; and whether
/// any process is left: all are our children in the end.
///
/// One that SIGTERM ended may have been a wrapper, such as a shell: what it wraps got the signal too, and has as
/// long to end as the judge gives it.
fn wait_for(program: Pid, awaited: &SigSet) -> (Option<How>, bool) {
    let mut how = None;
    loop {
        let (ended, any_left) = reap(program);
        how = ended.or(how);
        let may_be_a_wrapper = how == Some(How::Signalled(Signal::SIGTERM as i32));
        if how.is_some() && !(may_be_a_wrapper && killpg(program, None) != Err(Errno::ESRCH)) {
            return (how, any_left);
        }
        if awaited.wait() == Ok(Signal::SIGTERM) {
            return (how, true);
        }
    }
}

/// Our number as the rest of the machine sees it: `/proc` is still the machine's.
fn me() -> Pid {
    let seen = std::fs::read_link("/proc/self").ok().and_then(|link| link.to_str()?.parse().ok());
    seen.map_or_else(Pid::this, Pid::from_raw)
}

#[cfg(target_os = "linux")]
fn die_with_the_supervisor(full: bool, ends: &Ends) -> Result<(), Failed> {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;
    // Without a namespace our death would free the program's tree, so we are asked to end it first.
    let signal = if full { Signal::SIGKILL } else { Signal::SIGTERM };
    nix::sys::prctl::set_pdeathsig(signal).map_err(Failed::to("follow the supervisor's end"))?;
    // Was it gone before? Then nobody holds the other end.
    let mut report = [PollFd::new(ends.report.as_fd(), PollFlags::empty())];
    let gone = poll(&mut report, PollTimeout::ZERO).is_ok_and(|ready| ready > 0);
    if gone {
        std::process::exit(1);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with_the_supervisor(_full: bool, _ends: &Ends) -> Result<(), Failed> {
    Ok(())
}

/// The pipes are the program's now: their ends mean that it, and not we, closed them.
fn close_all_but_the_report(ends: &mut Ends) -> Result<(), Failed> {
    let (_, nowhere) = std::io::pipe().map_err(Failed::to("open a pipe"))?;
    let nowhere = || nowhere.try_clone().map_err(Failed::to("keep a pipe"));
    (ends.out, ends.err, ends.start) = (nowhere()?, nowhere()?, nowhere()?);
    let null = std::fs::File::open("/dev/null").map_err(Failed::to("open /dev/null"))?;
    nix::unistd::dup2_stdin(null).map_err(Failed::to("close standard input"))
}

/// Reaps who has ended: how the program ended if it is among them, and whether any child is left.
fn reap(program: Pid) -> (Option<How>, bool) {
    let mut how = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, status)) if pid == program => how = Some(How::Exited(status)),
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == program => {
                how = Some(How::Signalled(signal as i32));
            }
            Ok(WaitStatus::StillAlive) => return (how, true),
            Err(Errno::ECHILD) => return (how, false),
            Ok(_) | Err(_) => {}
        }
    }
}

/// Kills everything below us and waits until it is gone; how the program ended if it was still there.
fn end_all(me: Pid, program: Pid, full: bool) -> Option<How> {
    let mut how = None;
    let mut scanner = tree::Scanner::default();
    loop {
        if full {
            // From process 1, this is everybody in the namespace but us. Nobody there is an error.
            let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
        } else {
            tree::kill_below(&mut scanner, me, program);
        }
        let (ended, any_left) = reap(program);
        how = ended.or(how);
        if !any_left {
            return how;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}
