//! An export while it is written: a folder beside its place, which takes its name when it is whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::manifest::{Entry, Exported, FORMAT, MANIFEST, Manifest, hexadecimal};
use crate::store::error::StoreError;

const SYNC_THREADS: usize = 16;

/// Removed again if it is dropped before it is finished.
pub(in crate::store) struct Draft {
    folder: TempDir,
    dir: PathBuf,
    parent: PathBuf,
    files: Vec<Entry>,
}

impl Draft {
    pub(in crate::store) fn begin(dir: &Path) -> Result<Draft, StoreError> {
        let taken = match fs::read_dir(dir) {
            Ok(mut inside) => inside.next().is_some(),
            Err(_) => dir.symlink_metadata().is_ok(),
        };
        if taken {
            return Err(StoreError::Exists { path: dir.into() });
        }
        let dir = std::path::absolute(dir).map_err(|source| StoreError::io(dir, source))?;
        let parent = dir.parent().unwrap_or(&dir).to_path_buf();
        let folder = tempfile::Builder::new()
            .prefix(".hotseat-export-")
            .tempdir_in(&parent)
            .map_err(|source| StoreError::io(&parent, source))?;
        Ok(Draft { folder, dir, parent, files: Vec::new() })
    }

    /// Writes a file at once.
    pub(in crate::store) fn file(&mut self, path: &str, text: &str) -> Result<(), StoreError> {
        let mut file = self.begin_file(path)?;
        file.write(text.as_bytes())?;
        self.add(file)
    }

    /// Begins a file with a line of JSON for each record; [`Draft::add`] ends it.
    pub(in crate::store) fn lines(&self, path: &str) -> Result<Lines, StoreError> {
        self.begin_file(path)
    }

    /// Ends a file.
    pub(in crate::store) fn add(&mut self, file: Lines) -> Result<(), StoreError> {
        self.files.push(file.finish()?);
        Ok(())
    }

    /// Adds the manifest and gives the folder its name.
    pub(in crate::store) fn finish(mut self, counts: Exported) -> Result<Exported, StoreError> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let manifest = Manifest { format: FORMAT, counts, files: std::mem::take(&mut self.files) };
        self.file(MANIFEST, &pretty(&manifest, MANIFEST)?)?;
        self.sync(&manifest.files)?;
        fs::rename(self.folder.path(), &self.dir).map_err(|source| StoreError::io(&self.dir, source))?;
        // It has another name now, so there is nothing to remove.
        let _ = self.folder.keep();
        sync(&self.parent)?;
        Ok(counts)
    }

    /// The name must never promise what a power cut can still take. Disks take many files at once
    /// faster than one by one.
    fn sync(&self, files: &[Entry]) -> Result<(), StoreError> {
        let root = self.folder.path();
        let mut places: BTreeSet<PathBuf> = files.iter().map(|file| root.join(&file.path)).collect();
        let folders: Vec<PathBuf> = places.iter().filter_map(|it| it.parent()).map(PathBuf::from).collect();
        places.extend(folders);
        places.extend([root.to_path_buf(), root.join("answers"), root.join(MANIFEST)]);
        let places: Vec<PathBuf> = places.into_iter().filter(|it| it.exists()).collect();
        std::thread::scope(|scope| {
            let parts = places.chunks(places.len().div_ceil(SYNC_THREADS).max(1));
            let synced = parts.map(|part| scope.spawn(|| part.iter().try_for_each(|place| sync(place))));
            let synced: Vec<_> = synced.collect();
            synced.into_iter().try_for_each(|it| it.join().expect("syncing does not panic"))
        })
    }

    fn begin_file(&self, path: &str) -> Result<Lines, StoreError> {
        let place = self.folder.path().join(path);
        // People are told the name that it will have.
        let named = self.dir.join(path);
        let folder = place.parent().unwrap_or(self.folder.path());
        let file = fs::create_dir_all(folder).and_then(|()| File::create_new(&place));
        let file = file.map_err(|source| StoreError::io(&named, source))?;
        Ok(Lines { file: BufWriter::new(file), named, path: path.into(), bytes: 0, digest: Sha256::new() })
    }
}

/// A file that grows and is hashed meanwhile.
pub(in crate::store) struct Lines {
    file: BufWriter<File>,
    named: PathBuf,
    path: String,
    bytes: u64,
    digest: Sha256,
}

impl Lines {
    /// Adds a record.
    pub(in crate::store) fn line(&mut self, record: &impl Serialize) -> Result<(), StoreError> {
        let mut line = serde_json::to_vec(record).map_err(|problem| unwritable(&self.path, &problem))?;
        line.push(b'\n');
        self.write(&line)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|source| StoreError::io(&self.named, source))
    }

    fn finish(self) -> Result<Entry, StoreError> {
        let written = self.file.into_inner().map_err(|problem| problem.into_error());
        written.map_err(|source| StoreError::io(&self.named, source))?;
        Ok(Entry { path: self.path, bytes: self.bytes, sha256: hexadecimal(self.digest) })
    }
}

/// JSON for people.
pub(in crate::store) fn pretty(value: &impl Serialize, path: &str) -> Result<String, StoreError> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|problem| unwritable(path, &problem))
}

fn unwritable(path: &str, problem: &impl ToString) -> StoreError {
    StoreError::Invalid { what: "a record", why: format!("{path}: {}", problem.to_string()) }
}

/// Waits until a file or folder is on the disk.
fn sync(place: &Path) -> Result<(), StoreError> {
    File::open(place).and_then(|file| file.sync_all()).map_err(|source| StoreError::io(place, source))
}
