//! The databases of a run: a copy for each component, and the rows drawn from the seed.

use std::rc::Rc;

use futures_util::future::try_join_all;

use super::{At, Halt, Run};
use crate::bench::session::{Role, Session};
use crate::bench::{BenchError, Database, Template};
use crate::drill::{Action, Component, Script, Source};
use crate::sql;
use crate::{JudgeError, Side};

impl Run<'_> {
    /// Copies the template of each component that this run uses. Whoever needs one waits for it.
    pub(super) async fn take_copies(&self) -> Result<(), Halt> {
        let components = self.components_used();
        let copies =
            components.iter().map(|name| self.take_copy(name, &self.drill.scenario.components[*name]));
        try_join_all(copies).await.map(drop)
    }

    async fn take_copy(&self, name: &str, component: &Component) -> Result<(), Halt> {
        let mut template = self.bench.template(&self.drill.name, name, component).await?;
        if self.side == Side::Reference {
            template = self.with_reference(&template, name).await?;
        }
        let copy = if self.side == Side::Reference && self.is_only_read(name) {
            template.shared()
        } else {
            self.bench.copy(&template).await?
        };
        if self.side != Side::Learner {
            self.draw_parameters(name, &copy).await?;
        }
        self.databases.borrow_mut().insert(name.to_string(), copy);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// The database of a component, once it is there.
    pub(crate) async fn database(&self, component: &str) -> Database {
        loop {
            let arrived = self.arrived.notified();
            if let Some(database) = self.databases.borrow().get(component) {
                return database.clone();
            }
            arrived.await;
        }
    }

    pub(crate) async fn session(&self, component: &str, role: Role) -> Result<Session, BenchError> {
        self.session_in(&self.database(component).await, role).await
    }

    pub(super) async fn session_in(&self, database: &Database, role: Role) -> Result<Session, BenchError> {
        let mut session =
            Session::open_for(&self.bench.socket_dir(), &database.name, role, database.shared).await?;
        session.slowest_us = Rc::clone(&self.slowest_us);
        Ok(session)
    }

    /// The components that this side of the judging works on, in the order of their first use.
    fn components_used(&self) -> Vec<&str> {
        let scenario = &self.drill.scenario;
        let mut used: Vec<&str> = Vec::new();
        let mut use_of = |component| {
            if !used.contains(&component) {
                used.push(component);
            }
        };
        for (_, phase) in self.drill.phases(self.level) {
            for step in phase.steps.iter().filter(|step| self.side == Side::Reference || !step.only_par) {
                match &step.action {
                    Action::Accept { on, .. } => on.iter().for_each(|c| use_of(c.as_str())),
                    Action::Run { on, .. } => use_of(on),
                    Action::Start(program) => {
                        let given = scenario.programs[program].env.values();
                        given.filter(|c| scenario.components.contains_key(*c)).for_each(|c| use_of(c));
                    }
                    Action::Probe(name) => scenario.probes[name].on.iter().for_each(|c| use_of(c.as_str())),
                }
            }
            phase.load.iter().for_each(|load| use_of(&load.on));
        }
        if self.side != Side::Learner {
            scenario.parameters.values().for_each(|set| use_of(&set.on));
        }
        used
    }

    /// Whether nothing is written to a component after the scripts that its template has already.
    /// Sessions there are read-only, so a probe that writes after all is a mistake that shows.
    fn is_only_read(&self, component: &str) -> bool {
        let scenario = &self.drill.scenario;
        let reads = |source: &Source| {
            let statements = sql::split(&source.text).unwrap_or_default();
            statements.iter().all(|s| s.text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")))
        };
        scenario.phases.iter().all(|phase| {
            phase.load.as_ref().is_none_or(|load| load.on != component)
                && phase.steps.iter().all(|step| match &step.action {
                    Action::Accept { slot, on } => {
                        let pair = (slot.clone(), component.to_string());
                        !on.iter().any(|c| c == component) || self.installed.borrow().contains(&pair)
                    }
                    Action::Run { on, .. } => on != component,
                    Action::Start(_) => false,
                    Action::Probe(name) => {
                        let probe = &scenario.probes[name];
                        let read = match &probe.run {
                            Script::Slot(_) => true,
                            Script::File(source) => reads(source),
                        };
                        read || !probe.on.iter().any(|c| c == component)
                    }
                })
        })
    }

    /// The template of a component with the reference's first scripts in it, so that its indexes
    /// are built once for a drill version and not at each judging.
    async fn with_reference(&self, base: &Template, component: &str) -> Result<Template, JudgeError> {
        let slots = self.accepted_first(component);
        if slots.is_empty() {
            return Ok(base.clone());
        }
        let texts: Vec<&str> = slots.iter().filter_map(|slot| self.handed_in.text(slot)).collect();
        let key = crate::hash(&texts);
        let title = format!("{}/{component}", self.drill.name);
        let template = self
            .bench
            .derived(base, &key, &title, async |copy: &Database| {
                for slot in &slots {
                    match self.accept_in(copy, slot, component, At { phase: 0, tick: 0 }).await {
                        Ok(()) => {}
                        // The run itself will meet it again, and can say where.
                        Err(Halt::Stop(_)) => return Ok(false),
                        Err(Halt::Ours(e)) => return Err(BenchError::Ours(e.to_string())),
                    }
                }
                Ok(true)
            })
            .await?;
        if template != *base {
            self.installed.borrow_mut().extend(slots.into_iter().map(|slot| (slot, component.to_string())));
        }
        Ok(template)
    }

    /// The slots that a component accepts before anything else happens to it.
    fn accepted_first(&self, component: &str) -> Vec<String> {
        let mut slots = Vec::new();
        for phase in &self.drill.scenario.phases {
            for step in &phase.steps {
                match &step.action {
                    Action::Accept { slot, on } if on.iter().any(|c| c == component) => {
                        if slots.contains(slot) {
                            return slots;
                        }
                        slots.push(slot.clone());
                    }
                    Action::Run { on, .. } if on == component => return slots,
                    Action::Start(_) => return slots,
                    Action::Probe(name)
                        if self.drill.scenario.probes[name].on.iter().any(|c| c == component) =>
                    {
                        return slots;
                    }
                    _ => {}
                }
            }
            let loaded = phase.load.as_ref().is_some_and(|load| load.on == component);
            if loaded || phase.repeat > 1 {
                return slots;
            }
        }
        slots
    }
}
