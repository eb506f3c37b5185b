//! New things laid onto days.

use std::collections::VecDeque;

use super::calendar::Calendar;
use super::order::Queue;
use super::pins::Pins;
use super::{LeftOut, Request, Why, Work};

/// New things are to be through after this share of the days that may have them, so that there is time to come
/// back to the last of them, if the hours suffice for that.
const THROUGH_AFTER: f64 = 0.67;
/// The least share of a day that they get, and how much more is tried if something was left over.
const SHARE_MIN: f64 = 0.3;
const SHARE_STEP: f64 = 1.1;
/// Without a date nothing is so urgent that what was learned may be forgotten for it.
const SHARE_MAX_ROLLING: f64 = 0.6;
/// The most of a day that goes to pages, while there are other things: a quarter.
const PAGES_SHARE: u32 = 4;

/// New things by day, as places among the works of the request.
pub(super) struct Layout {
    pub(super) days: Vec<Vec<usize>>,
    /// The least valuable first.
    pub(super) left_out: Vec<LeftOut>,
}

pub(super) fn lay(request: &Request, calendar: &Calendar, queue: &Queue, pins: &Pins) -> Layout {
    let pinned = Board::new(request, calendar, pins);
    let wanted: f64 = queue.all().map(|work| f64::from(request.works[work].whole_minutes())).sum();
    let free = |&day: &usize| calendar.minutes[day].saturating_sub(pinned.used[day]);
    let there: f64 = calendar.new_days.iter().map(|day| f64::from(free(day))).sum();
    let share_max = if request.interview.is_some() { 1.0 } else { SHARE_MAX_ROLLING };
    let mut share = (wanted / (THROUGH_AFTER * there).max(1.0)).clamp(SHARE_MIN, share_max);
    loop {
        let mut board = pinned.clone();
        board.fill(queue, share);
        if share >= share_max {
            board.fill_gaps(queue, share);
        }
        if share >= share_max || board.misses(queue).is_empty() {
            let left_out = board.left_out(queue, pins);
            return Layout { days: board.days, left_out };
        }
        share = (share * SHARE_STEP).min(share_max);
    }
}

#[derive(Clone)]
struct Board<'a> {
    request: &'a Request,
    calendar: &'a Calendar,
    days: Vec<Vec<usize>>,
    used: Vec<u32>,
    /// Where each work stands.
    day_of: Vec<Option<usize>>,
}

impl<'a> Board<'a> {
    /// With what the learner has put on a day and not done yet; what was done before takes its room only.
    fn new(request: &'a Request, calendar: &'a Calendar, pins: &Pins) -> Board<'a> {
        let days = calendar.minutes.len();
        let day_of = vec![None; request.works.len()];
        let mut board =
            Board { request, calendar, days: vec![Vec::new(); days], used: vec![0; days], day_of };
        for (work, day) in pins.day_of.iter().enumerate() {
            match *day {
                Some(day) if request.is_done(&request.works[work]) => {
                    let minutes = request.works[work].whole_minutes();
                    board.used[day] = board.used[day].saturating_add(minutes);
                }
                Some(day) => {
                    board.put(day, u32::MAX, work);
                }
                None => {}
            }
        }
        board
    }

    /// Day by day: drills that are due after their questions, a page or two, questions.
    fn fill(&mut self, queue: &Queue, share: f64) {
        let mut pages: VecDeque<usize> = queue.pages.iter().copied().collect();
        let mut groups: VecDeque<&Vec<usize>> = queue.groups.iter().collect();
        // What had no room beside other things, and so comes first on the next day.
        let mut waiting: VecDeque<usize> = queue.begun.iter().copied().collect();
        let known = self.request.works.iter().filter(|work| self.request.card(work).is_some());
        let mut known_minutes: u32 = known.map(Work::whole_minutes).fold(0, u32::saturating_add);
        let mut after = queue.after.clone();
        let pages_a_day = pages.len().div_ceil(self.calendar.new_days.len().max(1));
        for &day in &self.calendar.new_days {
            let is_due = |(_, question): &mut (usize, Option<usize>)| question.is_some_and(|it| it <= day);
            waiting.extend(after.extract_if(.., is_due).map(|(drill, _)| drill));
            let unclaimed = self.calendar.minutes[day].saturating_sub(known_minutes);
            let room = self.room(day, share).max(unclaimed);
            self.lay_on(day, room, &mut waiting);
            let read = self.used[day] + room / PAGES_SHARE;
            let mut todays: VecDeque<usize> = pages.drain(..pages_a_day.min(pages.len())).collect();
            if todays.front().is_some_and(|&page| self.put(day, room, page)) {
                todays.pop_front();
                self.lay_on(day, read.min(room), &mut todays);
            }
            todays.into_iter().rev().for_each(|page| pages.push_front(page));
            while let Some(group) = groups.front()
                && waiting.is_empty()
                && self.put(day, room, group[0])
            {
                waiting.extend(&group[1..]);
                groups.pop_front();
                self.lay_on(day, room, &mut waiting);
            }
            let too_long = |group: &&Vec<usize>| self.request.works[group[0]].whole_minutes() > room;
            if waiting.is_empty() && groups.front().is_some_and(too_long) {
                waiting.extend(groups.pop_front().into_iter().flatten());
            }
            known_minutes = known_minutes.saturating_add(self.used[day]);
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
        let fits = self.used[day] == 0 || together <= room;
        if fits {
            self.days[day].push(work);
            self.used[day] = together;
            self.day_of[work] = Some(day);
        }
        fits
    }

    /// What new things may take of a day, in minutes.
    fn room(&self, day: usize, share: f64) -> u32 {
        (f64::from(self.calendar.minutes[day]) * share).round() as u32
    }

    /// What is not laid yet, the most valuable first.
    fn misses(&self, queue: &Queue) -> Vec<usize> {
        queue.all().filter(|&work| self.day_of[work].is_none()).collect()
    }

    /// Puts what was too long for its turn wherever it fits; a drill not before its question.
    fn fill_gaps(&mut self, queue: &Queue, share: f64) {
        for work in self.misses(queue) {
            let Some(earliest) = queue.earliest(work, &self.day_of) else { continue };
            let days = self.calendar.new_days.iter().filter(|&&day| day >= earliest);
            let _ = days.into_iter().any(|&day| self.put(day, self.room(day, share), work));
        }
    }

    /// What has no day: what there is no time for, the least valuable first, and what waits for its own.
    fn left_out(&self, queue: &Queue, pins: &Pins) -> Vec<LeftOut> {
        let why = |work: usize| match self.request.interview {
            _ if queue.earliest(work, &self.day_of).is_none() => Why::QuestionLeftOut,
            Some(_) => Why::TooFewHours,
            None => Why::Later,
        };
        let left_out = |place: usize, why: Why| {
            let work = &self.request.works[place];
            LeftOut { task: work.task, name: work.name.clone(), minutes: work.whole_minutes(), why }
        };
        let misses = self.misses(queue);
        let new = |place: &usize| !self.request.is_done(&self.request.works[*place]);
        let waiting = pins.waiting.iter().map(|(place, _)| *place).filter(new);
        let missed = misses.iter().rev().map(|&place| left_out(place, why(place)));
        missed.chain(waiting.map(|place| left_out(place, Why::Waiting))).collect()
    }
}
