//! What is to be done again, in the time that new things leave.

use crate::schedule::{self, Candidate, Card, Outlook, Room};

use super::calendar::Calendar;
use super::layout::Layout;
use super::pins::Pins;
use super::{Request, Task, Work};
use crate::words::CardKind;

/// Reviews by day, as places among the works of the request.
pub(super) struct Reviews {
    pub(super) days: Vec<Vec<usize>>,
    /// Which share of all questions and drills is expected to be remembered on the day of the interview.
    pub(super) recall: Option<f64>,
}

pub(super) fn add(request: &Request, calendar: &Calendar, layout: &Layout, pins: &Pins) -> Reviews {
    let works: Vec<(usize, Candidate, Option<usize>)> = (0..request.works.len())
        .filter_map(|place| {
            let (card, begins) = remembered(request, layout, pins, place)?;
            Some((place, Candidate { card, minutes: request.works[place].whole_minutes() }, begins))
        })
        .collect();
    let candidates: Vec<Candidate> = works.iter().map(|(_, candidate, _)| candidate.clone()).collect();
    let begins: Vec<Option<usize>> = works.iter().map(|(_, _, begins)| *begins).collect();
    let pinned = pinned(request, calendar, pins);
    let room = |(day, &minutes): (usize, &u32)| {
        let laid = layout.days[day].iter().chain(&pinned[day]);
        let laid = laid.map(|&work| request.works[work].whole_minutes());
        let shared = !layout.days[day].is_empty() || !pinned[day].is_empty();
        Room { minutes: laid.fold(minutes, u32::saturating_sub), shared }
    };
    let rooms: Vec<Room> = calendar.minutes.iter().enumerate().map(room).collect();
    let (days, recall) = if request.interview.is_some() {
        let horizon = Outlook::horizon_of(&candidates, request.now, rooms, &begins);
        let all = request.works.iter().filter(|work| work.task != Task::Read).count();
        (horizon.days, Some(horizon.recall.iter().sum::<f64>() / all.max(1) as f64))
    } else {
        (schedule::rolling(&candidates, request.now, &rooms, &begins), None)
    };
    let places = |cards: Vec<usize>| cards.into_iter().map(|card| works[card].0);
    let day = |(pinned, cards): (Vec<usize>, Vec<usize>)| pinned.into_iter().chain(places(cards)).collect();
    Reviews { days: pinned.into_iter().zip(days).map(day).collect(), recall }
}

/// What the learner has put on a day and has done before, by day.
fn pinned(request: &Request, calendar: &Calendar, pins: &Pins) -> Vec<Vec<usize>> {
    let mut days = vec![Vec::new(); calendar.minutes.len()];
    for (work, day) in pins.day_of.iter().enumerate() {
        if let Some(day) = *day
            && request.is_done(&request.works[work])
        {
            days[day].push(work);
        }
    }
    days
}

/// The card of something that was done or is going to be; in the latter case, and where the learner has said
/// when it is to be done again, with the day.
fn remembered(
    request: &Request,
    layout: &Layout,
    pins: &Pins,
    place: usize,
) -> Option<(Card, Option<usize>)> {
    let work = &request.works[place];
    let kind = work.card_kind()?;
    if let Some(card) = request.card(work) {
        return (!pins.is_waiting(place)).then(|| (card.clone(), pins.day_of[place]));
    }
    let day = layout.days.iter().position(|works| works.contains(&place))?;
    Some((Card::new(kind, &work.name, request.now), Some(day)))
}

impl Work {
    /// What kind of card keeps it, if one does.
    pub(super) fn card_kind(&self) -> Option<CardKind> {
        match self.task {
            Task::Read => None,
            Task::Answer => Some(CardKind::Question),
            Task::Do => Some(CardKind::Drill),
        }
    }
}
