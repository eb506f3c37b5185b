//! Ends a run early, from any thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mio::Waker;

/// Ends a run early. Clones stop the same run; a stop that came before the run ends it at once.
///
/// What was sent and not answered is then recorded as unknown, what was not sent as refused, both with
/// [`Failure::Stopped`](crate::Failure::Stopped). Not for use inside a signal handler: it takes a lock.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Stop {
    /// Asks the run to end now.
    pub fn stop(&self) {
        self.0.asked.store(true, Ordering::Release);
        if let Some(waker) = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            // A queue that cannot be woken is gone, and its run with it.
            drop(waker.wake());
        }
    }

    /// Was the run asked to end?
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::Acquire)
    }

    pub(crate) fn wakes(&self, waker: Option<Waker>) {
        *self.0.waker.lock().unwrap_or_else(PoisonError::into_inner) = waker;
    }
}
