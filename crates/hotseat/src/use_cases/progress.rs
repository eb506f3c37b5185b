//! Where a learner stands: bands over the last answers, estimates against results, and what was done when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use study::bank::Bank;
use study::store::{DayCount, ScoreOf};
use study::words::{Ruling, Task};
use utoipa::ToSchema;

use super::asking::figures;
use super::calendar::{begin_ms, day_of, numbered, stretches, today};
use crate::failure::Failure;
use crate::learner::Learner;
use crate::pack::Pack;

/// A band is drawn over so many of the last answers.
pub(crate) const BAND: usize = 5;
/// With fewer answers there is no band: one score says little.
pub(crate) const BAND_MIN: usize = 3;
/// So many of the last estimates are held against their scores.
const ESTIMATES: u32 = 100;
/// The calendar goes back so far.
pub(crate) const WEEKS: i64 = 26;
/// Nobody does more of one thing on a day.
const DAY_MAX: u32 = 500;

/// Where a learner stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// The version of this shape.
    pub schema: u32,
    /// The questions that were answered, by id.
    pub questions: Vec<Standing>,
    /// Every drill of the pack.
    pub drills: Vec<DrillStanding>,
    /// What the answered questions are about.
    pub topics: Vec<TopicStanding>,
    /// The last answers that had an estimate, the newest first.
    pub estimates: Vec<Estimated>,
    /// The days of the last 26 weeks on which something was done.
    pub days: Vec<DayDone>,
}

/// How the last answers to a question went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    pub question: String,
    /// How many there are in all.
    pub answers: u64,
    /// The lowest, the middle and the highest score of the last five answers; null below three of them.
    pub band: Option<[u8; 3]>,
    /// How far estimates lay above the scores, on average; null without any.
    pub estimate_gap: Option<f64>,
}

/// How the tries at a drill went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrillStanding {
    pub drill: String,
    pub tries: u64,
    pub levels_passed: Vec<String>,
    pub hints_used: u32,
    /// The run that passed last, or null.
    pub run: Option<String>,
    /// The learner's figures of that run that stand beside the reference's.
    pub figures: Vec<String>,
}

/// How the last answers about something went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicStanding {
    pub topic: String,
    /// How many there are in all.
    pub answers: u64,
    /// The lowest, the middle and the highest score of the last five answers; null below three of them.
    pub band: Option<[u8; 3]>,
}

/// What was expected of an answer, and what it got.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Estimated {
    /// The answer's id.
    pub answer: String,
    pub question: String,
    /// When it was given, in milliseconds since 1970, UTC.
    pub given_at_ms: i64,
    /// 0 to 100, as is the next.
    pub estimate: u8,
    pub score: u8,
}

/// How much was done on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayDone {
    pub date: Date,
    /// Answers given.
    pub answers: u32,
    /// Drills judged.
    pub runs: u32,
    /// Pages of the plan read.
    pub pages: u32,
}

/// What was done on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayShown {
    /// The version of this shape.
    pub schema: u32,
    pub date: Date,
    /// In the order in which they were given.
    pub answers: Vec<DayAnswer>,
    pub runs: Vec<DayRun>,
    /// The ids of pages of the plan that were read.
    pub pages: Vec<String>,
}

/// An answer of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayAnswer {
    pub id: String,
    pub question: String,
    /// In milliseconds since 1970, UTC.
    pub given_at_ms: i64,
    /// 0 to 100.
    pub score: u8,
}

/// A judged drill of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayRun {
    pub run: String,
    pub drill: String,
    pub level: String,
    pub ruling: Ruling,
    /// In milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// Where the learner stands today.
pub(crate) async fn progress(bank: &Bank, pack: &Pack, learner: &Learner) -> Result<Progress, Failure> {
    let (questions, recent) = standings(learner).await?;
    let estimates = learner.store.estimated_scores(ESTIMATES).await?;
    let estimated = |it: ScoreOf| {
        let score = it.score;
        Some(Estimated {
            answer: score.answer.as_str().into(),
            question: it.question,
            given_at_ms: score.given_at_ms,
            estimate: score.estimate?,
            score: score.score,
        })
    };
    Ok(Progress {
        schema: 1,
        topics: topics(bank, &questions, &recent),
        questions,
        drills: drills(pack, learner).await?,
        estimates: estimates.into_iter().filter_map(estimated).collect(),
        days: days(learner).await?,
    })
}

/// How the last answers to each question went, and their scores.
pub(crate) async fn standings(learner: &Learner) -> Result<(Vec<Standing>, Vec<ScoreOf>), Failure> {
    let recent = learner.store.recent_scores().await?;
    let answered = learner.store.questions_answered().await?;
    let standing = |answered: study::store::Answered| {
        let scores: Vec<&ScoreOf> = recent.iter().filter(|it| it.question == answered.question).collect();
        Standing {
            band: band(scores.iter().map(|it| it.score.score)),
            estimate_gap: gap(&scores),
            answers: answered.answers,
            question: answered.question,
        }
    };
    Ok((answered.into_iter().map(standing).collect(), recent))
}

/// The lowest, the middle and the highest of some scores; one or two say too little.
fn band(scores: impl Iterator<Item = u8>) -> Option<[u8; 3]> {
    let mut points: Vec<u8> = scores.collect();
    points.sort_unstable();
    (points.len() >= BAND_MIN).then(|| [points[0], points[points.len() / 2], points[points.len() - 1]])
}

