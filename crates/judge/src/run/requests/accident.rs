//! A request to which something happens: its fault, performed at the message that it names.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use tokio::time::timeout;

use super::{Kept, Talks, Times};
use crate::JudgeError;
use crate::bench::Event;
use crate::bench::exchange::{Caller, Exchanged, Question};
use crate::bench::service::{Landing, Pending};
use crate::drill::{Fault, Harm};
use crate::evidence::{FaultRecord, LandingRecord};
use crate::run::Halt;

/// A fault as the drill names it.
#[derive(Clone, Copy)]
pub(super) struct Named<'d> {
    name: &'d str,
    fault: &'d Fault,
}

impl<'r> Talks<'r> {
    /// The fault of a row.
    fn fault(&self, index: usize) -> Result<Option<Named<'r>>, JudgeError> {
        let Some(name) = self.columns.fault(&self.rows.rows[index]) else { return Ok(None) };
        let known = self.run.drill.scenario.faults.get_key_value(name);
        let missing = || self.wrong(index, &format!("there is no fault `{name}`"));
        known.map(|(name, fault)| Some(Named { name, fault })).ok_or_else(missing)
    }

    /// The fault of a row, if it is one that lasts until the next row is answered.
    pub(super) fn freezes(&self, index: usize) -> Result<Option<Named<'r>>, JudgeError> {
        Ok(self.fault(index)?.filter(|it| it.fault.does == Harm::Freeze))
    }

    fn wrong(&self, index: usize, what: &str) -> JudgeError {
        JudgeError::Drill(format!("parameters `{}`, row {}: {what}", self.requests.each, index + 1))
    }

    /// One exchange, with the row's fault at its first try, and when it had ended. Until all runs again after
    /// the fault, nothing more is sent.
    pub(super) async fn exchange(
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
        let Some(named) = self.fault(index)?.filter(|_| try_no == 1) else {
            return Ok(exchanging.await);
        };
        if named.fault.does == Harm::Freeze {
            let what = "only in a phase with `clients` is there a next row until which an instance is frozen";
            return Err(self.wrong(index, what).into());
        }
        let pending = self.service.arm(named.fault);
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
        self.note(index, named, &pending, exchanged.1, landing)?;
        Ok(exchanged)
    }

    /// Sends a row whose fault freezes its instance, and the conversation's next row while it stands still. Who
    /// sent the first one waits. Once the next one has been answered the instance goes on, and the first one's
    /// answer is awaited before the conversation goes on. The first one is not sent again.
    pub(super) async fn frozen(
        &self,
        named: Named<'_>,
        index: usize,
        next: Option<usize>,
        caller: &mut Caller,
        kept: &mut Kept,
    ) -> Result<(), Halt> {
        let next = next.ok_or_else(|| {
            let what =
                "an instance is frozen until the next row of its `talk` is answered, and there is none";
            self.wrong(index, what)
        })?;
        if self.instance(next) == self.instance(index) || self.fault(next)?.is_some() {
            let what = "while an instance is frozen, the next row goes to another one and has no fault";
            return Err(self.wrong(next, what).into());
        }
        let question = match kept.question(&self.columns, &self.rows.rows[index]) {
            Ok(question) => question,
            Err(why) => {
                self.not_sent(index, 1, why)?;
                return self.row(next, None, &mut Caller::default(), kept).await;
            }
        };
        let pending = self.service.arm(named.fault);
        let started_us = self.run.now_us();
        let (exchanged, ended_us, landing) =
            self.while_frozen(&pending, index, next, &question, caller, kept).await?;
        let landed = pending.landed();
        self.note(index, named, &pending, ended_us, landing)?;
        self.record(index, 1, &question, &exchanged, Times { scheduled_us: None, started_us, ended_us })?;
        kept.keep(&self.columns, &self.rows.rows[index], exchanged.reply.as_ref());
        match landed {
            true => Ok(()),
            false => self.row(next, None, &mut Caller::default(), kept).await,
        }
    }

    /// One exchange, and the next row while its instance stands still; without the next row if that never comes
    /// to pass.
    async fn while_frozen(
        &self,
        pending: &Pending<'_>,
        index: usize,
        next: usize,
        question: &Question,
        caller: &mut Caller,
        kept: &mut Kept,
    ) -> Result<(Exchanged, i64, Option<Landing>), Halt> {
        let limit = self.run.hang_limit();
        let port = self.service.port(self.instance(index));
        // Its limit does not count the time in which its instance stands still.
        let exchanging = async {
            let exchanged = caller.exchange(port, question, Duration::MAX).await;
            (exchanged, self.run.now_us())
        };
        let mut exchanging = pin!(exchanging);
        let given_up = || (Exchanged::given_up(limit), self.run.now_us());
        let before = match select(exchanging.as_mut(), pin!(timeout(limit, pending.fires()))).await {
            Either::Left((ended, _)) => Some(ended),
            Either::Right((Err(_), _)) => Some(given_up()),
            Either::Right((Ok(()), _)) => None,
        };
        if let Some((exchanged, ended_us)) = before.filter(|_| !pending.landed()) {
            return Ok((exchanged, ended_us, None));
        }
        let during = pin!(self.until_answered(pending, next, kept));
        let ((exchanged, ended_us), landing) = match select(during, exchanging).await {
            Either::Left((landing, exchanging)) => {
                (timeout(limit, exchanging).await.unwrap_or_else(|_| given_up()), landing?)
            }
            Either::Right((ended, during)) => (ended, during.await?),
        };
        Ok((exchanged, ended_us, landing))
    }

    /// Freezes the instance at the message that is held, sends a row, and lets it go on once that is answered.
    /// None if the instance did not stand still.
    async fn until_answered(
        &self,
        pending: &Pending<'_>,
        next: usize,
        kept: &mut Kept,
    ) -> Result<Option<Landing>, Halt> {
        let frozen = pending.freeze().await;
        let is_still = frozen.is_still;
        let until = Instant::now() + self.run.hang_limit();
        let sent = self.row_until(until, next, None, &mut Caller::default(), kept).await;
        let last = self.run.next_exchange.get() - 1;
        let landing = frozen.thaw().await;
        sent?;
        let came_to = Some(format!("stood still until exchange {last} had ended"));
        Ok(is_still.then_some(Landing { came_to, ..landing }))
    }

    /// Writes down what a fault did to the exchange that is recorded next.
    fn note(
        &self,
        index: usize,
        Named { name, fault }: Named<'_>,
        pending: &Pending<'_>,
        ended_us: i64,
        landing: Option<Landing>,
    ) -> Result<(), JudgeError> {
        pending.disarm();
        let op = self.run.next_exchange.get();
        let at = index as i64 + 1;
        let effect = landing.is_some();
        let mut evidence = self.run.evidence.borrow_mut();
        evidence.fault(&FaultRecord { op: Some(op), kind: name.to_string(), at, effect })?;
        self.run.tell(Event::Fault { name, landed: effect });
        let Some(landing) = landing else { return Ok(()) };
        evidence.landing(&LandingRecord {
            op,
            kind: name.to_string(),
            does: fault.does.word().to_string(),
            victim: pending.victim().to_string(),
            instance: landing.instance,
            // A cut ends the exchange at once, and may be seen here before the firing is told.
            at_us: landing.at_us.min(ended_us),
            over_us: landing.over_us,
            came_to: landing.came_to,
        })?;
        Ok(())
    }
}
