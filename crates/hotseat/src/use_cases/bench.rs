//! Work on a bench, which is closed in good order however the work ends.

use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::slice;

use judge::bench::{Bench, BenchError, Watcher};

use crate::failure::Failure;
use crate::home::Home;

/// Opens the bench, does work on it, and closes it in good order whether the work ends, fails or
/// `end` comes first.
pub(crate) async fn on_bench<T>(
    home: &Home,
    watcher: Rc<dyn Watcher>,
    end: impl Future<Output = ()>,
    work: impl AsyncFnOnce(&Bench) -> Result<T, Failure>,
) -> Result<T, Failure> {
    on_benches(slice::from_ref(&home.dir), watcher, end, async |benches| work(&benches[0]).await).await
}

/// [`on_bench`], with a bench in each of these folders.
pub(crate) async fn on_benches<T>(
    dirs: &[PathBuf],
    watcher: Rc<dyn Watcher>,
    end: impl Future<Output = ()>,
    work: impl AsyncFnOnce(&[Bench]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut end = pin!(end);
    let open = async {
        let mut benches = Vec::new();
        for dir in dirs {
            benches.push(Bench::open(dir, Rc::clone(&watcher)).await?);
        }
        Ok::<_, BenchError>(benches)
    };
    let benches = tokio::select! {
        // First, so that signals are handled before anything is started.
        biased;
        () = &mut end => return Err(Failure::interrupted()),
        benches = open => benches?,
    };
    let done = tokio::select! {
        done = work(&benches) => done,
        () = end => Err(Failure::interrupted()),
    };
    let mut closed = Ok(());
    for bench in benches {
        closed = closed.and(bench.close().await);
    }
    let done = done?;
    closed?;
    Ok(done)
}
