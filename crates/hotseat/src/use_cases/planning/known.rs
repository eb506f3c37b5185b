//! What is known of a learner when a plan is made.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use study::bank::Bank;
use study::plan::{PAGE_MINUTES, Placed, Request, Work};
use study::schedule::Card;
use study::store::{self, PlanDay, PlanItem};
use study::words::{CardKind, Ruling, Task};

use super::{Done, Settings, WEEKDAYS};
use crate::failure::Failure;
use crate::learner::Learner;
use crate::pack::Pack;

/// A plan does not change from moment to moment, so the clock goes in steps of so many milliseconds.
const STEP_MS: i64 = 10 * 60 * 1000;

/// All that a plan depends on, but for the pack and the settings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    /// Today, where the learner is.
    pub today: Date,
    /// In milliseconds since 1970 (UTC).
    now: i64,
    /// The plan that was kept last.
    pub old: Option<store::Plan>,
    answered: BTreeSet<String>,
    cards: Vec<Card>,
    /// Questions about the learner's own runs, which no plan asks for, each with what it asks.
    own: Vec<(Card, String)>,
    /// Drills with a level that was passed.
    passed: BTreeSet<(String, String)>,
}

impl Known {
    /// Reads it from the learner's store.
    pub(crate) async fn read(learner: &Learner, works: &[Work]) -> Result<Known, Failure> {
        let offered: BTreeSet<(Task, &str)> = works.iter().map(|it| (it.task, it.name.as_str())).collect();
        let task = |kind| match kind {
            CardKind::Question => Task::Answer,
            CardKind::Drill => Task::Do,
        };
        let now = ZonedDateTime::now();
        let answered = learner.store.questions_answered().await?;
        let own = learner.own_cards().await?;
        let counted = learner.store.attempts_counted().await?.into_iter();
        let passed = counted.filter(|counted| counted.ruling == Ruling::Pass);
        Ok(Known {
            today: now.date(),
            now: now.timestamp().as_millisecond().div_euclid(STEP_MS) * STEP_MS,
            old: learner.store.plan().await?,
            answered: answered.into_iter().map(|answered| answered.question).collect(),
            passed: passed.map(|counted| (counted.drill, counted.level)).collect(),
            cards: learner.cards(|kind, name| offered.contains(&(task(kind), name))).await?,
            own: own.into_iter().map(|(card, question)| (card, question.prompt)).collect(),
        })
    }

    /// Whether the learner has never answered, done or planned anything.
    pub(crate) fn is_newcomer(&self) -> bool {
        self.old.is_none() && self.answered.is_empty() && self.cards.is_empty()
    }

    /// How many questions were answered at least once.
    pub(crate) fn has_answered(&self) -> bool {
        !self.answered.is_empty()
    }

    /// Whether a level of a drill was passed at least once.
    pub(crate) fn has_passed(&self, drill: &str, level: &str) -> bool {
        self.passed.iter().any(|(its, passed)| its == drill && passed == level)
    }

    /// The cards whose time has come, the longest due first; of a question about one's own run with what it asks.
    pub(crate) fn due(&self) -> Vec<(&Card, Option<&str>)> {
        let of_pack = self.cards.iter().map(|card| (card, None));
        let own = self.own.iter().map(|(card, prompt)| (card, Some(prompt.as_str())));
        // One that was never answered is due from the moment it was added, which may lie within the clock's step.
        let is_due = |card: &Card| match card.age_days(self.now) {
            None => true,
            Some(days) => days > 0 && card.due <= self.now,
        };
        let mut due: Vec<_> = of_pack.chain(own).filter(|(card, _)| is_due(card)).collect();
        due.sort_by_key(|(card, _)| card.due);
        due
    }

    fn items(&self) -> impl Iterator<Item = (&PlanDay, &PlanItem)> {
        let days = self.old.iter().flat_map(|old| &old.days);
        days.flat_map(|day| day.items.iter().map(move |item| (day, item)))
    }

    /// What the plan had and was done today, wherever it stood.
    pub(super) fn done_today(&self) -> Vec<Done> {
        let is_today = |at_ms| {
            let at = Timestamp::from_millisecond(at_ms).ok();
            at.is_some_and(|at| at.to_zoned_datetime(TimeZone::system()).date() == self.today)
        };
        let done = self.items().filter_map(|(_, item)| {
            let PlanItem { task, name, minutes, done_at_ms, .. } = item.clone();
            Some(Done { task, name, minutes, done_at_ms: done_at_ms.filter(|at_ms| is_today(*at_ms))? })
        });
        let mut done: Vec<Done> = done.collect();
        done.sort_by_key(|done| done.done_at_ms);
        done
    }

