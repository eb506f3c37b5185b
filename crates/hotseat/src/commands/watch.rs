use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use anstream::println;
use clap::Args;
use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::{Options, check, interrupted};
use crate::failure::Failure;
use crate::home::Home;
use crate::terminal::{DIM, Live};
use crate::use_cases::bench::on_bench;
use crate::use_cases::judging::{handed_in, judge_and_store};
use crate::workspace::Workspace;

/// An editor writes a file in several steps; wait until it is quiet for this long.
const QUIET: Duration = Duration::from_millis(50);

/// Judge a workspace at every save, until Ctrl-C
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The workspace
    #[arg(default_value = ".")]
    dir: PathBuf,
}

impl Watch {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let workspace = Workspace::open(&self.dir, options.pack.as_deref())?;
        let home = Home::open()?;
        let (saved, mut saves) = mpsc::unbounded_channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Our own reading is an event too; only a change is a save.
            if event.is_ok_and(|e| !e.kind.is_access()) {
                let _ = saved.send(());
            }
        })
        .map_err(Failure::bug)?;
        // SQL lies in the folder itself, a program anywhere below it.
        let depth = match workspace.drill.starters.is_empty() {
            true => RecursiveMode::NonRecursive,
            false => RecursiveMode::Recursive,
        };
        watcher.watch(&self.dir, depth).map_err(Failure::usage)?;
        let live = Rc::new(Live::new(!options.json));
        let done = on_bench(&home.dir, live.clone(), interrupted(), async |bench| {
            let mut judged = None;
            loop {
                match handed_in(&workspace) {
                    Ok(handed_in) if judged.as_ref() != Some(&handed_in) => {
                        let seed = judge::fresh_seed();
                        let stored = judge_and_store(&workspace, &handed_in, bench, &home, seed).await?;
                        live.doing("");
                        check::print(&workspace, &stored, options.json)?;
                        judged = Some(handed_in);
                        bench.refill().await?;
                    }
                    Ok(_) => {}
                    // A file may be missing for a moment while an editor replaces it.
                    Err(failure) => println!("{DIM}{}{DIM:#}", failure.what()),
                }
                live.doing("waiting for the next save; Ctrl-C ends");
                saves.recv().await;
                while tokio::time::timeout(QUIET, saves.recv()).await.is_ok() {}
            }
        })
        .await;
        live.done();
        match done {
            // Ctrl-C is how a watch ends.
            Err(failure) if failure.is_interruption() => Ok(ExitCode::SUCCESS),
            Err(failure) => Err(failure),
            Ok(code) => Ok(code),
        }
    }
}
