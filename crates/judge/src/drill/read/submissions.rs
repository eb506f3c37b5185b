//! What proves a drill's judge: the starter, the solutions and the wrong answers in its folder.

use folder::Folder;

use super::Reader;
use crate::drill::Drill;
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
        drill.starter = self.submission("starter", drill);
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
                let submission = self.submission(&format!("wrong/{check}/{how}"), drill);
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

    fn submission(&mut self, path: &str, drill: &Drill) -> Submission {
        let folder = self.folder.sub(path);
        let mut submission = Submission::default();
        for (name, slot) in &drill.scenario.slots {
            if folder.bytes(&slot.file).is_some() {
                let text = folder.text(&slot.file).map(str::to_string).map_err(|m| vec![m]);
                submission.set(name, &self.keep(text));
            }
        }
        for stray in folder.paths().filter(|p| !drill.scenario.slots.values().any(|s| s.file == *p)) {
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

    pub(super) fn names_in_debrief(&mut self, drill: &Drill) {
        for (line, name) in crate::debrief::checks_named(&drill.debrief) {
            if !drill.checks.iter().any(|c| c.name == name) {
                let what = format!("there is no check `{name}` to quote a figure of");
                self.mistakes.push(self.folder.mistake("debrief.md", Some(line), what));
            }
        }
    }
}
