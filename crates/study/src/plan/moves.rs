//! What stands elsewhere than in the plan before.

use std::collections::BTreeSet;

use super::{Fate, Moved, Placed, Plan, Request};

/// Where everything went that was to be done for the first time and was not. Reviews follow memory from day to
/// day; that they do is no news.
pub(super) fn moved(request: &Request, plan: &Plan) -> Vec<Moved> {
    let mut before: Vec<&Placed> = request.before.iter().collect();
    before.sort_by_key(|placed| (placed.date, placed.task, &placed.name));
    // What comes twice comes again: only the first of them is new.
    let mut seen = BTreeSet::new();
    before.retain(|placed| seen.insert((placed.task, &placed.name)));
    let moved = |placed: &&Placed| {
        let to = fate(request, plan, placed)?;
        Some(Moved { task: placed.task, name: placed.name.clone(), from: placed.date, to })
    };
    before.iter().filter_map(moved).collect()
}

/// Nothing if it was done or stayed.
fn fate(request: &Request, plan: &Plan, placed: &Placed) -> Option<Fate> {
    let is_it = |task, name: &str| task == placed.task && name == placed.name;
    let Some(work) = request.works.iter().find(|work| is_it(work.task, &work.name)) else {
        return Some(Fate::Gone);
    };
    if request.is_done(work) {
        return None;
    }
    if plan.waiting.contains(placed) {
        return None;
    }
    let has_it = |items: &[super::Item]| items.iter().any(|item| is_it(item.task, &item.name) && !item.again);
    match plan.days.iter().find(|day| has_it(&day.items)) {
        Some(day) if day.date == placed.date => None,
        Some(day) => Some(Fate::Day(day.date)),
        None => Some(Fate::LeftOut),
    }
}
