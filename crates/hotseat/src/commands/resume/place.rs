//! Where a résumé lies, as a command is told.

use std::path::{Path, PathBuf};

use clap::Args;
use resume::Resume;

use crate::failure::Failure;
use crate::home::Home;
use crate::use_cases::resume::{Opened, Stored, beside, here, remember};

/// Where the source lies, and which of its variants is meant.
#[derive(Debug, Clone, Args)]
pub(super) struct Place {
    /// The source, resume.toml or JSON Resume; without it, the one in this folder
    file: Option<PathBuf>,
    /// The variant: what has this tag, and what has none
    #[arg(long = "for", value_name = "TAG")]
    pub variant: Option<String>,
}

impl Place {
    /// The file that is meant.
    pub(super) fn path(&self) -> Result<PathBuf, Failure> {
        self.file.clone().map_or_else(here, Ok)
    }

    /// Reads it.
    pub(super) fn open(&self) -> Result<Opened, Failure> {
        let path = self.path()?;
        note(&path);
        Opened::read(&path)
    }

    /// The variant that is meant.
    pub(super) fn resume<'o>(&self, opened: &'o Opened) -> Result<Resume<'o>, Failure> {
        opened.variant(self.variant.as_deref())
    }

    /// The file that `extension` names, beside the source.
    pub(super) fn beside(&self, source: &Path, extension: &str) -> PathBuf {
        beside(source, self.variant.as_deref(), extension)
    }
}

/// Remembers a file for the app. A résumé needs no data directory, so nothing is said if there is none.
pub(super) fn note(path: &Path) {
    if path.is_file()
        && let Ok(home) = Home::open()
    {
        let _ = remember(&home, path);
    }
}

/// The stored runs, if there are some; a résumé without runs needs no home.
pub(super) fn stored() -> Stored {
    Stored::of(Home::open().ok())
}