    pub(super) fn request(&self, works: &[Work], settings: &Settings) -> Request {
        let is_read = |page: &str| {
            let mut items = self.items();
            items.any(|(_, item)| item.task == Task::Read && item.name == page && item.done_at_ms.is_some())
        };
        let is_done = |work: &Work| match work.task {
            Task::Read => is_read(&work.name),
            Task::Answer => self.answered.contains(&work.name),
            Task::Do => false, // one that was passed has a card
        };
        let placed = |(day, item): (&PlanDay, &PlanItem)| {
            Some(Placed { date: day.date.parse().ok()?, task: item.task, name: item.name.clone() })
        };
        let undone = || self.items().filter(|(_, item)| item.done_at_ms.is_none());
        Request {
            today: self.today,
            now: self.now,
            interview: settings.interview,
            minutes_a_week: (settings.hours_per_week * 60.0).round() as u32,
            minutes_spent_today: self.done_today().iter().map(|done| done.minutes).sum(),
            days_off: WEEKDAYS.map(|day| settings.days_off.contains(&day)),
            level: None,
            works: works.iter().map(|work| Work { done: is_done(work), ..work.clone() }).collect(),
            cards: self.cards.clone(),
            before: undone().filter_map(placed).collect(),
            pinned: undone().filter(|(_, item)| item.pinned).filter_map(placed).collect(),
        }
    }
}

/// What a pack has to read, to answer and to do.
#[derive(Debug)]
pub(crate) struct Stock {
    /// Nothing of it is done.
    pub works: Vec<Work>,
    titles: BTreeMap<(Task, String), String>,
    /// Each drill's levels.
    levels: BTreeMap<String, Vec<String>>,
}

impl Stock {
    pub(crate) fn of(pack: &Pack, bank: &Bank) -> Result<Stock, Failure> {
        let mut stock = Stock { works: Vec::new(), titles: BTreeMap::new(), levels: BTreeMap::new() };
        for page in &bank.advice {
            stock.add(work(Task::Read, &page.id, PAGE_MINUTES), &page.title);
        }
        for question in &bank.questions {
            let work = Work {
                kind: Some(question.kind),
                level: Some(question.level),
                topics: question.topics.clone(),
                guide: question.guide,
                drills: question.drills.clone(),
                ..work(Task::Answer, &question.id, question.minutes)
            };
            stock.add(work, &question.prompt);
        }
        for name in pack.drills() {
            let drill = pack.drill(&name)?;
            let levels = drill.levels.iter().map(|level| level.name.clone()).collect();
            stock.levels.insert(name.clone(), levels);
            stock.add(Work { topics: drill.topics, ..work(Task::Do, &name, drill.minutes) }, &drill.title);
        }
        Ok(stock)
    }

    fn add(&mut self, work: Work, title: &str) {
        self.titles.insert((work.task, work.name.clone()), title.to_string());
        self.works.push(work);
    }

    /// The drills of the pack.
    pub(crate) fn drills(&self) -> impl Iterator<Item = &Work> {
        self.works.iter().filter(|work| work.task == Task::Do)
    }

    /// The shortest drill with a level that was not passed.
    pub(crate) fn shortest_open_drill(&self, has_passed: impl Fn(&str, &str) -> bool) -> Option<&Work> {
        let is_open =
            |work: &&Work| self.levels[&work.name].iter().any(|level| !has_passed(&work.name, level));
        self.drills().filter(is_open).min_by_key(|work| work.minutes)
    }

    /// How people call it; its name if the pack no longer has it.
    pub(crate) fn title<'s>(&'s self, task: Task, name: &'s str) -> &'s str {
        self.titles.get(&(task, name.to_string())).map_or(name, String::as_str)
    }
}

fn work(task: Task, name: &str, minutes: u32) -> Work {
    Work {
        task,
        name: name.into(),
        minutes,
        kind: None,
        level: None,
        topics: Vec::new(),
        guide: None,
        drills: Vec::new(),
        done: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drill_is_open_until_its_last_level_is_passed() {
        let mut stock = Stock { works: Vec::new(), titles: BTreeMap::new(), levels: BTreeMap::new() };
        for (name, minutes, levels) in [("long", 120, &["one", "two"][..]), ("short", 40, &["one"])] {
            stock.add(work(Task::Do, name, minutes), name);
            stock.levels.insert(name.into(), levels.iter().map(ToString::to_string).collect());
        }
        let next = |passed: &[(&str, &str)]| {
            let open = stock.shortest_open_drill(|drill, level| passed.contains(&(drill, level)));
            open.map(|work| work.name.clone())
        };
        assert_eq!(next(&[]).as_deref(), Some("short"));
        assert_eq!(next(&[("long", "one"), ("short", "one")]).as_deref(), Some("long"));
        assert_eq!(next(&[("long", "one"), ("long", "two"), ("short", "one")]), None);
    }
}
