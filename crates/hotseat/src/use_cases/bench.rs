//! Work on a bench, which is closed in good order however the work ends.

use std::path::Path;
use std::pin::pin;
use std::rc::Rc;

use judge::bench::{Bench, Watcher};

use crate::failure::Failure;

/// Opens the bench in a data directory, does work on it, and closes it in good order whether the work ends,
/// fails or `end` comes first.
pub(crate) async fn on_bench<T>(
    dir: &Path,
    watcher: Rc<dyn Watcher>,
    end: impl Future<Output = ()>,
    work: impl AsyncFnOnce(&Bench) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut end = pin!(end);
    let bench = tokio::select! {
        // First, so that signals are handled before anything is started.
        biased;
        () = &mut end => return Err(Failure::interrupted()),
        bench = Bench::open(dir, watcher) => bench?,
    };
    let done = tokio::select! {
        done = work(&bench) => done,
        () = end => Err(Failure::interrupted()),
    };
    let closed = bench.close().await;
    let done = done?;
    closed?;
    Ok(done)
}
