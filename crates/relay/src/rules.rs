//! The rules of one relay that are armed now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::armed::Armed;
use crate::message::{ConnectionId, Message};
use crate::rule::{Moment, Rule};

#[derive(Debug, Default)]
pub(crate) struct Rules {
    armed: Mutex<Vec<Armed>>,
    /// Spares messages the lock while there are no rules.
    any: AtomicBool,
}

impl Rules {
    pub(crate) fn arm(&self, rule: Rule) -> Armed {
        let armed = Armed::new(rule);
        let mut all = self.lock();
        all.retain(|one| !one.is_disarmed());
        all.push(armed.clone());
        self.any.store(true, Ordering::Relaxed);
        armed
    }

    pub(crate) fn disarm_all(&self) {
        let mut all = self.lock();
        all.drain(..).for_each(|armed| armed.disarm());
        self.any.store(false, Ordering::Relaxed);
    }

    /// The rules that fire at this message, in the order in which they were armed.
    pub(crate) fn strike(
        &self,
        moment: Moment,
        message: &Message,
        connection: ConnectionId,
    ) -> Vec<(Armed, u64)> {
        if !self.any.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let all = self.lock();
        let struck =
            |armed: &Armed| armed.strikes(moment, message, connection).map(|nth| (armed.clone(), nth));
        all.iter().filter_map(struck).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
