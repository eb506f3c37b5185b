//! Reads a drill's folder: every name is resolved, every mistake is collected with file and line.

mod phases;
mod services;
mod submissions;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use super::manifest::{self, FORMAT, Manifest, Name, RawMode, RawPhase, RawProbe};
use super::texts;
use super::{Drill, Level, Parameters, Probe, Scenario, Script, Slot, Source, Takes};
use crate::check::Check;
use crate::folder::{Folder, Mistake};
use crate::sql;
use crate::submission::Submission;

const MANIFEST: &str = "drill.toml";

/// Reads the drill in `folder`, or lists all that is wrong with it.
pub(super) fn drill(folder: &Folder) -> Result<Drill, Vec<Mistake>> {
    let toml = folder.text(MANIFEST).map_err(|m| vec![m])?;
    let raw: Manifest = toml::from_str(toml).map_err(|e| {
        let line = e.span().map(|span| manifest::line(toml, &span));
        vec![folder.mistake(MANIFEST, line, e.message().to_string())]
    })?;
    let mut reader = Reader { folder, toml, mistakes: Vec::new() };
    let drill = reader.resolve(raw);
    if reader.mistakes.is_empty() { Ok(drill) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    folder: &'a Folder,
    toml: &'a str,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: &Range<usize>, what: impl Into<String>) {
        let line = manifest::line(self.toml, at);
        self.mistakes.push(self.folder.mistake(MANIFEST, Some(line), what));
    }

    /// Keeps what was read; notes the mistakes otherwise.
    fn keep<T: Default>(&mut self, read: Result<T, Vec<Mistake>>) -> T {
        read.unwrap_or_else(|mistakes| {
            self.mistakes.extend(mistakes);
            T::default()
        })
    }

    /// A name that must be a key of `known`.
    fn known<T>(&mut self, name: &Name, known: &BTreeMap<String, T>, noun: &str) -> String {
        if !known.contains_key(name.get_ref()) {
            let there: Vec<&str> = known.keys().map(String::as_str).collect();
            let what = format!("there is no {noun} `{}`; there are: {}", name.get_ref(), there.join(", "));
            self.wrong(&name.span(), what);
        }
        name.get_ref().clone()
    }

    /// A file of the folder that drill.toml names.
    fn source(&mut self, name: &Name) -> Source {
        let file = name.get_ref().clone();
        if self.folder.bytes(&file).is_none() {
            self.wrong(&name.span(), format!("the file `{file}` is missing from the drill's folder"));
            return Source { file, text: String::new() };
        }
        let text = self.folder.text(&file).map(str::to_string).map_err(|m| vec![m]);
        let text = self.keep(text);
        // A file may be a plain script or, in a load, a transaction script.
        if let (Err(e), Err(_)) = (sql::split(&text), crate::transaction::parse(&without_includes(&text))) {
            self.mistakes.push(self.folder.mistake(&file, e.line(), e.to_string()));
        }
        Source { file, text }
    }

    fn resolve(&mut self, raw: Manifest) -> Drill {
        if *raw.format.get_ref() != FORMAT {
            let what =
                format!("format {} is not known; this version reads format {FORMAT}", raw.format.get_ref());
            self.wrong(&raw.format.span(), what);
        }
        if raw.phases.is_empty() {
            self.wrong(&(0..0), "there are no phases; without them nothing runs");
        }
        let checks = self.checks();
        let (scenario, levels) = self.scenario(
            raw.hang_s,
            raw.components,
            raw.slots,
            raw.levels,
            Rest { parameters: raw.parameters, probes: raw.probes, faults: raw.faults, phases: raw.phases },
            &checks,
        );
        let brief = texts::brief(self.folder);
        let hints = texts::hints(self.folder);
        let debrief = texts::debrief(self.folder);
        let mut drill = Drill {
            name: self
                .folder
                .root()
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default(),
            version: raw.version,
            title: raw.title,
            summary: raw.summary,
            topics: raw.topics,
            minutes: raw.minutes,
            questions: raw.questions,
            brief: self.keep(brief),
            hints: self.keep(hints),
            debrief: self.keep(debrief),
            given: BTreeMap::new(),
            scenario,
            levels,
            checks,
            starter: Submission::default(),
            starters: BTreeMap::new(),
            solutions: BTreeMap::new(),
            wrong: BTreeMap::new(),
        };
        self.submissions(&mut drill);
        self.names_in_debrief(&drill);
        drill
    }

    fn checks(&mut self) -> Vec<Check> {
        let mut checks = Vec::new();
        for path in self.folder.paths().filter(|p| p.starts_with("checks/") && p.ends_with(".sql")) {
            let name = path.trim_start_matches("checks/").trim_end_matches(".sql");
            if name == crate::verdict::RUNS {
                self.mistakes.push(self.folder.mistake(
                    path,
                    None,
                    "the claim `runs` is built in; name the check otherwise",
                ));
                continue;
            }
            match self.folder.text(path) {
                Ok(text) => match Check::parse(name, std::path::Path::new(&self.folder.shown(path)), text) {
                    Ok(check) => checks.push(check),
                    Err(e) => self.mistakes.push(self.folder.mistake(path, e.line(), e.what())),
                },
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        if checks.is_empty() {
            self.mistakes.push(self.folder.mistake(
                "checks",
                None,
                "there is no check; without one nothing is claimed",
            ));
        }
        checks
    }

    fn scenario(
        &mut self,
        hang_s: u64,
        components: BTreeMap<String, manifest::RawComponent>,
        slots: BTreeMap<String, manifest::RawSlot>,
        levels: BTreeMap<String, Spanned<manifest::RawLevel>>,
        rest: Rest,
        checks: &[Check],
    ) -> (Scenario, Vec<Level>) {
        self.tables_have_names_of_their_own(&rest);
        let slots: BTreeMap<_, _> = slots.into_iter().map(|(n, s)| (n, self.slot(&s, &components))).collect();
        let levels = self.levels(levels, &slots);
        let mut scenario = Scenario {
            hang_s,
            components: BTreeMap::new(),
            programs: BTreeMap::new(),
            gateways: BTreeSet::new(),
            redis: BTreeSet::new(),
            faults: BTreeMap::new(),
            slots: BTreeMap::new(),
            parameters: BTreeMap::new(),
            probes: BTreeMap::new(),
            phases: Vec::new(),
        };
        for (name, raw) in &components {
            self.component(name, raw, &components, &slots, &mut scenario);
        }
        scenario.slots = slots;
        for (name, raw) in rest.parameters {
            let on = self.known(&raw.on, &scenario.components, "database");
            let parameters = Parameters { on, sql: self.source(&raw.sql) };
            scenario.parameters.insert(name, parameters);
        }
        for (name, raw) in &rest.faults {
            let fault = self.fault(raw, &components);
            scenario.faults.insert(name.clone(), fault);
        }
        for (name, raw) in &rest.probes {
            let probe = self.probe(raw, &scenario);
            scenario.probes.insert(name.clone(), probe);
        }
        for raw in &rest.phases {
            let phase = self.phase(raw, &scenario, &levels);
            scenario.phases.push(phase);
        }
        self.each_check_is_decided_once(&rest.phases, checks);
        (scenario, levels)
    }

    fn slot(
        &mut self,
        raw: &manifest::RawSlot,
        components: &BTreeMap<String, manifest::RawComponent>,
    ) -> Slot {
        let takes = match raw.takes.get_ref().as_str() {
            "script" => Takes::Script,
            "query" => Takes::Query,
            "transaction" => Takes::Transaction,
            "program" => Takes::Program,
            "document" => Takes::Document,
            other => {
                self.wrong(
                    &raw.takes.span(),
                    format!(
                        "`{other}` is not known; a slot takes script, query, transaction, program or document"
                    ),
                );
                Takes::Script
            }
        };
        let file = raw.file.get_ref();
        if file.is_empty()
            || file.contains(['/', '\\'])
            || file.starts_with('.')
            || file == crate::WORKSPACE_FILE
        {
            self.wrong(
                &raw.file.span(),
                format!("`{file}` cannot be a file of a workspace; use a plain name such as schema.sql"),
            );
        }
        Slot {
            file: file.clone(),
            takes,
            on: raw.on.iter().map(|c| self.known(c, components, "component")).collect(),
            over: raw.over.as_ref().map(|way| self.solution(way)),
        }
    }

    /// A name that must be one of the solutions'.
    fn solution(&mut self, name: &Name) -> String {
        let solutions = self.folder.folders("solutions");
        if !solutions.contains(name.get_ref()) {
            let what =
                format!("there is no solution `{}`; there are: {}", name.get_ref(), solutions.join(", "));
            self.wrong(&name.span(), what);
        }
        name.get_ref().clone()
    }

    fn levels(
        &mut self,
        raw: BTreeMap<String, Spanned<manifest::RawLevel>>,
        slots: &BTreeMap<String, Slot>,
    ) -> Vec<Level> {
        let mut raw: Vec<_> = raw.into_iter().collect();
        raw.sort_by_key(|(_, level)| level.span().start);
        if raw.is_empty() {
            self.wrong(&(0..0), "there is no level; name at least one with what it hands in");
        }
        let mut levels = Vec::new();
        for (name, level) in raw {
            let level = level.into_inner();
            let par = self.par(&level, slots);
            levels.push(Level {
                name,
                title: level.title,
                slots: level.slots.iter().map(|s| self.known(s, slots, "slot")).collect(),
                par,
            });
        }
        levels
    }

    /// A level has a reference, unless it hands in a program.
    fn par(&mut self, level: &manifest::RawLevel, slots: &BTreeMap<String, Slot>) -> Option<String> {
        if let Some(par) = &level.par {
            return Some(self.solution(par));
        }
        let is_program = |name: &Name| slots.get(name.get_ref()).map(|s| s.takes) == Some(Takes::Program);
        if let Some(slot) = level.slots.first().filter(|_| !level.slots.iter().any(is_program)) {
            let solutions = self.folder.folders("solutions").join(", ");
            self.wrong(&slot.span(), format!("name the solution that gives `par`, one of: {solutions}"));
        }
        None
    }

    fn script(&mut self, name: &Name, slots: &BTreeMap<String, Slot>) -> Script {
        match name.get_ref().strip_prefix("slot:") {
            Some(slot) => {
                let named = Spanned::new(name.span(), slot.to_string());
                Script::Slot(self.known(&named, slots, "slot"))
            }
            None => Script::File(self.source(name)),
        }
    }

    fn probe(&mut self, raw: &RawProbe, scenario: &Scenario) -> Probe {
        Probe {
            on: raw.on.iter().map(|c| self.known(c, &scenario.components, "component")).collect(),
            run: self.script(&raw.run, &scenario.slots),
            each: raw.each.as_ref().map(|e| self.known(e, &scenario.parameters, "parameter set")),
            plan: raw.mode == RawMode::Plan,
            rows_max: raw.rows_max,
        }
    }

    /// The rows of a parameter set and of a probe lie in tables of the evidence.
    fn tables_have_names_of_their_own(&mut self, rest: &Rest) {
        let sets = rest.parameters.iter().map(|(name, set)| (name, "parameter set", set.sql.span()));
        // Plans of every probe go to the tables of plans.
        let probes = rest.probes.iter().filter(|(_, probe)| probe.mode != RawMode::Plan);
        let probes = probes.map(|(name, probe)| (name, "probe", probe.run.span()));
        for (name, what, place) in sets.chain(probes) {
            if crate::evidence::is_table_of_its_own(name) {
                self.wrong(
                    &place,
                    format!("the evidence has a table `{name}` already; give the {what} another name"),
                );
            } else if what == "probe" && rest.parameters.contains_key(name) {
                let what = format!("a probe and a parameter set are both called `{name}`; rename one");
                self.wrong(&place, what);
            }
        }
    }

    fn each_check_is_decided_once(&mut self, phases: &[RawPhase], checks: &[Check]) {
        let decided: Vec<&Name> = phases.iter().flat_map(|p| &p.decides).collect();
        for (index, name) in decided.iter().enumerate() {
            let file = format!("checks/{}.sql", name.get_ref());
            // A check with a mistake is there, too.
            if !checks.iter().any(|c| c.name == *name.get_ref()) && self.folder.bytes(&file).is_none() {
                self.wrong(&name.span(), format!("there is no check `{}`; write {file}", name.get_ref()));
            }
            if decided[..index].iter().any(|earlier| earlier.get_ref() == name.get_ref()) {
                self.wrong(
                    &name.span(),
                    format!("`{}` is decided by an earlier phase already", name.get_ref()),
                );
            }
        }
        for check in checks.iter().filter(|c| !decided.iter().any(|name| *name.get_ref() == c.name)) {
            let path = format!("checks/{}.sql", check.name);
            let what = "no phase decides this check; add it to a phase's `decides` in drill.toml";
            self.mistakes.push(self.folder.mistake(&path, None, what));
        }
    }
}

/// The parts of a manifest that are resolved last.
struct Rest {
    parameters: BTreeMap<String, manifest::RawParameters>,
    probes: BTreeMap<String, RawProbe>,
    faults: BTreeMap<String, manifest::RawFault>,
    phases: Vec<RawPhase>,
}

/// A transaction script with a statement in place of each slot that it includes.
fn without_includes(text: &str) -> String {
    let lines =
        text.lines().map(|line| if line.trim().starts_with("\\include slot:") { "SELECT 1;" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}
