//! The plan: settings, and days with what is to be done.

use std::collections::BTreeMap;

use super::Store;
use super::engine::{Row, Session};
use super::error::StoreError;
use super::faults::{Sound as _, moment};
use super::records::{Plan, PlanDay, PlanItem};
use crate::words::{Task, Weekday};

impl Store {
    /// The plan, if one was ever made.
    pub async fn plan(&self) -> Result<Option<Plan>, StoreError> {
        let mut session = self.engine.snapshot().await?;
        let plan = session.plan().await?;
        session.commit().await?;
        Ok(plan)
    }

    /// Replaces the plan. What is done stays, on its day, even where the new plan does not have it.
    pub async fn set_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        plan.check()?;
        let mut session = self.engine.write().await?;
        session.replace_plan(plan).await?;
        session.commit().await
    }

    /// Notes that an item of the plan was done; false if the plan does not have it. The first time
    /// counts.
    pub async fn mark_done(
        &self,
        date: &str,
        task: Task,
        name: &str,
        done_at_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut session = self.engine.write().await?;
        moment("the time when it was done", done_at_ms)?;
        let cells = [date.into(), task.word().into(), name.into(), done_at_ms.into()];
        let found = session.execute(include_str!("plan_item_done.sql"), &cells).await? > 0;
        session.commit().await?;
        Ok(found)
    }

    /// Notes that something was done, at the earliest day of the plan that still asks for it; false if none does.
    /// An answer and a drill that is passed do this by themselves.
    pub async fn note_done(&self, task: Task, name: &str, done_at_ms: i64) -> Result<bool, StoreError> {
        moment("the time when it was done", done_at_ms)?;
        let mut session = self.engine.write().await?;
        let found = session.note_done(task, name, done_at_ms).await?;
        session.commit().await?;
        Ok(found)
    }
}

impl Session {
    pub(super) async fn note_done(
        &mut self,
        task: Task,
        name: &str,
        done_at_ms: i64,
    ) -> Result<bool, StoreError> {
        let cells = [task.word().into(), name.into(), done_at_ms.into()];
        Ok(self.execute(include_str!("plan_item_next_done.sql"), &cells).await? > 0)
    }

    pub(super) async fn plan(&mut self) -> Result<Option<Plan>, StoreError> {
        let read = |row: &Row<'_>| {
            let days_off = row.text("days_off")?;
            let weekday = |word: &str| Weekday::from_word(word).ok_or_else(|| row.wrong("days_off", word));
            Ok(Plan {
                interview: row.maybe_text("interview")?,
                hours_per_week: row.real("hours_per_week")?,
                days_off: days_off.split_whitespace().map(weekday).collect::<Result<_, _>>()?,
                made_at_ms: row.int("made_at_ms")?,
                days: Vec::new(),
            })
        };
        let Some(mut plan) = self.one(include_str!("plan.sql"), &[], read).await? else { return Ok(None) };
        let mut items = self.all(include_str!("plan_items.sql"), &[], item).await?;
        // The engines sort text in ways of their own.
        items.sort_by(|a, b| (a.0, a.1.task, &a.1.name).cmp(&(b.0, b.1.task, &b.1.name)));
        let mut days: BTreeMap<String, Vec<PlanItem>> = BTreeMap::new();
        for (_, item, date) in items {
            days.entry(date).or_default().push(item);
        }
        plan.days = days.into_iter().map(|(date, items)| PlanDay { date, items }).collect();
        Ok(Some(plan))
    }

    pub(super) async fn replace_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let days_off = plan.days_off.iter().map(|day| day.word()).collect::<Vec<_>>().join(" ");
        let cells = [
            plan.interview.as_deref().into(),
            plan.hours_per_week.into(),
            days_off.as_str().into(),
            plan.made_at_ms.into(),
        ];
        self.execute(include_str!("plan_set.sql"), &cells).await?;
        self.execute(include_str!("plan_items_drop.sql"), &[]).await?;
        for day in &plan.days {
            for (position, item) in (0_u32..).zip(&day.items) {
                self.put_item(&day.date, position, item).await?;
            }
        }
        Ok(())
    }

    /// Adds an item, or gives it another place; what was done is not undone.
    pub(super) async fn put_item(
        &mut self,
        date: &str,
        position: u32,
        item: &PlanItem,
    ) -> Result<(), StoreError> {
        let cells = [
            date.into(),
            position.into(),
            item.task.word().into(),
            item.name.as_str().into(),
            item.minutes.into(),
            item.done_at_ms.into(),
            i64::from(item.pinned).into(),
        ];
        self.execute(include_str!("plan_item_put.sql"), &cells).await.map(|_| ())
    }
}

/// The place on the day, the item and the date.
fn item(row: &Row<'_>) -> Result<(u32, PlanItem, String), StoreError> {
    let task = row.text("task")?;
    let item = PlanItem {
        task: Task::from_word(&task).ok_or_else(|| row.wrong("task", &task))?,
        name: row.text("name")?,
        minutes: row.count("minutes")?,
        done_at_ms: row.maybe_int("done_at_ms")?,
        pinned: row.int("pinned")? != 0,
    };
    Ok((row.count("position")?, item, row.text("date")?))
}
