//! The last stored runs, looked for again only when the folder of runs has changed.

use std::cmp::Reverse;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde::Serialize;
use study::words::Ruling;
use utoipa::ToSchema;

use crate::home::Home;

/// So many runs are shown.
const SHOWN: usize = 5;

/// A stored run, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TodayRun)]
pub(crate) struct LastRun {
    /// Its name.
    pub run: String,
    /// The drill's name.
    pub drill: String,
    /// The level at which it was done.
    pub level: String,
    pub ruling: Ruling,
    /// When it was stored, in milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// What was found last, and when the folder had changed before that.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    last: Mutex<Option<(SystemTime, Arc<Vec<LastRun>>)>>,
}

impl Recent {
    /// The last runs, the newest first.
    pub(crate) async fn runs(&self, home: &Home) -> Arc<Vec<LastRun>> {
        // A run gets its name when it is whole, and that changes the folder.
        let changed = fs::metadata(home.dir.join("runs")).and_then(|about| about.modified()).ok();
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, runs)) = last.filter(|(at, _)| Some(*at) == changed) {
            return runs;
        }
        let home = Home { dir: home.dir.clone() };
        let found = tokio::task::spawn_blocking(move || newest(&home)).await;
        let runs = Arc::new(found.unwrap_or_default());
        if let Some(changed) = changed {
            let kept = Some((changed, Arc::clone(&runs)));
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        }
        runs
    }
}

fn newest(home: &Home) -> Vec<LastRun> {
    let stored = |run: &str| -> Option<SystemTime> {
        let verdict: PathBuf = home.dir.join("runs").join(run).join("verdict.json");
        fs::metadata(verdict).ok()?.modified().ok()
    };
    let names = home.run_names().into_iter().map(|(_, run)| run);
    let mut names: Vec<(SystemTime, String)> = names.filter_map(|run| Some((stored(&run)?, run))).collect();
    names.sort_by_key(|(at, run)| (Reverse(*at), run.clone()));
    names.into_iter().filter_map(|(_, run)| read(home, run)).take(SHOWN).collect()
}

fn read(home: &Home, run: String) -> Option<LastRun> {
    let (at_ms, verdict) = home.verdict_of(&run)?;
    let ruling = match verdict.ruling {
        judge::verdict::Ruling::Pass => Ruling::Pass,
        judge::verdict::Ruling::Fail => Ruling::Fail,
        judge::verdict::Ruling::Void => Ruling::Void,
    };
    Some(LastRun { run, drill: verdict.drill, level: verdict.level, ruling, at_ms })
}
