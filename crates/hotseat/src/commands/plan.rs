use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use anstream::println;
use clap::Args;
use jiff::civil::Date;

use study::plan::Fate;
use study::words::{Task, Weekday};

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::terminal::{BOLD, DIM, GOOD, UNSURE};
use crate::use_cases::planning::{Change, HOURS_MIN, Move, Planned, Stock, WEEKDAYS, move_to, replan};

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
    /// Put a page, question or drill on a day, where it stays when the rest is planned anew
    #[arg(long = "move", num_args = 2, value_names = ["NAME", "DATE"], conflicts_with_all = SETTINGS)]
    to_move: Option<Vec<String>>,
    /// Let the plan decide again when this comes
    #[arg(long, value_name = "NAME", conflicts_with = "to_move", conflicts_with_all = SETTINGS)]
    unpin: Option<String>,
}

/// What a move leaves as it is.
const SETTINGS: [&str; 5] = ["date", "no_date", "hours", "days_off", "no_days_off"];

/// A day of the week by its English name or the first letters of it, at least three.
fn weekday(text: &str) -> Result<Weekday, String> {
    let wanted = text.trim().to_lowercase();
    let named = WEEKDAYS.into_iter().find(|day| wanted.len() >= 3 && day.word().starts_with(&wanted));
    named.ok_or_else(|| "days of the week, such as sat,sun".into())
}

fn hours(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(hours) if (HOURS_MIN..=168.0).contains(&hours) => Ok(hours),
        _ => Err("a number of hours from 0.1 to 168".into()),
    }
}

impl PlanDays {
    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let pack = Pack::open(options.pack.as_deref())?;
        let bank = pack.bank()?;
        let learner = Learner::open(&Home::open()?).await?;
        let stock = Arc::new(Stock::of(&pack, &bank)?);
        let planned = match self.wish()? {
            Some(wish) => move_to(&learner, &stock, &wish).await?,
            None => replan(&learner, &stock, self.change()).await?,
        };
        learner.store.close().await;
        if options.json {
            println!("{}", serde_json::to_string(&planned).map_err(Failure::bug)?);
        } else {
            print(&planned);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn wish(&self) -> Result<Option<Move>, Failure> {
        let wish = |name: &str, to: Option<Date>| Some(Move { task: None, name: name.into(), to });
        match (self.to_move.as_deref(), &self.unpin) {
            (Some([name, date]), _) => {
                let date = date.parse::<Date>();
                let date =
                    date.map_err(|_| Failure::usage("--move takes a name and a date, such as 2026-12-01"));
                Ok(wish(name, Some(date?)))
            }
            (_, Some(name)) => Ok(wish(name, None)),
            _ => Ok(None),
        }
    }

    fn change(&self) -> Change {
        let interview = self.date.map(Some).or(self.no_date.then_some(None));
        let days_off: BTreeSet<Weekday> = self.days_off.iter().copied().collect();
        Change {
            interview,
            hours_per_week: self.hours,
            days_off: (self.no_days_off || !days_off.is_empty()).then_some(days_off),
        }
    }
}

fn print(planned: &Planned) {
    let today = planned.days.first().map(|day| day.date).unwrap_or_default();
    match planned.interview {
        Some(date) => {
            let days = today.until(date).map_or(0, |span| span.get_days());
            println!("{BOLD}{days} days until the interview on {date}{BOLD:#}");
        }
        None => println!(
            "{BOLD}The coming two weeks{BOLD:#} {DIM}(with a date: hotseat plan --date 2026-12-18){DIM:#}"
        ),
    }
    for item in &planned.done {
        println!("  {GOOD}done{GOOD:#} today: {} {}", item.task, item.name);
    }
    planned.days.iter().filter(|day| !day.items.is_empty()).for_each(print_day);
    print_moves(planned);
    if !planned.left_out.is_empty() {
        println!("\n{UNSURE}Left out{UNSURE:#}");
        planned.left_out.iter().for_each(|left| println!("  {}: {}", left.name, left.why));
    }
    if let Some(recall) = planned.recall {
        println!("\nOn the day you can expect to remember {:.0} % of all that there is.", recall * 100.0);
    }
}

fn print_day(day: &study::plan::Day) {
    let used: u32 = day.items.iter().map(|item| item.minutes).sum();
    let over = match day.over_minutes {
        0 => String::new(),
        over => format!(" · {UNSURE}{over} min more than there are{UNSURE:#}"),
    };
    println!("\n{BOLD}{}{BOLD:#} {DIM}{} · {used} min{DIM:#}{over}", day.date, day.date.strftime("%A"));
    for item in &day.items {
        let again = if item.again { " again" } else { "" };
        let pinned = if item.pinned { " (you put it here)" } else { "" };
        let how = match item.task {
            Task::Read => format!("read    hotseat advice {}", item.name),
            Task::Answer => format!("answer  hotseat ask {}", item.name),
            Task::Do => format!("do      hotseat drill start {}", item.name),
        };
        println!("  {how}{again}{pinned}");
    }
}

fn print_moves(planned: &Planned) {
    if !planned.moved.is_empty() || !planned.lifted.is_empty() {
        println!("\n{UNSURE}Moved{UNSURE:#}");
    }
    for moved in &planned.moved {
        let to = match moved.to {
            Fate::Day(date) => format!("to {date}"),
            Fate::LeftOut => "out: there is no time for it".into(),
            Fate::Gone => "out: the pack no longer has it".into(),
        };
        println!("  {} from {} {to}", moved.name, moved.from);
    }
    for lifted in &planned.lifted {
        println!("  {} stays no longer on {}, where you put it: {}", lifted.name, lifted.date, lifted.why);
    }
}
