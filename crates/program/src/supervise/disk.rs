//! How much a program's folders grow, measured a few hundred files at a time, because a workspace can be large.
//!
//! No thread does it: a process whose children belong to another PID namespace may not make one.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// How many files are looked at in one step; a folder is never left half read.
const FILES_A_STEP: usize = 500;

/// The growth of some folders since they were first measured.
#[derive(Debug)]
pub(super) struct Growth {
    folders: Vec<PathBuf>,
    at_first_bytes: u64,
    grown_bytes: u64,
    /// The pass that goes on: folders not yet read, and what the others hold.
    unread: Vec<PathBuf>,
    so_far_bytes: u64,
}

impl Growth {
    /// Measures the folders as they are now.
    pub(super) fn since_now(folders: Vec<PathBuf>) -> Growth {
        let mut growth =
            Growth { unread: folders.clone(), folders, at_first_bytes: 0, grown_bytes: 0, so_far_bytes: 0 };
        while !growth.unread.is_empty() {
            growth.read_some();
        }
        growth.at_first_bytes = growth.so_far_bytes;
        growth
    }

    /// Goes on measuring; the growth in bytes, by the last pass that is complete.
    pub(super) fn step(&mut self) -> u64 {
        if self.unread.is_empty() {
            (self.unread, self.so_far_bytes) = (self.folders.clone(), 0);
        }
        self.read_some();
        if self.unread.is_empty() {
            self.grown_bytes = self.so_far_bytes.saturating_sub(self.at_first_bytes);
        }
        self.grown_bytes
    }

    /// A whole pass.
    pub(super) fn finish(&mut self) -> u64 {
        self.unread.clear();
        self.step();
        while !self.unread.is_empty() {
            self.step();
        }
        self.grown_bytes
    }

    fn read_some(&mut self) {
        let mut files = 0;
        while files < FILES_A_STEP
            && let Some(folder) = self.unread.pop()
        {
            // Links are not followed, and what vanishes meanwhile counts nothing.
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                files += 1;
                let Ok(about) = entry.metadata() else { continue };
                // Blocks are counted in units of 512 bytes, whatever the file system's are.
                self.so_far_bytes += about.blocks() * 512;
                if about.is_dir() {
                    self.unread.push(entry.path());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_folder_is_measured_in_steps() {
        let folder = tempfile::tempdir().expect("a folder");
        for inner in 0..40 {
            let inner = folder.path().join(format!("{inner}/deep/deeper"));
            fs::create_dir_all(&inner).expect("ours");
            for file in 0..50 {
                fs::write(inner.join(file.to_string()), "x").expect("ours");
            }
        }
        let mut growth = Growth::since_now(vec![folder.path().to_owned()]);
        assert_eq!(growth.finish(), 0);
        fs::write(folder.path().join("0/large"), vec![1; 1 << 20]).expect("ours");
        std::os::unix::fs::symlink("/usr", folder.path().join("link")).expect("ours");
        let steps = (0..100).position(|_| growth.step() >= 1 << 20).expect("it is noticed");
        assert!(steps > 1, "the first step cannot see 2000 files");
        assert!(growth.finish() < 2 << 20, "what a link leads to is not ours");
    }
}
