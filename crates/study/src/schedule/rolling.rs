//! Reviews of the coming days when there is no date to steer by.

use super::outlook::{Room, Standing};
use super::{Candidate, DAY_MS, SLACK_MS, fitting};

/// After how many days it counts what a review has left behind.
const SOON_DAYS: u32 = 7;

/// Which cards will be due and reviewed on each day of the calendar, as places in `cards`, if each review brings
/// what is to be expected of it. Those that have a day in `begins` are begun on it, or reviewed, by other means
/// than this; others that were never reviewed are left out.
pub(crate) fn rolling(
    cards: &[Candidate],
    now: i64,
    calendar: &[Room],
    begins: &[Option<usize>],
) -> Vec<Vec<usize>> {
    let mut standing = Standing::of_all(cards, now);
    let mut due: Vec<Option<usize>> = cards.iter().map(|card| due_day(card, now)).collect();
    let mut days = Vec::new();
    for (day, &room) in calendar.iter().enumerate() {
        let is_free = |place: usize| begins[place].is_none_or(|begins| begins < day);
        let is_due = |place: &usize| {
            due[*place].is_some_and(|due| due <= day) && standing[*place].age_days > 0 && is_free(*place)
        };
        let mut places: Vec<usize> = (0..cards.len()).filter(is_due).collect();
        places.sort_by_key(|&place| (due[place], place));
        let chosen = fitting(places, cards, room);
        let begun = (0..cards.len()).filter(|&place| begins[place] == Some(day));
        for place in chosen.iter().copied().chain(begun) {
            standing[place] = standing[place].reviewed(SOON_DAYS);
            let stability_days = standing[place].memory.map_or(1.0, |memory| memory.stability_days);
            due[place] = Some(day + stability_days.round().max(1.0) as usize);
        }
        standing.iter_mut().for_each(|standing| standing.age_days += 1);
        days.push(chosen);
    }
    days
}

/// Counted from today; none if it was never reviewed.
fn due_day(candidate: &Candidate, now: i64) -> Option<usize> {
    candidate.card.known()?;
    let left_ms = candidate.card.due.saturating_sub(now).saturating_sub(SLACK_MS);
    usize::try_from(left_ms.saturating_add(DAY_MS - 1).div_euclid(DAY_MS).max(0)).ok()
}
