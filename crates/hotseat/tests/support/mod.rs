//! What the tests of the binary share: a home of their own, hotseat run in it, and the promise that
//! every test checks at its end: nothing is left running or lying about, and the store is whole.
#![allow(dead_code, clippy::allow_attributes, reason = "each test binary uses a part of it")]

mod disk;
mod home;
mod process;
mod verdict;

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

pub(crate) use disk::Disk;
pub(crate) use home::TestHome;
pub(crate) use process::{Ran, Running};
pub(crate) use verdict::Ruled;

/// Nothing that we wait for takes this long, however busy the machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// An index-only submission that passes `tiny`.
pub(crate) const RIGHT_INDEX: &str = "CREATE INDEX item_shelf ON item (shelf);\n";
/// A query that passes `tiny` together with [`RIGHT_INDEX`].
pub(crate) const RIGHT_QUERY: &str =
    "SELECT id, price\nFROM item\nWHERE shelf = :shelf\nORDER BY price, id;\n";

/// The pack of the tests.
pub(crate) fn tiny_pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack")
}

/// Waits until something is so, looking often; fails the test when it never comes to be.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    assert!(comes_true(PATIENCE, &mut holds), "waited {PATIENCE:?} in vain: {what}");
}

/// Whether something comes to be within a time.
pub(crate) fn comes_true(limit: Duration, holds: &mut dyn FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    let (_nobody_speaks, pause) = mpsc::channel::<()>();
    loop {
        if holds() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        let _ = pause.recv_timeout(Duration::from_millis(2));
    }
}

/// Whether this test cannot run here; says so, so that nobody takes it for passed.
pub(crate) fn skip(test: &str, why: &str) {
    println!("SKIPPED {test}: {why}");
}

/// Every file below a folder, by its path from there.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                _ => found.push(entry.path().strip_prefix(folder).expect("it lies below").to_path_buf()),
            }
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp runs");
    assert!(copied.success(), "cp -a {} {}", from.display(), to.display());
}
