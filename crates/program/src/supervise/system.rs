//! The system calls that are unsafe, each with its reason.

use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::unistd::ForkResult;

/// Forks. The supervisor and what it forks have one thread each at this point, so the child may do anything.
#[expect(unsafe_code, reason = "fork: no thread may hold a lock, and there is only one")]
pub(super) fn fork() -> nix::Result<ForkResult> {
    // SAFETY: `supervise_if_asked` is called before there is a second thread, and the supervisor never makes
    // one. So no lock is held by a thread that the child lacks.
    unsafe { nix::unistd::fork() }
}

/// Keeps other processes of the same user from tracing this one and from listing its files. It is not for what
/// we fork: the program is to find its own `/proc` its own.
pub(super) fn hide() {
    #[cfg(target_os = "linux")]
    // It fails for wrong arguments alone.
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Lets signals do to a program what they do by default: Rust ignores SIGPIPE, and init blocks some.
#[expect(unsafe_code, reason = "the default action is no handler of ours that could be unsound")]
pub(super) fn default_signals() -> nix::Result<()> {
    for which in Signal::iterator().filter(|which| !matches!(which, Signal::SIGKILL | Signal::SIGSTOP)) {
        // SAFETY: no code of ours runs as a handler.
        unsafe { signal(which, SigHandler::SigDfl) }?;
    }
    SigSet::empty().thread_set_mask()
}

/// Has the kernel close every file but the first three when the program is executed.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "nix has no close_range")]
pub(super) fn close_files_at_exec() -> nix::Result<()> {
    use nix::libc;
    // SAFETY: it marks files; it closes none now, and reads no memory of ours.
    let result = unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    nix::errno::Errno::result(result).map(drop)
}

/// The ABI of this kernel's Landlock: 0 without it, 4 with rules for ports, 6 with scopes, 9 with Unix sockets.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the crate landlock does not tell before it restricts")]
pub(crate) fn landlock_abi() -> i64 {
    use nix::libc;
    const VERSION: u32 = 1;
    // SAFETY: with this flag the kernel takes a null pointer of length 0 and answers with a number.
    let answer = unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<libc::c_void>(), 0_usize, VERSION)
    };
    answer.max(0)
}
