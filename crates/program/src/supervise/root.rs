//! A root directory for the program that holds what it may reach and nothing else.
//!
//! So a path that it may not reach does not exist, nor do the sockets of the desktop or of a container engine. What
//! may be read and what written is Landlock's to say.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{chdir, pivot_root};

use crate::launch::Launch;
use crate::sandbox::{self, DEVICES};
use crate::wire::Failed;

/// More links in a row than any system has; they may form a ring.
const LINKS_MAX: u32 = 40;
/// How much shared memory a program may have.
const SHARED_MEMORY: &str = "size=64m,mode=1777";

/// Builds the root and makes it ours.
pub(super) fn change(launch: &Launch) -> Result<(), Failed> {
    unshare(CloneFlags::CLONE_NEWNS).map_err(Failed::to("make a mount namespace"))?;
    // What we mount is for us alone.
    mounted(None, Path::new("/"), None, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None)?;
    let root = fs::canonicalize(launch.root()).map_err(Failed::to("find the new root"))?;
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mounted(Some("tmpfs"), &root, Some("tmpfs"), quiet, Some("size=1m,mode=755"))?;
    let mut places = Places { root: root.clone(), bound: BTreeSet::new() };
    let devices = DEVICES.iter().map(PathBuf::from);
    let own = [launch.dir.clone(), launch.home(), launch.tmp()];
    let asked = launch.sandbox.read.iter().chain(&launch.sandbox.write).cloned();
    let mut paths: Vec<PathBuf> =
        sandbox::system_folders().into_iter().chain(devices).chain(own).chain(asked).collect();
    // What lies in another comes after it.
    paths.sort();
    for path in paths.iter().filter(|path| path.exists()) {
        places.bind(path, 0).map_err(Failed::to(format!("show {} to the program", path.display())))?;
    }
    let proc = root.join("proc");
    let shared = root.join("dev/shm");
    for dir in [&proc, &shared] {
        fs::create_dir_all(dir).map_err(Failed::to(format!("make {}", dir.display())))?;
    }
    mounted(Some("proc"), &proc, Some("proc"), quiet | MsFlags::MS_NOEXEC, None)?;
    mounted(Some("tmpfs"), &shared, Some("tmpfs"), quiet | MsFlags::MS_NOEXEC, Some(SHARED_MEMORY))?;
    for (name, target) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
        symlink(format!("/proc/self/fd{target}"), root.join("dev").join(name))
            .map_err(Failed::to(format!("make /dev/{name}")))?;
    }
    enter(&root)
}

/// Makes the new root the only one: the old one is stacked on it and taken away.
fn enter(root: &Path) -> Result<(), Failed> {
    let step = || Failed::to("change the root");
    chdir(root).map_err(step())?;
    pivot_root(".", ".").map_err(step())?;
    umount2(".", MntFlags::MNT_DETACH).map_err(step())?;
    chdir("/").map_err(step())?;
    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY;
    mounted(None, Path::new("/"), None, flags | MsFlags::MS_NOSUID | MsFlags::MS_NODEV, None)
}

struct Places {
    root: PathBuf,
    /// What the new root shows, each with all below it.
    bound: BTreeSet<PathBuf>,
}

impl Places {
    /// Shows a path under the same name; links on the way to it stay links.
    fn bind(&mut self, path: &Path, links: u32) -> io::Result<()> {
        if links > LINKS_MAX {
            return Err(io::Error::other("too many links"));
        }
        let mut so_far = PathBuf::from("/");
        let mut parts =
            path.components().filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
        while let Some(part) = parts.next() {
            if part == Component::ParentDir {
                so_far.pop();
                continue;
            }
            so_far.push(part);
            if self.bound.contains(&so_far) {
                return Ok(());
            }
            if fs::symlink_metadata(&so_far)?.is_symlink() {
                let target = fs::read_link(&so_far)?;
                let here = self.place(&so_far)?;
                if fs::symlink_metadata(&here).is_err() {
                    symlink(&target, here)?;
                }
                so_far.pop();
                let rest: PathBuf = parts.collect();
                return self.bind(&so_far.join(target).join(rest), links + 1);
            }
        }
        self.mount(so_far)
    }

    fn mount(&mut self, path: PathBuf) -> io::Result<()> {
        let here = self.place(&path)?;
        if path.is_dir() {
            fs::create_dir_all(&here)?;
        } else if !here.exists() {
            fs::File::create(&here)?;
        }
        // In a user namespace, a folder can be shown only with what is mounted in it.
        let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
        mount(Some(&path), &here, None::<&str>, flags, None::<&str>)?;
        self.bound.insert(path);
        Ok(())
    }

    /// Where a path lies in the new root, with the folder that it lies in.
    fn place(&self, path: &Path) -> io::Result<PathBuf> {
        let here = self.root.join(path.strip_prefix("/").unwrap_or(path));
        if let Some(parent) = here.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(here)
    }
}

fn mounted(
    what: Option<&str>,
    at: &Path,
    kind: Option<&str>,
    flags: MsFlags,
    options: Option<&str>,
) -> Result<(), Failed> {
    let step = || Failed::to(format!("mount {} at {}", kind.unwrap_or("what is there"), at.display()));
    mount(what, at, kind, flags, options).map_err(step())
}
