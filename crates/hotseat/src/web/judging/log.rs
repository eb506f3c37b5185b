//! What happens in a judging, numbered and kept, so that whoever comes late or again sees all of it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use judge::bench::Event;
use judge::evidence::Outcome;
use judge::verdict::{Finding, Ruling, Verdict};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::learner::now_ms;

/// Operations that have ended are told together, this long at most after the first of them, in milliseconds.
const TELL_EVERY_MS: u64 = 400;

/// Where a judging stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JudgingState)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Others are judged before it.
    Queued,
    Judging,
    /// It has a ruling, and its run is stored.
    Ended,
    /// Somebody ended it; nothing was stored.
    Cancelled,
    /// It could not be judged; nothing was stored.
    Failed,
}

/// A judging as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Judging)]
pub(crate) struct JudgingNow {
    /// The version of this shape.
    pub schema: u32,
    pub id: String,
    /// The workspace's id.
    pub workspace: String,
    pub drill: String,
    pub level: String,
    /// Repeats it.
    pub seed: u64,
    /// When it was asked for, in milliseconds since 1970, UTC.
    pub asked_ms: i64,
    pub state: State,
    /// Whether somebody has asked for its end; the bench may still be closing.
    pub cancelling: bool,
    /// From its beginning until now or its end, in milliseconds; 0 as long as it waits for its turn.
    pub elapsed_ms: u64,
    /// All phases, in order.
    pub phases: Vec<PhaseSeen>,
    /// The number of the phase that runs, from 1; 0 before the first.
    pub phase: usize,
    /// What goes on besides, in words; empty if nothing does.
    pub doing: String,
    /// So far.
    pub findings: Vec<Finding>,
    /// Operations and exchanges that have ended, over time.
    pub progress: Vec<Progress>,
    /// Faults, over time.
    pub faults: Vec<FaultSeen>,
    /// Once it has ended.
    pub ruling: Option<Ruling>,
    /// The stored run's name, once it has ended.
    pub run: Option<String>,
    /// Why it could not be judged.
    pub problem: Option<Trouble>,
    /// The number of the newest event.
    pub events: usize,
}

/// A phase of a judging.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = JudgingPhase)]
pub(crate) struct PhaseSeen {
    pub name: String,
    /// When it began, since the judging began; null before that.
    pub at_ms: Option<u64>,
}

/// Operations that have ended since the progress before.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = JudgingProgress)]
pub(crate) struct Progress {
    /// Since the judging began.
    pub at_ms: u64,
    /// The phase, from 1.
    pub phase: usize,
    /// They happened, and were acknowledged.
    pub done: u64,
    /// They certainly did not happen.
    pub refused: u64,
    /// They may have happened.
    pub unknown: u64,
}

/// A fault that was armed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = JudgingFault)]
pub(crate) struct FaultSeen {
    /// Since the judging began.
    pub at_ms: u64,
    pub name: String,
    /// Whether it had its effect.
    pub landed: bool,
}

/// Why a judging failed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = JudgingTrouble)]
pub(crate) struct Trouble {
    pub what: String,
    /// What to do next.
    pub next: Vec<String>,
}

/// The data of an event; its type is the event's name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JudgingEvent {
    /// A phase begins: its name, its number from 1, and how many there are.
    Phase { at_ms: u64, name: String, number: usize, of: usize },
    /// What goes on besides, in words.
    Doing { at_ms: u64, what: String },
    /// A claim was examined.
    Finding { at_ms: u64, finding: Finding },
    /// Operations have ended.
    Progress(Progress),
    /// A fault was armed.
    Fault(FaultSeen),
    /// The last event.
    Ended { at_ms: u64, state: State, ruling: Option<Ruling>, run: Option<String>, problem: Option<Trouble> },
}

/// A judging with its events.
pub(crate) struct Judging {
    pub id: String,
    inner: Mutex<Inner>,
    /// How many events there are, for those who wait for the next.
    count: watch::Sender<usize>,
    cancel: watch::Sender<bool>,
}

struct Inner {
    now: JudgingNow,
    began: Option<Instant>,
    /// As they are sent.
    events: Vec<Bytes>,
    /// Not told yet, and since when.
    pending: Option<Progress>,
}

