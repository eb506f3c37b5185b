//! What proves a drill's judge: the starter, the solutions and the wrong answers in its folder.

use folder::Folder;

use super::Reader;
use crate::bench::recipe::Recipe;
use crate::drill::{Drill, Takes};
use crate::submission::Submission;

fn files_directly_in(folder: &Folder) -> Vec<String> {
    folder.paths().filter(|path| !path.contains('/')).map(str::to_string).collect()
}

impl Reader<'_> {
    pub(super) fn submissions(&mut self, drill: &mut Drill) {
        let given = self.folder.sub("given");
        for path in given.paths() {
            let text = given.text(path).map(str::to_string).map_err(|m| vec![m]);
            drill.given.insert(path.to_string(), self.keep(text));
        }
        self.starters(drill);
        for slot in drill.scenario.slots.iter().filter(|(name, _)| drill.starter.text(name).is_none()) {
            let what = format!("the starter lacks `{}`; every slot needs a beginning", slot.1.file);
            self.mistakes.push(self.folder.mistake("starter", None, what));
        }
        for (folder, shape) in [("solutions", "solutions/<way>/"), ("wrong", "wrong/<check>/<how>/")] {
            for stray in files_directly_in(&self.folder.sub(folder)) {
                let what = format!("an answer is a folder: {shape}");
                self.mistakes.push(self.folder.mistake(&format!("{folder}/{stray}"), None, what));
            }
        }
        for way in self.folder.folders("solutions") {
            let path = format!("solutions/{way}");
            drill.solutions.insert(way, self.submission(&path, drill));
        }
        if drill.solutions.len() < 2 {
            self.mistakes.push(self.folder.mistake(
                "solutions",
                None,
                "a drill has two solutions or more, going different ways",
            ));
        }
        for check in self.folder.folders("wrong") {
            let known = check == crate::verdict::RUNS
                || drill.checks.iter().any(|c| c.name == check)
                || self.folder.bytes(&format!("checks/{check}.sql")).is_some();
            if !known {
                let path = format!("wrong/{check}");
                let what = "there is no check of this name; a wrong answer is filed under the check that must catch it";
                self.mistakes.push(self.folder.mistake(&path, None, what));
            }
            for stray in files_directly_in(&self.folder.sub(&format!("wrong/{check}"))) {
                let what = "a wrong answer is a folder: wrong/<check>/<how>/";
                self.mistakes.push(self.folder.mistake(&format!("wrong/{check}/{stray}"), None, what));
            }
            for how in self.folder.folders(&format!("wrong/{check}")) {
                let submission = self.wrong_answer(&format!("wrong/{check}/{how}"), drill);
                drill.wrong.insert(format!("{check}/{how}"), submission);
            }
        }
        for check in &drill.checks {
            if !drill.wrong.keys().any(|name| name.split('/').next() == Some(&check.name)) {
                let path = format!("checks/{}.sql", check.name);
                let what = format!(
                    "no wrong answer proves that this check can fail; add one below wrong/{}/",
                    check.name
                );
                self.mistakes.push(self.folder.mistake(&path, None, what));
            }
        }
    }

    /// One starter, or, for a program, one for each language: `starter/<language>/`.
    fn starters(&mut self, drill: &mut Drill) {
        let takes_program = drill.scenario.slots.values().any(|slot| slot.takes == Takes::Program);
        if !takes_program {
            drill.starter = self.submission("starter", drill);
            return;
        }
        for language in self.folder.folders("starter") {
            let starter = self.submission(&format!("starter/{language}"), drill);
            drill.starters.insert(language, starter);
        }
        match drill.starters.values().next() {
            Some(first) => drill.starter = first.clone(),
            None => {
                let what = "a program's starter is a folder for each language: starter/<language>/";
                self.mistakes.push(self.folder.mistake("starter", None, what));
            }
        }
    }

    /// A wrong answer of a program holds only the files that differ from the solution that it is `over`.
    fn wrong_answer(&mut self, path: &str, drill: &Drill) -> Submission {
        let base = drill.scenario.slots.values().find_map(|slot| slot.over.as_ref());
        let Some(base) = base.and_then(|way| drill.solutions.get(way)) else {
            return self.submission(path, drill);
        };
        let folder = self.folder.sub(path);
        let mut submission = base.clone();
        for (name, slot) in &drill.scenario.slots {
            if let Some(files) = base.program(name) {
                let mut files = files.clone();
                for file in folder.paths() {
                    files.insert(file.to_string(), folder.bytes(file).unwrap_or_default().to_vec());
                }
                submission.set_program(name, files);
            }
            if folder.bytes(&slot.file).is_some() {
                let text = folder.text(&slot.file).map(str::to_string).map_err(|m| vec![m]);
                submission.set(name, &self.keep(text));
            }
        }
        if folder.paths().next().is_none() {
            self.mistakes.push(self.folder.mistake(path, None, "nothing differs from the solution here"));
        }
        submission
    }

    fn submission(&mut self, path: &str, drill: &Drill) -> Submission {
        let folder = self.folder.sub(path);
        let mut submission = Submission::default();
        for (name, slot) in &drill.scenario.slots {
            if folder.bytes(&slot.file).is_some() {
                let text = folder.text(&slot.file).map(str::to_string).map_err(|m| vec![m]);
                submission.set(name, &self.keep(text));
                if slot.takes == Takes::Program {
                    let bytes = |file: &str| folder.bytes(file).unwrap_or_default().to_vec();
                    let files = folder.paths().map(|file| (file.to_string(), bytes(file))).collect();
                    submission.set_program(name, files);
                    self.recipe(&folder, &slot.file);
                }
            }
        }
        let has_program = drill.scenario.slots.keys().any(|slot| submission.program(slot).is_some());
        let known = |path: &str| has_program || drill.scenario.slots.values().any(|s| s.file == path);
        for stray in folder.paths().filter(|path| !known(path)) {
            self.mistakes.push(folder.mistake(
                stray,
                None,
                "no slot takes this file; remove it, or rename it",
            ));
        }
        if submission.slots().next().is_none() {
            self.mistakes.push(self.folder.mistake(
                path,
                None,
                "nothing is handed in here; add a file of a slot",
            ));
        } else if drill.level_of(&submission).is_none() {
            self.mistakes.push(self.folder.mistake(path, None, "no level takes all of these files"));
        }
        submission
    }

    fn recipe(&mut self, folder: &Folder, file: &str) {
        if let Err(wrong) = Recipe::read(folder.text(file).unwrap_or_default()) {
            self.mistakes.push(folder.mistake(file, wrong.line, wrong.what));
        }
    }

    pub(super) fn names_in_debrief(&mut self, drill: &Drill) {
        for (line, name) in crate::debrief::checks_named(&drill.debrief) {
            if !drill.checks.iter().any(|c| c.name == name) {
                let what = format!("there is no check `{name}` to quote a figure of");
                self.mistakes.push(self.folder.mistake("debrief.md", Some(line), what));
            }
        }
    }
}
