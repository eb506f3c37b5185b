//! The list of workspaces in the data directory: written whole or not at all, by one at a time.

use std::fs;
use std::path::{Path, PathBuf};

use judge::drill::Drill;
use serde::{Deserialize, Serialize};

use super::Choice;
use crate::failure::Failure;
use crate::home::{Home, write_whole};
use crate::learner::now_ms;

/// In the data directory.
const FILE: &str = "workspaces.json";
/// The version of the file's shape.
const SCHEMA: u32 = 1;

/// A workspace as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub id: String,
    /// Absolute, without links.
    pub dir: PathBuf,
    pub drill: String,
    pub level: String,
    pub language: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub started_ms: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Registry {
    schema: u32,
    /// The number of the next workspace; none comes again, so an old link never means another one.
    next: u64,
    workspaces: Vec<Kept>,
}

/// Adds a workspace. One that was in the same folder before is forgotten.
pub(super) fn add(home: &Home, dir: &Path, drill: &Drill, choice: &Choice<'_>) -> Result<Kept, Failure> {
    let dir = fs::canonicalize(dir).map_err(|e| Failure::io(dir, &e))?;
    home.alone("workspaces", || {
        let mut registry = load(home)?;
        let kept = Kept {
            id: format!("{}-{}", drill.name, registry.next),
            dir: dir.clone(),
            drill: drill.name.clone(),
            level: choice.level.name.clone(),
            language: choice.language.map(str::to_string),
            started_ms: now_ms(),
        };
        registry.next += 1;
        registry.workspaces.retain(|it| it.dir != dir);
        registry.workspaces.push(kept.clone());
        let text = serde_json::to_string_pretty(&registry).map_err(Failure::usage)?;
        let path = home.dir.join(FILE);
        write_whole(&path, &text).map_err(|e| Failure::io(&path, &e))?;
        Ok(kept)
    })
}

/// Every workspace, the oldest first.
pub(super) fn read(home: &Home) -> Result<Vec<Kept>, Failure> {
    Ok(load(home)?.workspaces)
}

fn load(home: &Home) -> Result<Registry, Failure> {
    let path = home.dir.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Registry { schema: SCHEMA, next: 1, workspaces: Vec::new() });
        }
        Err(error) => return Err(Failure::io(&path, &error)),
    };
    let damaged = |why: String| {
        Failure::usage(format!("{}: {why}", path.display()))
            .hint("move the file away; workspaces stay where they are, and `hotseat drill check` judges them")
    };
    let registry: Registry = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    match registry.schema {
        SCHEMA => Ok(registry),
        other => {
            Err(damaged(format!("it has schema {other}, and this hotseat reads and writes schema {SCHEMA}")))
        }
    }
}
