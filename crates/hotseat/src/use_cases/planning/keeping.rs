//! How a plan is kept, and what a move changes in what the next one is made from.

use jiff::civil::Date;
use study::plan::{Placed, Request};
use study::store;
use study::words::Task;

use super::{Move, Planned};
use crate::failure::Failure;

/// As the store keeps it: days with something, those after the last planned one too.
pub(super) fn to_store(planned: &Planned, now_ms: i64) -> store::Plan {
    let item = |item: &study::plan::Item| store::PlanItem {
        task: item.task,
        name: item.name.clone(),
        minutes: item.minutes,
        done_at_ms: None,
        pinned: item.pinned,
    };
    let days = planned.days.iter().filter(|day| !day.items.is_empty());
    let mut days: Vec<store::PlanDay> = days
        .map(|day| store::PlanDay { date: day.date.to_string(), items: day.items.iter().map(item).collect() })
        .collect();
    for waiting in &planned.waiting {
        let left = planned.left_out.iter().find(|it| it.task == waiting.task && it.name == waiting.name);
        let item = store::PlanItem {
            task: waiting.task,
            name: waiting.name.clone(),
            minutes: left.map_or(0, |left| left.minutes),
            done_at_ms: None,
            pinned: true,
        };
        days.push(store::PlanDay { date: waiting.date.to_string(), items: vec![item] });
    }
    store::Plan {
        interview: planned.interview.map(|date| date.to_string()),
        hours_per_week: planned.hours_per_week as f32,
        days_off: planned.days_off.clone(),
        made_at_ms: now_ms,
        days,
    }
}

/// The request with something on another day, which is then no news any more. `now` is the plan without that.
pub(super) fn with_move(mut request: Request, now: &Planned, wish: &Move) -> Result<Request, Failure> {
    let task = task_of(now, wish)?;
    if let Some(to) = wish.to {
        check_day(now, to)?;
    }
    let is_it = |placed: &Placed| placed.task == task && placed.name == wish.name;
    request.pinned.retain(|placed| !is_it(placed));
    // Later times of the same thing are reviews, which follow by themselves.
    request.before.retain(|placed| !is_it(placed));
    if let Some(date) = wish.to {
        let placed = Placed { date, task, name: wish.name.clone() };
        request.pinned.push(placed.clone());
        request.before.push(placed);
    }
    Ok(request)
}

/// What is to be done with the thing that is to be moved.
fn task_of(now: &Planned, wish: &Move) -> Result<Task, Failure> {
    let days = now.days.iter().flat_map(|day| &day.items).map(|item| (item.task, &item.name));
    let left_out = now.left_out.iter().map(|left| (left.task, &left.name));
    let waiting = now.waiting.iter().map(|placed| (placed.task, &placed.name));
    let mut all = days.chain(waiting).chain(left_out);
    let found = all.find(|(task, name)| **name == wish.name && wish.task.is_none_or(|it| it == *task));
    found.map(|(task, _)| task).ok_or_else(|| {
        let what = wish.task.map_or_else(String::new, |task| format!("{task} "));
        Failure::usage(format!("the plan has no `{what}{}`", wish.name))
            .hint("hotseat plan shows what it has; what is done cannot be moved")
    })
}

fn check_day(now: &Planned, to: Date) -> Result<(), Failure> {
    if now.days.iter().any(|day| day.date == to) {
        return Ok(());
    }
    let (Some(first), Some(last)) = (now.days.first(), now.days.last()) else {
        return Err(Failure::bug("a plan without days"));
    };
    Err(Failure::usage(format!("{to} is no day of the plan"))
        .hint(format!("it goes from {} to {}", first.date, last.date)))
}
