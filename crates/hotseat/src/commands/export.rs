use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::use_cases::carrying::{export, import};

/// Write all that you have done into a folder of plain files
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The folder to make
    dir: PathBuf,
}

/// Take back what `export` wrote; nothing is lost and nothing doubled
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The folder
    dir: PathBuf,
}

impl Export {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let learner = Learner::open(&Home::open()?).await?;
        let written = export(&learner.store, &self.dir).await?;
        learner.store.close().await;
        if options.json {
            println!("{}", serde_json::to_string(&written).map_err(Failure::bug)?);
        } else {
            let counts = &written.exported;
            println!(
                "{}: {} answers, {} reviews, {} drill attempts",
                self.dir.display(),
                counts.answers,
                counts.reviews,
                counts.attempts
            );
            println!(
                "README.md in it says what is what; take it back with: hotseat import {}",
                self.dir.display()
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Import {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let learner = Learner::open(&Home::open()?).await?;
        let taken = import(&learner.store, &self.dir).await?;
        learner.store.close().await;
        if options.json {
            println!("{}", serde_json::to_string(&taken).map_err(Failure::bug)?);
        } else {
            let counts = &taken.imported;
            println!(
                "new: {} answers, {} reviews, {} drill attempts",
                counts.answers, counts.reviews, counts.attempts
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
