//! The phases of drill.toml: steps and loads, with every name resolved.

use toml::Spanned;

use super::Reader;
use crate::drill::manifest::{RawLoad, RawPhase, RawScripts, RawStep};
use crate::drill::{Action, Level, Load, Order, Phase, Scenario, Scripts, Step};

impl Reader<'_> {
    pub(super) fn phase(&mut self, raw: &RawPhase, scenario: &Scenario, levels: &[Level]) -> Phase {
        for name in raw.levels.iter().filter(|name| !levels.iter().any(|l| l.name == *name.get_ref())) {
            let there: Vec<&str> = levels.iter().map(|l| l.name.as_str()).collect();
            let what = format!("there is no level `{}`; there are: {}", name.get_ref(), there.join(", "));
            self.wrong(&name.span(), what);
        }
        Phase {
            name: raw.name.clone(),
            repeat: raw.repeat,
            steps: raw.steps.iter().filter_map(|step| self.step(step, scenario)).collect(),
            load: raw.load.as_ref().map(|load| self.load(load, scenario)),
            requests: raw.requests.as_ref().map(|requests| self.requests(requests, scenario)),
            levels: raw.levels.iter().map(|name| name.get_ref().clone()).collect(),
            decides: raw.decides.iter().map(|name| name.get_ref().clone()).collect(),
        }
    }

    fn step(&mut self, raw: &Spanned<RawStep>, scenario: &Scenario) -> Option<Step> {
        let at = raw.span();
        let raw = raw.get_ref();
        let on = raw.on.as_ref().map(|c| self.known(c, &scenario.components, "component"));
        let only_par = match raw.only.as_ref().map(|o| (o.get_ref().as_str(), o.span())) {
            None => false,
            Some(("par", _)) => true,
            Some((other, span)) => {
                self.wrong(&span, format!("`only` knows `par`, not `{other}`"));
                false
            }
        };
        let action = match (&raw.accept, &raw.run, &raw.probe, &raw.start) {
            (Some(slot), None, None, None) => {
                let slot = self.known(slot, &scenario.slots, "slot");
                let all = scenario.slots.get(&slot).map(|s| s.on.clone()).unwrap_or_default();
                Action::Accept { slot, on: on.map_or(all, |one| vec![one]) }
            }
            (None, Some(script), None, None) => {
                let Some(on) = on else {
                    self.wrong(&at, "say where it runs: on = \"<component>\"");
                    return None;
                };
                Action::Run { script: self.source(script), on }
            }
            (None, None, Some(probe), None) => Action::Probe(self.known(probe, &scenario.probes, "probe")),
            (None, None, None, Some(program)) => {
                Action::Start(self.known(program, &scenario.programs, "program"))
            }
            _ => {
                self.wrong(&at, "a step is one of accept, run, probe and start");
                return None;
            }
        };
        Some(Step { action, only_par })
    }

    fn load(&mut self, raw: &RawLoad, scenario: &Scenario) -> Load {
        // An untagged enum loses the places of what is in it, so its own place stands for them.
        let at = |name: &String| Spanned::new(raw.run.span(), name.clone());
        let scripts = match raw.run.get_ref() {
            RawScripts::One(name) => Scripts::One(self.script(&at(name), &scenario.slots)),
            RawScripts::ByWord(by_word) => Scripts::ByWord(
                by_word
                    .iter()
                    .map(|(word, name)| (word.clone(), self.script(&at(name), &scenario.slots)))
                    .collect(),
            ),
        };
        let order = match (&raw.clients, &raw.interleave) {
            (Some(clients), None) => {
                if !(1..=64).contains(clients.get_ref()) {
                    self.wrong(&clients.span(), "clients is a number from 1 to 64");
                }
                Order::Closed { clients: *clients.get_ref() }
            }
            (None, Some(group)) => Order::Interleaved {
                group: group.get_ref().clone(),
                cut: raw.cut.as_ref().map(|c| c.get_ref().clone()),
            },
            _ => {
                self.wrong(&raw.each.span(), "a load has either clients or interleave");
                Order::Closed { clients: 1 }
            }
        };
        Load {
            scripts,
            on: self.known(&raw.on, &scenario.components, "component"),
            each: self.known(&raw.each, &scenario.parameters, "parameter set"),
            order,
        }
    }
}
