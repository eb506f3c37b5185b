//! New things laid onto days.

use std::collections::VecDeque;

use super::calendar::Calendar;
use super::order::Queue;
use super::{LeftOut, Request, Why};

/// New things are to be through after this share of the days that may have them, so that there is time to come
/// back to the last of them, if the hours suffice for that.
const THROUGH_AFTER: f64 = 0.67;
/// The least share of a day that they get, and how much more is tried if something was left over.
const SHARE_MIN: f64 = 0.3;
const SHARE_STEP: f64 = 1.1;
/// The most of a day that goes to pages, while there are other things.
const PAGES_SHARE: u32 = 4;

/// New things by day, as places among the works of the request.
pub(super) struct Layout {
    pub(super) days: Vec<Vec<usize>>,
    /// The least valuable first.
    pub(super) left_out: Vec<LeftOut>,
}

pub(super) fn lay(request: &Request, calendar: &Calendar, queue: &Queue) -> Layout {
    let minutes = |work: usize| f64::from(request.works[work].whole_minutes());
    let wanted: f64 =
        queue.pages.iter().chain(queue.groups.iter().flatten()).map(|&work| minutes(work)).sum();
    let there: f64 = calendar.new_days.iter().map(|&day| f64::from(calendar.minutes[day])).sum();
    let mut share = (wanted / (THROUGH_AFTER * there).max(1.0)).clamp(SHARE_MIN, 1.0);
    loop {
        let mut board = Board::new(request, calendar);
        board.fill(queue, share);
        if board.misses(queue).is_empty() || share >= 1.0 {
            board.fill_gaps(queue);
            let left_out = board.left_out(queue);
            return Layout { days: board.days, left_out };
        }
        share = (share * SHARE_STEP).min(1.0);
    }
}

struct Board<'a> {
    request: &'a Request,
    calendar: &'a Calendar,
    days: Vec<Vec<usize>>,
    used: Vec<u32>,
    /// Where each work stands.
    day_of: Vec<Option<usize>>,
}

impl<'a> Board<'a> {
    fn new(request: &'a Request, calendar: &'a Calendar) -> Board<'a> {
        let days = calendar.minutes.len();
        let day_of = vec![None; request.works.len()];
        Board { request, calendar, days: vec![Vec::new(); days], used: vec![0; days], day_of }
    }

    /// Day by day: drills that are due after their questions, a page or two, questions.
    fn fill(&mut self, queue: &Queue, share: f64) {
        let mut pages: VecDeque<usize> = queue.pages.iter().copied().collect();
        let mut groups: VecDeque<&Vec<usize>> = queue.groups.iter().collect();
        let mut drills: VecDeque<usize> = VecDeque::new();
        let pages_a_day = pages.len().div_ceil(self.calendar.new_days.len().max(1));
        for &day in &self.calendar.new_days {
            let room = (f64::from(self.calendar.minutes[day]) * share).round() as u32;
            self.lay_on(day, room, &mut drills);
            let read = self.used[day] + room / PAGES_SHARE;
            let mut todays: VecDeque<usize> = pages.drain(..pages_a_day.min(pages.len())).collect();
            if todays.front().is_some_and(|&page| self.put(day, room, page)) {
                todays.pop_front();
                self.lay_on(day, read.min(room), &mut todays);
            }
            todays.into_iter().rev().for_each(|page| pages.push_front(page));
            while let Some(group) = groups.front()
                && drills.is_empty()
                && self.put(day, room, group[0])
            {
                drills.extend(&group[1..]);
                groups.pop_front();
                self.lay_on(day, room, &mut drills);
            }
        }
    }

    /// From the front, as many as fit.
    fn lay_on(&mut self, day: usize, room: u32, works: &mut VecDeque<usize>) {
        while let Some(&work) = works.front()
            && self.put(day, room, work)
        {
            works.pop_front();
        }
    }

    /// Puts it on the day if it fits, or if it comes alone.
    fn put(&mut self, day: usize, room: u32, work: usize) -> bool {
        let together = self.used[day].saturating_add(self.request.works[work].whole_minutes());
        let fits = self.days[day].is_empty() || together <= room;
        if fits {
            self.days[day].push(work);
            self.used[day] = together;
            self.day_of[work] = Some(day);
        }
        fits
    }

    /// What is not laid yet, the most valuable first.
    fn misses(&self, queue: &Queue) -> Vec<usize> {
        let all = queue.groups.iter().flatten().chain(&queue.pages);
        all.copied().filter(|&work| self.day_of[work].is_none()).collect()
    }

    /// Puts what was too long for its turn wherever it fits; a drill not before its question.
    fn fill_gaps(&mut self, queue: &Queue) {
        for work in self.misses(queue) {
            let group = queue.groups.iter().find(|group| group.contains(&work));
            let question = group.map(|group| group[0]).filter(|&first| first != work);
            let Some(earliest) = question.map_or(Some(0), |question| self.day_of[question]) else { continue };
            let days = self.calendar.new_days.iter().copied().filter(|&day| day >= earliest);
            let days: Vec<usize> = days.collect();
            days.into_iter().any(|day| self.put(day, self.calendar.minutes[day], work));
        }
    }

    fn left_out(&self, queue: &Queue) -> Vec<LeftOut> {
        let misses = self.misses(queue);
        let without_question = |work: usize| {
            let group = queue.groups.iter().find(|group| group.contains(&work));
            group.is_some_and(|group| group[0] != work && self.day_of[group[0]].is_none())
        };
        let why = |work: usize| match self.request.interview {
            _ if without_question(work) => Why::QuestionLeftOut,
            Some(_) => Why::TooFewHours,
            None => Why::Later,
        };
        let left_out = |&place: &usize| {
            let work = &self.request.works[place];
            LeftOut {
                task: work.task,
                name: work.name.clone(),
                minutes: work.whole_minutes(),
                why: why(place),
            }
        };
        misses.iter().rev().map(left_out).collect()
    }
}
