//! How late this machine is while a program is judged: the control for every limit that a program sets itself.
//!
//! Three things stand between a program and what it waits for, and each is measured on its own: its own threads
//! and the database's (the time that they stood in the run queue, where the system tells), the judge's loop, which
//! carries every message, and a thread that only sleeps, which is the whole measure where there is no other.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use program::RunQueue;
use tokio::task::AbortHandle;

use crate::evidence::LatenessRecord;

/// How long a sleeper sleeps.
const SLEEP: Duration = Duration::from_millis(20);
/// A timer rounds, and so late everybody wakes.
const GRAIN: Duration = Duration::from_millis(2);
/// So often everybody is looked at.
const STRETCH: Duration = Duration::from_millis(100);
/// Less than this, in microseconds of one stretch, is what timers and a scheduler do to everybody.
const WORTH_TELLING_US: i64 = 1_000;
/// The thread that only sleeps.
const MACHINE: &str = "machine";
/// The loop that carries every message.
const JUDGE: &str = "judge";

/// Measures from its start until it is dropped.
#[derive(Debug)]
pub(crate) struct Lateness {
    shared: Arc<Shared>,
    sleeper: Option<thread::JoinHandle<()>>,
    in_the_loop: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    state: Mutex<State>,
    ending: Condvar,
    /// How late the loop woke since the last look, in microseconds. Outside of the state, so that the loop never
    /// waits for a thread that waits for a core.
    judge_late_us: AtomicI64,
}

#[derive(Debug)]
struct State {
    /// Since when everybody is watched, in microseconds since the run began.
    since_us: i64,
    watched: Vec<Watched>,
    /// How late the sleeper woke since then, in microseconds.
    machine_late_us: i64,
    seen: Vec<LatenessRecord>,
    is_over: bool,
}

#[derive(Debug)]
struct Watched {
    component: String,
    instance: Option<u32>,
    queue: RunQueue,
}

impl Lateness {
    /// Begins to measure; `began` is when the run began. Needs tokio's local tasks.
    pub(crate) fn measure(began: Instant) -> Lateness {
        let state = State {
            since_us: us(began.elapsed()),
            watched: Vec::new(),
            machine_late_us: 0,
            seen: Vec::new(),
            is_over: false,
        };
        let shared = Shared {
            began,
            state: Mutex::new(state),
            ending: Condvar::new(),
            judge_late_us: AtomicI64::new(0),
        };
        let shared = Arc::new(shared);
        let (theirs, ours) = (Arc::clone(&shared), Arc::clone(&shared));
        // Without threads to be had there are fewer figures, and no error.
        let sleeper = thread::Builder::new().name("lateness".into()).spawn(move || theirs.sleep()).ok();
        let in_the_loop = tokio::task::spawn_local(async move { ours.sleep_in_the_loop().await }).abort_handle();
        Lateness { shared, sleeper, in_the_loop }
    }

    /// Watches the process `pid` and all below it, in the place of an earlier one of the same name.
    pub(crate) fn watch(&self, component: &str, instance: Option<u32>, pid: i32) {
        self.forget(component, instance);
        let watched = Watched { component: component.to_string(), instance, queue: RunQueue::of(pid) };
        self.shared.state().watched.push(watched);
    }

    /// Watches it no more.
    pub(crate) fn forget(&self, component: &str, instance: Option<u32>) {
        self.shared.state().watched.retain(|it| it.component != component || it.instance != instance);
    }

    /// What was seen since the last time.
    pub(crate) fn take(&self) -> Vec<LatenessRecord> {
        let mut state = self.shared.state();
        self.shared.look(&mut state);
        std::mem::take(&mut state.seen)
    }
}

impl Drop for Lateness {
    fn drop(&mut self) {
        self.in_the_loop.abort();
        self.shared.state().is_over = true;
        self.shared.ending.notify_all();
        if let Some(sleeper) = self.sleeper.take() {
            // It has panicked or ended; there is nothing to do in either case.
            let _ = sleeper.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self) {
        let mut state = self.state();
        while !state.is_over {
            let asleep = Instant::now();
            let woken = self.ending.wait_timeout(state, SLEEP).unwrap_or_else(PoisonError::into_inner);
            state = woken.0;
            state.machine_late_us += late_us(asleep);
            if us(self.began.elapsed()) - state.since_us >= us(STRETCH) {
                self.look(&mut state);
            }
        }
    }

    fn look(&self, state: &mut State) {
        state.look(us(self.began.elapsed()), self.judge_late_us.swap(0, Ordering::Relaxed));
    }

    async fn sleep_in_the_loop(&self) {
        loop {
            let asleep = Instant::now();
            tokio::time::sleep(SLEEP).await;
            self.judge_late_us.fetch_add(late_us(asleep), Ordering::Relaxed);
        }
    }
}

impl State {
    /// Writes down how late everybody was since the last look.
    fn look(&mut self, now_us: i64, judge_late_us: i64) {
        let (started_us, ended_us) = (std::mem::replace(&mut self.since_us, now_us), now_us);
        let seen = &mut self.seen;
        let mut tell = |component: &str, instance: Option<u32>, late_us: i64| {
            // Two clocks that are read one after the other differ by a little.
            let late_us = late_us.min(ended_us - started_us);
            if late_us >= WORTH_TELLING_US {
                let instance = instance.map(i64::from);
                let component = component.to_string();
                seen.push(LatenessRecord { component, instance, started_us, ended_us, late_us });
            }
        };
        tell(MACHINE, None, std::mem::take(&mut self.machine_late_us));
        tell(JUDGE, None, judge_late_us);
        for it in &mut self.watched {
            if let Some(waited) = it.queue.waited() {
                tell(&it.component, it.instance, us(waited));
            }
        }
    }
}

fn late_us(asleep: Instant) -> i64 {
    us(asleep.elapsed().saturating_sub(SLEEP + GRAIN))
}

fn us(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
