//! Servers that the bench starts: as whom they run, and that they end when we do.

use std::process::Command;

use nix::sys::signal::{SigHandler, Signal};
use nix::unistd::User;

/// Runs a command as the server's user, in a process group of its own (Ctrl-C in the terminal
/// is for us to handle), and ends it when we end.
#[expect(unsafe_code, reason = "what a child does between fork and exec; it only makes system calls")]
pub(super) fn as_server_user<'c>(command: &'c mut Command, user: Option<&User>) -> &'c mut Command {
    use std::os::unix::process::CommandExt;
    command.process_group(0).current_dir("/").env_clear().env("LC_ALL", "C").env("TZ", "UTC");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    if let Some(user) = user {
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
