use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use judge::drill::Drill;
use judge::submission::Submission;

use super::Options;
use crate::failure::Failure;
use crate::languages;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_text};
use crate::workspace::Workspace;

/// Start a drill: write a workspace that you edit in your own editor
#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The drill
    name: String,
    /// The folder to make [default: one with the drill's name]
    dir: Option<PathBuf>,
    /// The level [default: the first]
    #[arg(long)]
    level: Option<String>,
    /// The language of a program's beginning [default: the first that this machine can run]
    #[arg(long)]
    language: Option<String>,
}

impl Start {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let drill = pack.drill(&self.name)?;
        let Some(level) = drill.level(self.level.as_deref()) else {
            let levels: Vec<&str> = drill.levels.iter().map(|l| l.name.as_str()).collect();
            let wanted = self.level.clone().unwrap_or_default();
            return Err(Failure::usage(format!("`{}` has no level `{wanted}`", drill.name))
                .hint(format!("its levels: {}", levels.join(", "))));
        };
        let dir = self.dir.clone().unwrap_or_else(|| PathBuf::from(&drill.name));
        let starter = self.starter(&drill)?;
        let files = Workspace::create(&dir, &drill, level, starter, pack.path.as_deref())?;
        if options.json {
            let shape = serde_json::json!({
                "schema": 1, "drill": drill.name, "level": level.name, "workspace": dir, "files": files
            });
            println!("{shape}");
            return Ok(ExitCode::SUCCESS);
        }
        println!("{BOLD}{}{BOLD:#} · {} · {} minutes", drill.title, level.title, drill.minutes);
        print_text(&drill.summary);
        println!();
        let edit: Vec<&str> =
            level.slots.iter().map(|slot| drill.scenario.slots[slot].file.as_str()).collect();
        let shown = dir.display();
        println!("read   {shown}/README.md");
        println!(
            "edit   {}",
            edit.iter().map(|file| format!("{shown}/{file}")).collect::<Vec<_>>().join(", ")
        );
        println!(
            "judge  hotseat drill check {shown}     {DIM}or at every save: hotseat drill watch {shown}{DIM:#}"
        );
        for other in drill.levels.iter().filter(|l| l.name != level.name) {
            println!(
                "{DIM}another level: hotseat drill start {} DIR --level {}   ({}){DIM:#}",
                drill.name, other.name, other.title
            );
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What the learner begins with: in the wanted language, or in one that this machine can run.
    fn starter<'d>(&self, drill: &'d Drill) -> Result<&'d Submission, Failure> {
        let names = || drill.starters.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        match &self.language {
            None => {
                let mut all = drill.starters.values();
                Ok(all.find(|starter| languages::lacks(drill, starter).is_none()).unwrap_or(&drill.starter))
            }
            Some(language) => drill.starters.get(language).ok_or_else(|| {
                let what = format!("`{}` has no beginning in `{language}`", drill.name);
                match drill.starters.is_empty() {
                    true => Failure::usage(what).hint("it takes no program; leave --language out"),
                    false => Failure::usage(what).hint(format!(
                        "there are: {}; any language will do, if you write it from the start",
                        names()
                    )),
                }
            }),
        }
    }
}
