//! Keeps a story short: what happens fifty times alike is one line.

use super::{Event, What};

/// Longer stories are folded.
const EVENTS_MAX: usize = 30;
/// Of a story that is still too long, so many events at its end are kept.
const LAST: usize = 8;

/// At most [`EVENTS_MAX`] events: first those next to each other that are alike become one, then all of a
/// phase that are alike, and at last the middle is left out. Phases begin at `starts_us`.
pub(super) fn folded(events: Vec<Event>, starts_us: &[i64]) -> Vec<Event> {
    if events.len() <= EVENTS_MAX {
        return events;
    }
    let phase = |it: &Event| starts_us.partition_point(|start_us| *start_us <= it.at_us);
    let alike = |a: &Event, b: &Event| {
        let key = |it: &Event| (phase(it), it.what, it.lane, it.to);
        key(a) == key(b) && gist(a) == gist(b)
    };
    let mut events = merged(events, alike, |kept| kept.len().saturating_sub(1));
    if events.len() > EVENTS_MAX {
        events = merged(events, alike, |_| 0);
    }
    for event in events.iter_mut().filter(|it| it.what == What::Charged && it.times > 1) {
        event.detail = format!("charges of {}", gist(event));
    }
    if events.len() > EVENTS_MAX { without_the_middle(events) } else { events }
}

/// The detail without what tells one of many from the next.
fn gist(event: &Event) -> &str {
    let detail = &*event.detail;
    match event.what {
        What::Sent => detail.split_once(", try ").map_or(detail, |(gist, _)| gist),
        What::Charged => {
            let sum = detail.split_once(": ").map_or(detail, |(_, sum)| sum);
            sum.split_once(", ").map_or(sum, |(sum, _)| sum)
        }
        _ => detail,
    }
}

/// Adds each event to one like it among those kept, looked for from `from` on.
fn merged(
    events: Vec<Event>,
    alike: impl Fn(&Event, &Event) -> bool,
    from: impl Fn(&[Event]) -> usize,
) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::new();
    for event in events {
        let from = from(&kept);
        match kept[from..].iter_mut().find(|it| alike(it, &event)) {
            Some(like) => {
                like.times += event.times;
                like.until_us = event.until_us;
            }
            None => kept.push(event),
        }
    }
    kept
}

fn without_the_middle(mut events: Vec<Event>) -> Vec<Event> {
    let last = events.split_off(events.len() - LAST);
    let left_out = events.split_off(EVENTS_MAX - LAST - 1);
    let times: usize = left_out.iter().map(|it| it.times).sum();
    let gap = left_out.into_iter().next().map(|first| Event {
        to: None,
        what: What::LeftOut,
        detail: format!("{times} more events"),
        times: 1,
        ..first
    });
    events.into_iter().chain(gap).chain(last).collect()
}
