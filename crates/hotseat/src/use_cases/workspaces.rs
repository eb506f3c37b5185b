//! Workspaces: started from a drill, and known ever after by a name in the data directory.

mod registry;

use std::fs;
use std::path::{Path, PathBuf};

use judge::drill::{Drill, Level};
use judge::submission::Submission;
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::home::Home;
use crate::languages;
use crate::workspace::{Marker, Workspace};

use registry::Kept;

/// Names the folder below which the app starts workspaces, in place of `~/hotseat`.
pub(crate) const FOLDER_VARIABLE: &str = "HOTSEAT_WORKSPACES";

/// The workspaces that hotseat has started, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Workspaces {
    /// The version of this shape.
    pub schema: u32,
    pub workspaces: Vec<WorkspaceRow>,
}

/// A workspace that hotseat has started.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceRow {
    /// The version of this shape.
    pub schema: u32,
    /// Names it in requests.
    pub id: String,
    /// The folder.
    pub dir: String,
    pub drill: String,
    pub level: String,
    /// What its program began in; null where none is handed in.
    pub language: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub started_ms: i64,
    pub state: Presence,
}

/// Whether a workspace is where it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WorkspaceState)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Presence {
    There,
    /// The folder was moved or removed.
    Gone,
}

/// A workspace that was started now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    /// The version of this shape.
    pub schema: u32,
    pub drill: String,
    pub level: String,
    /// The folder.
    #[schema(value_type = String)]
    pub workspace: PathBuf,
    /// What was written.
    pub files: Vec<String>,
    /// Names it in requests; null if it could not be written down.
    pub id: Option<String>,
}

/// What a workspace begins with.
pub(crate) struct Choice<'d> {
    pub level: &'d Level,
    pub language: Option<&'d str>,
    starter: &'d Submission,
}

/// The level and the language that are wanted, or the first level and a language that this machine can run.
pub(crate) fn choose<'d>(
    drill: &'d Drill,
    level: Option<&str>,
    language: Option<&str>,
) -> Result<Choice<'d>, Failure> {
    let Some(found) = drill.level(level) else {
        let levels: Vec<&str> = drill.levels.iter().map(|l| l.name.as_str()).collect();
        let wanted = level.unwrap_or_default();
        return Err(Failure::usage(format!("`{}` has no level `{wanted}`", drill.name))
            .hint(format!("its levels: {}", levels.join(", "))));
    };
    let Some(language) = language else {
        let mut all = drill.starters.iter();
        let runs = all.find(|(_, starter)| languages::lacks(drill, starter).is_none());
        let (language, starter) = match runs.or_else(|| drill.starters.iter().next()) {
            Some((language, starter)) => (Some(language.as_str()), starter),
            None => (None, &drill.starter),
        };
        return Ok(Choice { level: found, language, starter });
    };
    match drill.starters.get_key_value(language) {
        Some((language, starter)) => Ok(Choice { level: found, language: Some(language), starter }),
        None => Err(no_beginning(drill, language)),
    }
}

fn no_beginning(drill: &Drill, language: &str) -> Failure {
    let names: Vec<&str> = drill.starters.keys().map(String::as_str).collect();
    let what = format!("`{}` has no beginning in `{language}`", drill.name);
    match names.is_empty() {
        true => Failure::usage(what).hint("it takes no program; leave --language out"),
        false => Failure::usage(what).hint(format!(
            "there are: {}; any language will do, if you write it from the start",
            names.join(", ")
        )),
    }
}

/// Writes a workspace into `dir` and, if the data directory lets us, writes down that it is there.
pub(crate) fn start(
    home: Result<&Home, &Failure>,
    drill: &Drill,
    choice: &Choice<'_>,
    dir: &Path,
    pack: Option<&Path>,
) -> Result<(Started, Result<(), Failure>), Failure> {
    let files = Workspace::create(dir, drill, choice.level, choice.starter, pack)?;
    let kept = match home {
        Ok(home) => registry::add(home, dir, drill, choice),
        Err(failure) => Err(Failure::missing(failure.what())),
    };
    let (id, noted) = match kept {
        Ok(kept) => (Some(kept.id), Ok(())),
        Err(failure) => (None, Err(failure)),
    };
    let (drill, level) = (drill.name.clone(), choice.level.name.clone());
    Ok((Started { schema: 1, drill, level, workspace: dir.to_path_buf(), files, id }, noted))
}

