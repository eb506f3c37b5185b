use std::process::ExitCode;

use anstream::println;
use clap::Args;
use judge::verdict::Ruling;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{print_debrief, print_finding, print_ruling, print_story};
use crate::use_cases::replaying::{drill_of, judge_again};

/// Judge a stored run again, offline, with the checks of today
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The run's name, such as slow-query-7, or `last`
    run: String,
}

impl Replay {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let stored = Home::open()?.run(&self.run)?;
        let drill = drill_of(&stored, options.pack.as_deref())?;
        let verdict = judge_again(&stored, &drill)?;
        if options.json {
            println!("{}", serde_json::to_string(&verdict).map_err(Failure::bug)?);
            return Ok(ExitCode::from(verdict.exit_code()));
        }
        verdict.findings.iter().for_each(print_finding);
        print_story(&verdict.findings, &stored.dir);
        print_ruling(&verdict, &format!("hotseat drill check --seed {}", verdict.seed));
        if verdict.ruling != stored.verdict.ruling {
            println!("the ruling was {} before; the checks have changed since", stored.verdict.ruling.word());
        }
        if verdict.ruling == Ruling::Pass {
            let reading = judge::open_run(&stored.dir).map_err(Failure::bug)?;
            print_debrief(&drill, &verdict, &reading);
        }
        Ok(ExitCode::from(verdict.exit_code()))
    }
}
