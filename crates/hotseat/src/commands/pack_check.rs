use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use folder::Mistake;
use study::bank::Bank;

use super::Options;
use crate::failure::Failure;
use crate::pack::Pack;
use crate::terminal::GOOD;

/// Read a pack and name every mistake with file and line
#[derive(Debug, Args)]
pub(crate) struct PackCheck {
    /// The pack's folder
    dir: PathBuf,
}

impl PackCheck {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(Some(&self.dir))?;
        let drills = pack.drills();
        let mut mistakes: Vec<Mistake> = Vec::new();
        for name in &drills {
            match pack.read(name) {
                Ok(drill) => mistakes.extend(drill.mistakes_in_queries(&self.dir.join("drills").join(name))),
                Err(found) => mistakes.extend(found),
            }
        }
        let (bank, found) = Bank::read_what_is_right(pack.folder());
        mistakes.extend(found);
        if drills.is_empty() && bank.questions.is_empty() && mistakes.is_empty() {
            let file = self.dir.display().to_string();
            mistakes.push(Mistake {
                file,
                line: None,
                what: "there are no drills and no questions here".into(),
            });
        }
        let questions: Vec<&str> = bank.questions.iter().map(|question| question.id.as_str()).collect();
        if options.json {
            println!(
                "{}",
                serde_json::json!({
                    "schema": 1, "drills": drills, "questions": questions, "mistakes": mistakes
                })
            );
        } else {
            mistakes.iter().for_each(|mistake| println!("{mistake}"));
            match mistakes.len() {
                0 => println!(
                    "{GOOD}no mistakes{GOOD:#} in {} drills and {} questions; now prove them: \
                     hotseat drill prove NAME --pack {2}, hotseat questions prove --pack {2}",
                    drills.len(),
                    questions.len(),
                    self.dir.display()
                ),
                1 => println!("1 mistake"),
                n => println!("{n} mistakes"),
            }
        }
        Ok(ExitCode::from(u8::from(!mistakes.is_empty())))
    }
}