fn gap(scores: &[&ScoreOf]) -> Option<f64> {
    let gaps: Vec<f64> = scores
        .iter()
        .filter_map(|it| Some(f64::from(it.score.estimate?) - f64::from(it.score.score)))
        .collect();
    (!gaps.is_empty()).then(|| (gaps.iter().sum::<f64>() / gaps.len() as f64 * 10.0).round() / 10.0)
}

/// What is asked about most often comes first.
fn topics(bank: &Bank, questions: &[Standing], recent: &[ScoreOf]) -> Vec<TopicStanding> {
    let mut of_topic: BTreeMap<String, (String, BTreeSet<&str>)> = BTreeMap::new();
    for standing in questions {
        let topics = bank.question(&standing.question).map_or(&[][..], |question| &question.topics);
        for topic in topics {
            let entry =
                of_topic.entry(topic.to_lowercase()).or_insert_with(|| (topic.clone(), BTreeSet::new()));
            entry.1.insert(&standing.question);
        }
    }
    let standing = |(topic, ids): (String, BTreeSet<&str>)| {
        let mut scores: Vec<&ScoreOf> =
            recent.iter().filter(|it| ids.contains(it.question.as_str())).collect();
        scores.sort_by_key(|it| std::cmp::Reverse(it.score.given_at_ms));
        let answers = questions.iter().filter(|it| ids.contains(it.question.as_str())).map(|it| it.answers);
        let band = band(scores.iter().take(BAND).map(|it| it.score.score));
        TopicStanding { topic, answers: answers.sum(), band }
    };
    let mut standings: Vec<TopicStanding> = of_topic.into_values().map(standing).collect();
    standings.sort_by_key(|it| std::cmp::Reverse(it.answers));
    standings
}

async fn drills(pack: &Pack, learner: &Learner) -> Result<Vec<DrillStanding>, Failure> {
    let counted = learner.store.attempts_counted().await?;
    let mut drills = Vec::new();
    for drill in pack.outlines().keys() {
        let of_drill = counted.iter().filter(|it| it.drill == *drill);
        let passed = of_drill.clone().filter(|it| it.ruling == Ruling::Pass);
        let pass = match passed.clone().next() {
            Some(_) => learner.store.last_pass(drill).await?,
            None => None,
        };
        drills.push(DrillStanding {
            tries: of_drill.clone().map(|it| u64::from(it.attempts)).sum(),
            levels_passed: passed.map(|it| it.level.clone()).collect(),
            hints_used: of_drill.map(|it| it.hints_used).max().unwrap_or(0),
            figures: pass.as_ref().map_or_else(Vec::new, |pass| figures(pass.verdict.read().ok())),
            run: pass.map(|pass| pass.run),
            drill: drill.clone(),
        });
    }
    Ok(drills)
}

/// The first day of the calendar: a Monday.
pub(crate) fn first_day(today: Date) -> Date {
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    monday.saturating_sub((WEEKS - 1).weeks())
}

async fn days(learner: &Learner) -> Result<Vec<DayDone>, Failure> {
    let zone = TimeZone::system();
    let (first, before) = (first_day(today()), today().saturating_add(1.day()));
    let mut done: BTreeMap<Date, [u32; 3]> = BTreeMap::new();
    for cut in stretches(first, before, &zone) {
        let answers = learner.store.answers_by_day(cut.from_ms, cut.before_ms, cut.ahead_ms).await?;
        let runs = learner.store.attempts_by_day(cut.from_ms, cut.before_ms, cut.ahead_ms).await?;
        for (kind, counts) in [answers, runs].iter().enumerate() {
            for DayCount { day, times } in counts {
                if let Some(day) = numbered(*day) {
                    done.entry(day).or_default()[kind] += times;
                }
            }
        }
    }
    for (day, _) in pages_read(learner).await?.into_iter().filter(|(day, _)| (first..before).contains(day)) {
        done.entry(day).or_default()[2] += 1;
    }
    let day = |(date, [answers, runs, pages]): (Date, [u32; 3])| DayDone { date, answers, runs, pages };
    Ok(done.into_iter().map(day).collect())
}

/// Pages of the plan that were read, with the day.
async fn pages_read(learner: &Learner) -> Result<Vec<(Date, String)>, Failure> {
    let days = learner.store.plan().await?.map(|plan| plan.days).unwrap_or_default();
    let items = days.into_iter().flat_map(|day| day.items).filter(|item| item.task == Task::Read);
    Ok(items.filter_map(|item| Some((day_of(item.done_at_ms?), item.name))).collect())
}

/// What was done on a day.
pub(crate) async fn day(date: Date, learner: &Learner) -> Result<DayShown, Failure> {
    let zone = TimeZone::system();
    let (from, before) = (begin_ms(date, &zone), begin_ms(date.saturating_add(1.day()), &zone));
    let answer = |it: ScoreOf| DayAnswer {
        id: it.score.answer.as_str().into(),
        question: it.question,
        given_at_ms: it.score.given_at_ms,
        score: it.score.score,
    };
    let run = |it: study::store::AttemptLine| DayRun {
        run: it.run,
        drill: it.drill,
        level: it.level,
        ruling: it.ruling,
        at_ms: it.at_ms,
    };
    let answers = learner.store.scores_between(from, before, DAY_MAX).await?;
    let runs = learner.store.attempts_between(from, before, DAY_MAX).await?;
    let pages = pages_read(learner).await?.into_iter().filter(|(day, _)| *day == date);
    Ok(DayShown {
        schema: 1,
        date,
        answers: answers.into_iter().map(answer).collect(),
        runs: runs.into_iter().map(run).collect(),
        pages: pages.map(|(_, name)| name).collect(),
    })
}
