//! A relay as its owner sees it, and the task that accepts its connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};

use crate::address::Address;
use crate::armed::Armed;
use crate::door::{Admission, Door};
use crate::error::RelayError;
use crate::hub::Hub;
use crate::log::{Count, Events};
use crate::message::{ConnectionId, Direction, Kind, Protocol};
use crate::pipe;
use crate::rule::{Close, Rule};
use crate::socket::Socket;

/// How long to wait when the system accepts no more, for want of file descriptors for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A relay that listens and passes on. Dropping it ends its connections and tasks and lets its address go,
/// as soon as the runtime turns again.
#[derive(Debug)]
pub struct Relay {
    hub: Arc<Hub>,
    address: Address,
    task: AbortHandle,
}

impl Relay {
    /// Listens on `listen` (see [`Address::loopback`]) and connects each client to `upstream`.
    ///
    /// # Errors
    /// The address is not on loopback, or the system does not let us listen there. That upstream cannot be
    /// reached is no error here: clients are reset, and `Closed` says why.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub fn open(listen: Address, upstream: Address, protocol: Protocol) -> Result<Relay, RelayError> {
        if listen.tcp().is_some_and(|address| !address.ip().is_loopback()) {
            return Err(RelayError::NotLoopback(listen));
        }
        let door = Door::open(&listen).map_err(|source| RelayError::Listen { address: listen, source })?;
        let hub = Arc::new(Hub::new(protocol, upstream));
        let address = door.address().clone();
        let task = tokio::spawn(accept(hub.clone(), door)).abort_handle();
        Ok(Relay { hub, address, task })
    }

    /// Where clients connect to.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Puts a rule to work, from the next message on.
    pub fn arm(&self, rule: Rule) -> Armed {
        self.hub.rules.arm(rule)
    }

    /// Disarms every rule and releases what they hold.
    pub fn disarm_all(&self) {
        self.hub.rules.disarm_all();
    }

    /// Says what happens to new connections. Those that exist are left alone; see [`Relay::cut_all`].
    pub fn admit(&self, admission: Admission) {
        self.hub.admission.send_replace(admission);
    }

    /// The connections that exist now.
    pub fn connections(&self) -> Vec<ConnectionId> {
        self.hub.connections()
    }

    /// Closes one connection on both sides; `false` if it is gone already.
    pub fn cut(&self, connection: ConnectionId, close: Close) -> bool {
        self.hub.cut(connection, close)
    }

    /// Closes every connection on both sides and says how many.
    pub fn cut_all(&self, close: Close) -> usize {
        self.hub.cut_all(close)
    }

    /// Events from now on. At most `capacity` of them wait to be read; what comes then is lost, and counted.
    pub fn events(&self, capacity: usize) -> Events {
        self.hub.log.events(capacity)
    }

    /// Messages that went through whole since the relay was opened, by kind and label.
    pub fn counts(&self) -> Vec<Count> {
        self.hub.log.counts()
    }

    /// How many messages of this kind went through whole; of one label, or of all.
    pub fn count(&self, kind: Kind, label: Option<&str>) -> u64 {
        self.hub.log.count(kind, label)
    }

    /// The time since the relay was opened: the clock of its events and firings.
    pub fn now(&self) -> Duration {
        self.hub.log.now()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.hub.rules.disarm_all();
        self.task.abort();
        if let Address::Unix(path) = &self.address {
            // It may be gone already, which is what we want.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Accepts connections and treats them as the admission of the moment says.
async fn accept(hub: Arc<Hub>, mut door: Door) {
    let mut admission = hub.admission.subscribe();
    let mut connections = JoinSet::new();
    loop {
        let now = *admission.borrow_and_update();
        if let Err(error) = door.set_open(now != Admission::Refuse) {
            let text = format!("the relay's address was lost: {error}");
            hub.log.note(ConnectionId(0), Direction::ToClient, Kind::Closed, &text);
        }
        tokio::select! {
            biased;
            changed = admission.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            Some(_) = connections.join_next() => {}
            accepted = door.accept() => match accepted {
                Ok(client) => treat(&hub, now, client, &mut connections).await,
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

async fn treat(hub: &Arc<Hub>, admission: Admission, client: Socket, connections: &mut JoinSet<()>) {
    match admission {
        Admission::Open => {
            connections.spawn(pipe::run(hub.register(), client));
        }
        Admission::BlackHole => {
            connections.spawn(pipe::swallow(hub.register(), client));
        }
        Admission::Reset | Admission::Refuse => client.close(Close::Reset).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs_send(_: impl Send) {}

    #[tokio::test]
    async fn a_relay_may_move_between_threads() {
        let relay = Relay::open(Address::loopback(0), Address::loopback(1), Protocol::Opaque);
        needs_send(relay.expect("loopback has a free port"));
    }

    #[tokio::test]
    async fn it_listens_on_loopback_only() {
        let everywhere = Address::Tcp(([0, 0, 0, 0], 0).into());
        let refused = Relay::open(everywhere, Address::loopback(1), Protocol::Opaque);
        let said = refused.expect_err("it must not listen there").to_string();
        assert!(said.contains("loopback only, not on 0.0.0.0:0"), "{said}");
    }
}
