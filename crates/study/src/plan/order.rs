//! In which order new things come: what is worth most comes first, and what comes last is left out first.

use std::collections::{BTreeMap, BTreeSet};

use crate::question::{Kind, Level};

use super::pins::Pins;
use super::{Request, Task, Work};

/// What is not done yet and has no day by the learner's hand, as places among the works of the request.
pub(super) struct Queue {
    /// Pages, in the order of the pack.
    pub(super) pages: Vec<usize>,
    /// Drills whose question is done.
    pub(super) begun: Vec<usize>,
    /// Questions each with the drills behind it, and drills without a question.
    pub(super) groups: Vec<Vec<usize>>,
    /// Drills whose question the learner has put on a day, with that day; none if it is after the plan.
    pub(super) after: Vec<(usize, Option<usize>)>,
}

pub(super) fn queue(request: &Request, pins: &Pins) -> Queue {
    let is_open = |work: &usize| !request.is_done(&request.works[*work]) && !pins.has(*work);
    let open: Vec<usize> = (0..request.works.len()).filter(is_open).collect();
    let of = |task: Task| open.iter().copied().filter(move |&work| request.works[work].task == task);
    let mut drills: Vec<usize> = of(Task::Do).collect();
    let mut take_behind = |question: &Work| -> Vec<usize> {
        let behind = |work: &usize| question.drills.contains(&request.works[*work].name);
        let (behind, others) = drills.iter().copied().partition(behind);
        drills = others;
        behind
    };
    let done = request.works.iter().filter(|work| work.task == Task::Answer && request.is_done(work));
    let begun: Vec<usize> = done.flat_map(&mut take_behind).collect();
    let pinned = (0..request.works.len()).filter(|&work| pins.has(work));
    let pinned: Vec<usize> = pinned.filter(|&work| request.works[work].task == Task::Answer).collect();
    let mut after = Vec::new();
    for question in pinned {
        let behind = take_behind(&request.works[question]);
        after.extend(behind.into_iter().map(|drill| (drill, pins.day_of[question])));
    }
    let questions = questions(request, of(Task::Answer).collect());
    let asked: Vec<Vec<usize>> = questions
        .into_iter()
        .map(|question| [vec![question], take_behind(&request.works[question])].concat())
        .collect();
    let alone = drills.into_iter().map(|drill| vec![drill]);
    let groups = asked.into_iter().chain(alone).collect();
    Queue { pages: of(Task::Read).collect(), begun, groups, after }
}

/// First one question of each kind, the scarcest kind last; then of each kind its share.
fn questions(request: &Request, open: Vec<usize>) -> Vec<usize> {
    let mut by_kind: BTreeMap<Option<Kind>, Vec<usize>> = BTreeMap::new();
    for question in open {
        by_kind.entry(request.works[question].kind).or_default().push(question);
    }
    let many: BTreeMap<Option<Kind>, usize> =
        by_kind.iter().map(|(kind, these)| (*kind, these.len())).collect();
    // What was answered before counts, or each new plan would begin with the same kinds.
    let answered = request.works.iter().filter(|work| work.task == Task::Answer && request.is_done(work));
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut taken: BTreeMap<Option<Kind>, usize> = BTreeMap::new();
    for work in answered {
        *taken.entry(work.kind).or_default() += 1;
        seen.extend(work.topics.iter().map(String::as_str));
    }
    let mut order = Vec::new();
    while let Some(kind) = next_kind(&by_kind, &taken, &many) {
        let these = by_kind.get_mut(&kind).expect("the next kind is one of these");
        let rank = |&place: &usize| rank(&request.works[these[place]], request.level, &seen);
        let best = (0..these.len()).min_by_key(rank).expect("the next kind has a question left");
        let question = these.remove(best);
        *taken.entry(kind).or_default() += 1;
        seen.extend(request.works[question].topics.iter().map(String::as_str));
        order.push(question);
    }
    order
}

/// The kind that has had least of its share so far; one that has had nothing comes before all others.
fn next_kind(
    left: &BTreeMap<Option<Kind>, Vec<usize>>,
    taken: &BTreeMap<Option<Kind>, usize>,
    many: &BTreeMap<Option<Kind>, usize>,
) -> Option<Option<Kind>> {
    let open = left.iter().filter(|(_, these)| !these.is_empty()).map(|(kind, _)| *kind);
    open.min_by(|a, b| {
        let had = |kind: &Option<Kind>| taken.get(kind).copied().unwrap_or(0);
        let (had_a, had_b) = (had(a), had(b));
        // (had + 1) / many, without division.
        let shares = ((had_a + 1) * many[b]).cmp(&((had_b + 1) * many[a]));
        (had_a > 0).cmp(&(had_b > 0)).then(shares).then(a.cmp(b))
    })
}

/// The guide's own questions first, then those for the learner's level, then what is about something new.
fn rank<'a>(
    work: &'a Work,
    aim: Option<Level>,
    seen: &BTreeSet<&str>,
) -> (bool, usize, usize, Option<u32>, &'a str) {
    let distance = |level: Level| aim.map_or(0, |aim| (level as usize).abs_diff(aim as usize));
    let known = work.topics.iter().filter(|topic| seen.contains(topic.as_str())).count();
    (work.guide.is_none(), work.level.map_or(0, distance), known, work.guide, &work.name)
}

impl Queue {
    /// The most valuable first.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        let after = self.after.iter().map(|(drill, _)| drill);
        self.begun.iter().chain(after).chain(self.groups.iter().flatten()).chain(&self.pages).copied()
    }

    /// The first day that something may have, once the days of what is before it are known; none if that has
    /// no day.
    pub(super) fn earliest(&self, work: usize, day_of: &[Option<usize>]) -> Option<usize> {
        if let Some((_, day)) = self.after.iter().find(|(drill, _)| *drill == work) {
            return *day;
        }
        self.question_before(work).map_or(Some(0), |question| day_of[question])
    }

    /// The question before a drill.
    fn question_before(&self, work: usize) -> Option<usize> {
        let group = self.groups.iter().find(|group| group.contains(&work))?;
        Some(group[0]).filter(|&first| first != work)
    }
}
