use std::path::Path;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use serde_json::json;

use super::place::note;
use crate::commands::Options;
use crate::failure::Failure;
use crate::use_cases::resume::{EXAMPLE_FILE, put_new};

/// Write a complete example, resume.toml, into this folder
#[derive(Debug, Args)]
pub(crate) struct Init {}

impl Init {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        put_new(Path::new(EXAMPLE_FILE), resume::EXAMPLE)?;
        note(Path::new(EXAMPLE_FILE));
        if options.json {
            println!("{}", json!({ "schema": 1, "file": EXAMPLE_FILE }));
        } else {
            println!("{EXAMPLE_FILE}: an example; put yourself into it");
            println!("then: hotseat resume build, hotseat resume check");
        }
        Ok(ExitCode::SUCCESS)
    }
}
