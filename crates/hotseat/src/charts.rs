//! Pictures of a run, in its folder: hand-written SVG that needs no script and reads in light and dark.

mod axis;
mod gateway;
mod latency;
mod svg;
#[cfg(test)]
mod tests;
mod timeline;

use std::path::Path;

use judge::history::{History, Series};
use judge::verdict::Finding;

const TIMELINE: &str = "timeline.svg";
const LATENCY: &str = "latency.svg";
const GATEWAY: &str = "gateway.svg";

/// Draws what a run has to show into its folder; a run without a program has nothing. A run whose pictures
/// cannot be drawn is a run all the same, so that is only told.
pub(crate) fn draw(findings: &[Finding], dir: &Path) {
    if let Err(error) = try_to_draw(findings, dir) {
        anstream::eprintln!("the pictures of this run cannot be drawn: {error}");
    }
}

fn try_to_draw(findings: &[Finding], dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let reading = judge::open_run(dir)?;
    let history = History::first(findings, &reading)?;
    let series = Series::of(&reading)?;
    let pictures = [
        (TIMELINE, history.map(|(finding, history)| timeline::picture(&history, &finding.check))),
        (LATENCY, series.as_ref().map(latency::picture)),
        (GATEWAY, series.as_ref().filter(|series| !series.calls.is_empty()).map(gateway::picture)),
    ];
    for (name, picture) in pictures {
        let path = dir.join(name);
        match picture {
            Some(picture) => std::fs::write(&path, picture)?,
            // A run that is judged again may no longer have it.
            None if path.exists() => std::fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(())
}

/// The pictures that lie in a run's folder.
pub(crate) fn drawn(dir: &Path) -> Vec<&'static str> {
    [TIMELINE, LATENCY, GATEWAY].into_iter().filter(|name| dir.join(name).is_file()).collect()
}
