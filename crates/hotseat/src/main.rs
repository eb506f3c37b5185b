//! hotseat: interview practice for backend developers. Answers are run, not read.

mod answering;
mod charts;
mod commands;
mod failure;
mod home;
mod languages;
mod learner;
mod pack;
mod terminal;
mod use_cases;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use tokio::task::LocalSet;

use commands::{Command, Options};
use failure::Failure;

/// Practise backend interviews by doing: your SQL runs against the real PostgreSQL, under load and
/// faults, and gets a verdict that you can trust.
#[derive(Parser)]
#[command(name = "hotseat", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    options: Options,
    /// Without one, the app opens in the browser
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    // A learner's program, and the app's layouts, start this binary once more; then nothing below happens.
    judge::supervise_if_asked();
    if let Some(done) = use_cases::resume::lay_out_if_asked() {
        return done;
    }
    let cli = Cli::parse();
    let json = cli.options.json;
    // One thread: PostgreSQL is told to end with the thread that started it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => LocalSet::new().block_on(
            &runtime,
            commands::perform(cli.command.unwrap_or_else(Command::app), &cli.options, &Cli::command),
        ),
        Err(error) => Err(Failure::bug(format!("no runtime: {error}"))),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(json),
    }
}
