//! The résumé: one source, its outputs, and what stands behind its figures.

mod add;
mod build;
mod check;
mod init;
mod place;
mod transfer;
mod watch;

use std::process::ExitCode;

use clap::Subcommand;

use super::Options;
use crate::failure::Failure;

/// What can be done with a résumé.
#[derive(Debug, Subcommand)]
pub(crate) enum Resume {
    Init(init::Init),
    Build(build::Build),
    Check(check::Check),
    Add(add::Add),
    Watch(watch::Watch),
    Import(transfer::Import),
    Export(transfer::Export),
    Sheet(transfer::Sheet),
}

impl Resume {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        match self {
            Resume::Init(init) => init.perform(options),
            Resume::Build(build) => build.perform(options),
            Resume::Check(check) => check.perform(options),
            Resume::Add(add) => add.perform(options).await,
            Resume::Watch(watch) => watch.perform(options).await,
            Resume::Import(import) => import.perform(options),
            Resume::Export(export) => export.perform(options),
            Resume::Sheet(sheet) => sheet.perform(options),
        }
    }
}
