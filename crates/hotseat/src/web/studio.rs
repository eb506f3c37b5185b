//! Résumés laid out for the app: each text in each look once, whoever asks, and only the last few are kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use resume::check::Report;

use super::App;
use crate::failure::Failure;
use crate::use_cases::resume::{Drawn, LayoutProcess, Look, Opened, Stored, draw};
use crate::use_cases::runs::RunSummary;

/// So many are kept, and so many bytes of them; the longest unused goes first.
const KEPT_MAX: usize = 6;
const KEPT_BYTES_MAX: usize = 12 * 1024 * 1024;
/// A page waits so long for what is being laid out; then it says so.
const PATIENCE: Duration = Duration::from_millis(70);
/// So long a failure is told and not tried again: the machine may only have been busy.
const FAILURE_LASTS: Duration = Duration::from_secs(10);

/// One text in one look, and what there is to say of it.
pub(crate) struct Preview {
    pub(super) id: String,
    pub(super) drawn: Drawn,
    report: Mutex<Option<(AllRuns, Arc<Report>)>>,
}

type AllRuns = Arc<Vec<RunSummary>>;
type Outcome = Result<Arc<Preview>, Failure>;
type Coming = Shared<BoxFuture<'static, Outcome>>;

struct Kept {
    id: String,
    since: Instant,
    coming: Coming,
}

impl Kept {
    fn failed(&self) -> bool {
        matches!(self.coming.peek(), Some(Err(_)))
    }

    /// None as long as it is being made.
    fn bytes(&self) -> usize {
        match self.coming.peek() {
            Some(Ok(preview)) => preview.drawn.bytes(),
            _ => 0,
        }
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Studio {
    layouts: Arc<LayoutProcess>,
    kept: Mutex<VecDeque<Kept>>,
    /// Verdicts that were read for these runs.
    verdicts: Mutex<Option<(AllRuns, Arc<Stored>)>>,
}

impl Studio {
    fn coming(&self, opened: Opened, variant: Option<String>, look: Look) -> Coming {
        let id = id_of(&opened, variant.as_deref(), look);
        let mut kept = lock(&self.kept);
        let known = kept.iter().position(|it| it.id == id).and_then(|at| kept.remove(at));
        // A failure is told for a while, so that a page gets to hear of it, and then tried again.
        let known = known.filter(|it| !it.failed() || it.since.elapsed() < FAILURE_LASTS);
        let it = known.unwrap_or_else(|| {
            let coming = self.begin(id.clone(), opened, variant, look);
            Kept { id, since: Instant::now(), coming }
        });
        let coming = it.coming.clone();
        kept.push_back(it);
        shrink(&mut kept);
        coming
    }

    fn begin(&self, id: String, opened: Opened, variant: Option<String>, look: Look) -> Coming {
        let layouts = Arc::clone(&self.layouts);
        let work = tokio::spawn(async move {
            let drawn = draw(opened, variant, look, &layouts).await?;
            Ok(Arc::new(Preview { id, drawn, report: Mutex::default() }))
        });
        async move { work.await.map_err(Failure::bug)? }.boxed().shared()
    }

    /// One that was made a short while ago.
    pub(super) fn kept(&self, id: &str) -> Option<Arc<Preview>> {
        let kept = lock(&self.kept);
        kept.iter().find(|it| it.id == id)?.coming.clone().now_or_never()?.ok()
    }

    fn verdicts(&self, app: &App, runs: &AllRuns) -> Arc<Stored> {
        let mut verdicts = lock(&self.verdicts);
        match &*verdicts {
            Some((of, stored)) if Arc::ptr_eq(of, runs) => Arc::clone(stored),
            _ => {
                let stored = Arc::new(Stored::of(Some(app.home.clone())));
                *verdicts = Some((Arc::clone(runs), Arc::clone(&stored)));
                stored
            }
        }
    }
}

impl App {
    /// Lays a text out, unless that was done a short while ago.
    pub(super) async fn preview(&self, opened: Opened, variant: Option<String>, look: Look) -> Outcome {
        let outcome = self.studio.coming(opened, variant, look).await;
        // Only now it is known how large it is.
        shrink(&mut lock(&self.studio.kept));
        outcome
    }

    /// The same, if it comes within a page's patience. If not, it goes on being made, and who asks again gets it.
    pub(super) async fn preview_soon(
        &self,
        opened: Opened,
        variant: Option<String>,
        look: Look,
    ) -> Option<Outcome> {
        tokio::time::timeout(PATIENCE, self.preview(opened, variant, look)).await.ok()
    }

    /// What there is to say of a text and its PDF, with the runs that are stored now.
    pub(super) async fn report(&self, preview: &Arc<Preview>) -> Result<Arc<Report>, Failure> {
        let runs = self.runs.all().await;
        if let Some((of, report)) = &*lock(&preview.report)
            && Arc::ptr_eq(of, &runs)
        {
            return Ok(Arc::clone(report));
        }
        let report = Arc::new(self.report_on(preview, None).await?);
        *lock(&preview.report) = Some((runs, Arc::clone(&report)));
        Ok(report)
    }

    /// The same against a job description, which nobody keeps.
    pub(super) async fn report_on(
        &self,
        preview: &Arc<Preview>,
        job: Option<String>,
    ) -> Result<Report, Failure> {
        let verdicts = self.verdicts().await;
        let preview = Arc::clone(preview);
        let work = move || preview.drawn.report(&verdicts, job.as_deref());
        tokio::task::spawn_blocking(work).await.map_err(Failure::bug)?
    }

    /// The stored runs as evidence.
    pub(super) async fn verdicts(&self) -> Arc<Stored> {
        let runs = self.runs.all().await;
        self.studio.verdicts(self, &runs)
    }
}

/// The same text in the same look has the same id.
fn id_of(opened: &Opened, variant: Option<&str>, look: Look) -> String {
    let path = opened.path.display().to_string();
    // A variant may be called anything but this.
    let variant = variant.unwrap_or("\0");
    judge::hash(&[&path, &opened.text, variant, look.template.name(), look.paper.name()])
}

/// Forgets the longest unused; the last one stays, however large.
fn shrink(kept: &mut VecDeque<Kept>) {
    let mut all: usize = kept.iter().map(Kept::bytes).sum();
    while kept.len() > KEPT_MAX || all > KEPT_BYTES_MAX && kept.len() > 1 {
        all -= kept.pop_front().as_ref().map_or(0, Kept::bytes);
    }
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}
