//! Pictures of a run: hand-written SVG that needs no script and reads in light and dark, with its data as a table.

mod axis;
mod bounds;
mod facts;
mod gateway;
mod lanes;
mod latency;
mod misses;
mod operations;
mod plans;
mod prices;
mod sizes;
mod svg;
#[cfg(test)]
mod tests;
mod timeline;
mod tries;
mod whose;

use std::path::Path;

use judge::evidence::{EvidenceError, Reading, Rows};
use judge::history::{History, Series};
use judge::verdict::Finding;

pub(crate) use svg::Picture;
pub(crate) use whose::Before;

use whose::Sides;

const TIMELINE: &str = "timeline";
const LATENCY: &str = "latency";
const GATEWAY: &str = "gateway";

/// A picture, and what it is drawn from.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What its file is called, without the ending.
    pub(crate) name: String,
    /// What there is to see in it.
    pub(crate) caption: String,
    pub(crate) picture: Picture,
    /// The same data.
    pub(crate) table: Rows,
}

impl Chart {
    /// About how much memory it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.picture.bytes() + self.table.rows.len() * self.table.columns.len() * 40
    }
}

/// All charts that a run has something to show in, whatever its drill: what its evidence holds decides. The story
/// of the first counterexample comes first.
pub(crate) fn of_run(
    findings: &[Finding],
    reading: Reading,
    before: Option<Before>,
    history: Option<(&Finding, &History)>,
) -> Result<Vec<Chart>, EvidenceError> {
    let reading = facts::wide(reading);
    let before = before.map(|it| Before { run: it.run, reading: facts::wide(it.reading) });
    let sides = Sides { reading: &reading, before: before.as_ref() };
    let mut charts: Vec<Chart> =
        history.map(|(finding, it)| timeline::chart(it, finding)).into_iter().collect();
    charts.extend(misses::chart(findings));
    charts.extend(plans::charts(&sides)?);
    charts.extend(sizes::chart(&sides)?);
    charts.extend(prices::chart(&sides)?);
    charts.extend(lanes::chart(&sides, findings)?);
    charts.extend(tries::chart(&sides)?);
    if let Some(series) = Series::of(&reading)? {
        charts.push(latency::chart(&series));
        if !series.calls.is_empty() {
            charts.push(gateway::chart(&series));
        }
    }
    charts.extend(operations::chart(&sides)?);
    charts.extend(bounds::chart(findings));
    Ok(charts)
}

/// Draws what the run of a program has to show into its folder; others have nothing. A run whose pictures cannot
/// be drawn is a run all the same, so that is only told.
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
        let path = dir.join(format!("{name}.svg"));
        match picture {
            Some(picture) => std::fs::write(&path, picture.standalone())?,
            // A run that is judged again may no longer have it.
            None if path.exists() => std::fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(())
}

/// The pictures that lie in a run's folder.
pub(crate) fn drawn(dir: &Path) -> Vec<String> {
    let names = [TIMELINE, LATENCY, GATEWAY].into_iter().map(|name| format!("{name}.svg"));
    names.filter(|name| dir.join(name).is_file()).collect()
}
