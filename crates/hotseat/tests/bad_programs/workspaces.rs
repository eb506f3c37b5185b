//! Workspaces that cannot be handed in: exit code 2 and a message, and nothing has run.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::echo::{Echo, RECIPE};

/// Insists that a workspace is refused with these words once it was changed.
#[track_caller]
fn refused(echo: &Echo, words: &[&str], change: impl FnOnce(&Path)) {
    let workspace = echo.workspace("alone", &[]);
    change(&workspace);
    let ran = echo.hand_in(&workspace).exits_with(2).says(words);
    assert_eq!(ran.json()["error"]["kind"], "usage", "{ran}");
}

#[test]
fn what_cannot_be_handed_in_is_named() {
    let echo = Echo::new();
    let write = |path: &Path, content: &[u8]| fs::write(path, content).expect("the workspace is there");
    refused(&echo, &["secret cannot be handed in", "a link", "put a plain file there"], |dir| {
        symlink("/etc/passwd", dir.join("secret")).expect("a link");
    });
    refused(&echo, &["service.toml cannot be handed in", "a link"], |dir| {
        fs::rename(dir.join(RECIPE), echo.home.work().join("elsewhere.toml")).expect("it is there");
        symlink("../elsewhere.toml", dir.join(RECIPE)).expect("a link");
    });
    refused(&echo, &["lib cannot be handed in", "a link"], |dir| {
        symlink("/usr/lib", dir.join("lib")).expect("a link");
    });
    refused(&echo, &["model.bin has 2097152 bytes", "at most 1048576", "not data"], |dir| {
        write(&dir.join("model.bin"), &vec![0; 2 << 20]);
    });
    refused(&echo, &["more than 500 files", "8 MiB", "node_modules"], |dir| {
        fs::create_dir(dir.join("many")).expect("a folder");
        (0..600).for_each(|n| write(&dir.join(format!("many/{n}")), b""));
    });
    refused(&echo, &["more than 500 files or 8 MiB"], |dir| {
        (0..9).for_each(|n| write(&dir.join(format!("part-{n}")), &vec![0; 1 << 20]));
    });
    refused(&echo, &["cannot be handed in", "not UTF-8", "rename it"], |dir| {
        write(&dir.join(OsStr::from_bytes(b"caf\xe9.py")), b"");
    });
    // It must not become a path that leads out.
    refused(&echo, &["cannot be handed in", "backslash", "rename it"], |dir| {
        write(&dir.join("a\\..\\..\\..\\escaped"), b"");
    });
    refused(&echo, &["service.toml:2", "not UTF-8"], |dir| write(&dir.join(RECIPE), b"run = \"x\"\n\xff\n"));
    refused(&echo, &["pipe cannot be handed in", "a device"], |dir| {
        nix::unistd::mkfifo(&dir.join("pipe"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    });
    assert_eq!(echo.home.runs(), Vec::<String>::new());
    echo.assert_nothing_is_left();
}
