//! What holds for every plan.

use super::*;

prop_compose! {
    fn any_work(number: usize)(
        task in prop_oneof![1 => Just(Task::Read), 4 => Just(Task::Answer), 1 => Just(Task::Do)],
        minutes in 1..50_u32,
        kind in 0..4_usize,
        guide in prop::option::weighted(0.2, 1..12_u32),
        done in prop::bool::weighted(0.2),
    ) -> Work {
        let kind = (task == Task::Answer).then_some(KINDS[kind]);
        Work { kind, guide, done, ..work(task, format!("{number}"), minutes) }
    }
}

fn any_works() -> impl Strategy<Value = Vec<Work>> {
    (0..25_usize).prop_flat_map(|count| (0..count).map(any_work).collect::<Vec<_>>()).prop_map(|mut works| {
        let drills: Vec<String> =
            works.iter().filter(|work| work.task == Task::Do).map(|work| work.name.clone()).collect();
        let questions = works.iter_mut().filter(|work| work.task == Task::Answer);
        questions.zip(drills).for_each(|(question, drill)| question.drills = vec![drill]);
        works
    })
}

prop_compose! {
    fn any_request()(
        works in any_works(),
        days in prop::option::weighted(0.8, 1..30_i64),
        minutes_a_week in 40..1500_u32,
        days_off in prop::array::uniform7(prop::bool::weighted(0.2)),
        minutes_spent_today in prop_oneof![Just(0), 0..100_u32],
        reviewed in prop::collection::vec(0..30_i64, 0..10),
    ) -> Request {
        let cards = works.iter().zip(reviewed).filter_map(|(work, days)| Some(card(work.card_kind()?, &work.name, days)));
        Request {
            interview: days.map(|days| TODAY.saturating_add(days.days())),
            cards: cards.collect(),
            works,
            minutes_a_week,
            days_off,
            minutes_spent_today,
            ..request(None, 0)
        }
    }
}

/// What is new on each day, with its day.
fn new_items(plan: &Plan) -> Vec<(usize, &Item)> {
    let days = plan.days.iter().enumerate();
    days.flat_map(|(day, at)| at.items.iter().filter(|item| !item.again).map(move |item| (day, item)))
        .collect()
}

/// Some of the works on days around those of the plan.
fn any_pinned() -> impl Strategy<Value = Request> {
    let days = prop::collection::vec(prop::option::weighted(0.4, -2..32_i64), 0..25);
    (any_request(), days).prop_map(|(mut request, days)| {
        let pin = |(work, day): (&Work, Option<i64>)| {
            Some(Placed { date: TODAY.saturating_add(day?.days()), task: work.task, name: work.name.clone() })
        };
        request.pinned = request.works.iter().zip(days).filter_map(pin).collect();
        request
    })
}

