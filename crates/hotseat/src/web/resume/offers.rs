//! Passed runs that a résumé does not tell of yet.

use crate::use_cases::runs::RunSummary;

/// So many are offered.
const OFFERS_MAX: usize = 12;

/// A run that could become bullets.
pub(super) struct Offer {
    pub(super) run: String,
    pub(super) level: String,
    /// Its main figures in words.
    pub(super) figures: String,
}

/// The newest passed run of each level that the text has no run of.
pub(super) fn offers(newest_first: &[RunSummary], text: &str) -> Vec<Offer> {
    let names = |run: &RunSummary| text.contains(&format!("\"{}\"", run.run));
    let passed: Vec<&RunSummary> =
        newest_first.iter().filter(|run| run.passes(&run.drill, Some(&run.level))).collect();
    let mut seen: Vec<(&str, &str)> =
        passed.iter().filter(|run| names(run)).map(|run| (&*run.drill, &*run.level)).collect();
    let mut offers = Vec::new();
    for run in passed {
        let level = (&*run.drill, &*run.level);
        if offers.len() == OFFERS_MAX {
            break;
        }
        if seen.contains(&level) {
            continue;
        }
        seen.push(level);
        let figures = run.figures.iter().map(|it| format!("{} {}", it.shown, it.unit));
        offers.push(Offer {
            run: run.run.clone(),
            level: run.level.clone(),
            figures: figures.collect::<Vec<_>>().join(", "),
        });
    }
    offers
}