impl Judging {
    pub(super) fn new(now: JudgingNow) -> Judging {
        Judging {
            id: now.id.clone(),
            inner: Mutex::new(Inner { now, began: None, events: Vec::new(), pending: None }),
            count: watch::Sender::new(0),
            cancel: watch::Sender::new(false),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it stands.
    pub(crate) fn now(&self) -> JudgingNow {
        let inner = self.inner();
        let mut now = inner.now.clone();
        now.events = inner.events.len();
        now.cancelling = *self.cancel.borrow() && !now.state.is_over();
        if !now.state.is_over() {
            now.elapsed_ms = inner.at_ms();
        }
        now
    }

    pub(super) fn state(&self) -> State {
        self.inner().now.state
    }

    /// The events after the first `after`, and whether they are the last.
    pub(super) fn events_after(&self, after: usize) -> (Vec<Bytes>, bool) {
        let inner = self.inner();
        let new = inner.events.get(after..).unwrap_or_default().to_vec();
        (new, inner.now.state.is_over())
    }

    /// Tells how many events there are.
    pub(super) fn count(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    /// Asks for its end; false if it has ended already.
    pub(crate) fn cancel(&self) -> bool {
        if self.state().is_over() {
            return false;
        }
        self.cancel.send_replace(true);
        true
    }

    /// Becomes true when somebody asks for its end.
    pub(super) fn cancelled(&self) -> watch::Receiver<bool> {
        self.cancel.subscribe()
    }

    /// Its turn has come.
    pub(super) fn begins(&self) {
        let mut inner = self.inner();
        inner.began = Some(Instant::now());
        inner.now.state = State::Judging;
        self.say(&mut inner, "starting PostgreSQL");
    }

    pub(super) fn waits(&self) {
        self.say(&mut self.inner(), "waiting: another workspace is being judged");
    }

    /// Takes in what the judge tells.
    pub(super) fn tell(&self, event: &Event<'_>) {
        let mut inner = self.inner();
        match event {
            Event::Waiting => self.say(&mut inner, "waiting: another hotseat is judging on this bench"),
            Event::Doing(what) => self.say(&mut inner, what),
            Event::Building { component } => {
                self.say(&mut inner, &format!("making the data of `{component}` (once for this version)"));
            }
            Event::Phase { name, number, of } => {
                self.flush(&mut inner);
                inner.now.phase = *number;
                inner.now.doing.clear();
                let at_ms = inner.at_ms();
                if let Some(phase) = inner.now.phases.get_mut(*number - 1) {
                    phase.at_ms = Some(at_ms);
                }
                let (name, number, of) = (name.to_string(), *number, *of);
                self.push(&mut inner, "phase", &JudgingEvent::Phase { at_ms, name, number, of });
            }
            Event::Ended(outcome) => {
                let at_ms = inner.at_ms();
                let phase = inner.now.phase;
                let pending =
                    inner.pending.get_or_insert_with(|| Progress { at_ms, phase, ..Progress::default() });
                match outcome {
                    Outcome::Done => pending.done += 1,
                    Outcome::Refused => pending.refused += 1,
                    Outcome::Unknown => pending.unknown += 1,
                }
                if at_ms - pending.at_ms >= TELL_EVERY_MS {
                    self.flush(&mut inner);
                }
            }
            Event::Fault { name, landed } => {
                let fault = FaultSeen { at_ms: inner.at_ms(), name: name.to_string(), landed: *landed };
                inner.now.faults.push(fault.clone());
                self.push(&mut inner, "fault", &JudgingEvent::Fault(fault));
            }
            Event::Finding(finding) => self.finding(&mut inner, finding),
        }
    }

    /// It is over.
    pub(super) fn ends(&self, ended: Result<Verdict, Failure>) {
        let mut inner = self.inner();
        self.flush(&mut inner);
        inner.now.doing.clear();
        let at_ms = inner.at_ms();
        inner.now.elapsed_ms = at_ms;
        match ended {
            Ok(verdict) => {
                // What stopped the run was found by no check, so it was not told yet.
                for finding in verdict.findings.iter().filter(|it| it.check == judge::verdict::RUNS) {
                    self.finding(&mut inner, finding);
                }
                inner.now.state = State::Ended;
                inner.now.ruling = Some(verdict.ruling);
                inner.now.run = verdict.run;
            }
            Err(failure) if failure.is_interruption() => inner.now.state = State::Cancelled,
            Err(failure) => {
                inner.now.state = State::Failed;
                let (what, next) = (failure.what().to_string(), failure.hints().to_vec());
                inner.now.problem = Some(Trouble { what, next });
            }
        }
        let JudgingNow { state, ruling, run, problem, .. } = inner.now.clone();
        self.push(&mut inner, "ended", &JudgingEvent::Ended { at_ms, state, ruling, run, problem });
    }

    fn say(&self, inner: &mut Inner, what: &str) {
        inner.now.doing = what.to_string();
        let at_ms = inner.at_ms();
        self.push(inner, "doing", &JudgingEvent::Doing { at_ms, what: what.to_string() });
    }

    fn finding(&self, inner: &mut Inner, finding: &Finding) {
        self.flush(inner);
        inner.now.findings.push(finding.clone());
        let at_ms = inner.at_ms();
        self.push(inner, "finding", &JudgingEvent::Finding { at_ms, finding: finding.clone() });
    }

    fn flush(&self, inner: &mut Inner) {
        if let Some(mut progress) = inner.pending.take() {
            progress.at_ms = inner.at_ms();
            inner.now.progress.push(progress.clone());
            self.push(inner, "progress", &JudgingEvent::Progress(progress));
        }
    }

    fn push(&self, inner: &mut Inner, kind: &str, event: &JudgingEvent) {
        let number = inner.events.len() + 1;
        // Maps with text keys and plain values always become JSON.
        let mut data = serde_json::to_value(event).unwrap_or_default();
        let mut data = data[kind].take();
        data["schema"] = 1.into();
        inner.events.push(Bytes::from(format!("id: {number}\nevent: {kind}\ndata: {data}\n\n")));
        self.count.send_replace(number);
    }
}

impl Inner {
    fn at_ms(&self) -> u64 {
        self.began.map_or(0, |began| u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl State {
    /// Whether nothing more will happen.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, State::Ended | State::Cancelled | State::Failed)
    }

    /// In words.
    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Judging => "judging",
            State::Ended => "ended",
            State::Cancelled => "cancelled",
            State::Failed => "failed",
        }
    }
}

/// A judging that was asked for now.
pub(super) fn asked_now(
    (id, workspace): (String, String),
    (drill, level): (String, String),
    seed: u64,
    phases: Vec<PhaseSeen>,
) -> JudgingNow {
    JudgingNow {
        schema: 1,
        id,
        workspace,
        drill,
        level,
        seed,
        asked_ms: now_ms(),
        state: State::Queued,
        cancelling: false,
        elapsed_ms: 0,
        phases,
        phase: 0,
        doing: String::new(),
        findings: Vec::new(),
        progress: Vec::new(),
        faults: Vec::new(),
        ruling: None,
        run: None,
        problem: None,
        events: 0,
    }
}
