//! The stored runs: an index that is cheap to ask on every page, and one run by its name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use judge::sql::Value;
use judge::verdict::{Figure, Finding, Ruling, State, Verdict, shown, to_json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::home::{Home, StoredRun};

/// So many figures of a run are main ones.
const FIGURES_MAX: usize = 3;
/// Folders of files tell the time of their last change no finer; a look so soon after one may have missed another.
const TICK: Duration = Duration::from_secs(1);

/// What there is to know of a stored run without opening it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunSummary {
    /// Its name, such as slow-query-7.
    pub run: String,
    pub drill: String,
    pub level: String,
    pub ruling: Ruling,
    /// Repeats the run.
    pub seed: u64,
    /// When it was stored, in milliseconds since 1970, UTC.
    pub stored_ms: i64,
    /// How long the judging took, in milliseconds. Drawn, never judged.
    pub total_ms: u64,
    /// How many claims were examined.
    pub claims: usize,
    /// The figures that tell the most: of broken claims, then of those with a figure of the reference's.
    pub figures: Vec<RunFigure>,
    /// The names of broken claims.
    pub broken: Vec<String>,
    /// Why the run could not be judged, or null.
    pub why_void: Option<String>,
}

/// A figure of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunFigure {
    /// The check's name.
    pub check: String,
    pub broken: bool,
    /// A number or a text.
    #[schema(value_type = serde_json::Value)]
    pub got: serde_json::Value,
    /// The bound, a number or a text.
    #[schema(value_type = serde_json::Value)]
    pub need: serde_json::Value,
    pub unit: String,
    /// `got` as people read it.
    pub shown: String,
}

/// All stored runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunList {
    /// The version of this shape.
    pub schema: u32,
    /// The newest first.
    pub runs: Vec<RunSummary>,
}

/// Knows every stored run. Verdicts are read once, when they appear; asking costs one look at the folder's date.
pub(crate) struct Runs {
    dir: PathBuf,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    /// The folder's last change when it was listed, if nothing can have been missed.
    changed: Option<SystemTime>,
    /// By name; none for a verdict that cannot be read.
    runs: BTreeMap<String, Option<RunSummary>>,
    /// The readable ones, the newest first.
    newest: Arc<Vec<RunSummary>>,
}

impl Runs {
    /// The runs of a data directory. Nothing is read yet.
    pub(crate) fn new(home: &Home) -> Runs {
        Runs { dir: home.dir.join("runs"), known: Arc::default() }
    }

    /// All that can be read, the newest first.
    pub(crate) async fn all(&self) -> Arc<Vec<RunSummary>> {
        let changed = changed(&self.dir);
        {
            let known = lock(&self.known);
            if changed.is_some() && known.changed == changed {
                return Arc::clone(&known.newest);
            }
        }
        let (dir, known) = (self.dir.clone(), Arc::clone(&self.known));
        // A task that panics has read nothing; then there is what was known before.
        let _ = tokio::task::spawn_blocking(move || look(&dir, &known)).await;
        Arc::clone(&lock(&self.known).newest)
    }

    /// Those of a drill, the newest first.
    pub(crate) async fn of_drill(&self, drill: &str) -> Vec<RunSummary> {
        self.all().await.iter().filter(|run| run.drill == drill).cloned().collect()
    }

    /// The newest ones.
    pub(crate) async fn newest(&self, n: usize) -> Vec<RunSummary> {
        self.all().await.iter().take(n).cloned().collect()
    }

    /// Whether a level of a drill (any, without one) has been passed.
    pub(crate) async fn passed(&self, drill: &str, level: Option<&str>) -> bool {
        self.all().await.iter().any(|run| run.passes(drill, level))
    }

    /// One run with its verdict; none if there is no run of this name.
    pub(crate) async fn open(&self, run: &str) -> Result<Option<StoredRun>, Failure> {
        if !is_name(run) {
            return Ok(None);
        }
        let dir = self.dir.join(run);
        let opened = tokio::task::spawn_blocking(move || open(dir)).await;
        opened.map_err(Failure::bug)?
    }
}

impl RunSummary {
    /// Whether it passed a level of a drill (any, without one).
    pub(crate) fn passes(&self, drill: &str, level: Option<&str>) -> bool {
        self.ruling == Ruling::Pass && self.drill == drill && level.is_none_or(|level| self.level == level)
    }

