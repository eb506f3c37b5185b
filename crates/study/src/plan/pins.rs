//! What the learner has put on a day: it stays there, whatever else has to move.

use std::collections::BTreeSet;

use super::calendar::Calendar;
use super::{Lifted, Placed, Request, WhyLifted};

/// The request's pins, sorted by what becomes of them.
pub(super) struct Pins {
    /// The day of each work of the request, if it has one.
    pub(super) day_of: Vec<Option<usize>>,
    /// For a day after the last of the plan, by place among the works.
    pub(super) waiting: Vec<(usize, Placed)>,
    pub(super) lifted: Vec<Lifted>,
}

impl Pins {
    pub(super) fn of(request: &Request, calendar: &Calendar) -> Pins {
        let mut pins =
            Pins { day_of: vec![None; request.works.len()], waiting: Vec::new(), lifted: Vec::new() };
        let mut all: Vec<&Placed> = request.pinned.iter().collect();
        all.sort_by_key(|placed| (placed.date, placed.task, &placed.name));
        // A thing has one next time, so it has one pin.
        let mut seen = BTreeSet::new();
        all.retain(|placed| seen.insert((placed.task, &placed.name)));
        for placed in all {
            pins.put(request, calendar, placed);
        }
        pins
    }

    fn put(&mut self, request: &Request, calendar: &Calendar, placed: &Placed) {
        let is_it = |work: &super::Work| work.task == placed.task && work.name == placed.name;
        let mut lift = |why| {
            let Placed { date, task, name } = placed.clone();
            self.lifted.push(Lifted { task, name, date, why });
        };
        let Some(place) = request.works.iter().position(is_it) else { return lift(WhyLifted::Gone) };
        let work = &request.works[place];
        if request.is_done(work) && request.card(work).is_none() {
            return; // It was done, and nothing brings it back.
        }
        match (calendar.day(placed.date), request.interview) {
            (Some(day), _) => self.day_of[place] = Some(day),
            _ if placed.date < request.today => lift(WhyLifted::Over),
            (None, Some(_)) => lift(WhyLifted::InterviewBefore),
            (None, None) => self.waiting.push((place, placed.clone())),
        }
    }

    /// Whether it is laid by the learner's hand, on a day of the plan or after it.
    pub(super) fn has(&self, work: usize) -> bool {
        self.day_of[work].is_some() || self.is_waiting(work)
    }

    pub(super) fn is_waiting(&self, work: usize) -> bool {
        self.waiting.iter().any(|(waiting, _)| *waiting == work)
    }
}
