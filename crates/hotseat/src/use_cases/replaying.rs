//! A stored run judged again, offline, with the checks of today.

use std::path::Path;

use judge::drill::Drill;
use judge::verdict::Verdict;

use crate::charts;
use crate::failure::Failure;
use crate::home::StoredRun;
use crate::pack::Pack;

/// The drill of a stored run: from the pack that was asked for, or the one that the run came from.
pub(crate) fn drill_of(stored: &StoredRun, pack: Option<&Path>) -> Result<Drill, Failure> {
    let own = stored.pack();
    Pack::open(pack.or(own.as_deref()))?.drill(&stored.verdict.drill)
}

/// Judges it again, and draws its pictures anew. The stored verdict stays as it was.
pub(crate) fn judge_again(stored: &StoredRun, drill: &Drill) -> Result<Verdict, Failure> {
    let mut verdict = judge::judge_again(drill, &stored.verdict, &stored.dir)
        .map_err(|error| Failure::usage(error).hint("judge the submission again: hotseat drill check"))?;
    verdict.run.clone_from(&stored.verdict.run);
    verdict.evidence = Some(stored.dir.join(judge::EVIDENCE_FILE));
    charts::draw(&verdict.findings, &stored.dir);
    Ok(verdict)
}
