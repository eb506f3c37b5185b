//! What the app keeps of stored runs while it is open: what they tell, rulings of today's checks, a queue for queries.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use judge::verdict::Verdict;
use tokio::sync::Semaphore;

use super::App;
use crate::failure::Failure;
use crate::home::StoredRun;
use crate::use_cases::replaying;
use crate::use_cases::runs::RunSummary;
use crate::use_cases::telling::{Tellings, Told};

/// Rulings of today's checks that are kept, at most.
const JUDGED_AGAIN_MAX: usize = 32;
/// So many queries and replays are at work at a time; others wait, but not longer than this.
const AT_A_TIME: usize = 2;
const QUEUE_LIMIT: Duration = Duration::from_secs(15);

/// See the module.
pub(crate) struct Archive {
    tellings: Tellings,
    queue: Semaphore,
    judged_again: Mutex<VecDeque<(String, Arc<Verdict>)>>,
}

impl Archive {
    pub(super) fn new() -> Archive {
        Archive {
            tellings: Tellings::new(),
            queue: Semaphore::new(AT_A_TIME),
            judged_again: Mutex::default(),
        }
    }

    /// What today's checks have ruled on a run since the app was opened, if they were asked.
    pub(super) fn judged_again(&self, run: &str) -> Option<Arc<Verdict>> {
        let known = self.judged_again.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(name, _)| name == run).map(|(_, verdict)| Arc::clone(verdict))
    }

    /// Reads evidence in the background, when it is its turn.
    pub(super) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = tokio::time::timeout(QUEUE_LIMIT, self.queue.acquire()).await;
        let _turn = turn.map_err(|_| {
            Failure::missing("other queries over evidence are still at work").hint("ask again in a moment")
        })?;
        tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?
    }
}

impl App {
    /// What a run tells, if that is known or found out at once.
    pub(super) async fn told_soon(&self, stored: &StoredRun) -> Option<Arc<Told>> {
        let before = before(&self.runs.all().await, stored);
        self.archive.tellings.soon(stored, before, self.pack.path.as_deref()).await
    }

    /// What a run tells, however long it takes to find out.
    pub(super) async fn told(&self, stored: &StoredRun) -> Arc<Told> {
        let before = before(&self.runs.all().await, stored);
        self.archive.tellings.whole(stored, before, self.pack.path.as_deref()).await
    }

    /// Judges a stored run with the checks of today, and remembers what they rule.
    pub(super) async fn judge_again(&self, stored: StoredRun) -> Result<Arc<Verdict>, Failure> {
        let (pack, run) = (self.pack.path.clone(), stored.verdict.run.clone().unwrap_or_default());
        let judge = move || {
            let drill = replaying::drill_of(&stored, pack.as_deref())?;
            replaying::judge_again(&stored, &drill)
        };
        let verdict = Arc::new(self.archive.in_turn(judge).await?);
        let mut known = self.archive.judged_again.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(name, _)| *name != run);
        known.push_back((run, Arc::clone(&verdict)));
        if known.len() > JUDGED_AGAIN_MAX {
            known.pop_front();
        }
        Ok(verdict)
    }
}

/// The run to compare with: the first one of the same level, if it came before.
fn before(all: &[RunSummary], stored: &StoredRun) -> Option<String> {
    let verdict = &stored.verdict;
    let of_level = |it: &&RunSummary| it.drill == verdict.drill && it.level == verdict.level;
    let name = verdict.run.as_deref().unwrap_or_default();
    // The newest stand first.
    let older = all.iter().skip_while(|it| it.run != name).skip(1);
    older.filter(of_level).last().map(|it| it.run.clone())
}
