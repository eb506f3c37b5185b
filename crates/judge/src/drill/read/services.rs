//! Programs, gateways, faults and requests of drill.toml, with every name resolved.

use std::collections::BTreeMap;

use super::{Reader, Source};
use crate::drill::manifest::{RawComponent, RawFault, RawRequests};
use crate::drill::{Component, Fault, Harm, Moment, Pace, Program, Requests, Scenario, Slot, Takes};
use crate::sql::Value;

/// How long a program may take to listen, in seconds, unless the drill says otherwise.
const READY_S: u64 = 60;
/// More requests a second than this, the judge's one thread does not send on time.
const RATE_MAX: u32 = 500;

impl Reader<'_> {
    /// Puts a component where its kind belongs.
    pub(super) fn component(
        &mut self,
        name: &str,
        raw: &RawComponent,
        all: &BTreeMap<String, RawComponent>,
        slots: &BTreeMap<String, Slot>,
        scenario: &mut Scenario,
    ) {
        match raw.kind.get_ref().as_str() {
            "postgres" => {
                let database = self.database(raw);
                scenario.components.insert(name.to_string(), database);
            }
            "gateway" => {
                scenario.gateways.insert(name.to_string());
            }
            "redis" => {
                scenario.redis.insert(name.to_string());
            }
            "program" => {
                let program = self.program(raw, all, slots);
                scenario.programs.insert(name.to_string(), program);
            }
            other => self.wrong(
                &raw.kind.span(),
                format!("the kind `{other}` is not known; there are: postgres, redis, gateway, program"),
            ),
        }
    }

    fn database(&mut self, raw: &RawComponent) -> Component {
        let seed = match &raw.seed {
            Some(seed) => self.source(seed),
            None => {
                self.wrong(&raw.kind.span(), "a database needs its data: seed = \"seed.sql\"");
                Source { file: String::new(), text: String::new() }
            }
        };
        let with = raw.with.iter().map(|(name, value)| (name.clone(), Value::Int(*value))).collect();
        Component { seed: seed.text, seed_file: seed.file, with }
    }

    fn program(
        &mut self,
        raw: &RawComponent,
        all: &BTreeMap<String, RawComponent>,
        slots: &BTreeMap<String, Slot>,
    ) -> Program {
        let slot = match &raw.slot {
            Some(slot) => self.known(slot, slots, "slot"),
            None => {
                self.wrong(&raw.kind.span(), "say which slot holds the program: slot = \"<slot>\"");
                String::new()
            }
        };
        if slots.get(&slot).is_some_and(|slot| slot.takes != Takes::Program) {
            self.wrong(&raw.kind.span(), format!("the slot `{slot}` takes no program"));
        }
        let instances = raw.instances.as_ref().map_or(1, |n| *n.get_ref());
        if let Some(wrong) = raw.instances.as_ref().filter(|n| !(1..=8).contains(n.get_ref())) {
            self.wrong(&wrong.span(), "instances is a number from 1 to 8");
        }
        let ready_s = raw.ready_s.as_ref().map_or(READY_S, |s| *s.get_ref());
        if let Some(wrong) = raw.ready_s.as_ref().filter(|s| !(1..=600).contains(s.get_ref())) {
            self.wrong(&wrong.span(), "ready_s is a number of seconds from 1 to 600");
        }
        let env = raw.env.iter().map(|(variable, component)| {
            let known = self.known(component, all, "component");
            if all.get(&known).is_some_and(|it| it.kind.get_ref() == "program") {
                self.wrong(&component.span(), "a program has no address of its own to give away");
            }
            (variable.clone(), known)
        });
        Program { slot, instances, ready_s, env: env.collect() }
    }

    pub(super) fn fault(&mut self, raw: &RawFault, all: &BTreeMap<String, RawComponent>) -> Fault {
        let at = match raw.at.get_ref().as_str() {
            "request" => Moment::Request,
            "answer" => Moment::Answer,
            other => {
                self.wrong(&raw.at.span(), format!("`at` knows request and answer, not `{other}`"));
                Moment::Request
            }
        };
        let does = match raw.does.get_ref().as_str() {
            "kill" => Harm::Kill,
            "cut" => Harm::Cut,
            "restart" => Harm::Restart,
            "terminate" => Harm::Terminate,
            "freeze" => Harm::Freeze,
            other => {
                let what = format!("`does` knows kill, terminate, freeze, cut and restart, not `{other}`");
                self.wrong(&raw.does.span(), what);
                Harm::Cut
            }
        };
        let instances = |it: &RawComponent| it.instances.as_ref().map_or(1, |n| *n.get_ref());
        if does == Harm::Freeze && !all.values().any(|it| instances(it) > 1) {
            let what = "while one instance is frozen another answers: give the program instances = 2";
            self.wrong(&raw.does.span(), what);
        }
        if let Some(victim) = raw.victim.as_ref().filter(|_| does != Harm::Restart) {
            self.wrong(&victim.span(), "only does = \"restart\" has a victim; the others strike at `on`");
        }
        let on = self.known(&raw.on, all, "component");
        let victim =
            raw.victim.as_ref().map_or_else(|| on.clone(), |name| self.known(name, all, "component"));
        Fault { on, at, to: raw.to.clone(), nth: raw.nth.max(1), does, victim }
    }

    pub(super) fn requests(&mut self, raw: &RawRequests, scenario: &Scenario) -> Requests {
        if let Some(clients) = raw.clients.as_ref().filter(|n| !(1..=256).contains(n.get_ref())) {
            self.wrong(&clients.span(), "clients is a number from 1 to 256");
        }
        if let Some(rate) = raw.rate.as_ref().filter(|n| !(1..=RATE_MAX).contains(n.get_ref())) {
            self.wrong(&rate.span(), format!("rate is a number of requests a second from 1 to {RATE_MAX}"));
        }
        let pace = match (&raw.clients, &raw.together, &raw.rate) {
            (clients, None, None) => Pace::Clients(clients.as_ref().map_or(1, |n| *n.get_ref())),
            (None, Some(column), None) => Pace::Together(column.get_ref().clone()),
            (None, None, Some(rate)) => Pace::Rate(*rate.get_ref()),
            _ => {
                self.wrong(&raw.each.span(), "requests have one of clients, together and rate");
                Pace::Clients(1)
            }
        };
        Requests {
            each: self.known(&raw.each, &scenario.parameters, "parameter set"),
            on: self.known(&raw.on, &scenario.programs, "program"),
            pace,
        }
    }
}
