//! A folder of small text files held in memory, so that an embedded pack and one on disk read alike;
//! mistakes in them, with file and line; the parts of a Markdown file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// The largest file that a pack or a submission may hold, in bytes.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The most files that a pack may hold; a folder with more is no pack.
const FILES_MAX: usize = 5_000;

/// Files by their path below `root`, with `/` between the parts.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    root: PathBuf,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// One mistake of a pack's author: what, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mistake {
    /// The file, as a person would open it.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong, and what to write instead.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl Folder {
    /// A folder from files that are in memory already (an embedded pack).
    pub fn from_files(root: impl Into<PathBuf>, files: BTreeMap<String, Cow<'static, [u8]>>) -> Folder {
        Folder { root: root.into(), files }
    }

    /// Reads a folder from disk. Links, devices and files beyond [`FILE_BYTES_MAX`] are mistakes:
    /// a pack is other people's content.
    pub fn read(root: &Path) -> Result<Folder, Mistake> {
        let mut folder = Folder { root: root.to_path_buf(), files: BTreeMap::new() };
        let mut open = vec![PathBuf::new()];
        while let Some(below) = open.pop() {
            let dir = root.join(&below);
            let entries = std::fs::read_dir(&dir).map_err(|e| unreadable(&dir, &e))?;
            for entry in entries {
                let entry = entry.map_err(|e| unreadable(&dir, &e))?;
                let path = below.join(entry.file_name());
                let kind = entry.file_type().map_err(|e| unreadable(&entry.path(), &e))?;
                if entry.file_name().to_string_lossy().starts_with('.') {
                    continue;
                }
                if kind.is_dir() {
                    open.push(path);
                } else {
                    folder.add(&entry.path(), &path, kind.is_file())?;
                }
            }
        }
        Ok(folder)
    }

    fn add(&mut self, on_disk: &Path, path: &Path, is_file: bool) -> Result<(), Mistake> {
        let mistake =
            |what: &str| Mistake { file: on_disk.display().to_string(), line: None, what: what.into() };
        let Some(name) = path.to_str() else {
            return Err(mistake("the file's name is not UTF-8; rename it"));
        };
        if !is_file {
            return Err(mistake("only plain files belong in a pack; replace the link or device by a file"));
        }
        let bytes = std::fs::metadata(on_disk).map_err(|e| unreadable(on_disk, &e))?.len();
        if bytes > FILE_BYTES_MAX {
            return Err(mistake(&format!("{bytes} bytes; a file of a pack has at most {FILE_BYTES_MAX}")));
        }
        if self.files.len() == FILES_MAX {
            return Err(mistake(&format!("more than {FILES_MAX} files; is this the folder of a pack?")));
        }
        let content = std::fs::read(on_disk).map_err(|e| unreadable(on_disk, &e))?;
        self.files.insert(name.replace('\\', "/"), content.into());
        Ok(())
    }

    /// The part of this folder below `path`.
    pub fn sub(&self, path: &str) -> Folder {
        let prefix = format!("{path}/");
        let files = self.files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix));
        Folder {
            root: self.root.join(path),
            files: files.map(|(name, content)| (name[prefix.len()..].to_string(), content.clone())).collect(),
        }
    }

    /// The names of the folders directly below `path` (or below this folder, when `path` is empty).
    pub fn folders(&self, path: &str) -> Vec<String> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let below = self.files.keys().filter_map(|name| name.strip_prefix(&prefix)?.split_once('/'));
        let names: BTreeSet<&str> = below.map(|(folder, _)| folder).collect();
        names.into_iter().map(str::to_string).collect()
    }

    /// Every path of a file in this folder.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The raw content of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Cow::as_ref)
    }

    /// The text of a file, or the mistake that it is missing or not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, Mistake> {
        let content =
            self.files.get(path).ok_or_else(|| self.mistake(path, None, "this file is missing; write it"))?;
        let text = std::str::from_utf8(content).map_err(|e| {
            let line = content[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            self.mistake(path, Some(line), "not UTF-8 text; save the file as UTF-8")
        })?;
        Ok(text)
    }

    /// A mistake in a file of this folder.
    pub fn mistake(&self, path: &str, line: Option<usize>, what: impl Into<String>) -> Mistake {
        Mistake { file: self.shown(path), line, what: what.into() }
    }

    /// A file's path as a person would open it.
    pub fn shown(&self, path: &str) -> String {
        self.root.join(path).display().to_string()
    }

    /// Where the folder lies (for an embedded pack, a name only).
    pub fn root(&self) -> &Path {
        &self.root
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Mistake {
    Mistake { file: path.display().to_string(), line: None, what: format!("cannot be read: {error}") }
}

/// The `## ` sections of a Markdown text: line of the heading (from 1), heading, body.
pub fn sections(text: &str) -> Vec<(usize, String, String)> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("## ") {
            found.push((index + 1, title.trim().to_string(), String::new()));
        } else if let Some((_, _, body)) = found.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    found
}

/// The text of an item of a numbered list (`1. …`), if the line is one.
pub fn numbered(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { None } else { line[digits..].strip_prefix(". ") }
}
