use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{BOLD, DIM};
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
        let mut looked = home.looked(&drill.name);
        let open = home.has_passed(&drill.name, Some(&level.name)) || looked.solution_asked > 0;
        if !open {
            looked.solution_asked += 1;
            home.remember(&drill.name, &looked)?;
            return Err(Failure::usage(format!(
                "you have not passed `{}` at level `{}` yet",
                drill.name, level.name
            ))
            .hint("take a hint: hotseat drill hint")
            .hint("if you want the solutions all the same, ask again: hotseat drill solution"));
        }
        let fits = drill
            .solutions
            .iter()
            .filter(|(_, s)| s.slots().all(|slot| level.slots.iter().any(|l| l == slot)));
        let fits: Vec<_> = fits.collect();
        if options.json {
            let shape: serde_json::Map<String, serde_json::Value> = fits
                .iter()
                .map(|(way, s)| {
                    let files: serde_json::Map<String, serde_json::Value> = s
                        .files(drill)
                        .into_iter()
                        .map(|(name, content)| (name, String::from_utf8_lossy(&content).into()))
                        .collect();
                    ((*way).clone(), files.into())
                })
                .collect();
            println!(
                "{}",
                serde_json::json!({ "schema": 1, "drill": drill.name, "level": level.name, "solutions": shape })
            );
            return Ok(ExitCode::SUCCESS);
        }
        for (way, solution) in fits {
            println!(
                "{BOLD}{way}{BOLD:#}{}",
                if level.par.as_ref() == Some(way) { " (gives par)" } else { "" }
            );
            for (name, content) in solution.files(drill) {
                println!("{DIM}{name}{DIM:#}\n{}", String::from_utf8_lossy(&content).trim());
            }
            println!();
        }
        Ok(ExitCode::SUCCESS)
    }
}
