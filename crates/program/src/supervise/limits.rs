//! The limits that the kernel keeps for us.
//!
//! They are the last line: the supervisor watches the whole tree ([`super::watch`]) and gives a reason, while the
//! kernel only refuses.

use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};

use crate::launch::{Launch, RunAs};
use crate::wire::Failed;

/// Above the watched limit, so that it is seen exceeded before the kernel refuses.
const SPARE_TASKS: u64 = 64;
/// So many programs of one user may be at their limit at once. Otherwise the first that forks without end would
/// keep the others from starting a thread, and two of them each other from being seen to exceed their limit.
#[cfg(target_os = "linux")]
const SHARED_BY: u64 = 3;

/// Limits this process, and with it the program.
pub(super) fn apply(launch: &Launch, user: Option<RunAs>) -> Result<(), Failed> {
    let limits = &launch.limits;
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_NOFILE, limits.open_files)?;
    limit(Resource::RLIMIT_FSIZE, limits.file_bytes)?;
    // The kernel's signal comes first here; the hard limit, a second later, is for who ignores it.
    let cpu_s: rlim_t = limits.cpu_s;
    let (_, hard) = getrlimit(Resource::RLIMIT_CPU).map_err(Failed::to("read limits"))?;
    setrlimit(Resource::RLIMIT_CPU, cpu_s.min(hard), cpu_s.saturating_add(1).min(hard))
        .map_err(Failed::to("limit CPU time"))?;
    limit_tasks(launch, user)
}

/// The kernel counts all tasks of a user; in a user namespace of our own, those in it alone.
#[cfg(target_os = "linux")]
fn limit_tasks(launch: &Launch, user: Option<RunAs>) -> Result<(), Failed> {
    let alone = launch.sandbox.level == crate::Level::Full && user.is_none();
    let uid = user.map_or_else(|| nix::unistd::getuid().as_raw(), |user| user.uid);
    let own = launch.limits.tasks + SPARE_TASKS;
    let all = if alone { own } else { super::tree::tasks_of(uid) + SHARED_BY * own };
    limit(Resource::RLIMIT_NPROC, all)
}

#[cfg(not(target_os = "linux"))]
fn limit_tasks(_launch: &Launch, _user: Option<RunAs>) -> Result<(), Failed> {
    // How many processes the user has cannot be told here, so a limit might stop the first one.
    let _ = SPARE_TASKS;
    Ok(())
}

/// Sets both limits, at most to what we have.
fn limit(which: Resource, to: rlim_t) -> Result<(), Failed> {
    let step = || Failed::to(format!("set the limit {which:?}"));
    let (_, hard) = getrlimit(which).map_err(step())?;
    setrlimit(which, to.min(hard), to.min(hard)).map_err(step())
}
