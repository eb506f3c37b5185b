//! The files of a program that is handed in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::SubmissionError;
use crate::folder::FILE_BYTES_MAX;

/// A program's files: path below the workspace, with `/` between the parts, and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A program has at most so many files.
pub const FILES_MAX: usize = 500;
/// And at most so many bytes in all of them.
pub const FILES_BYTES_MAX: u64 = 8 << 20;

/// Folders that are not handed in, because they are built or downloaded anew, or are the editor's. Nor is
/// anything whose name begins with a dot.
pub const LEFT_OUT: [&str; 7] = ["node_modules", "target", "venv", "deps", "build", "__pycache__", "given"];
/// Files that hotseat itself put there.
const OURS: [&str; 2] = [crate::WORKSPACE_FILE, "README.md"];

/// Reads the files of a workspace.
pub(super) fn read(dir: &Path) -> Result<Files, SubmissionError> {
    let mut files = Files::new();
    let mut bytes = 0;
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        let folder = dir.join(&below);
        let unreadable = |source| SubmissionError::Unreadable { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_string) else {
                return Err(SubmissionError::Strange { path, why: "its name is not UTF-8; rename it" });
            };
            let at_top = below.as_os_str().is_empty();
            if name.starts_with('.') || LEFT_OUT.contains(&&*name) || (at_top && OURS.contains(&&*name)) {
                continue;
            }
            if name.contains('\\') {
                return Err(SubmissionError::Strange { path, why: "its name has a backslash; rename it" });
            }
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                open.push(below.join(&name));
                continue;
            }
            if !kind.is_file() {
                let why = "it is a link or a device; put a plain file there";
                return Err(SubmissionError::Strange { path, why });
            }
            let content = read_file(&path)?;
            bytes += content.len() as u64;
            if files.len() == FILES_MAX || bytes > FILES_BYTES_MAX {
                return Err(SubmissionError::TooMany { path: dir.to_path_buf() });
            }
            let place = below.join(&name).to_string_lossy().into_owned();
            files.insert(place, content);
        }
    }
    Ok(files)
}

fn read_file(path: &Path) -> Result<Vec<u8>, SubmissionError> {
    let unreadable = |source| SubmissionError::Unreadable { path: path.to_path_buf(), source };
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(SubmissionError::TooLarge { path: path.to_path_buf(), bytes });
    }
    fs::read(path).map_err(unreadable)
}
