use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{BOLD, DIM, print_text};
use crate::use_cases::looking::{hints_taken, take_hint};
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
        let hints = match self.again {
            true => hints_taken(&home, &drill),
            false => take_hint(&home, &drill)?,
        };
        if options.json {
            println!("{}", serde_json::to_string(&hints).map_err(Failure::bug)?);
            return Ok(ExitCode::SUCCESS);
        }
        let all = hints.of;
        for (number, hint) in (hints.taken - hints.hints.len() + 1..).zip(&hints.hints) {
            println!("{BOLD}Hint {number} of {all}: {}{BOLD:#}\n", hint.title);
            print_text(&hint.text);
            println!();
        }
        if hints.hints.is_empty() && self.again {
            println!("no hint taken yet; the first: hotseat drill hint {}", self.dir.display());
        } else if hints.hints.is_empty() {
            println!("that was the last hint; a solution: hotseat drill solution {}", self.dir.display());
        } else {
            println!("{DIM}{} left{DIM:#}", all - hints.taken);
        }
        Ok(ExitCode::SUCCESS)
    }
}
