use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::schedule::review;
use crate::words::{CardKind, Rating};

mod pins;
mod properties;

const TODAY: Date = date(2026, 11, 24); // a Tuesday
const NOW: i64 = 1_795_500_000_000;
const KINDS: [Kind; 4] = [Kind::Technical, Kind::Behavioural, Kind::RoleSpecific, Kind::CultureFit];
const WEEKENDS: [bool; 7] = [false, false, false, false, false, true, true];

fn work(task: Task, name: impl Into<String>, minutes: u32) -> Work {
    let name = name.into();
    Work {
        task,
        name,
        minutes,
        kind: None,
        level: None,
        topics: vec![],
        guide: None,
        drills: vec![],
        done: false,
    }
}

/// Twelve questions of four kinds, unevenly; two of them with a drill; a drill alone; three pages.
fn pack() -> Vec<Work> {
    let mut works: Vec<Work> =
        (0..3).map(|page| work(Task::Read, format!("page-{page}"), PAGE_MINUTES)).collect();
    for number in 0..12 {
        let kind = Some(if number < 9 { Kind::Technical } else { KINDS[number - 8] });
        let topics = vec![format!("topic-{}", number % 4)];
        works.push(Work { kind, topics, ..work(Task::Answer, format!("question-{number:02}"), 4) });
    }
    let question = |name: &str| works.iter().position(|work| work.name == name).expect("it is there");
    let (first, second, guided) = (question("question-02"), question("question-07"), question("question-05"));
    works[first].drills = vec!["drill-a".to_string()];
    works[second].drills = vec!["drill-b".to_string()];
    works[guided].guide = Some(3);
    works.extend(["drill-a", "drill-b", "drill-c"].map(|name| work(Task::Do, name, 40)));
    works
}

fn request(interview: Option<Date>, hours_a_week: u32) -> Request {
    Request {
        today: TODAY,
        now: NOW,
        interview,
        minutes_a_week: 60 * hours_a_week,
        minutes_spent_today: 0,
        days_off: [false; 7],
        level: None,
        works: pack(),
        cards: vec![],
        before: vec![],
        pinned: vec![],
    }
}

fn planned(request: &Request) -> Plan {
    plan(request).expect("there is time")
}

/// The day of something new, counted from today.
fn day_of(plan: &Plan, name: &str) -> Option<usize> {
    plan.days.iter().position(|day| day.items.iter().any(|item| item.name == name && !item.again))
}

fn card(kind: CardKind, name: &str, days_ago: i64) -> Card {
    let then = NOW - days_ago * 86_400_000;
    review(Card::new(kind, name, then), Rating::Good, then)
}

fn undone(plan: &Plan) -> Vec<Placed> {
    let placed = |day: &Day| {
        let date = day.date;
        day.items
            .iter()
            .map(move |item| Placed { date, task: item.task, name: item.name.clone() })
            .collect::<Vec<_>>()
    };
    plan.days.iter().flat_map(placed).collect()
}

#[test]
fn a_plan_covers_everything_and_keeps_the_last_two_days_for_reviews() {
    let plan = planned(&request(Some(date(2026, 12, 15)), 5));
    assert_eq!(plan.days.len(), 21);
    assert_eq!(plan.days[20].date, date(2026, 12, 14));
    assert_eq!(plan.left_out, []);
    for work in pack() {
        assert!(day_of(&plan, &work.name).is_some_and(|day| day < 19), "{}", work.name);
    }
    for day in &plan.days[19..] {
        assert!(!day.items.is_empty() && day.items.iter().all(|item| item.again), "{day:?}");
    }
    assert!(plan.recall.is_some_and(|recall| recall > 0.9), "{:?}", plan.recall);
}

#[test]
fn every_kind_comes_before_any_kind_comes_twice_and_the_guide_first() {
    let plan = planned(&request(Some(date(2026, 12, 15)), 5));
    let works = pack();
    let asked: Vec<Kind> = plan
        .days
        .iter()
        .flat_map(|day| &day.items)
        .filter(|item| item.task == Task::Answer && !item.again)
        .filter_map(|item| works.iter().find(|work| work.name == item.name)?.kind)
        .collect();
    let mut first = asked[..4].to_vec();
    first.sort_unstable();
    assert_eq!(first, KINDS);
    let guided = day_of(&plan, "question-05");
    assert!((0..9).all(|number| day_of(&plan, &format!("question-{number:02}")) >= guided));
}

#[test]
fn a_drill_comes_soon_after_its_question() {
    let plan = planned(&request(Some(date(2026, 12, 15)), 5));
    for (question, drill) in [("question-02", "drill-a"), ("question-07", "drill-b")] {
        let (asked, done) = (day_of(&plan, question), day_of(&plan, drill));
        let wait = done.zip(asked).map(|(done, asked)| done as i64 - asked as i64);
        assert!(wait.is_some_and(|wait| (0..=2).contains(&wait)), "{question} {asked:?}, {drill} {done:?}");
    }
    let mut begun = request(Some(date(2026, 12, 15)), 7);
    begun.cards = vec![card(CardKind::Question, "question-07", 1)];
    assert_eq!(day_of(&planned(&begun), "drill-b"), Some(0), "its question is answered");
}

