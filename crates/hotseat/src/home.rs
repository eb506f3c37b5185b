//! Where hotseat keeps what it knows of a learner: runs, loads, hints taken. `HOTSEAT_HOME` overrides.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use judge::drill::Drill;
use judge::submission::{Files, Submission};
use judge::verdict::{Ruling, Verdict};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The data directory.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub dir: PathBuf,
}

/// What a learner has looked at for a drill.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Looked {
    /// Rungs of the ladder taken.
    #[serde(default)]
    pub hints: usize,
    /// How often the solution was asked for before a pass.
    #[serde(default)]
    pub solution_asked: u32,
}

/// A stored run.
pub(crate) struct StoredRun {
    pub dir: PathBuf,
    pub verdict: Verdict,
}

/// In a run's folder, the path of the pack on disk that its drill comes from.
const PACK_FILE: &str = "pack";

impl StoredRun {
    /// The pack on disk that its drill comes from; none for the one in the binary.
    pub(crate) fn pack(&self) -> Option<PathBuf> {
        fs::read_to_string(self.dir.join(PACK_FILE)).ok().map(PathBuf::from)
    }
}

/// The folder of a run or a load while it is filled. Dropped unfinished, it is removed.
pub(crate) struct NewRun {
    pub dir: PathBuf,
    kept: bool,
}

impl Home {
    /// Opens the data directory, making it if need be, and removes what killed runs left.
    pub(crate) fn open() -> Result<Home, Failure> {
        let dir = match std::env::var_os("HOTSEAT_HOME") {
            Some(dir) if !dir.is_empty() => {
                std::path::absolute(PathBuf::from(dir)).map_err(Failure::usage)?
            }
            _ => {
                let base = etcetera::choose_base_strategy().map_err(|_| {
                    Failure::missing("there is no home directory")
                        .hint("set HOTSEAT_HOME to a folder of your own")
                })?;
                base.data_dir().join("hotseat")
            }
        };
        let home = Home { dir };
        let runs = home.runs();
        fs::create_dir_all(&runs).map_err(|e| {
            Failure::missing(format!("{}: {e}", runs.display()))
                .hint("make it a folder that you can write to, or set HOTSEAT_HOME to one that is")
        })?;
        home.sweep();
        Ok(home)
    }

    fn runs(&self) -> PathBuf {
        self.dir.join("runs")
    }

    fn loads(&self) -> PathBuf {
        self.dir.join("loads")
    }

