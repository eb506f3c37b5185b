//! What is handed in: a text for each slot, and the files of programs; read with care because anything may
//! lie in a workspace.

mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::drill::{Drill, Level, Takes};
use crate::folder::FILE_BYTES_MAX;

pub use files::{FILES_BYTES_MAX, FILES_MAX, Files, LEFT_OUT};

/// The handed-in texts by slot. A program's text is the file that says how it is run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    texts: BTreeMap<String, String>,
    programs: BTreeMap<String, Files>,
}

/// Why a folder cannot be judged: the learner's to mend, before any run.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// Nothing there.
    #[error("{path} is missing; this level hands in {expected}")]
    Missing {
        /// The file.
        path: PathBuf,
        /// All that the level takes.
        expected: String,
    },
    /// A folder, a device, …
    #[error("{path} is no plain file; put your work there")]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// More than [`FILE_BYTES_MAX`].
    #[error("{path} has {bytes} bytes; at most {FILE_BYTES_MAX} are read. Hand in your work, not data")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// More files, or more bytes, than a program has.
    #[error(
        "{path} holds more than {FILES_MAX} files or {} MiB; hand in source code, and put what is built or \
         downloaded into one of {}", FILES_BYTES_MAX >> 20, LEFT_OUT.join(", ")
    )]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
    /// A link that leads out of the workspace, or a name that is no text.
    #[error("{path} cannot be handed in: {why}")]
    Strange {
        /// The file.
        path: PathBuf,
        /// What is strange about it.
        why: &'static str,
    },
    /// Binary, or another encoding.
    #[error("{path}:{line}: not UTF-8 text; save the file as UTF-8 (is it a binary or UTF-16 file?)")]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The line of the first bad byte, from 1.
        line: usize,
    },
    /// A file that belongs to another level.
    #[error(
        "{path} is not handed in at level `{level}`, which takes {expected}; remove it, or start level `{other}`"
    )]
    OtherLevel {
        /// The file.
        path: PathBuf,
        /// The workspace's level.
        level: String,
        /// What that takes.
        expected: String,
        /// A level that takes the file.
        other: String,
    },
    /// The folder holds none of the drill's files.
    #[error("{path} holds none of the files that `{drill}` takes: {expected}")]
    Empty {
        /// The folder.
        path: PathBuf,
        /// The drill.
        drill: String,
        /// What it takes.
        expected: String,
    },
    /// The operating system said no.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
}

impl Submission {
    /// The slots with a text.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text handed in for a slot.
    pub fn text(&self, slot: &str) -> Option<&str> {
        self.texts.get(slot).map(String::as_str)
    }

    /// The files of a program.
    pub fn program(&self, slot: &str) -> Option<&Files> {
        self.programs.get(slot)
    }

    /// Every file of it, by its path in a workspace.
    pub fn files(&self, drill: &Drill) -> Files {
        let texts = self.texts.iter().filter_map(|(slot, text)| {
            drill.scenario.slots.get(slot).map(|slot| (slot.file.clone(), text.clone().into_bytes()))
        });
        let programs =
            self.programs.values().flatten().map(|(name, content)| (name.clone(), content.clone()));
        texts.chain(programs).collect()
    }

    /// Puts a program into a slot.
    pub fn set_program(&mut self, slot: &str, files: Files) {
        self.programs.insert(slot.to_string(), files);
    }

    /// Takes over what another submission has in a slot, if anything.
    pub fn take(&mut self, slot: &str, other: &Submission) {
        if let Some(text) = other.text(slot) {
            self.set(slot, text);
        }
        if let Some(files) = other.program(slot) {
            self.set_program(slot, files.clone());
        }
    }

    /// Puts a text into a slot.
    pub fn set(&mut self, slot: &str, text: &str) {
        self.texts.insert(slot.to_string(), text.to_string());
    }

    /// Reads a workspace: every slot of the level must be there, and no file of another level's.
    pub fn read(dir: &Path, drill: &Drill, level: &Level) -> Result<Submission, SubmissionError> {
        let mut handed_in = Submission::default();
        let expected = files(drill, &level.slots);
        for (name, slot) in &drill.scenario.slots {
            let path = dir.join(&slot.file);
            if level.slots.contains(name) {
                let text =
                    read_text(&path)?.ok_or(SubmissionError::Missing { path, expected: expected.clone() })?;
                handed_in.set(name, &text);
                if slot.takes == Takes::Program {
                    handed_in.set_program(name, files::read(dir)?);
                }
            } else if path.exists() {
                let other = drill.levels.iter().find(|l| l.slots.contains(name));
                return Err(SubmissionError::OtherLevel {
                    path,
                    level: level.name.clone(),
                    expected,
                    other: other.map_or_else(String::new, |l| l.name.clone()),
                });
            }
        }
        Ok(handed_in)
    }

    /// Reads whichever of the drill's files lie in a folder; at least one must.
    pub fn read_some(dir: &Path, drill: &Drill) -> Result<Submission, SubmissionError> {
        let mut handed_in = Submission::default();
        for (name, slot) in &drill.scenario.slots {
            if let Some(text) = read_text(&dir.join(&slot.file))? {
                handed_in.set(name, &text);
                if slot.takes == Takes::Program {
                    handed_in.set_program(name, files::read(dir)?);
                }
            }
        }
        if handed_in.texts.is_empty() {
            let all: Vec<String> = drill.scenario.slots.keys().cloned().collect();
            return Err(SubmissionError::Empty {
                path: dir.to_path_buf(),
                drill: drill.name.clone(),
                expected: files(drill, &all),
            });
        }
        Ok(handed_in)
    }
}

fn files(drill: &Drill, slots: &[String]) -> String {
    slots.iter().map(|slot| drill.scenario.slots[slot].file.as_str()).collect::<Vec<_>>().join(", ")
}

/// The text of a file, or None when there is none.
fn read_text(path: &Path) -> Result<Option<String>, SubmissionError> {
    let unreadable = |source| SubmissionError::Unreadable { path: path.to_path_buf(), source };
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(e)),
    };
    if !about.is_file() {
        return Err(SubmissionError::NoFile { path: path.to_path_buf() });
    }
    if about.len() > FILE_BYTES_MAX {
        return Err(SubmissionError::TooLarge { path: path.to_path_buf(), bytes: about.len() });
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))),
        Err(e) => {
            let line =
                e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            Err(SubmissionError::Encoding { path: path.to_path_buf(), line })
        }
    }
}
