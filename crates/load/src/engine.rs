//! The event loop: sends what is due, reads what has come, and gives up what took too long.

mod alarm;
mod pacer;
mod pool;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::{Events, Poll, Token, Waker};

use crate::connection::{Readiness, Step};
use crate::report::tally::{Tally, Totals};
use crate::{Failure, LoadError, Outcome, Plan, Record, Report, Request};
use alarm::Alarm;
use pacer::Pacer;
use pool::{NotOpened, Pool};

const ALARM: Token = Token(usize::MAX - 1);
const STOP: Token = Token(usize::MAX - 2);
const EVENTS_A_TURN: usize = 1024;
/// After so many requests it is time to look for answers.
const SENDS_A_TURN: usize = 64;
const SCRATCH_BYTES: usize = 64 * 1024;

/// A request on its way.
struct Job {
    index: u64,
    request: Arc<Request>,
    scheduled_ns: u64,
}

/// A request that a connection has taken.
struct Busy {
    job: Job,
    started_ns: u64,
}

/// When an exchange is given up, if the connection still has it. They are in the order of the schedule.
struct Deadline {
    at_ns: u64,
    slot: usize,
    index: u64,
}

struct Engine<'a> {
    plan: &'a Plan,
    sink: &'a mut dyn FnMut(Record),
    tally: Tally,
    poll: Poll,
    alarm: Alarm,
    pacer: Pacer,
    pool: Pool<Busy>,
    requests: Box<dyn Iterator<Item = Arc<Request>>>,
    ran_out: bool,
    stopped: bool,
    next_index: u64,
    /// Requests that no connection is free for.
    waiting: VecDeque<Job>,
    busy: usize,
    deadlines: VecDeque<Deadline>,
    /// Connections with more to read than one turn allows.
    again: Vec<usize>,
    timeout_ns: u64,
    /// What follows `Host: ` on the wire.
    host: Vec<u8>,
    scratch: Vec<u8>,
    start: Instant,
    rested_ns: u64,
}

/// Performs a plan that was checked.
pub(crate) fn perform(plan: &Plan, sink: &mut dyn FnMut(Record)) -> Result<Report, LoadError> {
    let poll = Poll::new().map_err(LoadError::system("an event queue"))?;
    let alarm = Alarm::new(poll.registry(), ALARM).map_err(LoadError::system("a timer"))?;
    let waker = Waker::new(poll.registry(), STOP).map_err(LoadError::system("a waker"))?;
    plan.stop.wakes(Some(waker));
    let mut engine = Engine::new(plan, sink, poll, alarm);
    let driven = engine.drive();
    plan.stop.wakes(None);
    driven?;
    let ended_ns = engine.now_ns();
    let totals = Totals {
        connections_opened: engine.pool.opened(),
        connections_peak: engine.pool.peak(),
        files_ran_out: engine.pool.files_ran_out(),
        requests_ran_out: engine.ran_out,
        stopped: engine.stopped,
        busy_share: 1.0 - engine.rested_ns as f64 / ended_ns.max(1) as f64,
    };
    Ok(engine.tally.report(plan, totals))
}