#[test]
fn days_off_stay_free() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    request.days_off = WEEKENDS;
    let plan = planned(&request);
    let is_off = |date: Date| WEEKENDS[date.weekday().to_monday_zero_offset() as usize];
    assert!(plan.days.iter().all(|day| is_off(day.date) == (day.minutes == 0)));
    assert!(plan.days.iter().all(|day| day.minutes > 0 || day.items.is_empty()));
    assert_eq!(plan.days[0].minutes, 60);
    assert_eq!(plan.left_out, []);
}

#[test]
fn too_few_hours_leave_out_what_is_worth_least_and_say_so() {
    let plan = planned(&request(Some(date(2026, 12, 4)), 1));
    assert!(!plan.left_out.is_empty());
    let names: Vec<&str> = plan.left_out.iter().map(|left| left.name.as_str()).collect();
    assert!(!names.contains(&"question-05"), "the guide's own question stays: {names:?}");
    let drill = plan.left_out.iter().find(|left| left.name == "drill-b").expect("no time for it");
    assert_eq!(drill.why, Why::QuestionLeftOut);
    let all = plan.left_out.len()
        + undone(&plan).iter().filter(|placed| day_of(&plan, &placed.name).is_some()).count();
    assert!(all >= pack().len());
    let why = plan.left_out.iter().map(|left| left.why).filter(|why| *why != Why::QuestionLeftOut);
    assert!(why.clone().count() > 0 && why.clone().all(|why| why == Why::TooFewHours));
    assert_eq!(Why::TooFewHours.to_string(), "the hours until the interview do not suffice for it");
}

#[test]
fn without_a_date_two_weeks_are_planned_and_what_is_due_comes_back() {
    let mut request = request(None, 3);
    request.cards = vec![card(CardKind::Question, "question-00", 40)];
    let plan = planned(&request);
    assert_eq!((plan.days.len(), plan.recall), (ROLLING_DAYS, None));
    let again = |day: &Day| day.items.iter().any(|item| item.again && item.name == "question-00");
    assert!(plan.days[..3].iter().any(again), "it was due long ago");
    let back = plan.days.iter().flat_map(|day| &day.items).filter(|item| item.again).count();
    assert!(back > 6, "{back}");
    request.minutes_a_week = 40;
    let left_out = planned(&request).left_out;
    assert!(left_out.iter().any(|left| left.why == Why::Later));
}

#[test]
fn who_falls_behind_is_told_what_moved() {
    let first = request(Some(date(2026, 12, 15)), 5);
    let old = planned(&first);
    let mut later = first.clone();
    (later.today, later.now) = (date(2026, 11, 27), NOW + 3 * 86_400_000);
    later.before = undone(&old);
    later.before.push(Placed { date: TODAY, task: Task::Read, name: "page-of-old".to_string() });
    let missed: Vec<&Placed> = later.before.iter().filter(|placed| placed.date < later.today).collect();
    let new = planned(&later);
    for placed in &missed {
        let moved = new.moved.iter().find(|moved| moved.task == placed.task && moved.name == placed.name);
        let to = moved.map(|moved| moved.to);
        match day_of(&new, &placed.name) {
            Some(day) => assert_eq!(to, Some(Fate::Day(new.days[day].date)), "{placed:?}"),
            None => assert_eq!(to, Some(Fate::Gone), "{placed:?}"),
        }
    }
    later.works.iter_mut().for_each(|work| work.done = true);
    let moved = planned(&later).moved;
    assert_eq!(moved.len(), 1, "what is done has not moved: {moved:?}");
    assert_eq!(moved[0].to, Fate::Gone);
}

#[test]
fn the_same_plan_again_moves_nothing() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    let plan = planned(&request);
    request.before = undone(&plan);
    assert_eq!(planned(&request), plan);
}

#[test]
fn minutes_that_are_spent_are_gone() {
    let mut request = request(Some(date(2026, 12, 15)), 7);
    request.minutes_spent_today = 60;
    let plan = planned(&request);
    assert_eq!((plan.days[0].minutes, plan.days[0].items.len()), (0, 0));
    request.interview = Some(date(2026, 11, 25));
    let plan = planned(&request);
    assert_eq!((plan.days.len(), plan.left_out.len()), (1, pack().len()));
}

#[test]
fn what_cannot_be_planned_is_said_clearly() {
    let error = |request: &Request| plan(request).expect_err("there is no plan").to_string();
    let today = error(&request(Some(TODAY), 5));
    assert_eq!(
        today,
        "the interview on 2026-11-24 is not ahead: today is 2026-11-24; give a later date, or none"
    );
    assert!(error(&request(Some(date(1999, 1, 1)), 5)).contains("is not ahead"));
    assert!(error(&request(Some(date(2030, 1, 1)), 5)).contains("more than two years away"));
    assert!(error(&request(Some(Date::MAX), 5)).contains("more than two years away"));
    assert!(error(&request(None, 0)).contains("0 minutes a week"));
    let mut idle = request(None, 5);
    idle.days_off = [true; 7];
    assert!(error(&idle).contains("no day until 2026-12-08 is free"));
    let mut weekend = request(Some(date(2026, 11, 26)), 5);
    weekend.days_off = [true, true, true, true, true, false, false];
    assert_eq!(plan(&weekend), Err(PlanError::NoDays { until: date(2026, 11, 26) }));
}
