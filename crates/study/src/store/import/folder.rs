//! The files of an export, read only after they were found to be what the manifest says.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::store::error::StoreError;
use crate::store::export::manifest::{AnyManifest, Entry, Exported, FORMAT, MANIFEST, Manifest, hexadecimal};

/// A manifest has less than 300 bytes for an answer, so this is more than any.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// The folder of an export.
pub(super) struct Folder {
    root: PathBuf,
    pub(super) counts: Exported,
    files: BTreeMap<String, Entry>,
}

impl Folder {
    /// Reads the manifest, and looks that it names every file there is.
    pub(super) fn open(root: &Path) -> Result<Folder, StoreError> {
        let path = root.join(MANIFEST);
        let text = read(&path, MANIFEST_BYTES_MAX)?;
        let damaged = |why: String| StoreError::DamagedExport { path: path.clone(), line: None, why };
        let any: AnyManifest =
            serde_json::from_slice(&text).map_err(|problem| damaged(problem.to_string()))?;
        if any.format > FORMAT {
            return Err(StoreError::NewerExport { path, found: any.format, known: FORMAT });
        }
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|problem| damaged(problem.to_string()))?;
        if manifest.format != FORMAT {
            return Err(damaged(format!("there is no format {}", manifest.format)));
        }
        let mut files = BTreeMap::new();
        for entry in manifest.files {
            let inside = Path::new(&entry.path).components().all(|part| matches!(part, Component::Normal(_)));
            if !inside || files.insert(entry.path.clone(), entry.clone()).is_some() {
                return Err(damaged(format!("it names `{}` twice, or outside of the folder", entry.path)));
            }
        }
        let folder = Folder { root: root.into(), counts: manifest.counts, files };
        folder.refuse_others(root)?;
        Ok(folder)
    }

    /// The paths of its files below `within`, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Where a file lies.
    pub(super) fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Reads a file that is exactly what the manifest says, and text.
    pub(super) fn text(&self, path: &str) -> Result<String, StoreError> {
        let damaged =
            |why: &str| StoreError::DamagedExport { path: self.place(path), line: None, why: why.into() };
        let entry = self.files.get(path).ok_or_else(|| damaged("the manifest does not name it"))?;
        let bytes = match read(&self.place(path), entry.bytes) {
            Err(StoreError::Io { kind: std::io::ErrorKind::NotFound, .. }) => {
                return Err(damaged("it is missing"));
            }
            other => other?,
        };
        let mut digest = Sha256::new();
        digest.update(&bytes);
        if bytes.len() as u64 != entry.bytes || hexadecimal(digest) != entry.sha256 {
            return Err(damaged("it is not what was exported: size or SHA-256 differ from the manifest"));
        }
        String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))
    }

    /// What was put in by hand would not be imported, and somebody would miss it.
    fn refuse_others(&self, dir: &Path) -> Result<(), StoreError> {
        for entry in fs::read_dir(dir).map_err(|source| StoreError::io(dir, source))? {
            let entry = entry.map_err(|source| StoreError::io(dir, source))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|source| StoreError::io(&path, source))?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue; // what file managers leave behind
            }
            if kind.is_dir() {
                self.refuse_others(&path)?;
                continue;
            }
            let below = path.strip_prefix(&self.root).unwrap_or(&path);
            let below: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let below = below.join("/");
            if below != MANIFEST && !self.has(&below) {
                let why = "the manifest does not name it, so it would be lost; move it away".into();
                return Err(StoreError::DamagedExport { path, line: None, why });
            }
        }
        Ok(())
    }
}

/// Reads a plain file (nothing that a link leads to) of at most one byte more than it may have.
fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, StoreError> {
    let of = |source| StoreError::io(path, source);
    if !fs::symlink_metadata(path).map_err(of)?.is_file() {
        let why = "it is no plain file".into();
        return Err(StoreError::DamagedExport { path: path.into(), line: None, why });
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(of)?;
    Ok(bytes)
}