    fn of(verdict: &Verdict, run: &str, stored_ms: i64) -> RunSummary {
        RunSummary {
            run: run.to_owned(),
            drill: verdict.drill.clone(),
            level: verdict.level.clone(),
            ruling: verdict.ruling,
            seed: verdict.seed,
            stored_ms,
            total_ms: verdict.timing.total_ms,
            claims: verdict.findings.len(),
            figures: figures(&verdict.findings),
            broken: verdict.broken().into_iter().map(ToString::to_string).collect(),
            why_void: verdict.why_void.clone(),
        }
    }
}

fn figures(findings: &[Finding]) -> Vec<RunFigure> {
    let figure = |finding: &Finding, figure: &Figure, broken: bool| RunFigure {
        check: finding.check.clone(),
        broken,
        got: to_json(figure.got.clone()),
        need: to_json(figure.need.clone()),
        unit: figure.unit.clone(),
        shown: shown(&figure.got),
    };
    let broken = findings.iter().filter_map(|it| match &it.state {
        State::Broken { figure: got, .. } => Some(figure(it, got, true)),
        _ => None,
    });
    let compared = findings.iter().filter_map(|it| match &it.state {
        State::Held(got) if got.par.as_ref().is_some_and(|par| !matches!(par, Value::Null)) => {
            Some(figure(it, got, false))
        }
        _ => None,
    });
    broken.chain(compared).take(FIGURES_MAX).collect()
}

/// Whether a text is the name of a run and nothing else: a drill, a hyphen and a number.
fn is_name(run: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let numbered = run.rsplit_once('-').is_some_and(|(drill, number)| {
        !drill.is_empty() && !number.is_empty() && number.chars().all(|it| it.is_ascii_digit())
    });
    numbered && run.len() <= 200 && run.chars().all(plain)
}

fn open(dir: PathBuf) -> Result<Option<StoredRun>, Failure> {
    let path = dir.join("verdict.json");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io(&path, &error)),
    };
    let verdict = serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("{} is no verdict: {error}", path.display()))
            .hint("judge the submission again: hotseat drill check")
    })?;
    Ok(Some(StoredRun { dir, verdict }))
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// When something was last added to a folder or taken out of it; none if that may be going on still.
fn changed(dir: &Path) -> Option<SystemTime> {
    let changed = fs::metadata(dir).and_then(|about| about.modified()).ok()?;
    changed.elapsed().is_ok_and(|ago| ago > TICK).then_some(changed)
}

/// Lists the folder, reads what is new, and forgets what is gone.
fn look(dir: &Path, known: &Mutex<Known>) {
    let changed = changed(dir);
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let new: Vec<&String> = {
        let known = lock(known);
        names.iter().filter(|name| is_name(name) && !known.runs.contains_key(*name)).collect()
    };
    let read: Vec<(String, Option<RunSummary>)> =
        new.into_iter().map(|name| (name.clone(), summary(&dir.join(name), name))).collect();
    let mut known = lock(known);
    let before = known.runs.len();
    known.runs.retain(|name, _| names.contains(name));
    known.changed = changed;
    if !read.is_empty() || known.runs.len() != before {
        known.runs.extend(read);
        let mut newest: Vec<RunSummary> = known.runs.values().flatten().cloned().collect();
        newest.sort_by_key(|run| std::cmp::Reverse((run.stored_ms, number(&run.run))));
        known.newest = Arc::new(newest);
    }
}

fn number(run: &str) -> u64 {
    run.rsplit_once('-').and_then(|(_, number)| number.parse().ok()).unwrap_or(0)
}

fn summary(dir: &Path, name: &str) -> Option<RunSummary> {
    let path = dir.join("verdict.json");
    let stored = fs::metadata(&path).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let verdict: Verdict = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
    Some(RunSummary::of(&verdict, name, i64::try_from(stored.as_millis()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn only_names_of_runs_are_looked_for() {
        assert!(is_name("slow-query-7") && is_name("my_drill-12"));
        for other in
            ["", "slow-query", "..", "../x-1", "a/b-1", ".new-12-1", "x-", "-1", "x-1\0", "x-1é", "x-+1"]
        {
            assert!(!is_name(other), "{other:?}");
        }
    }
}
