//! What to do on which day until the interview: pages to read, questions to answer, drills to do, and all of
//! it again before it is forgotten.
//!
//! The same request gives the same plan, so a plan need not be kept. To re-plan, ask again with what has been
//! done since and with what was planned [`before`](Request::before): what was not done moves, and the plan
//! says where to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::question::{Kind, Level};
use crate::schedule::Card;
use crate::words::Task;

use calendar::Calendar;
use pins::Pins;

mod calendar;
mod layout;
mod moves;
mod order;
mod pins;
mod reviews;
#[cfg(test)]
mod tests;

/// What reading the feedback on an answer takes, in minutes.
pub const FEEDBACK_MINUTES: u32 = 5;
/// What a page of advice takes, in minutes.
pub const PAGE_MINUTES: u32 = 5;
/// How far a plan without a date reaches, in days.
pub const ROLLING_DAYS: usize = 14;

/// What a plan is made from.
#[derive(Debug, Clone)]
pub struct Request {
    /// Today, where the learner is.
    pub today: Date,
    /// Now, in milliseconds since 1970 (UTC).
    pub now: i64,
    /// The day of the interview, which is not planned any more; none for the coming two weeks.
    pub interview: Option<Date>,
    /// How many minutes a week the learner has.
    pub minutes_a_week: u32,
    /// How many minutes of today are spent already.
    pub minutes_spent_today: u32,
    /// On which days of the week nothing is to be done, from Monday on.
    pub days_off: [bool; 7],
    /// The level that the learner aims at; questions for it come first.
    pub level: Option<Level>,
    /// What there is to do, in the order of the pack.
    pub works: Vec<Work>,
    /// What was answered or done already and is kept by reviews. Cards of what there is no more are left alone.
    pub cards: Vec<Card>,
    /// What the last plan had that was not done, reviews included; empty if there was none.
    pub before: Vec<Placed>,
    /// What the learner has put on a day: the next time of each of these stays there, even where a day gets
    /// overfull. Of several for one thing the earliest counts.
    pub pinned: Vec<Placed>,
}

/// A page, a question or a drill.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// Which of the three it is.
    pub task: Task,
    /// Its name.
    pub name: String,
    /// How long it takes, in minutes; of a question, without the feedback.
    pub minutes: u32,
    /// The kind of a question.
    pub kind: Option<Kind>,
    /// For whom a question is usual.
    pub level: Option<Level>,
    /// What it is about.
    pub topics: Vec<String>,
    /// Its number in the guide, if it is one of the guide's own questions.
    pub guide: Option<u32>,
    /// The drills behind a question.
    pub drills: Vec<String>,
    /// Whether it was read, answered or done; something that has a card was.
    pub done: bool,
}

/// Something that a plan has on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanPlaced)]
pub struct Placed {
    /// The day.
    pub date: Date,
    /// What was to be done.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
}

/// What to do on which day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Plan {
    /// The day of the interview.
    pub interview: Option<Date>,
    /// Every day from today on to the last before the interview, days off included.
    pub days: Vec<Day>,
    /// What there is no time for, the least valuable first.
    pub left_out: Vec<LeftOut>,
    /// What stands elsewhere than in the plan before, by its old day.
    pub moved: Vec<Moved>,
    /// What the learner has put on a day and cannot stay there, by that day.
    pub lifted: Vec<Lifted>,
    /// What the learner has put on a day after the last of these; it comes when its day does.
    pub waiting: Vec<Placed>,
    /// Which share of all questions and drills is expected to be remembered on the day of the interview, from 0
    /// to 1; none without a date.
    pub recall: Option<f64>,
}

/// A day of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanDay)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// How many minutes there are. Only something that is longer by itself, and then alone, takes more, and
    /// what the learner has put there.
    pub minutes: u32,
    /// How many minutes the items take beyond those; 0 if they fit.
    pub over_minutes: u32,
    /// What to do, in this order.
    pub items: Vec<Item>,
}

/// One thing to do on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanItem)]
pub struct Item {
    /// What to do with it.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
    /// How long it takes, in minutes, feedback included.
    pub minutes: u32,
    /// Whether it was done before and comes back so that it is not forgotten.
    pub again: bool,
    /// Whether the learner has put it on this day, where it stays.
    pub pinned: bool,
}

/// Something that there is no time for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// What would be to do.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
    /// How long it would take, in minutes, feedback included.
    pub minutes: u32,
    /// Why there is none.
    pub why: Why,
}

/// Why something is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WhyLeftOut)]
pub enum Why {
    /// The hours until the interview do not suffice, and what is planned is worth more.
    TooFewHours,
    /// It is a drill, and the question before it is left out.
    QuestionLeftOut,
    /// The two weeks that a plan without a date reaches are full; its turn comes later.
    Later,
    /// The learner has put it on a day after these two weeks.
    Waiting,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Why::TooFewHours => "the hours until the interview do not suffice for it",
            Why::QuestionLeftOut => "there is no time for the question before it",
            Why::Later => "these two weeks are full; its turn comes after them",
            Why::Waiting => "you have put it on a day after these two weeks",
        })
    }
}