    /// Folders of runs and loads whose process is gone.
    fn sweep(&self) {
        let folders = [self.runs(), self.loads()].into_iter().flat_map(fs::read_dir);
        for entry in folders.flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let process =
                name.strip_prefix(".new-").and_then(|rest| rest.split('-').next()?.parse::<i32>().ok());
            if let Some(process) = process
                && nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), None).is_err()
            {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// A folder for a run that is about to be judged.
    pub(crate) fn new_run(&self) -> Result<NewRun, Failure> {
        NewRun::inside(&self.runs())
    }

    /// A folder for a load that is about to begin.
    pub(crate) fn new_load(&self) -> Result<NewRun, Failure> {
        let loads = self.loads();
        fs::create_dir_all(&loads).map_err(|e| Failure::io(&loads, &e))?;
        NewRun::inside(&loads)
    }

    /// Gives a finished load its number, and stores its report.
    pub(crate) fn keep_load(&self, load: NewRun, report: &str) -> Result<PathBuf, Failure> {
        let path = load.dir.join("report.json");
        fs::write(&path, report).map_err(|e| Failure::io(&path, &e))?;
        load.settle(&self.loads(), "", |_, _| Ok(()))
    }

    /// Gives a finished run its name, and stores its verdict, what was handed in, and the pack on
    /// disk that the drill comes from.
    pub(crate) fn keep(
        &self,
        run: NewRun,
        drill: &Drill,
        handed_in: &Submission,
        pack: Option<&Path>,
        verdict: &mut Verdict,
    ) -> Result<StoredRun, Failure> {
        if let Some(pack) = pack {
            let pack = std::path::absolute(pack).map_err(Failure::bug)?;
            let path = run.dir.join(PACK_FILE);
            fs::write(&path, pack.display().to_string()).map_err(|e| Failure::io(&path, &e))?;
        }
        let submission = run.dir.join("submission");
        write_files(&submission, &handed_in.files(drill))?;
        let path = run.dir.join("verdict.json");
        let dir = run.settle(&self.runs(), &format!("{}-", drill.name), |name, dir| {
            verdict.run = Some(name.to_string());
            verdict.evidence = Some(dir.join(judge::EVIDENCE_FILE));
            let text = serde_json::to_string_pretty(verdict).map_err(Failure::bug)?;
            fs::write(&path, text).map_err(|e| Failure::io(&path, &e))
        })?;
        Ok(StoredRun { dir, verdict: verdict.clone() })
    }

    /// A stored run by name, or the newest for `last`.
    pub(crate) fn run(&self, name: &str) -> Result<StoredRun, Failure> {
        let runs = self.all_runs();
        let found = if name == "last" {
            runs.into_iter()
                .max_by_key(|run| fs::metadata(run.dir.join("verdict.json")).and_then(|m| m.modified()).ok())
        } else {
            runs.into_iter().find(|run| run.verdict.run.as_deref() == Some(name))
        };
        found.ok_or_else(|| {
            if let Some(damaged) = self.damaged(name) {
                return damaged;
            }
            let names: Vec<String> = self.all_runs().into_iter().filter_map(|run| run.verdict.run).collect();
            let there = if names.is_empty() { "none yet".into() } else { names.join(", ") };
            Failure::usage(format!("there is no stored run `{name}`")).hint(format!("stored runs: {there}"))
        })
    }

    /// Why a run that is there cannot be read.
    fn damaged(&self, name: &str) -> Option<Failure> {
        let here = fs::read_dir(self.runs()).into_iter().flatten().flatten();
        let path = here.map(|run| run.path()).find(|run| run.ends_with(name))?.join("verdict.json");
        let why = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str::<Verdict>(&text).err()?.to_string(),
            Err(error) => error.to_string(),
        };
        let failure = Failure::usage(format!("{} is no verdict: {why}", path.display()));
        Some(failure.hint("judge the submission again: hotseat drill check"))
    }

    /// Every stored run that can be read, by name.
    pub(crate) fn all_runs(&self) -> Vec<StoredRun> {
        let mut runs: Vec<StoredRun> = fs::read_dir(self.runs())
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let text = fs::read_to_string(entry.path().join("verdict.json")).ok()?;
                Some(StoredRun { dir: entry.path(), verdict: serde_json::from_str(&text).ok()? })
            })
            .collect();
        runs.sort_by(|a, b| a.verdict.run.cmp(&b.verdict.run));
        runs
    }

    /// The drill and the name of every stored run, from its folder's name.
    pub(crate) fn run_names(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(self.runs()).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names
            .filter_map(|name| {
                let (drill, number) = name.rsplit_once('-')?;
                let numbered = !drill.starts_with('.') && number.parse::<u64>().is_ok();
                numbered.then(|| (drill.to_string(), name.clone()))
            })
            .collect()
    }

    /// A stored run's verdict, and when it was stored, in milliseconds since 1970; none if it is damaged.
    pub(crate) fn verdict_of(&self, run: &str) -> Option<(i64, Verdict)> {
        let path = self.runs().join(run).join("verdict.json");
        let stored = fs::metadata(&path).ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        let verdict = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
        Some((i64::try_from(stored.as_millis()).ok()?, verdict))
    }

    /// Whether a level of a drill (any, without one) has been passed.
    pub(crate) fn has_passed(&self, drill: &str, level: Option<&str>) -> bool {
        self.all_runs().iter().any(|run| {
            run.verdict.drill == drill
                && run.verdict.ruling == Ruling::Pass
                && level.is_none_or(|level| run.verdict.level == level)
        })
    }

    fn looked_path(&self, drill: &str) -> PathBuf {
        self.dir.join("looked").join(format!("{drill}.json"))
    }

    /// What the learner has looked at for a drill.
    pub(crate) fn looked(&self, drill: &str) -> Looked {
        fs::read_to_string(self.looked_path(drill))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// Changes it, and gives it as it is then.
    pub(crate) fn look(&self, drill: &str, change: impl FnOnce(&mut Looked)) -> Result<Looked, Failure> {
        self.alone("looked", || {
            let mut looked = self.looked(drill);
            change(&mut looked);
            let path = self.looked_path(drill);
            let text = serde_json::to_string(&looked).map_err(Failure::bug)?;
            write_whole(&path, &text).map_err(|e| Failure::io(&path, &e))?;
            Ok(looked)
        })
    }

    /// Does what nobody else does at the same time under this name, in this process or another.
    pub(crate) fn alone<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let path = self.dir.join(format!("{name}.lock"));
        let lock = fs::File::create(&path).map_err(|e| Failure::io(&path, &e))?;
        lock.lock().map_err(|e| Failure::io(&path, &e))?;
        work()
    }
}

impl NewRun {
    fn inside(room: &Path) -> Result<NewRun, Failure> {
        let dir = room.join(format!(".new-{}-{}", std::process::id(), judge::fresh_seed()));
        fs::create_dir(&dir).map_err(|e| Failure::io(&dir, &e))?;
        Ok(NewRun { dir, kept: false })
    }

    /// Gives it the next name of `prefix` and a number; `write` is told each name that is tried, and where.
    fn settle(
        mut self,
        room: &Path,
        prefix: &str,
        mut write: impl FnMut(&str, &Path) -> Result<(), Failure>,
    ) -> Result<PathBuf, Failure> {
        for number in next_number(room, prefix).. {
            let name = format!("{prefix}{number}");
            let dir = room.join(&name);
            write(&name, &dir)?;
            if dir.exists() {
                continue;
            }
            match fs::rename(&self.dir, &dir) {
                Ok(()) => {
                    self.kept = true;
                    return Ok(dir);
                }
                // Another hotseat took the number between our look and our move.
                Err(_) if dir.exists() => {}
                Err(error) => return Err(Failure::io(&dir, &error)),
            }
        }
        Err(Failure::bug("no number is left for a run"))
    }
}

impl Drop for NewRun {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

fn next_number(room: &Path, prefix: &str) -> u64 {
    let numbers = fs::read_dir(room).into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.strip_prefix(prefix)?.parse::<u64>().ok()
    });
    numbers.max().unwrap_or(0) + 1
}

/// Writes a file so that a reader sees the old text or the new one, never half of it.
pub(crate) fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let part = path.with_extension(format!("part-{}", std::process::id()));
    let written = fs::write(&part, text).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// Writes files below a folder, which is made.
pub(crate) fn write_files(dir: &Path, files: &Files) -> Result<(), Failure> {
    for (name, content) in files {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).map_err(|e| Failure::io(folder, &e))?;
        fs::write(&path, content).map_err(|e| Failure::io(&path, &e))?;
    }
    Ok(())
}
