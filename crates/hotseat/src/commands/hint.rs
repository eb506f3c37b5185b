use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{BOLD, DIM, print_text};
use crate::workspace::Workspace;

/// Show the next hint, and remember that you took it
#[derive(Debug, Args)]
pub(crate) struct Hint {
    /// The workspace
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Show again all hints taken so far, and take none
    #[arg(long)]
    again: bool,
}

impl Hint {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let drill = Workspace::open(&self.dir, options.pack.as_deref())?.drill;
        let home = Home::open()?;
        let mut looked = home.looked(&drill.name);
        let all = drill.hints.len();
        let from = if self.again { 0 } else { looked.hints.min(all) };
        if !self.again {
            looked.hints = (looked.hints + 1).min(all);
            home.remember(&drill.name, &looked)?;
        }
        let shown = &drill.hints[from..looked.hints.min(all)];
        if options.json {
            println!(
                "{}",
                serde_json::json!({
                    "schema": 1, "drill": drill.name, "taken": looked.hints, "of": all, "hints": shown
                })
            );
            return Ok(ExitCode::SUCCESS);
        }
        for (index, hint) in shown.iter().enumerate() {
            println!("{BOLD}Hint {} of {all}: {}{BOLD:#}\n", from + index + 1, hint.title);
            print_text(&hint.text);
            println!();
        }
        if shown.is_empty() && self.again {
            println!("no hint taken yet; the first: hotseat drill hint {}", self.dir.display());
        } else if shown.is_empty() {
            println!("that was the last hint; a solution: hotseat drill solution {}", self.dir.display());
        } else {
            println!("{DIM}{} left{DIM:#}", all - looked.hints);
        }
        Ok(ExitCode::SUCCESS)
    }
}
