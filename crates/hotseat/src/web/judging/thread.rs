//! The thread of one judging: it opens the bench, judges, stores the run, and closes the bench.

use std::rc::Rc;
use std::sync::Arc;

use judge::bench::{Event, Watcher};
use judge::submission::Submission;
use judge::verdict::Verdict;
use tokio::sync::oneshot;
use tokio::task::LocalSet;

use super::Judging;
use crate::failure::Failure;
use crate::home::Home;
use crate::use_cases::bench::on_bench;
use crate::use_cases::judging::judge_and_store;
use crate::workspace::Workspace;

/// What is judged.
pub(super) struct Work {
    pub home: Home,
    pub workspace: Workspace,
    pub handed_in: Submission,
    pub seed: u64,
}

/// Tells the judging what the judge tells.
struct Reporter(Arc<Judging>);

impl Watcher for Reporter {
    fn event(&self, event: Event<'_>) {
        self.0.tell(&event);
    }
}

/// Judges in a thread of its own, and waits until that has ended and the bench is closed.
pub(super) async fn judge(work: Work, judging: Arc<Judging>) -> Result<Verdict, Failure> {
    let (tell, told) = oneshot::channel();
    let thread = std::thread::Builder::new().name("judging".into());
    let thread = thread.spawn(move || {
        // Nobody listens only when the app itself is gone.
        let _ = tell.send(on_this_thread(&work, &judging));
    });
    let thread = thread.map_err(|error| Failure::missing(format!("no thread for judging: {error}")))?;
    // Without an answer it has panicked, and its bench went down with it.
    let ended = told.await.unwrap_or_else(|_| Err(Failure::bug("the judging broke off")));
    let _ = tokio::task::spawn_blocking(move || thread.join()).await;
    ended
}

fn on_this_thread(work: &Work, judging: &Arc<Judging>) -> Result<Verdict, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::bug)?;
    let mut cancelled = judging.cancelled();
    let end = async move {
        // It fails only when the judging is dropped, and we hold it.
        let _ = cancelled.wait_for(|cancelled| *cancelled).await;
    };
    let watcher = Rc::new(Reporter(Arc::clone(judging)));
    LocalSet::new().block_on(&runtime, async {
        let stored = on_bench(&work.home.dir, watcher, end, async |bench| {
            judge_and_store(&work.workspace, &work.handed_in, bench, &work.home, work.seed).await
        });
        Ok(stored.await?.verdict)
    })
}
