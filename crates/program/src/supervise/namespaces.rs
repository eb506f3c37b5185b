//! Leaves the machine's namespaces, so that the program sees no process and no shared memory but its own.

use std::fs;

use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};

use crate::wire::Failed;

/// Our next child is process 1 of a new PID namespace. Without root's rights this needs a user namespace, in
/// which we keep our own number, so that a program finds itself who it was.
pub(super) fn leave() -> Result<(), Failed> {
    let apart = CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWIPC;
    let (uid, gid) = (geteuid(), getegid());
    if uid.is_root() {
        return unshare(apart).map_err(Failed::to("make namespaces as root"));
    }
    unshare(CloneFlags::CLONE_NEWUSER | apart).map_err(Failed::to("make a user namespace"))?;
    let write = |file: &str, text: String| {
        let path = format!("/proc/self/{file}");
        fs::write(&path, text).map_err(Failed::to(format!("write {path}")))
    };
    // The kernel asks for it before an unprivileged user may map a group.
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("{uid} {uid} 1"))?;
    write("gid_map", format!("{gid} {gid} 1"))
}
