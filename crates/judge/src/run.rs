//! One run: a scenario performed on fresh copies with one submission, leaving its evidence.

mod accept;
mod copies;
mod document;
mod parameters;
mod probe;
mod requests;
mod service;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::try_join;
use tokio::sync::Notify;
use tokio_postgres::types::Type;

pub(crate) use parameters::{Drawn, Parameters};
pub(crate) use service::{BUILD, ENDED, RECIPE, START};

use crate::bench::gateway::Gateway;
use crate::bench::lateness::Lateness;
use crate::bench::redis::Redis;
use crate::bench::service::Service;
use crate::bench::session::{HANG, Refusal, Role, typed};
use crate::bench::{Bench, Database, Event, variables};
use crate::drill::{Action, Drill, Level, Phase, Step};
use crate::evidence::{ColumnType, Evidence, StatementRecord};
use crate::sql::{Value, Variables};
use crate::submission::Submission;
use crate::{JudgeError, Side};

/// What both runs of a judging share.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub drill: &'a Drill,
    pub level: &'a Level,
    pub bench: &'a Bench,
    pub seed: u64,
    pub drawn: &'a Drawn,
    /// Where the evidence is to lie.
    pub dir: &'a Path,
}

/// A scenario being performed with one submission.
pub(crate) struct Run<'a> {
    pub drill: &'a Drill,
    pub level: &'a Level,
    pub bench: &'a Bench,
    pub handed_in: &'a Submission,
    pub side: Side,
    pub seed: u64,
    pub evidence: RefCell<Evidence>,
    /// The parameter sets of this judging, and those that are in this run's evidence already.
    drawn: &'a Drawn,
    recorded: RefCell<BTreeSet<String>>,
    databases: RefCell<BTreeMap<String, Database>>,
    /// Told each time that a copy has come.
    arrived: Notify,
    /// `slot on component` pairs that the copy has in it already.
    installed: RefCell<BTreeSet<(String, String)>>,
    started: Instant,
    /// Time in what was handed in, in microseconds.
    pub own_us: Cell<u64>,
    /// The longest that a statement has taken, in microseconds.
    pub slowest_us: Rc<Cell<u64>>,
    /// When the last accepted script had ended, in microseconds since the start.
    pub accepted_us: Cell<u64>,
    /// The number of the next operation.
    pub next_op: Cell<i64>,
    /// Programs that run.
    services: RefCell<BTreeMap<String, Rc<Service>>>,
    gateways: RefCell<BTreeMap<String, Gateway>>,
    redis: RefCell<BTreeMap<String, Redis>>,
    /// Measured while programs run.
    lateness: RefCell<Option<Rc<Lateness>>>,
    /// What the programs' answers are held against.
    document: RefCell<Option<conformance::Document>>,
    /// The number of the next exchange.
    next_exchange: Cell<i64>,
}

/// Where in the scenario a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    /// The phase, from 1.
    pub phase: i64,
    /// Its repetition, from 1.
    pub tick: i64,
}

/// Why a run ended before its time, as the learner may have to hear it.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub blame: Blame,
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<usize>,
    pub refusal: Refusal,
}

/// Whose statement it was that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// Something handed in.
    Submission,
    /// The judge's own, on a component that the submission has worked on.
    Aftermath,
    /// The server's or the machine's.
    Machine,
}

/// What ends a run early.
pub(crate) enum Halt {
    Stop(Stop),
    Ours(JudgeError),
}

impl<E: Into<JudgeError>> From<E> for Halt {
    fn from(error: E) -> Halt {
        Halt::Ours(error.into())
    }
}

impl Stop {
    pub(crate) fn halt(blame: Blame, file: &str, line: Option<usize>, refusal: Refusal) -> Halt {
        let blame = if refusal.is_the_machines() { Blame::Machine } else { blame };
        Halt::Stop(Stop { blame, file: file.to_string(), line, refusal })
    }

    /// The machine failed, not what was handed in.
    pub(crate) fn machine(file: &str, what: String) -> Halt {
        let refusal = Refusal { sqlstate: String::new(), message: what, position: None };
        Halt::Stop(Stop { blame: Blame::Machine, file: file.to_string(), line: None, refusal })
    }

