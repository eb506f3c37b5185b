//! HTTP requests to a program: conversations of a parameter set's rows, with what goes wrong in between.

mod columns;
mod kept;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, join_all, select, try_join_all};

use super::{At, Halt, Parameters, Run};
use crate::JudgeError;
use crate::bench::Event;
use crate::bench::exchange::{Caller, Exchanged, Question};
use crate::bench::gateway::{Conducts, Gateway};
use crate::bench::service::Service;
use crate::drill::Requests;
use crate::evidence::{ExchangeRecord, FaultRecord, LandingRecord, Outcome};
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
        match &requests.together {
            None => talks.one_after_another().await?,
            Some(column) => talks.together(column).await?,
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
    async fn one_after_another(&self) -> Result<(), Halt> {
        let talks = self.columns.talks(&self.rows);
        let next = Cell::new(0);
        let next = &next;
        let talks = &talks;
        let clients = (0..self.requests.clients.min(talks.len())).map(|_| async move {
            while let Some(talk) = talks.get(next.replace(next.get() + 1)) {
                let mut kept = Kept::default();
                let mut caller = Caller::default();
                for index in talk {
                    self.row(*index, &mut caller, &mut kept).await?;
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
            let sending = group
                .iter()
                .zip(&mut callers)
                .map(|(index, caller)| async move { self.row(*index, caller, &mut Kept::default()).await });
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

    /// Sends a row, again where its columns say so.
    async fn row(&self, index: usize, caller: &mut Caller, kept: &mut Kept) -> Result<(), Halt> {
        let row = &self.rows.rows[index];
        self.calls_hang(self.instance(index), self.columns.once_hanging(row)).await;
        for try_no in 1..=REPEATS_MAX {
            let question = match kept.question(&self.columns, row) {
                Ok(question) => question,
                Err(why) => {
                    let question = self.columns.question(row);
                    let unsent = Exchanged { outcome: Outcome::Refused, reply: None, reason: Some(why) };
                    let now = self.run.now_us();
                    self.record(index, try_no, &question, &unsent, (now, now))?;
                    return Ok(());
                }
            };
            let started_us = self.run.now_us();
            let (exchanged, ended_us) = self.exchange(index, try_no, caller, &question).await?;
            self.broke_off.set(self.broke_off.get() || exchanged.reply.is_none());
            self.record(index, try_no, &question, &exchanged, (started_us, ended_us))?;
            kept.keep(&self.columns, row, exchanged.reply.as_ref());
            let asks_again = self.columns.again_on(row).any(|word| match &exchanged.reply {
                Some(reply) => word == reply.status.to_string(),
                None => word == "unknown",
            });
            if asks_again && self.began.elapsed() < self.run.hang_limit() * PATIENCE {
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

    /// One exchange, with the row's fault at its first try, and when it had ended. Until all runs again after
    /// the fault, nothing more is sent.
    async fn exchange(
        &self,
        index: usize,
        try_no: i64,
        caller: &mut Caller,
        question: &Question,
    ) -> Result<(Exchanged, i64), Halt> {
        let port = self.service.port(self.instance(index));
        let limit = self.run.hang_limit();
        let exchanging = async {
            let exchanged = caller.exchange(port, question, limit).await;
            (exchanged, self.run.now_us())
        };
        let name = self.columns.fault(&self.rows.rows[index]).filter(|_| try_no == 1);
        let Some(name) = name else {
            return Ok(exchanging.await);
        };
        let fault = self.run.drill.scenario.faults.get(name).ok_or_else(|| {
            JudgeError::Drill(format!("parameters `{}`: there is no fault `{name}`", self.requests.each))
        })?;
        let pending = self.service.arm(fault);
        let trouble = |trouble| self.run.trouble(&self.requests.on, trouble);
        let performed = pin!(pending.perform());
        let (exchanged, landing) = match select(pin!(exchanging), performed).await {
            Either::Left((exchanged, performed)) if pending.landed() => {
                (exchanged, Some(performed.await.map_err(trouble)?))
            }
            Either::Left((exchanged, _)) => (exchanged, None),
            Either::Right((landing, exchanging)) => {
                let landing = landing.map_err(trouble)?;
                (exchanging.await, Some(landing))
            }
        };
        pending.disarm();
        let op = self.run.next_exchange.get();
        let at = index as i64 + 1;
        let effect = pending.landed();
        let record = FaultRecord { op: Some(op), kind: name.to_string(), at, effect };
        let mut evidence = self.run.evidence.borrow_mut();
        evidence.fault(&record).map_err(JudgeError::from)?;
        self.run.tell(Event::Fault { name, landed: effect });
        if let Some(landing) = landing {
            let record = LandingRecord {
                op,
                kind: name.to_string(),
                does: fault.does.word().to_string(),
                victim: pending.victim().to_string(),
                instance: landing.instance,
                // A cut ends the exchange at once, and may be seen here before the firing is told.
                at_us: landing.at_us.min(exchanged.1),
                over_us: landing.over_us,
            };
            evidence.landing(&record).map_err(JudgeError::from)?;
        }
        Ok(exchanged)
    }

    fn record(
        &self,
        index: usize,
        try_no: i64,
        question: &Question,
        exchanged: &Exchanged,
        (started_us, ended_us): (i64, i64),
    ) -> Result<(), JudgeError> {
        self.ended.borrow_mut().insert(self.instance(index));
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
            scheduled_us: None,
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
