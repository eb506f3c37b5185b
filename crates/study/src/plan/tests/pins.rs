//! What the learner has put on a day stays there.

use super::*;

fn placed(task: Task, name: &str, date: Date) -> Placed {
    Placed { date, task, name: name.into() }
}

/// Where something stands for the first time, and whether it is pinned there.
fn next_of(plan: &Plan, task: Task, name: &str) -> Option<(Date, bool)> {
    let mut items = plan.days.iter().flat_map(|day| day.items.iter().map(move |item| (day.date, item)));
    let found = items.find(|(_, item)| item.task == task && item.name == name);
    found.map(|(date, item)| (date, item.pinned))
}

#[test]
fn what_is_pinned_comes_on_its_day_and_the_rest_makes_room() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    let free = planned(&request);
    let on = date(2026, 12, 3);
    assert_ne!(next_of(&free, Task::Answer, "question-00"), Some((on, false)));
    request.pinned = vec![placed(Task::Answer, "question-00", on)];
    let plan = planned(&request);
    assert_eq!(next_of(&plan, Task::Answer, "question-00"), Some((on, true)));
    assert_eq!((plan.left_out.len(), plan.lifted.len()), (0, 0));
    assert!(plan.days.iter().all(|day| day.over_minutes == 0), "there is room for it");
}

#[test]
fn a_day_off_and_an_overfull_day_are_the_learners_affair_and_said_as_such() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    request.days_off = WEEKENDS;
    let saturday = date(2026, 11, 28);
    request.pinned = ["drill-a", "drill-b", "drill-c"].map(|name| placed(Task::Do, name, saturday)).to_vec();
    let plan = planned(&request);
    let day = plan.days.iter().find(|day| day.date == saturday).expect("it is planned");
    assert_eq!((day.items.len(), day.minutes, day.over_minutes), (3, 0, 120));
    assert!(day.items.iter().all(|item| item.pinned && !item.again));
    assert!(plan.days.iter().filter(|day| day.date != saturday).all(|day| day.over_minutes == 0));
}

#[test]
fn a_drill_waits_for_the_day_on_which_the_learner_has_put_its_question() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    let on = date(2026, 12, 5);
    request.pinned = vec![placed(Task::Answer, "question-02", on)];
    let plan = planned(&request);
    let (drill, _) = next_of(&plan, Task::Do, "drill-a").expect("there is time for it");
    assert!(drill >= on, "{drill}");
}

#[test]
fn what_was_done_before_comes_back_on_the_day_on_which_it_was_put_and_not_before() {
    for interview in [Some(date(2026, 12, 15)), None] {
        let mut request = request(interview, 5);
        request.cards = vec![card(CardKind::Question, "question-00", 40)];
        let on = date(2026, 12, 2);
        assert!(next_of(&planned(&request), Task::Answer, "question-00").is_some_and(|(day, _)| day < on));
        request.pinned = vec![placed(Task::Answer, "question-00", on)];
        let plan = planned(&request);
        assert_eq!(next_of(&plan, Task::Answer, "question-00"), Some((on, true)), "{interview:?}");
    }
}

#[test]
fn a_pin_that_cannot_be_kept_is_lifted_and_said() {
    let mut request = request(Some(date(2026, 12, 15)), 5);
    request.pinned = vec![
        placed(Task::Answer, "question-00", date(2026, 11, 23)),
        placed(Task::Answer, "question-01", date(2026, 12, 15)),
        placed(Task::Answer, "question-of-old", date(2026, 12, 1)),
    ];
    let plan = planned(&request);
    let why: Vec<(&str, WhyLifted)> =
        plan.lifted.iter().map(|lifted| (lifted.name.as_str(), lifted.why)).collect();
    let expected = [
        ("question-00", WhyLifted::Over),
        ("question-of-old", WhyLifted::Gone),
        ("question-01", WhyLifted::InterviewBefore),
    ];
    assert_eq!(why, expected);
    assert!(next_of(&plan, Task::Answer, "question-00").is_some_and(|(_, pinned)| !pinned), "it is planned");
}

#[test]
fn a_day_after_the_two_weeks_is_waited_for() {
    let mut request = request(None, 5);
    let on = date(2026, 12, 20);
    request.pinned = vec![placed(Task::Answer, "question-00", on)];
    request.before = request.pinned.clone();
    let plan = planned(&request);
    assert_eq!(next_of(&plan, Task::Answer, "question-00"), None);
    assert_eq!((&plan.waiting, plan.moved.len(), plan.lifted.len()), (&request.pinned, 0, 0));
    let left = plan.left_out.iter().find(|left| left.name == "question-00").map(|left| left.why);
    assert_eq!(left, Some(Why::Waiting));
    request.today = date(2026, 12, 10);
    assert_eq!(next_of(&planned(&request), Task::Answer, "question-00"), Some((on, true)));
}
