//! The commands, one file each.

mod advice;
mod app;
mod ask;
mod check;
mod doctor;
mod export;
mod hint;
mod list;
mod load;
mod pack_check;
mod plan;
mod progress;
mod prove;
mod questions;
mod replay;
mod resume;
mod review;
mod solution;
mod start;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print JSON instead of text (shapes: docs/json.md)
    #[arg(long, global = true)]
    pub json: bool,
    /// Read the pack in this folder instead of the one in the binary
    #[arg(long, global = true, value_name = "DIR")]
    pub pack: Option<PathBuf>,
}

/// What hotseat can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Practise: start a drill, have your work judged, look at hints and solutions
    #[command(subcommand)]
    Drill(Drill),
    App(app::OpenApp),
    Ask(ask::Ask),
    Review(review::Review),
    Plan(plan::PlanDays),
    Progress(progress::Progress),
    Questions(questions::Questions),
    Advice(advice::Advice),
    Load(load::Load),
    /// Keep a résumé whose figures have something behind them
    #[command(subcommand)]
    Resume(resume::Resume),
    Export(export::Export),
    Import(export::Import),
    /// Look after packs of questions and drills
    #[command(subcommand)]
    Pack(Pack),
    /// Say what this machine has and lacks
    Doctor,
    /// Print a completion script for your shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// What `hotseat` does without a command.
    pub(crate) fn app() -> Command {
        Command::App(app::OpenApp::plain())
    }
}

/// Drills.
#[derive(Debug, Subcommand)]
pub(crate) enum Drill {
    List(list::List),
    Start(start::Start),
    Check(check::Check),
    Watch(watch::Watch),
    Hint(hint::Hint),
    Replay(replay::Replay),
    Solution(solution::Solution),
    Prove(prove::Prove),
}

/// Packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    Check(pack_check::PackCheck),
}

/// Performs a command. `cli` gives the whole grammar, for completions.
pub(crate) async fn perform(
    command: Command,
    options: &Options,
    cli: &dyn Fn() -> clap::Command,
) -> Result<ExitCode, Failure> {
    match command {
        Command::Drill(Drill::List(list)) => list.perform(options),
        Command::Drill(Drill::Start(start)) => start.perform(options),
        Command::Drill(Drill::Check(check)) => check.perform(options).await,
        Command::Drill(Drill::Watch(watch)) => watch.perform(options).await,
        Command::Drill(Drill::Hint(hint)) => hint.perform(options),
        Command::Drill(Drill::Replay(replay)) => replay.perform(options),
        Command::Drill(Drill::Solution(solution)) => solution.perform(options),
        Command::Drill(Drill::Prove(prove)) => prove.perform(options),
        Command::App(app) => app.perform(options).await,
        Command::Ask(ask) => ask.perform(options).await,
        Command::Review(review) => review.perform(options).await,
        Command::Plan(plan) => plan.perform(options).await,
        Command::Progress(progress) => progress.perform(options).await,
        Command::Load(load) => load.perform(options).await,
        Command::Resume(resume) => resume.perform(options).await,
        Command::Export(export) => export.perform(options).await,
        Command::Import(import) => import.perform(options).await,
        Command::Advice(advice) => advice.perform(options).await,
        Command::Questions(questions) => questions.perform(options),
        Command::Pack(Pack::Check(check)) => check.perform(options),
        Command::Doctor => doctor::perform(options).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut cli(), "hotseat", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Ends when somebody wants us to end.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind| match signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        // Without a handler the signal ends us the hard way, and the next start cleans up.
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}
