//! HTTP requests to a program: conversations of a parameter set's rows, with what goes wrong in between.

mod accident;
mod columns;
mod kept;
mod pace;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};

use super::{At, Halt, Parameters, Run};
use crate::JudgeError;
use crate::bench::Event;
use crate::bench::exchange::{Caller, Exchanged, Question};
use crate::bench::gateway::{Conducts, Gateway};
use crate::bench::service::Service;
use crate::drill::{Pace, Requests};
use crate::evidence::{ExchangeRecord, Outcome};
use columns::Columns;
use kept::Kept;

/// A walk through pages is no longer than this.
const REPEATS_MAX: i64 = 2_000;
/// How long a client waits before it asks again.
const PAUSE: Duration = Duration::from_millis(100);
/// A client asks again for so many hang limits, counted from the beginning of its phase.
const PATIENCE: u32 = 2;
/// How often a client that waits for calls to hang looks.
const GLANCE: Duration = Duration::from_millis(5);

/// The requests of a phase, ready to be sent.
struct Talks<'r> {
    run: &'r Run<'r>,
    requests: &'r Requests,
    at: At,
    rows: Rc<Parameters>,
    columns: Columns,
    service: Rc<Service>,
    /// When the phase's requests began.
    began: Instant,
    /// The instances that have answered something in this phase.
    ended: RefCell<BTreeSet<usize>>,
    /// Whether a request got no answer.
    broke_off: Cell<bool>,
}

/// When an exchange was due, was sent and was over, in microseconds since the run began.
#[derive(Clone, Copy)]
struct Times {
    /// In phases with a timetable, and only of a row's first try.
    scheduled_us: Option<i64>,
    started_us: i64,
    ended_us: i64,
}

impl Run<'_> {
    /// Sends the requests of a phase.
    pub(super) async fn requests(&self, requests: &Requests, at: At) -> Result<(), Halt> {
        let rows = self.parameters(&requests.each).await?;
        let service = self.services.borrow().get(&requests.on).map(Rc::clone);
        let service = service.ok_or_else(|| {
            JudgeError::Drill(format!("`{}` gets requests before a step starts it", requests.on))
        })?;
        let columns = Columns::of(&requests.each, &rows)?;
        let talks = Talks {
            run: self,
            requests,
            at,
            rows,
            columns,
            service,
            began: Instant::now(),
            ended: RefCell::default(),
            broke_off: Cell::new(false),
        };
        talks.tell_gateways()?;
        let started_us = self.now_us();
        match &requests.pace {
            Pace::Clients(clients) => talks.one_after_another(*clients).await?,
            Pace::Together(column) => talks.together(column).await?,
            Pace::Rate(rate) => talks.at_a_rate(*rate).await?,
        }
        self.own_time(started_us);
        self.gateways.borrow().values().for_each(Gateway::release);
        // What was let go writes itself down before the calls are taken.
        tokio::task::yield_now().await;
        self.note_calls()?;
        self.all_programs_run(talks.broke_off.get()).await
    }
}

