//! A rule at work: what it has seen, when it fired, and what became of that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::message::{ConnectionId, Message};
use crate::rule::{Action, Moment, Rule};

/// How many firings of one rule are kept one by one; all are counted.
pub const FIRINGS_MAX: usize = 10_000;

/// How much of its message had been written to the peer's socket when a rule had acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarded {
    /// Nothing.
    Nothing,
    /// So many bytes, counted from the message's first one.
    Bytes(u64),
    /// All of it.
    Whole,
}

/// What became of a firing's actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They are not done yet: the message is held or delayed, or its connection is still being cut short.
    Underway,
    /// All of them were done.
    Done,
    /// All of them were done, and the message was held until somebody released it.
    Released,
    /// The connection ended while they were being done.
    ConnectionEnded,
}

/// One time that a rule fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// Since the relay was opened.
    pub at: Duration,
    /// Where.
    pub connection: ConnectionId,
    /// At which message.
    pub message: Message,
    /// The how manieth matching message since the rule was armed, counted from 1.
    pub nth: u64,
    /// How much of the message the peer was given.
    pub forwarded: Forwarded,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a rule has done so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Messages that matched.
    pub seen: u64,
    /// How often the rule fired.
    pub fired: u64,
    /// The first [`FIRINGS_MAX`] firings.
    pub firings: Vec<Firing>,
}

/// A rule that was armed. Clones are the same rule; to drop them leaves it armed.
#[derive(Debug, Clone)]
pub struct Armed(Arc<Work>);

#[derive(Debug)]
struct Work {
    rule: Rule,
    effect: Mutex<Effect>,
    progress: watch::Sender<Progress>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    fired: u64,
    releases: u64,
    disarmed: bool,
}

impl Armed {
    pub(crate) fn new(rule: Rule) -> Armed {
        let effect = Mutex::new(Effect { seen: 0, fired: 0, firings: Vec::new() });
        Armed(Arc::new(Work { rule, effect, progress: watch::Sender::default() }))
    }

    /// The rule's name.
    pub fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// What it has seen and done so far.
    pub fn effect(&self) -> Effect {
        self.effect_mut().clone()
    }

    /// Waits until it has fired once, and tells that first firing. The message stands at the moment the
    /// rule says, and a hold lasts until [`Armed::release`]. `None`: it was disarmed, or its relay is gone,
    /// before it fired.
    pub async fn fired(&self) -> Option<Firing> {
        self.fired_times(1).await.then(|| self.effect_mut().firings.first().cloned()).flatten()
    }

    /// Waits until it has fired so often; `false` if that can no longer happen.
    pub async fn fired_times(&self, times: u64) -> bool {
        let mut progress = self.0.progress.subscribe();
        let seen = progress.wait_for(|now| now.fired >= times || now.disarmed).await;
        seen.is_ok_and(|now| now.fired >= times)
    }

    /// Lets go what it holds now. It stays armed.
    pub fn release(&self) {
        self.0.progress.send_modify(|now| now.releases += 1);
    }

    /// It fires no more, lets go what it holds and throttles no longer.
    pub fn disarm(&self) {
        self.0.progress.send_modify(|now| now.disarmed = true);
    }

    pub(crate) fn is_disarmed(&self) -> bool {
        self.0.progress.borrow().disarmed
    }

    /// Counts the message if it is meant, and says whether the rule fires at it.
    pub(crate) fn strikes(&self, moment: Moment, message: &Message, connection: ConnectionId) -> Option<u64> {
        let rule = &self.0.rule;
        let meant = rule.moment == moment
            && rule.connection.is_none_or(|only| only == connection)
            && !self.is_disarmed()
            && rule.trigger.matches(message);
        if !meant {
            return None;
        }
        let mut effect = self.effect_mut();
        effect.seen += 1;
        let within = rule.limit.is_none_or(|limit| effect.seen < rule.first.saturating_add(limit));
        (effect.seen >= rule.first && within).then_some(effect.seen)
    }

    /// Writes a firing down and wakes those who wait for it.
    pub(crate) fn record(&self, firing: Firing) -> Ongoing {
        let index = {
            let mut effect = self.effect_mut();
            effect.fired += 1;
            if effect.firings.len() < FIRINGS_MAX {
                effect.firings.push(firing.clone());
                Some(effect.firings.len() - 1)
            } else {
                None
            }
        };
        let releases = self.0.progress.borrow().releases;
        self.0.progress.send_modify(|now| now.fired += 1);
        Ongoing { armed: self.clone(), index, firing, releases, outcome: Outcome::ConnectionEnded }
    }

    fn effect_mut(&self) -> MutexGuard<'_, Effect> {
        // A callback that panics leaves the counts as they were.
        self.0.effect.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A firing whose actions are being done; if it is dropped before they are, the connection has ended.
#[derive(Debug)]
pub(crate) struct Ongoing {
    armed: Armed,
    index: Option<usize>,
    firing: Firing,
    releases: u64,
    outcome: Outcome,
}

impl Ongoing {
    pub(crate) fn rule_name(&self) -> &str {
        self.armed.name()
    }

    pub(crate) fn firing(&self) -> &Firing {
        &self.firing
    }

    pub(crate) fn actions(&self) -> Vec<Action> {
        self.armed.0.rule.actions.clone()
    }

    /// Waits until the rule is released, counted from the firing on, or disarmed.
    pub(crate) async fn held(&self) {
        let mut progress = self.armed.0.progress.subscribe();
        // An error would mean that the rule is gone, and we have it.
        let _ = progress.wait_for(|now| now.releases > self.releases || now.disarmed).await;
    }

    /// Whether the rule still stands; a throttle lasts so long.
    pub(crate) fn armed(&self) -> Armed {
        self.armed.clone()
    }

    pub(crate) fn finish(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    pub(crate) fn finish_forwarded(mut self, forwarded: Forwarded) {
        self.firing.forwarded = forwarded;
        self.outcome = Outcome::Done;
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        let mut effect = self.armed.effect_mut();
        if let Some(kept) = self.index.and_then(|index| effect.firings.get_mut(index)) {
            (kept.outcome, kept.forwarded) = (self.outcome, self.firing.forwarded);
        }
    }
}
