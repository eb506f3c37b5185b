//! What a run has to tell beside its verdict: charts, the story of a counterexample, the debrief. All of it comes out
//! of evidence that never changes, so it is made once and kept for a while.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use judge::history::History;
use judge::verdict::{Finding, Ruling, State, Verdict};
use tokio::sync::Semaphore;

use super::evidence::{Tables, tables};
use super::replaying::drill_of;
use crate::charts::{self, Before, Chart};
use crate::home::StoredRun;
use crate::terminal::curl;

/// So much is kept, in bytes; the longest unused goes first.
const KEPT_BYTES_MAX: usize = 12 * 1024 * 1024;
/// So many runs are kept.
const KEPT_MAX: usize = 64;
/// A page waits so long for what is being drawn; then it says so.
const PATIENCE: Duration = Duration::from_millis(70);
/// Evidence of so many runs is read at a time.
const AT_A_TIME: usize = 2;

/// What a run has to tell.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) charts: Vec<Chart>,
    /// Lines that send the first request of the story again.
    pub(crate) curl: Vec<String>,
    /// Markdown, the learner's own figures in it; after a pass.
    pub(crate) debrief: Option<String>,
    pub(crate) tables: Option<Tables>,
    /// Why the evidence cannot be read at all.
    pub(crate) unreadable: Option<String>,
    /// What else could not be told, and why.
    pub(crate) troubles: Vec<String>,
}

impl Told {
    fn bytes(&self) -> usize {
        let charts: usize = self.charts.iter().map(Chart::bytes).sum();
        charts + self.debrief.as_ref().map_or(0, String::len) + 1_000
    }
}

type Coming = Shared<BoxFuture<'static, Arc<Told>>>;

/// Files by which it is seen that evidence was replaced.
type Mark = Vec<Option<(SystemTime, u64)>>;

struct Kept {
    dir: PathBuf,
    before: Option<String>,
    mark: Mark,
    coming: Coming,
}

/// What runs have told, as long as there is room for it.
pub(crate) struct Tellings {
    /// The last one asked for stands last.
    kept: Mutex<VecDeque<Kept>>,
    room: Arc<Semaphore>,
}

impl Tellings {
    pub(crate) fn new() -> Tellings {
        Tellings { kept: Mutex::default(), room: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// What a run tells, compared with the run `before`; none if it is not ready within a page's patience. Then it
    /// goes on being made, and who asks again gets it.
    pub(crate) async fn soon(
        &self,
        stored: &StoredRun,
        before: Option<String>,
        pack: Option<&Path>,
    ) -> Option<Arc<Told>> {
        tokio::time::timeout(PATIENCE, self.coming(stored, before, pack)).await.ok()
    }

    /// What a run tells, however long it takes.
    pub(crate) async fn whole(
        &self,
        stored: &StoredRun,
        before: Option<String>,
        pack: Option<&Path>,
    ) -> Arc<Told> {
        self.coming(stored, before, pack).await
    }

    fn coming(&self, stored: &StoredRun, before: Option<String>, pack: Option<&Path>) -> Coming {
        let mark = mark(&stored.dir);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|it| it.dir == stored.dir && it.mark == mark && it.before == before);
        if let Some(known) = known.and_then(|at| kept.remove(at)) {
            let coming = known.coming.clone();
            kept.push_back(known);
            return coming;
        }
        kept.retain(|it| it.dir != stored.dir);
        let coming = self.begin(stored, before.clone(), pack);
        kept.push_back(Kept { dir: stored.dir.clone(), before, mark, coming: coming.clone() });
        let bytes = |it: &Kept| it.coming.peek().map_or(0, |told| told.bytes());
        while kept.len() > KEPT_MAX
            || (kept.len() > 1 && kept.iter().map(bytes).sum::<usize>() > KEPT_BYTES_MAX)
        {
            kept.pop_front();
        }
        coming
    }

    fn begin(&self, stored: &StoredRun, before: Option<String>, pack: Option<&Path>) -> Coming {
        let (room, pack) = (Arc::clone(&self.room), pack.map(Path::to_path_buf));
        let stored = StoredRun { dir: stored.dir.clone(), verdict: stored.verdict.clone() };
        // A task of its own: it goes on when the page that asked has stopped waiting.
        let task = tokio::spawn(async move {
            let _permit = room.acquire_owned().await;
            let told = tokio::task::spawn_blocking(move || tell(&stored, before, pack.as_deref())).await;
            Arc::new(told.unwrap_or_else(|error| trouble(format!("this run cannot be drawn: {error}"))))
        });
        let coming = async move { task.await.unwrap_or_else(|error| Arc::new(trouble(error.to_string()))) };
        coming.boxed().shared()
    }
}

fn trouble(what: String) -> Told {
    Told { troubles: vec![what], ..Told::default() }
}

fn mark(dir: &Path) -> Mark {
    let files = [judge::EVIDENCE_FILE, judge::PAR_FILE, "verdict.json"];
    files
        .map(|file| std::fs::metadata(dir.join(file)).and_then(|it| Ok((it.modified()?, it.len()))).ok())
        .to_vec()
}

fn tell(stored: &StoredRun, before: Option<String>, pack: Option<&Path>) -> Told {
    let findings = &stored.verdict.findings;
    let reading = match judge::open_run(&stored.dir) {
        Ok(reading) => reading,
        Err(error) => return Told { unreadable: Some(error.to_string()), ..Told::default() },
    };
    let mut told = Told::default();
    match tables(stored.verdict.run.as_deref().unwrap_or_default(), &stored.dir) {
        Ok(tables) => told.tables = Some(tables),
        Err(failure) => return Told { unreadable: Some(failure.what().to_owned()), ..told },
    }
    let history = History::first(findings, &reading).unwrap_or_else(|error| {
        told.troubles.push(format!("the story of a counterexample cannot be told: {error}"));
        None
    });
    if let Some((_, history)) = &history {
        told.curl = curl::lines(&history.request, &stored.dir.join(judge::EVIDENCE_FILE));
    }
    if is_debriefed(&stored.verdict) {
        let filled = drill_of(stored, pack).map_err(|failure| failure.what().to_owned()).and_then(|drill| {
            judge::debrief::fill(&drill.debrief, findings, &reading).map_err(|error| error.to_string())
        });
        match filled {
            Ok(text) => told.debrief = Some(text),
            Err(error) => told.troubles.push(format!("the debrief cannot be shown: {error}")),
        }
    }
    let before = before.and_then(|run| {
        let dir = stored.dir.with_file_name(&run);
        Some(Before { reading: judge::open_run(&dir).ok()?, run })
    });
    let history = history.as_ref().map(|(finding, history)| (*finding, history));
    match charts::of_run(findings, reading, before, history) {
        Ok(charts) => told.charts = charts,
        Err(error) => told.troubles.push(format!("the charts cannot be drawn: {error}")),
    }
    told
}

/// A debrief quotes figures, so it comes when all of them are there.
pub(crate) fn is_debriefed(verdict: &Verdict) -> bool {
    let decided = |it: &Finding| !matches!(it.state, State::Inconclusive(_));
    verdict.ruling == Ruling::Pass && verdict.findings.iter().all(decided)
}
