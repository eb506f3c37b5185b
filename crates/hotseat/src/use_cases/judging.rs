//! A workspace is judged, and the run stored.

use judge::bench::Bench;
use judge::submission::Submission;

use crate::charts;
use crate::failure::Failure;
use crate::home::{Home, StoredRun};
use crate::workspace::Workspace;

/// What a workspace hands in now.
pub(crate) fn handed_in(workspace: &Workspace) -> Result<Submission, Failure> {
    Ok(Submission::read(&workspace.dir, &workspace.drill, workspace.level()?)?)
}

/// Judges, and stores the run with its pictures.
pub(crate) async fn judge_and_store(
    workspace: &Workspace,
    handed_in: &Submission,
    bench: &Bench,
    home: &Home,
    seed: u64,
) -> Result<StoredRun, Failure> {
    let run = home.new_run()?;
    let mut verdict =
        judge::judge(&workspace.drill, workspace.level()?, handed_in, bench, seed, &run.dir).await?;
    charts::draw(&verdict.findings, &run.dir);
    home.keep(run, &workspace.drill, handed_in, workspace.pack.as_deref(), &mut verdict)
}