/// Starts a workspace in a new folder of its own, below the one for workspaces.
pub(crate) fn start_below(
    home: &Home,
    drill: &Drill,
    choice: &Choice<'_>,
    pack: Option<&Path>,
) -> Result<WorkspaceRow, Failure> {
    let folder = folder()?;
    fs::create_dir_all(&folder).map_err(|e| Failure::io(&folder, &e))?;
    for dir in names(&folder, &drill.name) {
        // Whoever makes the folder has it: two at once get two.
        match fs::create_dir(&dir) {
            Ok(()) => {
                let noted =
                    start(Ok(home), drill, choice, &dir, pack).and_then(|(it, noted)| noted.map(|()| it));
                let started = noted.inspect_err(|_| {
                    // Nobody would find it, and it would be in the way of the next.
                    let _ = fs::remove_dir_all(&dir);
                })?;
                return find(home, started.id.as_deref().unwrap_or_default());
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::io(&dir, &error)),
        }
    }
    Err(Failure::bug("no name is left for a workspace"))
}

/// Where the app would start the next workspace of a drill.
pub(crate) fn next_dir(drill: &str) -> Result<PathBuf, Failure> {
    let free = names(&folder()?, drill).find(|dir| !dir.exists());
    free.ok_or_else(|| Failure::bug("no name is left for a workspace"))
}

/// The folder below which the app starts workspaces.
fn folder() -> Result<PathBuf, Failure> {
    if let Some(dir) = std::env::var_os(FOLDER_VARIABLE).filter(|dir| !dir.is_empty()) {
        return std::path::absolute(dir).map_err(Failure::usage);
    }
    let home = etcetera::home_dir().map_err(|_| {
        Failure::missing("there is no home directory").hint(format!("set {FOLDER_VARIABLE} to a folder"))
    })?;
    Ok(home.join("hotseat"))
}

/// `slow-query`, `slow-query-2`, …; the drill's name is that of a folder in the pack, so it leads nowhere else.
fn names(folder: &Path, drill: &str) -> impl Iterator<Item = PathBuf> {
    let (first, folder, drill) = (folder.join(drill), folder.to_path_buf(), drill.to_string());
    std::iter::once(first).chain((2..10_000).map(move |number| folder.join(format!("{drill}-{number}"))))
}

/// Every workspace that is known, the newest first.
pub(crate) fn all(home: &Home) -> Result<Workspaces, Failure> {
    let kept = registry::read(home)?;
    Ok(Workspaces { schema: 1, workspaces: kept.iter().rev().map(row).collect() })
}

/// A known workspace by its id.
pub(crate) fn find(home: &Home, id: &str) -> Result<WorkspaceRow, Failure> {
    let kept = registry::read(home)?;
    kept.iter().find(|it| it.id == id).map(row).ok_or_else(|| {
        Failure::usage(format!("hotseat has started no workspace `{id}`"))
            .hint("start one on the drill's page, or with `hotseat drill start NAME`")
    })
}

/// Opens a known workspace.
pub(crate) fn open(home: &Home, id: &str, pack: Option<&Path>) -> Result<Workspace, Failure> {
    let row = find(home, id)?;
    if row.state == Presence::Gone {
        return Err(Failure::usage(format!("{} is not there any more", row.dir))
            .hint("move it back, or start a new workspace"));
    }
    Workspace::open(Path::new(&row.dir), pack)
}

fn row(kept: &Kept) -> WorkspaceRow {
    let state = match Marker::read(&kept.dir) {
        Some(marker) if marker.drill == kept.drill => Presence::There,
        _ => Presence::Gone,
    };
    WorkspaceRow {
        schema: 1,
        id: kept.id.clone(),
        dir: kept.dir.display().to_string(),
        drill: kept.drill.clone(),
        level: kept.level.clone(),
        language: kept.language.clone(),
        started_ms: kept.started_ms,
        state,
    }
}