impl<'a> Engine<'a> {
    fn new(plan: &'a Plan, sink: &'a mut dyn FnMut(Record), poll: Poll, alarm: Alarm) -> Engine<'a> {
        let max = match plan.pace {
            crate::Pace::Open { .. } => plan.connections_max,
            crate::Pace::Closed { clients, .. } => clients,
        };
        let end_of_host = if plan.keep_alive { "\r\n" } else { "\r\nConnection: close\r\n" };
        Engine {
            plan,
            sink,
            tally: Tally::new(plan.timeout),
            poll,
            alarm,
            pacer: Pacer::new(&plan.pace),
            pool: Pool::new(plan.target.address(), plan.limits, plan.keep_responses, max),
            requests: plan.requests.feed(),
            ran_out: false,
            stopped: false,
            next_index: 0,
            waiting: VecDeque::new(),
            busy: 0,
            deadlines: VecDeque::new(),
            again: Vec::new(),
            timeout_ns: u64::try_from(plan.timeout.as_nanos()).unwrap_or(u64::MAX),
            host: format!("{}{end_of_host}", plan.target.host()).into_bytes(),
            scratch: vec![0; SCRATCH_BYTES],
            start: Instant::now(),
            rested_ns: 0,
        }
    }

    fn drive(&mut self) -> Result<(), LoadError> {
        let mut events = Events::with_capacity(EVENTS_A_TURN);
        loop {
            if self.plan.stop.is_asked() {
                self.abandon();
                return Ok(());
            }
            self.expire();
            self.serve_waiting();
            let more_is_due = self.send_due();
            if self.is_over() {
                return Ok(());
            }
            self.rest(&mut events, more_is_due)?;
            for event in &events {
                self.handle(event);
            }
            for slot in std::mem::take(&mut self.again) {
                self.go_on(slot, Readiness { readable: true, writable: false, closed: false });
            }
        }
    }

    fn now_ns(&self) -> u64 {
        // 584 years of nanoseconds fit.
        self.start.elapsed().as_nanos() as u64
    }

    fn is_over(&mut self) -> bool {
        let now_ns = self.now_ns();
        self.busy == 0 && self.waiting.is_empty() && (self.ran_out || self.pacer.is_over(now_ns))
    }

    /// Waits for an event, the next request's time or the next deadline.
    fn rest(&mut self, events: &mut Events, more_is_due: bool) -> Result<(), LoadError> {
        let before_ns = self.now_ns();
        let over = self.ran_out || self.pacer.is_over(before_ns);
        let next_ns = if over { None } else { self.pacer.wake_ns() };
        let hurry =
            more_is_due || !self.again.is_empty() || next_ns.is_some_and(|next_ns| next_ns <= before_ns);
        let timeout = if hurry {
            Some(Duration::ZERO)
        } else {
            let busy = self.deadlines.front().map(|deadline| deadline.at_ns);
            let waiting = self.waiting.front().map(|job| job.scheduled_ns.saturating_add(self.timeout_ns));
            let deadline_ns = busy.into_iter().chain(waiting).min();
            self.alarm.set(next_ns, deadline_ns, before_ns).map_err(LoadError::system("to set a timer"))?
        };
        match self.poll.poll(events, timeout) {
            Err(error) if error.kind() != std::io::ErrorKind::Interrupted => {
                return Err(LoadError::system("to wait for events")(error));
            }
            _ => {}
        }
        if !hurry {
            self.rested_ns += self.now_ns() - before_ns;
        }
        Ok(())
    }

    fn handle(&mut self, event: &Event) {
        if event.token() == ALARM || event.token() == STOP {
            return;
        }
        let closed = event.is_read_closed() || event.is_error();
        let ready = Readiness { readable: event.is_readable(), writable: event.is_writable(), closed };
        self.go_on(event.token().0, ready);
    }

    fn go_on(&mut self, slot: usize, ready: Readiness) {
        if let Some(connection) = self.pool.get(slot) {
            let step = connection.ready(ready, &mut self.scratch);
            self.follow(slot, step);
        }
    }

    /// Requests that had to wait go first, in their order, unless their time is up.
    fn serve_waiting(&mut self) {
        while !self.waiting.is_empty() {
            let over_ns = self.now_ns().saturating_sub(self.timeout_ns);
            if let Some(job) = self.waiting.pop_front_if(|job| job.scheduled_ns < over_ns) {
                self.end_unsent(&job, None, Failure::NoConnection);
            } else if self.pool.has_room()
                && let Some(job) = self.waiting.pop_front()
            {
                self.dispatch(job);
            } else {
                return;
            }
        }
    }

    /// Sends what is due; is more due than one turn allows?
    fn send_due(&mut self) -> bool {
        for _ in 0..SENDS_A_TURN {
            if self.ran_out {
                return false;
            }
            let now_ns = self.now_ns();
            let Some(scheduled_ns) = self.pacer.take(now_ns) else { return false };
            let Some(request) = self.requests.next() else {
                self.ran_out = true;
                return false;
            };
            let job = Job { index: self.next_index, request, scheduled_ns };
            self.next_index += 1;
            if self.pacer.is_open() {
                // How late the generator itself is: from here on, a wait is the server's doing.
                self.tally.lag((now_ns - scheduled_ns) / 1000);
            }
            if self.waiting.is_empty() && self.pool.has_room() {
                self.dispatch(job);
            } else {
                self.waiting.push_back(job);
                self.tally.waits(self.waiting.len());
            }
        }
        true
    }

    /// Gives the job to a connection; the pool has room.
    fn dispatch(&mut self, job: Job) {
        let started_ns = self.now_ns();
        match self.pool.take(self.poll.registry()) {
            Ok(slot) => {
                let at_ns = job.scheduled_ns.saturating_add(self.timeout_ns);
                self.deadlines.push_back(Deadline { at_ns, slot, index: job.index });
                self.busy += 1;
                let Some(connection) = self.pool.get(slot) else { return };
                connection.prepare(&job.request, &self.host);
                let step = connection.begin(Busy { job, started_ns });
                self.follow(slot, step);
            }
            Err(NotOpened::Wait) => {
                self.waiting.push_front(job);
                self.tally.waits(self.waiting.len());
            }
            Err(NotOpened::Failed(failure)) => self.end_unsent(&job, Some(started_ns), failure),
        }
    }

    fn follow(&mut self, slot: usize, step: Step) {
        match step {
            Step::Pending => {}
            Step::Again => self.again.push(slot),
            Step::Answered { reusable, surplus } => {
                self.tally.surplus(surplus);
                self.end(slot, None);
                if reusable && self.plan.keep_alive { self.pool.release(slot) } else { self.pool.close(slot) }
            }
            Step::Failed { failure, sent, reused } => {
                let retry = reused && !sent;
                match self.pool.get(slot).and_then(|connection| connection.exchange.take_if(|_| retry)) {
                    // The peer had closed a connection at rest, and not a byte went out: it takes another one.
                    Some(Busy { job, .. }) => {
                        self.busy -= 1;
                        self.waiting.push_front(job);
                    }
                    None => self.end(slot, Some(failure)),
                }
                self.pool.close(slot);
            }
        }
    }

    /// Gives up what took too long.
    fn expire(&mut self) {
        let now_ns = self.now_ns();
        while let Some(Deadline { at_ns, slot, index }) = self.deadlines.front() {
            let (at_ns, slot, index) = (*at_ns, *slot, *index);
            let exchange = self.pool.get(slot).and_then(|connection| connection.exchange.as_ref());
            let lives = exchange.is_some_and(|busy| busy.job.index == index);
            if lives && at_ns > now_ns {
                break;
            }
            self.deadlines.pop_front();
            if lives {
                self.end(slot, Some(Failure::Timeout));
                self.pool.close(slot);
            }
        }
    }

    /// The run was stopped: nothing is left open.
    fn abandon(&mut self) {
        self.stopped = true;
        for slot in self.pool.slots() {
            self.end(slot, Some(Failure::Stopped));
            self.pool.close(slot);
        }
        for job in std::mem::take(&mut self.waiting) {
            self.end_unsent(&job, None, Failure::Stopped);
        }
    }

    /// The exchange on a connection, if one is on, has ended: with a full answer unless there is a failure.
    fn end(&mut self, slot: usize, failure: Option<Failure>) {
        let ended_ns = self.now_ns();
        let Some(connection) = self.pool.get(slot) else { return };
        let Some(Busy { job, started_ns }) = connection.exchange.take() else { return };
        let status = connection.reader.status();
        let outcome = match (failure, status) {
            (None, Some(status)) => Outcome::Done(status),
            (failure, _) => {
                let failure = failure.unwrap_or(Failure::Invalid);
                if connection.has_sent() { Outcome::Unknown(failure) } else { Outcome::Refused(failure) }
            }
        };
        let response = connection.reader.take_response().filter(|_| failure.is_none());
        let record = Record {
            index: job.index,
            tag: job.request.tag(),
            scheduled_us: job.scheduled_ns / 1000,
            started_us: Some(started_ns / 1000),
            ended_us: ended_ns / 1000,
            connection: Some(connection.id),
            outcome,
            status,
            bytes: connection.reader.bytes(),
            response,
        };
        self.busy -= 1;
        self.close_record(record, ended_ns);
    }

    /// A request that never got onto a connection has ended.
    fn end_unsent(&mut self, job: &Job, started_ns: Option<u64>, failure: Failure) {
        let ended_ns = self.now_ns();
        let record = Record {
            index: job.index,
            tag: job.request.tag(),
            scheduled_us: job.scheduled_ns / 1000,
            started_us: started_ns.map(|started_ns| started_ns / 1000),
            ended_us: ended_ns / 1000,
            connection: None,
            outcome: Outcome::Refused(failure),
            status: None,
            bytes: 0,
            response: None,
        };
        self.close_record(record, ended_ns);
    }

    fn close_record(&mut self, record: Record, ended_ns: u64) {
        self.tally.record(&record);
        self.pacer.release(ended_ns, matches!(record.outcome, Outcome::Refused(_)));
        (self.sink)(record);
    }
}