impl Talks<'_> {
    /// Tells the gateways how to treat the payments of this phase.
    fn tell_gateways(&self) -> Result<(), JudgeError> {
        for index in 0..self.rows.rows.len() {
            let row = &self.rows.rows[index];
            let (Some(reference), Some(words)) = (self.columns.reference(row), self.columns.gateway(row))
            else {
                continue;
            };
            let conducts = Conducts::read(words).map_err(|word| {
                JudgeError::Drill(format!(
                    "parameters `{}`: a gateway does not know `{word}`",
                    self.requests.each
                ))
            })?;
            for gateway in self.run.gateways.borrow().values() {
                gateway.misbehave(reference, conducts.clone());
            }
        }
        Ok(())
    }

    /// Conversations, each begun as soon as a client is free.
    async fn one_after_another(&self, clients: usize) -> Result<(), Halt> {
        let talks = self.columns.talks(&self.rows);
        let next = Cell::new(0);
        let next = &next;
        let talks = &talks;
        let clients = (0..clients.min(talks.len())).map(|_| async move {
            while let Some(talk) = talks.get(next.replace(next.get() + 1)) {
                let mut kept = Kept::default();
                let mut caller = Caller::default();
                let mut rows = talk.iter().copied();
                while let Some(index) = rows.next() {
                    match self.freezes(index)? {
                        Some(fault) => {
                            self.frozen(fault, index, rows.next(), &mut caller, &mut kept).await?;
                        }
                        None => self.row(index, None, &mut caller, &mut kept).await?,
                    }
                }
            }
            Ok::<(), Halt>(())
        });
        try_join_all(clients).await.map(drop)
    }

    /// Rows with the same value in `column` are sent at the same moment, each on a connection of its own.
    async fn together(&self, column: &str) -> Result<(), Halt> {
        let place = self.rows.column(column).ok_or_else(|| {
            JudgeError::Drill(format!("parameters `{}`: there is no column `{column}`", self.requests.each))
        })?;
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, row) in self.rows.rows.iter().enumerate() {
            groups.entry(row[place].raw()).or_default().push(index);
        }
        for group in groups.values() {
            let mut callers: Vec<Caller> = group.iter().map(|_| Caller::default()).collect();
            let connecting = group.iter().zip(&mut callers).map(|(index, caller)| {
                let port = self.service.port(self.instance(*index));
                // One that does not get through says so when it sends.
                async move { drop(caller.connect(port).await) }
            });
            join_all(connecting).await;
            let sending = group.iter().zip(&mut callers).map(|(index, caller)| async move {
                self.row(*index, None, caller, &mut Kept::default()).await
            });
            try_join_all(sending).await?;
        }
        Ok(())
    }

    /// The instance (from 1) that a row is sent to: the one it names, else they take turns.
    fn instance(&self, index: usize) -> usize {
        let count = self.service.count();
        let named = self.columns.instance(&self.rows.rows[index]);
        named.map_or(index % count + 1, |named| named.clamp(1, count))
    }

    /// Sends a row, again where its columns say so, as long as this phase has patience.
    async fn row(
        &self,
        index: usize,
        scheduled_us: Option<i64>,
        caller: &mut Caller,
        kept: &mut Kept,
    ) -> Result<(), Halt> {
        let until = self.began + self.run.hang_limit() * PATIENCE;
        self.row_until(until, index, scheduled_us, caller, kept).await
    }

    /// Sends a row, again where its columns say so and `until` has not come. `scheduled_us` is when it was due, if
    /// there is a timetable.
    async fn row_until(
        &self,
        until: Instant,
        index: usize,
        scheduled_us: Option<i64>,
        caller: &mut Caller,
        kept: &mut Kept,
    ) -> Result<(), Halt> {
        let row = &self.rows.rows[index];
        self.calls_hang(self.instance(index), self.columns.once_hanging(row)).await;
        for try_no in 1..=REPEATS_MAX {
            let question = match kept.question(&self.columns, row) {
                Ok(question) => question,
                Err(why) => return Ok(self.not_sent(index, try_no, why)?),
            };
            let started_us = self.run.now_us();
            let (exchanged, ended_us) = self.exchange(index, try_no, caller, &question).await?;
            let scheduled_us = scheduled_us.filter(|_| try_no == 1);
            let times = Times { scheduled_us, started_us, ended_us };
            self.record(index, try_no, &question, &exchanged, times)?;
            kept.keep(&self.columns, row, exchanged.reply.as_ref());
            let asks_again = self.columns.again_on(row).any(|word| match &exchanged.reply {
                Some(reply) => word == reply.status.to_string(),
                None => word == "unknown",
            });
            if asks_again && Instant::now() < until {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            match self.columns.repeat_while(row) {
                Some(name) if kept.has(name) => {}
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// Waits until so many calls of an instance hang in the gateways, or at least one does and the instance has
    /// answered something: a service that lets fewer through to the gateway refuses the rest.
    async fn calls_hang(&self, instance: usize, calls: usize) {
        let of_gateway = |gateway: &Gateway| gateway.hanging(instance as i64);
        let hanging = || self.run.gateways.borrow().values().map(of_gateway).sum::<usize>();
        let answers = || self.ended.borrow().contains(&instance);
        let enough = || hanging() >= if answers() { calls.min(1) } else { calls };
        while !enough() && self.began.elapsed() < self.run.hang_limit() {
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Writes down that a row could not be sent.
    fn not_sent(&self, index: usize, try_no: i64, why: String) -> Result<(), JudgeError> {
        let question = self.columns.question(&self.rows.rows[index]);
        let unsent = Exchanged { outcome: Outcome::Refused, reply: None, reason: Some(why) };
        let now = self.run.now_us();
        let times = Times { scheduled_us: None, started_us: now, ended_us: now };
        self.record(index, try_no, &question, &unsent, times)
    }

    fn record(
        &self,
        index: usize,
        try_no: i64,
        question: &Question,
        exchanged: &Exchanged,
        Times { scheduled_us, started_us, ended_us }: Times,
    ) -> Result<(), JudgeError> {
        self.ended.borrow_mut().insert(self.instance(index));
        let got_nothing = exchanged.reply.is_none() && exchanged.outcome != Outcome::Refused;
        self.broke_off.set(self.broke_off.get() || got_nothing);
        let number = self.run.next_exchange.replace(self.run.next_exchange.get() + 1);
        let list = |headers: &[(String, String)]| serde_json::json!(headers).to_string();
        let reply = exchanged.reply.as_ref();
        let record = ExchangeRecord {
            exchange: number,
            phase: self.at.phase,
            tick: self.at.tick,
            source: self.requests.each.clone(),
            no: index as i64 + 1,
            try_no,
            component: self.requests.on.clone(),
            instance: self.instance(index) as i64,
            method: question.method.clone(),
            path: question.path.clone(),
            headers: list(&question.headers),
            body: question.body.clone(),
            scheduled_us,
            started_us,
            ended_us,
            outcome: exchanged.outcome,
            status: reply.map(|reply| i64::from(reply.status)),
            answer_headers: reply.map(|reply| list(&reply.headers)),
            answer: reply.map(|reply| String::from_utf8_lossy(&reply.body).into_owned()),
            reason: exchanged.reason.clone(),
        };
        self.run.evidence.borrow_mut().exchange(&record)?;
        self.run.tell(Event::Ended(exchanged.outcome));
        match reply {
            Some(reply) => self.run.hold_against_document(number, question, reply),
            None => Ok(()),
        }
    }
}
