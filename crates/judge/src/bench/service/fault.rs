//! A fault at a program's joints: armed at every instance, and performed where it holds a message.

use std::time::Duration;

use relay::{Action, Admission, Armed, Close, Firing, Protocol, Relay, Rule, Trigger};

use super::{Instance, Service, Trouble};
use crate::drill::{Fault, Harm, Moment};

/// How long a component that is "started again" refuses connections, unless one comes before.
const AWAY: Duration = Duration::from_millis(300);

/// A fault that is armed at every instance's joint.
pub(crate) struct Pending<'s> {
    pub(super) service: &'s Service,
    pub(super) fault: &'s Fault,
    armed: Vec<(&'s Instance, &'s Relay, Armed)>,
}

/// A fault that has fired, and whose message is held.
pub(super) struct Struck<'p> {
    pub instance: &'p Instance,
    pub relay: &'p Relay,
    pub armed: &'p Armed,
    firing: Option<Firing>,
    pub at_us: i64,
}

/// Where and when a fault landed.
pub(crate) struct Landing {
    /// From 1.
    pub instance: i64,
    pub at_us: i64,
    /// When everything ran again.
    pub over_us: Option<i64>,
    /// What it led to, in words, where the fault itself does not say it.
    pub came_to: Option<String>,
}

impl Service {
    /// Puts a fault to work at the joints of every instance.
    pub(crate) fn arm<'s>(&'s self, fault: &'s Fault) -> Pending<'s> {
        let armed = self.instances.iter().filter_map(|instance| {
            let (relay, protocol) = match fault.on == self.name {
                true => (&instance.front, Protocol::Http1),
                false => instance.joints.get(&fault.on).map(|(relay, protocol)| (relay, *protocol))?,
            };
            Some((instance, relay, relay.arm(rule(fault, protocol))))
        });
        Pending { service: self, fault, armed: armed.collect() }
    }
}

impl Pending<'_> {
    /// Waits for the event.
    pub(crate) async fn fires(&self) {
        self.first().await;
    }

    /// The first firing, and which instance's it is.
    async fn first(&self) -> (Option<Firing>, usize) {
        let fired = self.armed.iter().map(|(_, _, armed)| Box::pin(armed.fired()));
        let (firing, which, _) = futures_util::future::select_all(fired).await;
        (firing, which)
    }

    /// Waits for the event. From then on it fires nowhere else.
    pub(super) async fn struck(&self) -> Struck<'_> {
        let (firing, which) = self.first().await;
        let at_us = self.service.now_us();
        let (instance, relay, armed) = &self.armed[which];
        for (index, (_, _, other)) in self.armed.iter().enumerate() {
            if index != which {
                other.disarm();
            }
        }
        Struck { instance, relay, armed, firing, at_us }
    }

    /// Waits for the event, does what the fault does, and tells of it once everything runs again.
    pub(crate) async fn perform(&self) -> Result<Landing, Trouble> {
        let Struck { instance, relay, armed, firing, at_us } = self.struck().await;
        let mut came_to = None;
        match self.fault.does {
            // A freeze lasts until something else has happened: whoever arms one calls `freeze`.
            Harm::Cut | Harm::Freeze => armed.release(),
            Harm::Kill => {
                self.service.kill(instance).await;
                // What a dead program had on its lips is lost; without this, the relay would still deliver it.
                if let Some(firing) = firing {
                    relay.cut(firing.connection, Close::Reset);
                }
                armed.release();
                self.service.start_instance(instance).await?;
            }
            Harm::Terminate => {
                came_to = Some(self.service.terminate(instance, armed).await);
                self.service.start_instance(instance).await?;
            }
            Harm::Restart => {
                let joints =
                    || self.service.instances.iter().filter_map(|i| i.joints.get(&self.fault.victim));
                for (joint, _) in joints() {
                    joint.admit(Admission::Refuse);
                    joint.cut_all(Close::Reset);
                }
                armed.release();
                tokio::time::sleep(AWAY).await;
                joints().for_each(|(joint, _)| joint.admit(Admission::Open));
            }
        }
        let over_us = (self.fault.does != Harm::Cut).then(|| self.service.now_us());
        Ok(Landing { instance: i64::from(instance.number), at_us, over_us, came_to })
    }

    /// Who suffers: the program, the component that is started again, or who a cut connection led to.
    pub(crate) fn victim(&self) -> &str {
        match self.fault.does {
            Harm::Kill | Harm::Terminate | Harm::Freeze => &self.service.name,
            Harm::Cut => &self.fault.on,
            Harm::Restart => &self.fault.victim,
        }
    }

    /// Whether it has fired.
    pub(crate) fn landed(&self) -> bool {
        self.armed.iter().any(|(_, _, armed)| armed.effect().fired > 0)
    }

    /// It fires no more.
    pub(crate) fn disarm(&self) {
        self.armed.iter().for_each(|(_, _, armed)| armed.disarm());
    }

    /// Tells when a component has answered what the fault is about, from now on.
    pub(super) fn answered(&self, at: &Struck<'_>) -> Option<Armed> {
        let (_, protocol) = at.instance.joints.get(&self.fault.on)?;
        Some(at.relay.arm(Rule::on(trigger(Moment::Answer, &self.fault.to, *protocol)).after()))
    }
}

fn rule(fault: &Fault, protocol: Protocol) -> Rule {
    let action = match fault.does {
        Harm::Cut => Action::Cut(Close::Reset),
        Harm::Kill | Harm::Restart | Harm::Terminate | Harm::Freeze => Action::Hold,
    };
    Rule::on(trigger(fault.at, &fault.to, protocol)).nth(fault.nth).then(action)
}

fn trigger(at: Moment, to: &str, protocol: Protocol) -> Trigger {
    match (at, protocol) {
        (Moment::Request, Protocol::Postgres) => Trigger::statement(to),
        (Moment::Answer, Protocol::Postgres) => Trigger::complete_of(to),
        (Moment::Request, Protocol::Resp) => Trigger::command(to),
        (Moment::Answer, Protocol::Resp) => Trigger::reply_to(to),
        (Moment::Request, _) => Trigger::request(to),
        (Moment::Answer, _) => Trigger::response_to(to),
    }
}