/// Something that stands elsewhere than in the plan before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moved {
    /// What is to be done.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
    /// Where it stood.
    pub from: Date,
    /// Where it went.
    pub to: Fate,
}

/// Where something went that a plan had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// To this day.
    Day(Date),
    /// To what is left out.
    LeftOut,
    /// Nowhere: the pack does not have it any more.
    Gone,
}

/// Something that the learner had put on a day, and that cannot stay there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lifted {
    /// What is to be done.
    pub task: Task,
    /// The name of the page, question or drill.
    pub name: String,
    /// The day on which it was put.
    pub date: Date,
    /// Why it cannot stay.
    pub why: WhyLifted,
}

/// Why something cannot stay where the learner has put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhyLifted {
    /// The day is over.
    Over,
    /// The interview is on that day or before it.
    InterviewBefore,
    /// The pack does not have it any more.
    Gone,
}

impl std::fmt::Display for WhyLifted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            WhyLifted::Over => "that day is over",
            WhyLifted::InterviewBefore => "the interview is not after that day",
            WhyLifted::Gone => "the pack no longer has it",
        })
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The interview is today or was before.
    #[error("the interview on {interview} is not ahead: today is {today}; give a later date, or none")]
    NotAhead {
        /// The day of the interview.
        interview: Date,
        /// Today.
        today: Date,
    },
    /// The interview is further away than anybody plans.
    #[error(
        "the interview on {interview} is more than two years away; plan without a date until it is nearer"
    )]
    TooFar {
        /// The day of the interview.
        interview: Date,
    },
    /// The learner has no time.
    #[error(
        "{minutes_a_week} minutes a week leave less than {DAY_MINUTES_MIN} a day; give more hours, or more days off"
    )]
    NoHours {
        /// What the learner has.
        minutes_a_week: u32,
    },
    /// Every day is a day off.
    #[error("no day until {until} is free; take one of the days off back")]
    NoDays {
        /// The day after the last.
        until: Date,
    },
}

/// What a day must have, or nothing fits in.
const DAY_MINUTES_MIN: u32 = 5;

/// Lays out the days until the interview, or the coming two weeks.
///
/// Each page, question and drill that is not done comes once, every kind of question early, a drill soon after
/// its question; the rest of each day, and all of the last two, goes to what is to be done again. Before all
/// of that comes what the learner has put on a day.
pub fn plan(request: &Request) -> Result<Plan, PlanError> {
    let calendar = Calendar::of(request)?;
    let pins = Pins::of(request, &calendar);
    let queue = order::queue(request, &pins);
    let layout = layout::lay(request, &calendar, &queue, &pins);
    let reviews = reviews::add(request, &calendar, &layout, &pins);
    let day = |day: usize| {
        let new = layout.days[day].iter().map(|&work| (work, false));
        let again = reviews.days[day].iter().map(|&work| (work, true));
        request.day(&calendar, day, new.chain(again), &pins)
    };
    let mut plan = Plan {
        interview: request.interview,
        days: (0..calendar.minutes.len()).map(day).collect(),
        left_out: layout.left_out,
        moved: Vec::new(),
        lifted: pins.lifted,
        waiting: pins.waiting.into_iter().map(|(_, placed)| placed).collect(),
        recall: reviews.recall,
    };
    plan.moved = moves::moved(request, &plan);
    Ok(plan)
}

impl Work {
    /// How long it takes with the feedback, in minutes.
    pub fn whole_minutes(&self) -> u32 {
        let feedback = if self.task == Task::Answer { FEEDBACK_MINUTES } else { 0 };
        self.minutes.saturating_add(feedback)
    }
}

impl Request {
    /// The card of something, if it was ever reviewed.
    fn card(&self, work: &Work) -> Option<&Card> {
        let kind = work.card_kind()?;
        self.cards.iter().find(|card| card.kind == kind && card.name == work.name && card.memory.is_some())
    }

    fn is_done(&self, work: &Work) -> bool {
        work.done || self.card(work).is_some()
    }

    /// A day with these works, each new or again. The next time of what is pinned is the pinned one.
    fn day(
        &self,
        calendar: &Calendar,
        day: usize,
        works: impl Iterator<Item = (usize, bool)>,
        pins: &Pins,
    ) -> Day {
        let item = |(place, again): (usize, bool)| {
            let work = &self.works[place];
            Item {
                task: work.task,
                name: work.name.clone(),
                minutes: work.whole_minutes(),
                again,
                pinned: pins.day_of[place] == Some(day),
            }
        };
        let items: Vec<Item> = works.map(item).collect();
        let used = items.iter().map(|item| item.minutes).fold(0, u32::saturating_add);
        let minutes = calendar.minutes[day];
        Day { date: calendar.date(day), minutes, over_minutes: used.saturating_sub(minutes), items }
    }
}
