//! An export as a tar archive. One that comes in is a stranger's until it is looked at: plain files and folders
//! inside of its own folder, not too many and not too large, or nothing of it is taken.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use tar::{Archive, Builder, EntryType, Header, HeaderMode, PaxExtensions};

use crate::failure::Failure;

/// The largest archive, and the most that its files may have together, in bytes. A year of five answers a day
/// has less than a twentieth.
pub(crate) const BYTES_MAX: u64 = 512 * 1024 * 1024;
/// A name is shorter, with its folders.
const NAME_BYTES_MAX: u64 = 4096;
/// Folders in folders; an export has three.
const DEPTH_MAX: usize = 8;
/// In every export, where the folder begins.
const MANIFEST: &str = "manifest.json";

/// How much may come in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) bytes: u64,
    pub(super) entries: u64,
}

pub(super) const LIMITS: Limits = Limits { bytes: BYTES_MAX, entries: 100_000 };

/// Writes a folder with all that is in it, in the order of the names, without times and owners: the same folder
/// gives the same archive.
pub(super) fn pack(dir: &Path, to: impl Write) -> io::Result<()> {
    let mut archive = Builder::new(to);
    let beside = dir.parent().unwrap_or(dir);
    let mut open = vec![dir.to_path_buf()];
    while let Some(path) = open.pop() {
        let about = fs::symlink_metadata(&path)?;
        let mut header = Header::new_ustar();
        header.set_metadata_in_mode(&about, HeaderMode::Deterministic);
        let name = path.strip_prefix(beside).map_err(io::Error::other)?;
        if about.is_dir() {
            archive.append_data(&mut header, name.join(""), io::empty())?;
            let inside: io::Result<Vec<PathBuf>> =
                fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect();
            let mut inside = inside?;
            inside.sort_by(|a, b| b.cmp(a));
            open.extend(inside);
        } else {
            archive.append_data(&mut header, name, File::open(&path)?)?;
        }
    }
    archive.into_inner()?.flush()
}

/// Unpacks an archive into an empty folder of ours, and gives the folder of the export in it.
pub(super) fn unpack(from: impl Read, into: &Path, limits: Limits) -> Result<PathBuf, Failure> {
    let mut archive = Archive::new(from);
    let (mut bytes, mut entries, mut name) = (0_u64, 0, None);
    // Raw, so that long names are read within a limit too.
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        let size = entry.header().entry_size().map_err(broken)?;
        (bytes, entries) = (bytes.saturating_add(size), entries + 1);
        if bytes > limits.bytes || entries > limits.entries {
            return Err(refused(format!(
                "it holds more than {} MB or more than {} files",
                limits.bytes / 1024 / 1024,
                limits.entries
            )));
        }
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName | EntryType::XHeader => {
                name = long_name(kind, &mut entry, size)?.or(name);
                continue;
            }
            EntryType::XGlobalHeader => continue,
            _ => {}
        }
        let named = name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let path = into.join(inside(&named)?);
        match kind {
            EntryType::Regular => {
                let folder = path.parent().unwrap_or(into);
                fs::create_dir_all(folder).map_err(|e| unwritable(&named, &e))?;
                let mut file = File::create_new(&path).map_err(|e| unwritable(&named, &e))?;
                io::copy(&mut entry, &mut file).map_err(|e| uncopied(&named, e))?;
            }
            EntryType::Directory => fs::create_dir_all(&path).map_err(|e| unwritable(&named, &e))?,
            _ => return Err(refused(format!("`{}` is no plain file", shown(&named)))),
        }
    }
    root(into)
}

/// A name that has no room in a header.
fn long_name(kind: EntryType, entry: &mut impl Read, size: u64) -> Result<Option<Vec<u8>>, Failure> {
    if size > NAME_BYTES_MAX {
        return Err(refused(format!("it has a name of {size} bytes")));
    }
    let mut text = Vec::new();
    entry.take(NAME_BYTES_MAX).read_to_end(&mut text).map_err(broken)?;
    if kind == EntryType::GNULongName {
        text.truncate(text.iter().position(|byte| *byte == 0).unwrap_or(text.len()));
        return Ok(Some(text));
    }
    let mut path = None;
    for extension in PaxExtensions::new(&text) {
        let extension = extension.map_err(broken)?;
        match extension.key_bytes() {
            b"path" => path = Some(extension.value_bytes().to_vec()),
            // The header's would be another one.
            b"size" => return Err(refused("it has a file of more than 8 GB")),
            key if key.starts_with(b"GNU.sparse") => return Err(refused("it has a file with holes")),
            _ => {}
        }
    }
    Ok(path)
}

/// A name as a path below the folder, if it leads nowhere else.
fn inside(name: &[u8]) -> Result<PathBuf, Failure> {
    let text = std::str::from_utf8(name).map_err(|_| refused(format!("`{}` is no name", shown(name))))?;
    let mut path = PathBuf::new();
    for part in Path::new(text).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            _ => return Err(refused(format!("`{}` leads out of the folder", shown(name)))),
        }
    }
    if path.components().count() > DEPTH_MAX || text.contains('\0') {
        return Err(refused(format!("`{}` is no name of an export", shown(name))));
    }
    Ok(path)
}

/// The folder with the manifest: this one, or the only one in it.
fn root(dir: &Path) -> Result<PathBuf, Failure> {
    if dir.join(MANIFEST).is_file() {
        return Ok(dir.into());
    }
    let entries = fs::read_dir(dir).map_err(|e| Failure::io(dir, &e))?;
    let inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    match &inside[..] {
        [only] if only.join(MANIFEST).is_file() => Ok(only.clone()),
        _ => Err(refused(format!("it has no {MANIFEST}"))),
    }
}

fn broken(error: io::Error) -> Failure {
    refused(format!("it cannot be read: {error}"))
}

/// The archive breaks off, or there is no room for what it holds; only a file can run out of that.
fn uncopied(name: &[u8], error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => unwritable(name, &error),
        _ => broken(error),
    }
}

fn unwritable(name: &[u8], error: &io::Error) -> Failure {
    use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
    match error.kind() {
        AlreadyExists | IsADirectory | NotADirectory => refused(format!("`{}` comes twice", shown(name))),
        io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => {
            refused(format!("`{}` is no name of an export", shown(name)))
        }
        _ => Failure::missing(format!("the archive cannot be unpacked: {error}"))
            .hint("free some disk space, or set TMPDIR to a folder on another disk"),
    }
}

fn refused(why: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("this archive is no export of hotseat: {why}"))
        .hint("nothing was changed; take the .tar that the page Data or /api/v1/export gave")
}

/// A name as people may see it.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(120).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests;
