//! Faults by signal: an instance that is told to end, and one that stands still for a while.

use std::rc::Rc;
use std::time::Duration;

use program::{Seen, Signal};
use relay::Armed;
use tokio::time::timeout;

use super::fault::{Landing, Pending, Struck};
use super::{Instance, Life, Service};
use crate::drill::Moment;

/// How long an instance that is told to end has for what it has begun.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long a signal may take to show.
const SHOWS_WITHIN: Duration = Duration::from_secs(2);
/// How long a component has to answer a message that was held while its sender stood still.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);
const GLANCE: Duration = Duration::from_millis(1);

/// An instance that stands still, and the message that is held with it.
pub(crate) struct Frozen<'p> {
    pending: &'p Pending<'p>,
    at: Struck<'p>,
    life: Option<Rc<Life>>,
    /// Whether all its processes were seen to stand still.
    pub is_still: bool,
}

impl Service {
    /// Sends SIGTERM, lets the held message go, and waits for the end. How it ended, in words.
    pub(super) async fn terminate(&self, instance: &Instance, held: &Armed) -> String {
        // Taken out first, so that no borrow is held while it ends.
        let life = instance.life.borrow_mut().take();
        let Some(life) = life else {
            held.release();
            return "it had ended before".to_owned();
        };
        life.program.signal(Signal::Term).await;
        // The supervisor does one thing after another: when it has looked, it has sent the signal.
        life.program.look().await;
        held.release();
        let ended = timeout(GOODBYE, life.program.wait()).await;
        let came_to = match &ended {
            Ok(end) => end.to_string(),
            Err(_) => format!("did not end within {} s of SIGTERM, and was killed", GOODBYE.as_secs()),
        };
        let end = match ended {
            Ok(end) => end,
            Err(_) => life.program.kill_all().await,
        };
        self.died(instance, &life, &end, true);
        came_to
    }
}

impl<'s> Pending<'s> {
    /// Waits for the event and stops the instance, which stands still until [`Frozen::thaw`], and its message
    /// with it.
    pub(crate) async fn freeze(&'s self) -> Frozen<'s> {
        let at = self.struck().await;
        let life = at.instance.life.borrow().as_ref().map(Rc::clone);
        let is_still = match &life {
            Some(life) => signalled(life, Signal::Stop, |seen| seen.is_still).await,
            None => false,
        };
        Frozen { pending: self, at, life, is_still }
    }
}

impl Frozen<'_> {
    /// Lets the message go, and then the instance. A message on its way to a component is answered there before:
    /// whatever the instance does first when it wakes up, what it sent has arrived.
    pub(crate) async fn thaw(self) -> Landing {
        let fault = self.pending.fault;
        let answered = self.pending.answered(&self.at).filter(|_| fault.at == Moment::Request);
        self.at.armed.release();
        if let Some(answered) = answered {
            // Where the component says nothing, or the rest of the message was not sent yet, it goes on without.
            let _ = timeout(ANSWERS_WITHIN, answered.fired()).await;
            answered.disarm();
        }
        if let Some(life) = &self.life {
            signalled(life, Signal::Cont, |seen| !seen.is_still || seen.is_ending).await;
        }
        Landing {
            instance: i64::from(self.at.instance.number),
            at_us: self.at.at_us,
            over_us: Some(self.pending.service.now_us()),
            came_to: None,
        }
    }
}

/// Sends a signal and waits until its effect shows.
async fn signalled(life: &Life, signal: Signal, shows: impl Fn(&Seen) -> bool) -> bool {
    life.program.signal(signal).await;
    let shown = async {
        while !shows(&life.program.look().await) {
            tokio::time::sleep(GLANCE).await;
        }
    };
    timeout(SHOWS_WITHIN, shown).await.is_ok()
}
