use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anstream::{eprintln, println};
use clap::Args;
use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use typeset::Typesetter;

use super::build::{self, Build};
use crate::commands::{Options, interrupted};
use crate::failure::Failure;
use crate::terminal::DIM;

/// An editor writes a file in several steps; wait until it is quiet for this long.
const QUIET: Duration = Duration::from_millis(20);

/// Write the PDF anew at every save, until Ctrl-C
#[derive(Debug, Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    build: Build,
}

impl Watch {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let path = std::path::absolute(self.build.place.path()?).map_err(Failure::usage)?;
        let name = path.file_name().map(ToOwned::to_owned);
        let (saved, mut saves) = mpsc::unbounded_channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Our own PDF in the same folder is no save, nor is our own reading.
            let ours = |event: &notify::Event| {
                event.paths.iter().any(|it| it.file_name().map(ToOwned::to_owned) == name)
            };
            if event.is_ok_and(|event| !event.kind.is_access() && ours(&event)) {
                let _ = saved.send(());
            }
        })
        .map_err(Failure::bug)?;
        // Editors put a new file in the place of the old one, so the folder is watched.
        let folder = path.parent().unwrap_or(Path::new("."));
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(Failure::usage)?;
        tokio::select! {
            () = self.again_and_again(&mut saves, options) => {}
            // Ctrl-C is how a watch ends.
            () = interrupted() => {}
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn again_and_again(&self, saves: &mut mpsc::UnboundedReceiver<()>, options: &Options) {
        let mut typesetter = Typesetter::new();
        let mut last = None;
        loop {
            match self.build.place.open() {
                Ok(opened) if last.as_ref() == Some(&opened.text) => {}
                Ok(opened) => {
                    match self.build.build(&opened, &mut typesetter) {
                        Ok(built) => build::print(&built, options.json),
                        Err(failure) => tell(&failure, options.json),
                    }
                    last = Some(opened.text);
                }
                // A file may be missing for a moment while an editor replaces it.
                Err(failure) => tell(&failure, options.json),
            }
            if !options.json {
                eprintln!("{DIM}waiting for the next save; Ctrl-C ends{DIM:#}");
            }
            saves.recv().await;
            while tokio::time::timeout(QUIET, saves.recv()).await.is_ok() {}
        }
    }
}

/// The PDF from before stays, so a mistake is only told.
fn tell(failure: &Failure, json: bool) {
    if json {
        println!(
            "{}",
            serde_json::json!({ "schema": 1, "error": { "what": failure.what(), "next": failure.hints() } })
        );
        return;
    }
    println!("{}", failure.what());
    failure.hints().iter().for_each(|hint| println!("  {hint}"));
}
