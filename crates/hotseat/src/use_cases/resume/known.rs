//! The résumés that hotseat has worked on: their paths, the newest first, so that the app finds them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::home::{Home, write_whole};

/// So many are remembered.
const KNOWN_MAX: usize = 8;
const FILE: &str = "resumes.json";

/// A résumé's source that hotseat has worked on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ResumeFile)]
pub(crate) struct Known {
    /// By which the app knows it.
    pub id: String,
    /// Where it lies.
    #[schema(value_type = String)]
    pub path: PathBuf,
    /// Whether it still lies there.
    pub there: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    schema: u32,
    paths: Vec<PathBuf>,
}

fn read(home: &Home) -> Vec<PathBuf> {
    let text = fs::read_to_string(home.dir.join(FILE)).unwrap_or_default();
    // What cannot be read is only a memory: the files are where they were.
    serde_json::from_str::<Remembered>(&text).map(|it| it.paths).unwrap_or_default()
}

/// All that are remembered, the newest first.
pub(crate) fn known(home: &Home) -> Vec<Known> {
    let of = |path: PathBuf| Known { id: id(&path), there: path.is_file(), path };
    read(home).into_iter().map(of).collect()
}

/// The one with this id.
pub(crate) fn find(home: &Home, wanted: &str) -> Option<Known> {
    known(home).into_iter().find(|it| it.id == wanted)
}

/// Puts a path before all others, and gives its id.
pub(crate) fn remember(home: &Home, path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path).map_err(Failure::usage)?;
    if read(home).first() != Some(&path) {
        home.alone("resumes", || {
            let others = read(home).into_iter().filter(|it| *it != path);
            let paths = std::iter::once(path.clone()).chain(others).take(KNOWN_MAX).collect();
            let text = serde_json::to_string_pretty(&Remembered { schema: 1, paths }).map_err(|_| {
                Failure::usage(format!("{}: its path is no UTF-8, so it is not remembered", path.display()))
            })?;
            let file = home.dir.join(FILE);
            write_whole(&file, &text).map_err(|e| Failure::io(&file, &e))
        })?;
    }
    Ok(id(&path))
}

fn id(path: &Path) -> String {
    judge::hash(&["resume", &path.display().to_string()])
}