fn is_pinned(request: &Request, name: &str) -> bool {
    request.pinned.iter().any(|placed| placed.name == name)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_pin_is_kept_or_said_not_to_be(request in any_pinned()) {
        let Ok(plan) = plan(&request) else { return Ok(()) };
        for pin in &request.pinned {
            let work = request.works.iter().find(|work| work.name == pin.name).expect("it is there");
            if request.is_done(work) && request.card(work).is_none() {
                continue;
            }
            let mut days = plan.days.iter();
            let first = days.find(|day| day.items.iter().any(|item| item.name == pin.name));
            let item = first.and_then(|day| day.items.iter().find(|item| item.name == pin.name));
            let kept = first.is_some_and(|day| day.date == pin.date) && item.is_some_and(|item| item.pinned);
            let lifted = plan.lifted.iter().any(|lifted| lifted.name == pin.name);
            let waits = plan.waiting.contains(pin);
            prop_assert_eq!(i32::from(kept) + i32::from(lifted) + i32::from(waits), 1, "{:?}", pin);
        }
        let pinned = plan.days.iter().flat_map(|day| &day.items).filter(|item| item.pinned);
        for item in pinned {
            prop_assert!(is_pinned(&request, &item.name), "{:?}", item);
        }
    }

    #[test]
    fn pins_outlive_every_new_plan(request in any_pinned(), late in 0..10_i64, hours in 1..20_u32) {
        let Ok(old) = plan(&request) else { return Ok(()) };
        let mut later = request.clone();
        later.today = later.today.saturating_add(late.days());
        later.now += late * 86_400_000;
        later.before = undone(&old);
        later.minutes_a_week = 60 * hours;
        let Ok(new) = plan(&later) else { return Ok(()) };
        let pinned = |plan: &Plan| {
            let at = |day: &Day| {
                let date = day.date;
                let pinned = day.items.iter().filter(|item| item.pinned);
                pinned.map(move |item| (date, item.name.clone())).collect::<Vec<_>>()
            };
            plan.days.iter().flat_map(at).collect::<Vec<_>>()
        };
        let new = pinned(&new);
        for (date, name) in pinned(&old).into_iter().filter(|(date, _)| *date >= later.today) {
            prop_assert!(new.contains(&(date, name.clone())), "{} {}", date, name);
        }
    }

    #[test]
    fn every_plan_keeps_its_promises(request in any_pinned()) {
        let Ok(plan) = plan(&request) else { return Ok(()) };
        prop_assert_eq!(&planned(&request), &plan, "the same request, the same plan");
        for day in &plan.days {
            let used: u32 = day.items.iter().map(|item| item.minutes).sum();
            let pinned = day.items.iter().filter(|item| item.pinned).count();
            let fits = used <= day.minutes || day.items.len() <= pinned.max(1);
            prop_assert!(fits, "{:?}", day);
            prop_assert!(day.minutes > 0 || day.items.len() == pinned, "{:?}", day);
            prop_assert_eq!(day.over_minutes, used.saturating_sub(day.minutes));
            prop_assert!(request.interview.is_none_or(|interview| day.date < interview));
        }
        let new = new_items(&plan);
        for work in &request.works {
            let times = new.iter().filter(|(_, item)| item.name == work.name).count();
            let left_out = plan.left_out.iter().filter(|left| left.name == work.name).count();
            prop_assert_eq!(times + left_out, usize::from(!request.is_done(work)), "{:?}", work);
            for drill in &work.drills {
                let (asked, done) = (day_of(&plan, &work.name), day_of(&plan, drill));
                let by_hand = is_pinned(&request, drill);
                prop_assert!(asked.is_none() || done.is_none() || asked <= done || by_hand, "{:?}", work);
            }
        }
    }

    #[test]
    fn everything_is_covered_when_the_hours_suffice(mut request in any_request()) {
        request.minutes_spent_today = 0;
        let Ok(plan) = plan(&request) else { return Ok(()) };
        let open = plan.days.iter().filter(|day| day.minutes > 0).count();
        let reviews_only = if request.interview.is_some() { 2.min(open / 3) } else { 0 };
        let a_day = plan.days.iter().map(|day| day.minutes).max().unwrap_or(0);
        let open_works = request.works.iter().filter(|work| !request.is_done(work));
        let (mut wanted, mut longest) = (0, 0);
        for work in open_works {
            wanted += work.whole_minutes();
            longest = longest.max(work.whole_minutes());
        }
        // No day wastes more than the longest thing does not fit into.
        let a_day = if request.interview.is_some() { a_day } else { a_day * 3 / 5 };
        let there = (open - reviews_only) as u32 * a_day.saturating_sub(longest);
        prop_assert!(wanted > there || plan.left_out.is_empty(), "{} of {}: {:?}", wanted, there, plan.left_out);
    }

    #[test]
    fn nothing_is_lost_when_one_falls_behind(request in any_request(), late in 1..10_i64, hours in 0..10_u32) {
        let Ok(old) = plan(&request) else { return Ok(()) };
        let mut later = request.clone();
        later.today = later.today.saturating_add(late.days());
        later.now += late * 86_400_000;
        later.before = undone(&old);
        later.minutes_a_week = 60 * hours;
        let Ok(new) = plan(&later) else { return Ok(()) };
        for (day, item) in new_items(&old) {
            let stayed = day_of(&new, &item.name).map(|now| new.days[now].date) == Some(old.days[day].date);
            let moved = new.moved.iter().find(|moved| moved.name == item.name && moved.task == item.task);
            let left_out = new.left_out.iter().any(|left| left.name == item.name);
            match moved.map(|moved| moved.to) {
                None => prop_assert!(stayed, "{:?}", item),
                Some(Fate::Day(date)) => prop_assert!(date >= later.today && !stayed && !left_out, "{:?}", item),
                Some(Fate::LeftOut) => prop_assert!(left_out, "{:?}", item),
                Some(Fate::Gone) => prop_assert!(false, "{:?} is still there", item),
            }
        }
    }
}
