//! Wakes the event loop at a time that is finer than its own timeout.
//!
//! On Linux the event queue's timeout is rounded up to whole milliseconds, so a timer file descriptor wakes it.
//! Elsewhere (kqueue) the timeout is fine enough.

use std::io;
use std::time::Duration;

use mio::{Registry, Token};

#[cfg(target_os = "linux")]
pub(super) struct Alarm {
    timer: nix::sys::timerfd::TimerFd,
    /// What it is set to, in nanoseconds of the run, so that setting the same time again costs nothing.
    set_ns: Option<u64>,
}

#[cfg(target_os = "linux")]
impl Alarm {
    pub(super) fn new(registry: &Registry, token: Token) -> io::Result<Alarm> {
        use std::os::fd::{AsFd, AsRawFd};

        use mio::unix::SourceFd;
        use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};

        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?;
        registry.register(&mut SourceFd(&timer.as_fd().as_raw_fd()), token, mio::Interest::READABLE)?;
        Ok(Alarm { timer, set_ns: None })
    }

    /// Sees that the queue wakes at `at_ns`, which lies ahead of `now_ns`, and returns the timeout that is to be
    /// used with it, so that it wakes by `deadline_ns` at the latest. The timer need not be read: each expiry is a
    /// new edge.
    pub(super) fn set(
        &mut self,
        at_ns: Option<u64>,
        deadline_ns: Option<u64>,
        now_ns: u64,
    ) -> io::Result<Option<Duration>> {
        use nix::sys::time::TimeSpec;
        use nix::sys::timerfd::{Expiration, TimerSetTimeFlags};

        if let Some(at_ns) = at_ns
            && self.set_ns != Some(at_ns)
        {
            // A timer that is set to nought is off.
            let ahead = Duration::from_nanos(at_ns.saturating_sub(now_ns).max(1));
            let once = Expiration::OneShot(TimeSpec::from_duration(ahead));
            self.timer.set(once, TimerSetTimeFlags::empty())?;
            self.set_ns = Some(at_ns);
        }
        // The queue's own timeout would be a second timer: it is needed only if it comes first.
        let deadline_ns = deadline_ns.filter(|deadline_ns| at_ns.is_none_or(|at_ns| *deadline_ns < at_ns));
        Ok(deadline_ns.map(|deadline_ns| Duration::from_nanos(deadline_ns.saturating_sub(now_ns))))
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) struct Alarm;

#[cfg(not(target_os = "linux"))]
impl Alarm {
    pub(super) fn new(_: &Registry, _: Token) -> io::Result<Alarm> {
        Ok(Alarm)
    }

    /// The timeout after which the queue wakes at the earlier of both.
    pub(super) fn set(
        &mut self,
        at_ns: Option<u64>,
        deadline_ns: Option<u64>,
        now_ns: u64,
    ) -> io::Result<Option<Duration>> {
        let next_ns = at_ns.into_iter().chain(deadline_ns).min();
        Ok(next_ns.map(|next_ns| Duration::from_nanos(next_ns.saturating_sub(now_ns))))
    }
}
