//! A disk of a limited size, to be filled to its last byte.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory, taken away again when this is dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// None where mounts are not permitted.
    pub(crate) fn new(at: &Path, options: &str) -> Option<Disk> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "hotseat-test"]).arg(at);
        mount.output().is_ok_and(|it| it.status.success()).then(|| Disk(at.to_path_buf()))
    }

    pub(crate) fn resize(&self, size: &str) {
        let mut mount = Command::new("mount");
        mount.arg("-o").arg(format!("remount,size={size},mode=755")).arg(&self.0);
        assert!(mount.status().expect("mount is there").success(), "the mount can be resized");
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Leaves not one byte free.
    pub(crate) fn fill(&self) {
        let file = fs::File::options().create(true).append(true).open(self.filler());
        let mut file = file.expect("a file takes no room by itself");
        let mut bytes = 1_000_000;
        while bytes > 0 {
            if file.write_all(&vec![0; bytes]).is_err() {
                bytes /= 2;
            }
        }
    }

    /// Fills it but for so many bytes, in steps of a page.
    pub(crate) fn fill_but(&self, bytes: u64) {
        self.fill();
        let file = fs::File::options().write(true).open(self.filler()).expect("it is there");
        let length = file.metadata().expect("it is there").len();
        file.set_len(length.saturating_sub(bytes)).expect("it is ours");
    }

    /// Makes room again.
    pub(crate) fn empty(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
