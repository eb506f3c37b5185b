//! What went through a relay: counts always, single events for those who ask.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::message::{ConnectionId, Direction, Kind, Message};

/// How many different labels of one kind are counted apart; further ones are counted as `(other)`.
pub const LABELS_MAX: usize = 1_000;

/// Something that happened. A message is an event once all its bytes were written to the peer's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Since the relay was opened.
    pub at: Duration,
    /// Where.
    pub connection: ConnectionId,
    /// What: a message, or `Opened`, `Closed`, `Opaque` or `Fired`.
    pub message: Message,
}

/// How many messages of one kind and label went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Which way they went.
    pub direction: Direction,
    /// What they were.
    pub kind: Kind,
    /// Their label, as [`Message::label`] tells it.
    pub label: String,
    /// How many they were.
    pub messages: u64,
}

/// The events of a relay, from when they were asked for.
#[derive(Debug)]
pub struct Events {
    receiver: mpsc::Receiver<Event>,
    lost: Arc<AtomicU64>,
}

impl Events {
    /// Waits for the next event; `None` when the relay is gone and all events were told.
    pub async fn next(&mut self) -> Option<Event> {
        self.receiver.recv().await
    }

    /// The next event, if there is one now.
    pub fn try_next(&mut self) -> Option<Event> {
        self.receiver.try_recv().ok()
    }

    /// Events that found the channel full. They are lost, because traffic does not wait for its log.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Reader {
    sender: mpsc::Sender<Event>,
    lost: Arc<AtomicU64>,
}

#[derive(Debug)]
pub(crate) struct Log {
    opened: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    counts: BTreeMap<(Direction, Kind), BTreeMap<String, u64>>,
    readers: Vec<Reader>,
}

impl Log {
    pub(crate) fn new() -> Log {
        Log { opened: Instant::now(), inner: Mutex::default() }
    }

    /// Since the relay was opened.
    pub(crate) fn now(&self) -> Duration {
        self.opened.elapsed()
    }

    pub(crate) fn events(&self, capacity: usize) -> Events {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        let lost = Arc::new(AtomicU64::new(0));
        self.lock().readers.push(Reader { sender, lost: lost.clone() });
        Events { receiver, lost }
    }

    /// These messages have been forwarded; or these things have happened.
    pub(crate) fn passed(&self, connection: ConnectionId, messages: &mut Vec<Message>) {
        if messages.is_empty() {
            return;
        }
        let mut inner = self.lock();
        for message in messages.drain(..) {
            inner.count(&message);
            if !inner.readers.is_empty() {
                let event = Event { at: self.now(), connection, message };
                inner.tell(&event);
            }
        }
    }

    pub(crate) fn note(&self, connection: ConnectionId, direction: Direction, kind: Kind, text: &str) {
        self.passed(connection, &mut vec![Message::new(direction, kind).text(text)]);
    }

    pub(crate) fn counts(&self) -> Vec<Count> {
        let inner = self.lock();
        let of_kind = inner.counts.iter().flat_map(|((direction, kind), labels)| {
            labels.iter().map(|(label, messages)| Count {
                direction: *direction,
                kind: *kind,
                label: label.clone(),
                messages: *messages,
            })
        });
        of_kind.collect()
    }

    pub(crate) fn count(&self, kind: Kind, label: Option<&str>) -> u64 {
        let inner = self.lock();
        let of_kind = inner.counts.iter().filter(|((_, one), _)| *one == kind);
        let labels = of_kind.flat_map(|(_, labels)| labels);
        labels.filter(|(one, _)| label.is_none_or(|label| label == *one)).map(|(_, messages)| messages).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn count(&mut self, message: &Message) {
        let labels = self.counts.entry((message.direction, message.kind)).or_default();
        let label = message.label();
        if let Some(messages) = labels.get_mut(label) {
            *messages += 1;
        } else {
            let label = if labels.len() < LABELS_MAX { label } else { "(other)" };
            *labels.entry(label.to_owned()).or_default() += 1;
        }
    }

    fn tell(&mut self, event: &Event) {
        self.readers.retain(|reader| match reader.sender.try_send(event.clone()) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                reader.lost.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        });
    }
}
