use std::collections::BTreeSet;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use jiff::ZonedDateTime;
use jiff::civil::Date;
use study::bank::Bank;
use study::plan::{Fate, PAGE_MINUTES, Placed, Plan, Request, Work, plan};
use study::store;
use study::words::{CardKind, Task, Weekday};

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::{Learner, now_ms};
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD, UNSURE};

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
/// Hours a week for whoever has not said.
const HOURS_A_WEEK: f32 = 5.0;

/// Lay out the days until the interview: what to read, answer and do, and what to come back to
#[derive(Debug, Args)]
pub(crate) struct PlanDays {
    /// The day of the interview, such as 2026-12-18 [default: as before]
    #[arg(long)]
    date: Option<Date>,
    /// There is no interview yet: the coming two weeks
    #[arg(long, conflicts_with = "date")]
    no_date: bool,
    /// How many hours a week you have [default: as before, else 5]
    #[arg(long, value_parser = hours)]
    hours: Option<f32>,
    /// The days of the week on which you do nothing, such as sat,sun [default: as before, else none]
    #[arg(long, value_delimiter = ',', value_parser = weekday, value_name = "DAY,…")]
    days_off: Vec<Weekday>,
    /// You have time on every day of the week
    #[arg(long, conflicts_with = "days_off")]
    no_days_off: bool,
}

/// A day of the week by its English name or the first letters of it, at least three.
fn weekday(text: &str) -> Result<Weekday, String> {
    let wanted = text.trim().to_lowercase();
    let named = WEEKDAYS.into_iter().find(|day| wanted.len() >= 3 && day.word().starts_with(&wanted));
    named.ok_or_else(|| "days of the week, such as sat,sun".into())
}

fn hours(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(hours) if hours > 0.0 && hours <= 168.0 => Ok(hours),
        _ => Err("a number of hours, more than 0 and at most 168".into()),
    }
}

