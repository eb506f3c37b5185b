use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use anstream::println;
use clap::Args;
use judge::verdict::{Ruling, State};

use super::{Options, interrupted};
use crate::failure::Failure;
use crate::home::{Home, StoredRun};
use crate::terminal::{Live, print_debrief, print_finding, print_ruling, print_story};
use crate::use_cases::bench::on_bench;
use crate::use_cases::judging::{handed_in, judge_and_store};
use crate::workspace::Workspace;

/// Judge a workspace: run what is in it against the real thing, and rule
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The workspace
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Repeat a run with its seed [default: a fresh one]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=i64::MAX as u64))]
    seed: Option<u64>,
}

impl Check {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let workspace = Workspace::open(&self.dir, options.pack.as_deref())?;
        let handed_in = handed_in(&workspace)?;
        let home = Home::open()?;
        let live = Rc::new(Live::new(!options.json));
        let seed = self.seed.unwrap_or_else(judge::fresh_seed);
        let stored = on_bench(&home.dir, live.clone(), interrupted(), async |bench| {
            let stored = judge_and_store(&workspace, &handed_in, bench, &home, seed).await?;
            live.done();
            print(&workspace, &stored, options.json)?;
            Ok(stored)
        })
        .await?;
        Ok(ExitCode::from(stored.verdict.exit_code()))
    }
}

/// Prints what the findings, printed as they came, do not say.
pub(super) fn print(workspace: &Workspace, stored: &StoredRun, json: bool) -> Result<(), Failure> {
    let verdict = &stored.verdict;
    if json {
        println!("{}", serde_json::to_string(verdict).map_err(Failure::bug)?);
        return Ok(());
    }
    // What stopped the run was found by no check, so it was not printed yet.
    for finding in verdict.findings.iter().filter(|f| f.check == judge::verdict::RUNS) {
        print_finding(finding);
    }
    print_story(&verdict.findings, &stored.dir);
    print_ruling(verdict, &repeat(&workspace.dir, verdict.seed));
    let complete = verdict.findings.iter().all(|f| !matches!(f.state, State::Inconclusive(_)));
    if verdict.ruling == Ruling::Pass && complete {
        let reading = judge::open_run(&stored.dir).map_err(Failure::bug)?;
        print_debrief(&workspace.drill, verdict, &reading);
    } else if verdict.ruling == Ruling::Fail {
        println!("next      hotseat drill hint {}", workspace.dir.display());
    }
    Ok(())
}

fn repeat(dir: &Path, seed: u64) -> String {
    format!("hotseat drill check {} --seed {seed}", dir.display())
}
