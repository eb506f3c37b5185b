use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{BOLD, DIM};
use crate::use_cases::looking::ask;
use crate::workspace::Workspace;

/// Show the solutions: open after a pass, or when asked twice
#[derive(Debug, Args)]
pub(crate) struct Solution {
    /// The workspace
    #[arg(default_value = ".")]
    dir: PathBuf,
}

impl Solution {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let workspace = Workspace::open(&self.dir, options.pack.as_deref())?;
        let (drill, level) = (&workspace.drill, workspace.level()?);
        let home = Home::open()?;
        let passed = home.has_passed(&drill.name, Some(&level.name));
        let found = ask(&home, drill, level, passed)?;
        if options.json {
            println!("{}", serde_json::to_string(&found).map_err(Failure::bug)?);
            return Ok(ExitCode::SUCCESS);
        }
        for (way, files) in &found.solutions {
            let par = if level.par.as_ref() == Some(way) { " (gives par)" } else { "" };
            println!("{BOLD}{way}{BOLD:#}{par}");
            for (name, text) in files {
                println!("{DIM}{name}{DIM:#}\n{}", text.trim());
            }
            println!();
        }
        Ok(ExitCode::SUCCESS)
    }
}
