//! The days of the plan as the page shows them.

use jiff::civil::Date;
use study::plan::Day;
use study::words::Task;

use crate::use_cases::planning::{Planned, Stock};
use crate::use_cases::today::path_of;

/// A day, or the beginning of a week.
pub(super) struct Row {
    /// Said above the first day of each week.
    pub(super) week: Option<String>,
    /// As the form names it.
    pub(super) date: String,
    pub(super) name: String,
    pub(super) is_today: bool,
    pub(super) minutes: u32,
    pub(super) used: u32,
    pub(super) over: u32,
    pub(super) fill: Fill,
    pub(super) done: Vec<Entry>,
    pub(super) items: Vec<Entry>,
}

/// One thing on a day.
pub(super) struct Entry {
    /// As the form names it: the task, a slash, the name.
    pub(super) key: String,
    pub(super) task: Task,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) minutes: u32,
    pub(super) again: bool,
    pub(super) pinned: bool,
    /// Later times follow from how the next one goes.
    pub(super) movable: bool,
}

/// How full a day is, in parts of a hundred, drawn as a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) done: u32,
    pub(crate) used: u32,
    /// Where the day's own minutes end, if it is overfull.
    pub(crate) end: Option<u32>,
}

impl Fill {
    /// Of a day with so many minutes, of which so many are spent and so many will be.
    pub(crate) fn of(minutes: u32, done: u32, left: u32) -> Fill {
        let used = done.saturating_add(left);
        let whole = minutes.max(used).max(1);
        let part = |minutes: u32| (u64::from(minutes) * 100 / u64::from(whole)) as u32;
        Fill { done: part(done), used: part(left), end: (used > minutes).then(|| part(minutes)) }
    }
}

/// `Tue 1 Dec`
pub(super) fn short(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

/// The days that something can be put on, as the form names them and as people do.
pub(super) fn choices(planned: &Planned, shown: usize) -> Vec<(String, String)> {
    let choice = |day: &Day| {
        let used: u32 = day.items.iter().map(|item| item.minutes).sum();
        let room = match day.minutes {
            0 if used == 0 => "off".to_string(),
            minutes => format!("{used} of {minutes} min"),
        };
        (day.date.to_string(), format!("{} · {room}", short(day.date)))
    };
    planned.days.iter().take(shown).map(choice).collect()
}

/// The first days, so many of them.
pub(super) fn rows(planned: &Planned, shown: usize, stock: &Stock) -> Vec<Row> {
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = Vec::new();
    for (number, day) in planned.days.iter().take(shown).enumerate() {
        let entry = |item: &study::plan::Item| {
            let movable = seen.insert((item.task, item.name.clone()));
            Entry {
                pinned: item.pinned,
                movable,
                ..Entry::of(stock, item.task, &item.name, item.minutes, item.again)
            }
        };
        let items: Vec<Entry> = day.items.iter().map(entry).collect();
        let is_today = number == 0;
        let done = if is_today { done(planned, stock) } else { Vec::new() };
        let spent: u32 = done.iter().map(|entry| entry.minutes).sum();
        let used: u32 = items.iter().map(|entry| entry.minutes).sum();
        let monday = day.date.weekday() == jiff::civil::Weekday::Monday;
        let week = (monday && !is_today).then(|| format!("Week of {}", day.date.strftime("%-d %B")));
        rows.push(Row {
            week,
            date: day.date.to_string(),
            name: if is_today { "Today".into() } else { short(day.date) },
            is_today,
            minutes: day.minutes + spent,
            used: used + spent,
            over: day.over_minutes,
            fill: Fill::of(day.minutes + spent, spent, used),
            done,
            items,
        });
    }
    rows
}

fn done(planned: &Planned, stock: &Stock) -> Vec<Entry> {
    planned.done.iter().map(|it| Entry::of(stock, it.task, &it.name, it.minutes, false)).collect()
}

impl Entry {
    fn of(stock: &Stock, task: Task, name: &str, minutes: u32, again: bool) -> Entry {
        Entry {
            key: format!("{task}/{name}"),
            task,
            title: stock.title(task, name).into(),
            path: path_of(task, name),
            minutes,
            again,
            pinned: false,
            movable: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fill;

    #[test]
    fn a_bar_shows_what_is_done_and_where_an_overfull_day_ends() {
        assert_eq!(Fill::of(60, 15, 30), Fill { done: 25, used: 50, end: None });
        assert_eq!(Fill::of(60, 0, 120), Fill { done: 0, used: 100, end: Some(50) });
        assert_eq!(Fill::of(0, 0, 0), Fill { done: 0, used: 0, end: None });
        assert_eq!(Fill::of(0, 0, 40), Fill { done: 0, used: 100, end: Some(0) });
    }
}
