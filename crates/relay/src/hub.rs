//! What all connections of one relay share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::address::Address;
use crate::armed::Armed;
use crate::door::Admission;
use crate::log::Log;
use crate::message::{ConnectionId, Protocol};
use crate::rule::Close;
use crate::rules::Rules;

#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) protocol: Protocol,
    pub(crate) upstream: Address,
    pub(crate) rules: Rules,
    pub(crate) log: Log,
    pub(crate) admission: watch::Sender<Admission>,
    links: Mutex<BTreeMap<ConnectionId, Arc<Link>>>,
    accepted: AtomicU64,
}

/// How the rest of a relay reaches into one connection.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: ConnectionId,
    /// Says how the connection is to be closed, once it is.
    pub(crate) cut: watch::Sender<Option<Close>>,
    throttle: Mutex<Option<(Armed, u64)>>,
}

impl Hub {
    pub(crate) fn new(protocol: Protocol, upstream: Address) -> Hub {
        Hub {
            protocol,
            upstream,
            rules: Rules::default(),
            log: Log::new(),
            admission: watch::Sender::default(),
            links: Mutex::default(),
            accepted: AtomicU64::new(0),
        }
    }

    /// Gives a new connection its number and makes it known, until the result is dropped.
    pub(crate) fn register(self: &Arc<Hub>) -> Registered {
        let id = ConnectionId(self.accepted.fetch_add(1, Ordering::Relaxed) + 1);
        let link = Arc::new(Link { id, cut: watch::Sender::default(), throttle: Mutex::default() });
        self.links().insert(id, link.clone());
        Registered { hub: self.clone(), link }
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        self.links().keys().copied().collect()
    }

    pub(crate) fn cut(&self, connection: ConnectionId, close: Close) -> bool {
        let links = self.links();
        links.get(&connection).map(|link| link.cut.send_replace(Some(close))).is_some()
    }

    pub(crate) fn cut_all(&self, close: Close) -> usize {
        let links = self.links();
        links.values().for_each(|link| {
            link.cut.send_replace(Some(close));
        });
        links.len()
    }

    fn links(&self) -> MutexGuard<'_, BTreeMap<ConnectionId, Arc<Link>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link {
    /// The last throttle stands; its rule ends it.
    pub(crate) fn throttle(&self, armed: Armed, bytes_per_s: u64) {
        *self.throttle_mut() = Some((armed, bytes_per_s.max(1)));
    }

    pub(crate) fn bytes_per_s(&self) -> Option<u64> {
        let mut throttle = self.throttle_mut();
        if throttle.as_ref().is_some_and(|(armed, _)| armed.is_disarmed()) {
            *throttle = None;
        }
        throttle.as_ref().map(|(_, bytes_per_s)| *bytes_per_s)
    }

    fn throttle_mut(&self) -> MutexGuard<'_, Option<(Armed, u64)>> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that the hub knows.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) hub: Arc<Hub>,
    pub(crate) link: Arc<Link>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.hub.links().remove(&self.link.id);
    }
}
