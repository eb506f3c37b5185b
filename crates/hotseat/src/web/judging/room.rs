//! All judgings of this app: who waits, who is judged, who was; and their end when the app ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::{Semaphore, watch};
use utoipa::ToSchema;

use super::log::{PhaseSeen, asked_now};
use super::thread::{Work, judge};
use super::{Judging, JudgingNow, State};
use crate::failure::Failure;
use crate::use_cases::judging::handed_in;
use crate::use_cases::workspaces;
use crate::web::App;

/// So many may wait for their turn.
const WAITING_MAX: usize = 20;
/// So many that are over are remembered; their runs are stored anyway.
const OVER_MAX: usize = 50;

/// The judgings since the app was started, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Judgings {
    /// The version of this shape.
    pub schema: u32,
    pub judgings: Vec<JudgingNow>,
}

/// Where judgings are kept.
pub(crate) struct Room {
    all: Mutex<Vec<Arc<Judging>>>,
    /// One at a time: they would take each other's time.
    turn: Arc<Semaphore>,
    /// How many are not over, and whether the app ends.
    active: watch::Sender<(usize, bool)>,
}

impl Default for Room {
    fn default() -> Room {
        Room {
            all: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
            active: watch::Sender::new((0, false)),
        }
    }
}

impl Room {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Judging>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The judging of this id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Judging>> {
        self.all().iter().find(|it| it.id == id).cloned()
    }

    /// All of them, the newest first.
    pub(crate) fn list(&self) -> Judgings {
        Judgings { schema: 1, judgings: self.all().iter().rev().map(|it| it.now()).collect() }
    }

    /// Ends all of them; no other begins after this.
    pub(crate) fn end(&self) {
        self.active.send_modify(|(_, ends)| *ends = true);
        for judging in self.all().iter() {
            judging.cancel();
        }
    }

    /// Ends when all have, with their benches closed.
    pub(crate) async fn ended(&self) {
        // It fails only when the room is dropped, and we hold it.
        let _ = self.active.subscribe().wait_for(|(active, _)| *active == 0).await;
    }

    /// Takes a judging in, unless too many wait.
    fn enter(&self, make: impl FnOnce(String) -> JudgingNow) -> Result<Arc<Judging>, Failure> {
        let mut all = self.all();
        let waiting = all.iter().filter(|it| it.state() == State::Queued).count();
        if waiting >= WAITING_MAX {
            return Err(Failure::missing(format!("{waiting} judgings wait for their turn already"))
                .hint("wait until some have ended, or cancel them"));
        }
        let mut allowed = false;
        self.active.send_modify(|(active, ends)| {
            allowed = !*ends;
            *active += usize::from(allowed);
        });
        if !allowed {
            return Err(Failure::missing("the app is ending").hint("start it again"));
        }
        let over: Vec<usize> = (0..all.len()).filter(|index| all[*index].state().is_over()).collect();
        if over.len() > OVER_MAX {
            all.remove(over[0]);
        }
        let id = loop {
            let id = judge::fresh_seed().to_string();
            if all.iter().all(|it| it.id != id) {
                break id;
            }
        };
        let judging = Arc::new(Judging::new(make(id)));
        all.push(Arc::clone(&judging));
        Ok(judging)
    }
}

impl App {
    /// Judges a known workspace as it is now; a seed repeats an earlier judging.
    pub(crate) async fn judge(self: &Arc<App>, id: &str, seed: Option<u64>) -> Result<Arc<Judging>, Failure> {
        let (home, id, pack) = (self.home.clone(), id.to_string(), self.pack.path.clone());
        let read = move || {
            let workspace = workspaces::open(&home, &id, pack.as_deref())?;
            let handed_in = handed_in(&workspace)?;
            let seed = seed.unwrap_or_else(judge::fresh_seed);
            Ok::<_, Failure>((id, Work { home, workspace, handed_in, seed }))
        };
        let (id, work) = tokio::task::spawn_blocking(read).await.map_err(Failure::bug)??;
        let (drill, level) = (&work.workspace.drill, work.workspace.level()?);
        let phase = |name: &String| PhaseSeen { name: name.clone(), at_ms: None };
        let phases = drill.phases(level).map(|(_, it)| phase(&it.name)).collect();
        let about = (drill.name.clone(), level.name.clone());
        let judging = self.judgings.enter(|own_id| asked_now((own_id, id), about, work.seed, phases))?;
        let (app, entered) = (Arc::clone(self), Arc::clone(&judging));
        tokio::spawn(async move { app.take_turn(work, entered).await });
        Ok(judging)
    }

    /// Waits for its turn, judges, and tells how that ended.
    async fn take_turn(&self, work: Work, judging: Arc<Judging>) {
        let _active = Active(&self.judgings);
        let mut cancelled = judging.cancelled();
        let turn = Arc::clone(&self.judgings.turn);
        if turn.available_permits() == 0 {
            judging.waits();
        }
        let permit = tokio::select! {
            biased;
            _ = cancelled.wait_for(|cancelled| *cancelled) => None,
            permit = turn.acquire_owned() => permit.ok(),
        };
        let ended = match &permit {
            None => Err(Failure::interrupted()),
            Some(_) => {
                judging.begins();
                judge(work, Arc::clone(&judging)).await
            }
        };
        if ended.is_ok() {
            // The store takes in what it missed at the next page.
            let _ = self.learner.join_runs(&self.home).await;
        }
        judging.ends(ended);
    }
}

/// A judging that is not over, counted as long as this lives.
struct Active<'r>(&'r Room);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.active.send_modify(|(active, _)| *active -= 1);
    }
}
