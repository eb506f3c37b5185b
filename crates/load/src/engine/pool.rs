//! The connections of a run: which are open, which are free, and whether one more may be opened.

use std::io;
use std::net::SocketAddr;

use mio::{Registry, Token};

use crate::connection::{Connection, failure_of};
use crate::{Failure, Limits};

/// EMFILE and ENFILE, the same on Linux and macOS: the process or the machine has no file left to open.
const NO_FILES: [i32; 2] = [24, 23];

pub(super) struct Pool<T> {
    address: SocketAddr,
    limits: Limits,
    keep: Option<usize>,
    slots: Vec<Option<Connection<T>>>,
    vacant: Vec<usize>,
    /// The last to become free is the first to be used again: its memory is warm, and the peer has had the least
    /// time to close it.
    free: Vec<usize>,
    open: usize,
    max: usize,
    opened: u64,
    peak: usize,
    files_ran_out: bool,
}

/// Why no connection was opened.
pub(super) enum NotOpened {
    /// Others are open and this machine has no file for one more: wait for one of them.
    Wait,
    /// It cannot be opened.
    Failed(Failure),
}

impl<T> Pool<T> {
    pub(super) fn new(address: SocketAddr, limits: Limits, keep: Option<usize>, max: usize) -> Pool<T> {
        Pool {
            address,
            limits,
            keep,
            slots: Vec::new(),
            vacant: Vec::new(),
            free: Vec::new(),
            open: 0,
            max,
            opened: 0,
            peak: 0,
            files_ran_out: false,
        }
    }

    /// Is a connection free, or may one more be opened?
    pub(super) fn has_room(&self) -> bool {
        !self.free.is_empty() || self.open < self.max
    }

    /// A free connection, or a new one that begins to connect.
    pub(super) fn take(&mut self, registry: &Registry) -> Result<usize, NotOpened> {
        if let Some(slot) = self.free.pop() {
            return Ok(slot);
        }
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        let opened = Connection::open(self.address, self.opened, self.limits, self.keep)
            .and_then(|mut connection| connection.register(registry, Token(slot)).map(|()| connection));
        match opened {
            Ok(connection) => {
                self.slots[slot] = Some(connection);
                self.opened += 1;
                self.open += 1;
                self.peak = self.peak.max(self.open);
                Ok(slot)
            }
            Err(error) => {
                self.vacant.push(slot);
                Err(self.not_opened(&error))
            }
        }
    }

    fn not_opened(&mut self, error: &io::Error) -> NotOpened {
        if !error.raw_os_error().is_some_and(|code| NO_FILES.contains(&code)) {
            return NotOpened::Failed(failure_of(error));
        }
        self.files_ran_out = true;
        if self.open == 0 {
            return NotOpened::Failed(Failure::LocalLimit);
        }
        self.max = self.open;
        NotOpened::Wait
    }

    pub(super) fn get(&mut self, slot: usize) -> Option<&mut Connection<T>> {
        self.slots.get_mut(slot)?.as_mut()
    }

    /// The connection may be used again.
    pub(super) fn release(&mut self, slot: usize) {
        self.free.push(slot);
    }

    /// Closes a connection, free or busy.
    pub(super) fn close(&mut self, slot: usize) {
        if let Some(Some(connection)) = self.slots.get(slot).map(Option::as_ref) {
            if connection.exchange.is_none() {
                self.free.retain(|free| *free != slot);
            }
            self.slots[slot] = None;
            self.vacant.push(slot);
            self.open -= 1;
        }
    }

    /// All that are open, by their slots.
    pub(super) fn slots(&self) -> std::ops::Range<usize> {
        0..self.slots.len()
    }

    pub(super) fn opened(&self) -> u64 {
        self.opened
    }

    /// The most that were open at once.
    pub(super) fn peak(&self) -> usize {
        self.peak
    }

    pub(super) fn files_ran_out(&self) -> bool {
        self.files_ran_out
    }
}
