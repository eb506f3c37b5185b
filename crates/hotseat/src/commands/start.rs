use std::path::PathBuf;
use std::process::ExitCode;

use anstream::{eprintln, println};
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, print_text};
use crate::use_cases::drills::files;
use crate::use_cases::workspaces::{choose, start};

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
        let choice = choose(&drill, self.level.as_deref(), self.language.as_deref())?;
        let level = choice.level;
        let dir = self.dir.clone().unwrap_or_else(|| PathBuf::from(&drill.name));
        let (started, noted) = start(Home::open().as_ref(), &drill, &choice, &dir, pack.path.as_deref())?;
        if let Err(failure) = noted {
            // It can be judged here all the same.
            eprintln!("{BOLD}the app does not know this workspace{BOLD:#}: {}", failure.what());
        }
        if options.json {
            println!("{}", serde_json::to_string(&started).map_err(Failure::bug)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{BOLD}{}{BOLD:#} · {} · {} minutes", drill.title, level.title, drill.minutes);
        print_text(&drill.summary);
        println!();
        let edit = files(&drill, level);
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
}
