//! A workspace: the folder in which a learner edits, marked by hotseat.toml.

use std::fs;
use std::path::{Path, PathBuf};

use judge::WORKSPACE_FILE;
use judge::drill::{Drill, Level};
use judge::submission::{Files, Submission};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::home::write_files;
use crate::pack::Pack;

/// What hotseat.toml says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    pub drill: String,
    pub version: u32,
    pub level: String,
    /// The pack on disk that the drill comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<PathBuf>,
}

impl Marker {
    /// What the workspace in `dir` says, if there is one.
    pub(crate) fn read(dir: &Path) -> Option<Marker> {
        toml::from_str(&fs::read_to_string(dir.join(WORKSPACE_FILE)).ok()?).ok()
    }
}

/// An opened workspace.
pub(crate) struct Workspace {
    pub dir: PathBuf,
    pub marker: Marker,
    pub drill: Drill,
    /// The pack on disk that the drill was read from.
    pub pack: Option<PathBuf>,
}

impl Workspace {
    /// Opens the workspace in `dir`; its drill comes from `pack`, or from the pack it was made from.
    pub(crate) fn open(dir: &Path, pack: Option<&Path>) -> Result<Workspace, Failure> {
        let path = dir.join(WORKSPACE_FILE);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::usage(format!("{} is no workspace: it has no {WORKSPACE_FILE}", dir.display()))
                    .hint("make one with `hotseat drill start NAME`, or name its folder")
            }
            _ => Failure::usage(format!("{}: {error}", path.display())),
        })?;
        let marker: Marker = toml::from_str(&text).map_err(|error| {
            Failure::usage(format!("{}: {}", path.display(), error.message()))
                .hint("restore the file, or make a new workspace with `hotseat drill start`")
        })?;
        let pack = Pack::open(pack.or(marker.pack.as_deref()))?;
        let drill = pack.drill(&marker.drill)?;
        if drill.version != marker.version {
            let what = format!(
                "{} was made for version {} of `{}`, and this hotseat has version {}",
                dir.display(),
                marker.version,
                drill.name,
                drill.version
            );
            let hint = format!(
                "make a new workspace with `hotseat drill start {} NEW-DIR` and copy your files",
                drill.name
            );
            return Err(Failure::usage(what).hint(hint));
        }
        if drill.level(Some(&marker.level)).is_none() {
            let levels: Vec<&str> = drill.levels.iter().map(|l| l.name.as_str()).collect();
            let what = format!("{}: `{}` has no level `{}`", path.display(), drill.name, marker.level);
            return Err(Failure::usage(what).hint(format!("its levels: {}", levels.join(", "))));
        }
        Ok(Workspace { dir: dir.to_path_buf(), marker, drill, pack: pack.path })
    }

    /// The level that is handed in here.
    pub(crate) fn level(&self) -> Result<&Level, Failure> {
        self.drill.level(Some(&self.marker.level)).ok_or_else(|| Failure::bug("a workspace without a level"))
    }

    /// Writes a new workspace. Nothing that is there already is overwritten.
    pub(crate) fn create(
        dir: &Path,
        drill: &Drill,
        level: &Level,
        starter: &Submission,
        pack: Option<&Path>,
    ) -> Result<Vec<String>, Failure> {
        if dir.exists() && fs::read_dir(dir).map_err(|e| Failure::io(dir, &e))?.next().is_some() {
            return Err(Failure::usage(format!("{} is there already and not empty", dir.display()))
                .hint(format!("name another folder: hotseat drill start {} DIR", drill.name)));
        }
        let pack = pack.map(fs::canonicalize).transpose().map_err(|e| Failure::io(dir, &e))?;
        let marker =
            Marker { drill: drill.name.clone(), version: drill.version, level: level.name.clone(), pack };
        let marker = toml::to_string(&marker).map_err(Failure::bug)?;
        let mut handed_in = Submission::default();
        level.slots.iter().for_each(|slot| handed_in.take(slot, starter));
        let mut files = handed_in.files(drill);
        files.insert("README.md".into(), readme(drill, level).into_bytes());
        files.extend(
            drill.given.iter().map(|(name, text)| (format!("given/{name}"), text.clone().into_bytes())),
        );
        write_files(dir, &files)?;
        // The marker comes last: a folder with it is a whole workspace.
        write_files(dir, &Files::from([(WORKSPACE_FILE.to_string(), marker.into_bytes())]))?;
        Ok(files.into_keys().chain([WORKSPACE_FILE.to_string()]).collect())
    }
}

fn readme(drill: &Drill, level: &Level) -> String {
    let files: Vec<String> =
        level.slots.iter().map(|slot| format!("`{}`", drill.scenario.slots[slot].file)).collect();
    format!(
        "# {}\n\nLevel: {} · {} minutes · you edit {}\n\n{}\n\n## In this folder\n\n    \
         hotseat drill check     judge what is here\n    hotseat drill watch     judge at every save\n    \
         hotseat drill hint      the next hint\n\nWhat lies in `given/` is for reading; it is not handed in.\n",
        drill.title,
        level.title,
        drill.minutes,
        files.join(", "),
        drill.brief.trim()
    )
}
