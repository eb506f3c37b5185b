//! Opens a pack, the one in the binary or one on disk, and hands each room its part.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use folder::{Folder, Mistake};
use include_dir::{Dir, include_dir};
use judge::drill::Drill;
use study::bank::Bank;

use crate::failure::Failure;

static BACKEND: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/backend");

/// What lists say of a drill.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub title: String,
    pub minutes: u32,
}

/// The newest `format` of pack.toml that this version reads.
const FORMAT: i64 = 1;

/// A pack's files, and where they come from.
pub(crate) struct Pack {
    folder: Folder,
    outlines: OnceLock<BTreeMap<String, Outline>>,
    /// None for the one in the binary.
    pub path: Option<PathBuf>,
}

impl Pack {
    /// The pack on disk at `path`, or the one in the binary.
    pub(crate) fn open(path: Option<&Path>) -> Result<Pack, Failure> {
        let folder = match path {
            Some(path) => Folder::read(path)?,
            None => embedded(),
        };
        let pack = Pack { folder, outlines: OnceLock::new(), path: path.map(Path::to_path_buf) };
        let toml = pack.folder.text("pack.toml").map_err(|mistake| {
            Failure::from(mistake).hint("a pack is a folder with pack.toml and drills/; see docs/drills.md")
        })?;
        let about: toml::Table = toml::from_str(toml)
            .map_err(|e| Failure::from(pack.folder.mistake("pack.toml", None, e.message().to_string())))?;
        match about.get("format").and_then(toml::Value::as_integer) {
            Some(FORMAT) => Ok(pack),
            _ => Err(pack
                .folder
                .mistake("pack.toml", None, format!("this version reads format = {FORMAT}"))
                .into()),
        }
    }

    /// The names of its drills.
    pub(crate) fn drills(&self) -> Vec<String> {
        self.folder.folders("drills")
    }

    /// What lists say of each drill, by name, read once. A drill with mistakes has its name for a title.
    pub(crate) fn outlines(&self) -> &BTreeMap<String, Outline> {
        let outline = |name: String| {
            let outline = match self.read(&name) {
                Ok(drill) => Outline { title: drill.title, minutes: drill.minutes },
                Err(_) => Outline { title: name.clone(), minutes: 0 },
            };
            (name, outline)
        };
        self.outlines.get_or_init(|| self.drills().into_iter().map(outline).collect())
    }

    /// A drill, or all that is wrong with it.
    pub(crate) fn read(&self, name: &str) -> Result<Drill, Vec<Mistake>> {
        Drill::read(&self.folder.sub(&format!("drills/{name}")))
    }

    /// Its questions and advice.
    pub(crate) fn bank(&self) -> Result<Bank, Failure> {
        match self.path {
            // The tests check the one in the binary.
            None => Ok(Bank::open(&self.folder)),
            Some(_) => Ok(Bank::read(&self.folder)?),
        }
    }

    /// All its files.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// A drill by name.
    pub(crate) fn drill(&self, name: &str) -> Result<Drill, Failure> {
        let known = self.drills();
        if !known.iter().any(|drill| drill == name) {
            return Err(Failure::usage(format!("there is no drill `{name}`"))
                .hint(format!("there are: {}", known.join(", "))));
        }
        Ok(self.read(name)?)
    }
}

fn embedded() -> Folder {
    fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
        for file in dir.files() {
            files.insert(file.path().to_string_lossy().replace('\\', "/"), file.contents().into());
        }
        dir.dirs().for_each(|dir| collect(dir, files));
    }
    let mut files = BTreeMap::new();
    collect(&BACKEND, &mut files);
    Folder::from_files("backend", files)
}
