//! How late this machine is while a program is judged: the control for every limit that a program sets itself.
//!
//! Who works on a request are the program, the database, and the judge, whose thread carries every message. Where
//! the system tells how long each stood in the run queue, that is the measure: it counts only time in which there
//! was work to do. A thread that only sleeps, and wakes late, is the measure where there is no other.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use program::RunQueue;

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
/// The thread that carries every message.
const JUDGE: &str = "judge";

/// Measures from its start until it is dropped.
#[derive(Debug)]
pub(crate) struct Lateness {
    shared: Arc<Shared>,
    sleeper: Option<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    state: Mutex<State>,
    ending: Condvar,
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
    /// Begins to measure; `began` is when the run began. The thread that calls this is the judge's.
    pub(crate) fn measure(began: Instant) -> Lateness {
        let state = State {
            since_us: us(began.elapsed()),
            watched: vec![Watched { component: JUDGE.into(), instance: None, queue: RunQueue::here() }],
            machine_late_us: 0,
            seen: Vec::new(),
            is_over: false,
        };
        let shared = Arc::new(Shared { began, state: Mutex::new(state), ending: Condvar::new() });
        let theirs = Arc::clone(&shared);
        // Without threads to be had there are fewer figures, and no error.
        let sleeper = thread::Builder::new().name("lateness".into()).spawn(move || theirs.sleep()).ok();
        Lateness { shared, sleeper }
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
        state.look(us(self.shared.began.elapsed()));
        std::mem::take(&mut state.seen)
    }
}

impl Drop for Lateness {
    fn drop(&mut self) {
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
            let now_us = us(self.began.elapsed());
            if now_us - state.since_us >= us(STRETCH) {
                state.look(now_us);
            }
        }
    }
}

impl State {
    /// Writes down how late everybody was since the last look.
    fn look(&mut self, now_us: i64) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn state(machine_late_us: i64) -> State {
        State { since_us: 1_000, watched: Vec::new(), machine_late_us, seen: Vec::new(), is_over: false }
    }

    fn seen(mut state: State, looks_us: &[i64]) -> Vec<(i64, i64, i64)> {
        looks_us.iter().for_each(|now_us| state.look(*now_us));
        state.seen.iter().map(|it| (it.started_us, it.ended_us, it.late_us)).collect()
    }

    #[test]
    fn nobody_is_later_than_the_time_that_it_was() {
        assert_eq!(seen(state(40_000), &[101_000, 201_000]), [(1_000, 101_000, 40_000)]);
        assert_eq!(seen(state(900_000), &[101_000]), [(1_000, 101_000, 100_000)]);
    }

    #[test]
    fn what_happens_to_everybody_is_not_told() {
        assert_eq!(seen(state(WORTH_TELLING_US - 1), &[101_000]), []);
    }

    #[test]
    fn who_is_forgotten_or_gone_is_not_told_of() {
        let lateness = Lateness::measure(Instant::now());
        let watched = || lateness.shared.state().watched.len();
        lateness.watch("service", Some(1), i32::MAX);
        lateness.watch("service", Some(1), i32::MAX);
        lateness.watch("postgres", None, i32::MAX);
        assert_eq!(watched(), 3, "the judge, and one of each name");
        lateness.forget("service", Some(1));
        assert_eq!(watched(), 2);
        assert!(lateness.take().iter().all(|it| it.component == JUDGE || it.component == MACHINE));
    }
}