impl PlanDays {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let old = learner.store.plan().await?;
        let request = self.request(&pack, &bank, &learner, old.as_ref()).await?;
        let planned = plan(&request).map_err(Failure::usage)?;
        learner.store.set_plan(&to_store(&request, &planned)).await?;
        learner.store.close().await;
        if options.json {
            let mut shape = serde_json::to_value(&planned).map_err(Failure::bug)?;
            shape["schema"] = 1.into();
            shape["hours_per_week"] = (f64::from(request.minutes_a_week) / 60.0).into();
            shape["days_off"] = serde_json::to_value(off(&request)).map_err(Failure::bug)?;
            println!("{shape}");
        } else {
            print(&planned, old.as_ref(), request.today);
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn request(
        &self,
        pack: &Pack,
        bank: &Bank,
        learner: &Learner,
        old: Option<&store::Plan>,
    ) -> Result<Request, Failure> {
        let today = ZonedDateTime::now().date();
        let interview = match (self.date, self.no_date) {
            (Some(date), _) => Some(date),
            (None, true) => None,
            // An interview that is over steers nothing any more.
            (None, false) => {
                old.and_then(|old| old.interview.as_ref()?.parse::<Date>().ok()).filter(|date| *date > today)
            }
        };
        let hours = self.hours.or_else(|| old.map(|old| old.hours_per_week)).unwrap_or(HOURS_A_WEEK);
        let days_off: BTreeSet<Weekday> = match (self.no_days_off, self.days_off.is_empty()) {
            (true, _) => BTreeSet::new(),
            (false, false) => self.days_off.iter().copied().collect(),
            (false, true) => old.map(|old| old.days_off.clone()).unwrap_or_default(),
        };
        let answered = learner.store.questions_answered().await?;
        let items = || {
            old.iter().flat_map(|old| &old.days).flat_map(|day| day.items.iter().map(move |item| (day, item)))
        };
        let read = |page: &str| {
            items().any(|(_, item)| item.task == Task::Read && item.name == page && item.done_at_ms.is_some())
        };
        let mut works = Vec::new();
        for page in &bank.advice {
            works.push(work(Task::Read, &page.id, PAGE_MINUTES, read(&page.id)));
        }
        for question in &bank.questions {
            let done = answered.iter().any(|answered| answered.question == question.id);
            works.push(Work {
                kind: Some(question.kind),
                level: Some(question.level),
                topics: question.topics.clone(),
                guide: question.guide,
                drills: question.drills.clone(),
                ..work(Task::Answer, &question.id, question.minutes, done)
            });
        }
        for name in pack.drills() {
            let drill = pack.drill(&name)?;
            works.push(Work { topics: drill.topics, ..work(Task::Do, &name, drill.minutes, false) });
        }
        let spent = items().filter(|(day, item)| day.date == today.to_string() && item.done_at_ms.is_some());
        let undone = items().filter(|(_, item)| item.done_at_ms.is_none());
        Ok(Request {
            today,
            now: now_ms(),
            interview,
            minutes_a_week: (hours * 60.0).round() as u32,
            minutes_spent_today: spent.map(|(_, item)| item.minutes).sum(),
            days_off: WEEKDAYS.map(|day| days_off.contains(&day)),
            level: None,
            works,
            cards: learner.cards(|kind, name| is_offered(bank, pack, kind, name)).await?,
            before: undone
                .filter_map(|(day, item)| {
                    Some(Placed { date: day.date.parse().ok()?, task: item.task, name: item.name.clone() })
                })
                .collect(),
        })
    }
}

/// Whether the pack still has what a card stands for.
pub(super) fn is_offered(bank: &Bank, pack: &Pack, kind: CardKind, name: &str) -> bool {
    match kind {
        CardKind::Question => bank.question(name).is_some(),
        CardKind::Drill => pack.drills().iter().any(|drill| drill == name),
    }
}

fn work(task: Task, name: &str, minutes: u32, done: bool) -> Work {
    Work {
        task,
        name: name.into(),
        minutes,
        kind: None,
        level: None,
        topics: Vec::new(),
        guide: None,
        drills: Vec::new(),
        done,
    }
}

/// The days of the week on which nothing is to be done.
fn off(request: &Request) -> BTreeSet<Weekday> {
    WEEKDAYS.into_iter().zip(request.days_off).filter(|(_, off)| *off).map(|(day, _)| day).collect()
}

fn to_store(request: &Request, planned: &Plan) -> store::Plan {
    let item = |item: &study::plan::Item| store::PlanItem {
        task: item.task,
        name: item.name.clone(),
        minutes: item.minutes,
        done_at_ms: None,
    };
    let days = planned.days.iter().filter(|day| !day.items.is_empty());
    store::Plan {
        interview: request.interview.map(|date| date.to_string()),
        hours_per_week: request.minutes_a_week as f32 / 60.0,
        days_off: off(request),
        made_at_ms: request.now,
        days: days
            .map(|day| store::PlanDay {
                date: day.date.to_string(),
                items: day.items.iter().map(item).collect(),
            })
            .collect(),
    }
}

fn print(planned: &Plan, old: Option<&store::Plan>, today: Date) {
    match planned.interview {
        Some(date) => {
            let days = today.until(date).map_or(0, |span| span.get_days());
            println!("{BOLD}{days} days until the interview on {date}{BOLD:#}");
        }
        None => println!(
            "{BOLD}The coming two weeks{BOLD:#} {DIM}(with a date: hotseat plan --date 2026-12-18){DIM:#}"
        ),
    }
    let done = old.iter().flat_map(|old| &old.days).filter(|day| day.date == today.to_string());
    for item in done.flat_map(|day| &day.items).filter(|item| item.done_at_ms.is_some()) {
        println!("  {GOOD}done{GOOD:#} today: {} {}", item.task, item.name);
    }
    for day in planned.days.iter().filter(|day| !day.items.is_empty()) {
        let used: u32 = day.items.iter().map(|item| item.minutes).sum();
        println!("\n{BOLD}{}{BOLD:#} {DIM}{} · {used} min{DIM:#}", day.date, day.date.strftime("%A"));
        for item in &day.items {
            let again = if item.again { " again" } else { "" };
            let how = match item.task {
                Task::Read => format!("read    hotseat advice {}", item.name),
                Task::Answer => format!("answer  hotseat ask {}", item.name),
                Task::Do => format!("do      hotseat drill start {}", item.name),
            };
            println!("  {how}{again}");
        }
    }
    if !planned.moved.is_empty() {
        println!("\n{UNSURE}Moved{UNSURE:#}");
        for moved in &planned.moved {
            let to = match moved.to {
                Fate::Day(date) => format!("to {date}"),
                Fate::LeftOut => "out: there is no time for it".into(),
                Fate::Gone => "out: the pack no longer has it".into(),
            };
            println!("  {} from {} {to}", moved.name, moved.from);
        }
    }
    if !planned.left_out.is_empty() {
        println!("\n{UNSURE}Left out{UNSURE:#}");
        planned.left_out.iter().for_each(|left| println!("  {}: {}", left.name, left.why));
    }
    if let Some(recall) = planned.recall {
        println!("\nOn the day you can expect to remember {:.0} % of all that there is.", recall * 100.0);
    }
}