    /// Our limit for one that hangs is the only clock that can stop a run.
    pub(crate) fn is_hang(&self) -> bool {
        self.refusal.sqlstate == HANG
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        scene: &Scene<'a>,
        handed_in: &'a Submission,
        side: Side,
    ) -> Result<Run<'a>, JudgeError> {
        let Scene { drill, level, bench, seed, drawn, dir } = *scene;
        let file = if side == Side::Reference { crate::PAR_FILE } else { crate::EVIDENCE_FILE };
        Ok(Run {
            drill,
            level,
            bench,
            handed_in,
            side,
            seed,
            evidence: RefCell::new(Evidence::create(&dir.join(file))?),
            drawn,
            recorded: RefCell::default(),
            databases: RefCell::default(),
            arrived: Notify::new(),
            installed: RefCell::default(),
            started: Instant::now(),
            own_us: Cell::new(0),
            slowest_us: Rc::default(),
            accepted_us: Cell::new(0),
            next_op: Cell::new(1),
            services: RefCell::default(),
            gateways: RefCell::default(),
            redis: RefCell::default(),
            lateness: RefCell::default(),
            document: RefCell::default(),
            next_exchange: Cell::new(1),
        })
    }

    /// Performs the scenario. `after` is told the number of each phase (from 0) once it has ended.
    pub(crate) async fn perform(&self, after: &dyn Fn(usize) -> Result<(), JudgeError>) -> Result<(), Halt> {
        self.note_what_runs()?;
        *self.document.borrow_mut() = self.read_document()?;
        // A large component is still being copied while a small one is at work already.
        let performed = try_join(self.take_copies(), self.phases(after)).await.map(drop);
        // Also when something stopped the run: the last output tells why.
        self.end_programs(service::GRACE).await?;
        performed
    }

    async fn phases(&self, after: &dyn Fn(usize) -> Result<(), JudgeError>) -> Result<(), Halt> {
        let of = self.drill.phases(self.level).count();
        for (number, (index, phase)) in (1..).zip(self.drill.phases(self.level)) {
            self.tell(Event::Phase { name: &phase.name, number, of });
            for tick in 1..=phase.repeat {
                self.phase(phase, At { phase: index as i64 + 1, tick: i64::from(tick) }).await?;
            }
            // A check may read every parameter set.
            for name in self.drill.scenario.parameters.keys() {
                self.parameters(name).await?;
            }
            after(index)?;
        }
        Ok(())
    }

    /// Tells what goes on; nobody follows the reference.
    pub(crate) fn tell(&self, event: Event<'_>) {
        if self.side != Side::Reference {
            self.bench.watcher.event(event);
        }
    }

    fn note_what_runs(&self) -> Result<(), JudgeError> {
        let mut evidence = self.evidence.borrow_mut();
        let role = if self.side == Side::Reference { "par" } else { "submission" };
        for (key, value) in [
            ("drill", Value::Text(self.drill.name.clone())),
            ("version", Value::Int(i64::from(self.drill.version))),
            ("seed", Value::Int(i64::try_from(self.seed).unwrap_or(i64::MAX))),
            ("role", Value::Text(role.into())),
            ("server", Value::Text(format!("PostgreSQL {}", self.bench.version()))),
            ("hotseat", Value::Text(env!("CARGO_PKG_VERSION").into())),
        ] {
            evidence.note(key, &value)?;
        }
        for (name, slot) in &self.drill.scenario.slots {
            evidence.handed_in(name, &slot.file, self.handed_in.text(name).unwrap_or_default())?;
            let files = self.handed_in.program(name).into_iter().flatten();
            for (file, content) in files.filter(|(file, _)| **file != slot.file) {
                evidence.handed_in(name, file, &String::from_utf8_lossy(content))?;
            }
        }
        Ok(())
    }

    async fn phase(&self, phase: &Phase, at: At) -> Result<(), Halt> {
        self.evidence.borrow_mut().phase_started(at.phase, &phase.name, at.tick, self.now_us())?;
        for step in &phase.steps {
            self.step(step, at).await?;
        }
        self.gateways.borrow().values().for_each(|gateway| gateway.enter(at.phase));
        if let Some(load) = &phase.load {
            crate::bench::load::perform(self, load, at).await?;
        }
        if let Some(requests) = &phase.requests {
            self.requests(requests, at).await?;
            self.note_messages(at)?;
        }
        self.note_lateness(at)?;
        self.evidence.borrow_mut().phase_ended(at.phase, at.tick, self.now_us())?;
        Ok(())
    }

    async fn step(&self, step: &Step, at: At) -> Result<(), Halt> {
        if step.only_par && self.side != Side::Reference {
            return Ok(());
        }
        match &step.action {
            Action::Accept { slot, on } => {
                for component in on {
                    // Only when its copy is there is it known what is in it already.
                    self.database(component).await;
                    let pair = (slot.clone(), component.clone());
                    if !self.installed.borrow_mut().remove(&pair) {
                        self.accept(slot, component, at).await?;
                    }
                }
                Ok(())
            }
            Action::Run { script, on } => self.run_script(script, on, at).await,
            Action::Start(program) => self.start(program).await,
            Action::Probe(name) => self.probe(name, at).await,
        }
    }

    /// The role of what was handed in.
    pub(crate) fn role(&self) -> Role {
        match self.side {
            Side::Learner | Side::Alone => Role::Learner,
            Side::Reference => Role::Reference,
        }
    }

    /// The limit for a statement that hangs.
    pub(crate) fn hang_limit(&self) -> Duration {
        // The reference is the control, so it gets the time to show what the machine can do.
        Duration::from_secs(self.drill.scenario.hang_s)
    }

    pub(crate) fn variables(&self, component: &str, tick: i64) -> Variables {
        variables(&self.drill.scenario.components[component], self.seed, u32::try_from(tick).unwrap_or(0))
    }

    pub(crate) fn now_us(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Counts time that what was handed in has used.
    pub(crate) fn own_time(&self, since_us: i64) {
        let used = u64::try_from(self.now_us() - since_us).unwrap_or(0);
        self.own_us.set(self.own_us.get() + used);
    }

    pub(crate) fn record(&self, record: &StatementRecord) -> Result<(), JudgeError> {
        Ok(self.evidence.borrow_mut().statement(record)?)
    }
}

/// Columns as evidence declares them.
pub(crate) fn column_types(columns: &[(String, Type)]) -> Vec<(String, ColumnType)> {
    let kind = |t: &Type| match *t {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => ColumnType::Int,
        Type::FLOAT4 | Type::FLOAT8 => ColumnType::Float,
        Type::BOOL => ColumnType::Bool,
        _ => ColumnType::Text,
    };
    columns.iter().map(|(name, t)| (name.clone(), kind(t))).collect()
}

pub(crate) fn typed_row(row: &[Option<String>], columns: &[(String, Type)]) -> Vec<Value> {
    row.iter().zip(columns).map(|(cell, (_, kind))| typed(cell.as_deref(), kind)).collect()
}
