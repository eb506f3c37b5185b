//! A program under judgement: its instances, each behind joints of its own at which faults can fire.

mod fault;
mod signal;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::rc::Rc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};
use program::{End, Exceeded, Failed, How, Launch, Network, NotReady, Program, StartError};
use relay::{Address, Protocol, Relay};
use tokio::time::timeout;

use super::lateness::Lateness;
use super::workshop::{Workplace, ours};
use super::{BenchError, recipe::Recipe};
use crate::drill;
use crate::evidence::{LifeRecord, MessageCount};

/// Below this, ports belong to well-known services.
const PORTS_FROM: u16 = 10_000;
/// From here on Linux gives ports to connections, unless it is told otherwise.
const FIRST_GIVEN: u16 = 32_768;
const PORT_TRIES: usize = 100;
/// Of a program's last output, this many characters are kept.
const OUTPUT_CHARS_MAX: usize = 20_000;

pub(crate) use fault::{Landing, Pending};

/// A running program in its instances.
pub(crate) struct Service {
    name: String,
    began: Instant,
    /// A program that does not listen within this time hangs.
    ready_limit: Duration,
    instances: Vec<Instance>,
    lives: RefCell<Vec<LifeRecord>>,
    lateness: Rc<Lateness>,
    /// Removed once nothing runs in it any more.
    _workplace: Workplace,
}

/// One of them.
struct Instance {
    /// From 1.
    number: u32,
    launch: Launch,
    port: u16,
    /// What others connect to, in front of it.
    front: Relay,
    /// What it connects to, by component.
    joints: BTreeMap<String, (Relay, Protocol)>,
    life: RefCell<Option<Rc<Life>>>,
}

struct Life {
    program: Program,
    started_us: i64,
    ready_us: Cell<Option<i64>>,
}

/// Why a service does not run.
pub(crate) enum Trouble {
    /// The program's own fault, in words.
    Program(String),
    Ours(BenchError),
}

impl Service {
    /// Makes the joints of every instance. Nothing runs yet.
    ///
    /// `behind` has, for each instance, what it speaks to.
    pub(crate) fn new(
        name: &str,
        began: Instant,
        workplace: Workplace,
        recipe: &Recipe,
        program: &drill::Program,
        behind: Vec<Vec<Joint>>,
        lateness: Rc<Lateness>,
    ) -> Result<Service, BenchError> {
        let mut all = Vec::new();
        for (number, of_instance) in (1..).zip(behind) {
            let port = free_port().map_err(|e| BenchError::Ours(format!("no free port: {e}")))?;
            let mut launch = workplace.launch(number, &recipe.run, recipe)?;
            launch.env.insert("PORT".into(), port.to_string());
            let mut joints = BTreeMap::new();
            let mut reached = Vec::new();
            for joint in of_instance {
                let relay = open(joint.address, joint.protocol)?;
                let at = relay.address().port().unwrap_or(0);
                launch.env.insert(joint.variable, (joint.url)(at));
                reached.push(at);
                joints.insert(joint.component, (relay, joint.protocol));
            }
            launch.sandbox.network = Network::Ports { listen: vec![port], connect: reached };
            let front = open(Address::loopback(port), Protocol::Http1)?;
            all.push(Instance { number, launch, port, front, joints, life: RefCell::new(None) });
        }
        Ok(Service {
            name: name.to_string(),
            began,
            ready_limit: Duration::from_secs(program.ready_s),
            instances: all,
            lives: RefCell::default(),
            lateness,
            _workplace: workplace,
        })
    }

    fn now_us(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Starts every instance at the same moment and waits until all take connections.
    pub(crate) async fn start(&self) -> Result<(), Trouble> {
        let starts = self.instances.iter().map(|instance| self.start_instance(instance));
        try_join_all(starts).await.map(drop)
    }

    async fn start_instance(&self, instance: &Instance) -> Result<(), Trouble> {
        let started_us = self.now_us();
        let program = Program::start(&instance.launch).await.map_err(|error| match error {
            // Service.toml can name what no system starts, such as a zero byte.
            StartError::Failed(failed @ Failed::Command { .. }) => Trouble::Program(failed.to_string()),
            error => Trouble::Ours(ours(error)),
        })?;
        self.lateness.watch(&self.name, Some(instance.number), program.pid());
        let ready = program.ready(instance.port, self.ready_limit).await;
        let ready_us = Cell::new(ready.is_ok().then(|| self.now_us()));
        *instance.life.borrow_mut() = Some(Rc::new(Life { program, started_us, ready_us }));
        match ready {
            Ok(_) => Ok(()),
            Err(NotReady::Ended { end, .. }) if lost(&end) => {
                Err(Trouble::Ours(BenchError::Ours("the supervisor of a program was killed".into())))
            }
            Err(not_ready) => Err(Trouble::Program(not_ready.to_string())),
        }
    }

    /// How many instances there are.
    pub(crate) fn count(&self) -> usize {
        self.instances.len()
    }

    /// The port at which an instance (from 1) is spoken to.
    pub(crate) fn port(&self, instance: usize) -> u16 {
        self.instances[instance - 1].front.address().port().unwrap_or(0)
    }

    /// An instance that has ended by itself, and how. Waits for an end that is about to be known.
    pub(crate) async fn ended_by_itself(&self, wait: Duration) -> Option<(u32, End)> {
        let ends = self.instances.iter().map(|instance| async move {
            let life = instance.life.borrow().as_ref().map(Rc::clone)?;
            if let Ok(end) = timeout(wait, life.program.wait()).await {
                return Some((instance.number, end));
            }
            // A tree of many processes takes its time to end.
            let ends = !wait.is_zero() && life.program.look().await.is_ending;
            if ends { Some((instance.number, life.program.wait().await)) } else { None }
        });
        join_all(ends).await.into_iter().flatten().next()
    }

    /// How many messages of each kind have gone through the joints so far.
    pub(crate) fn counts(&self) -> Vec<MessageCount> {
        let all = self.instances.iter().flat_map(|instance| {
            let front = std::iter::once((&self.name, &instance.front));
            let joints = instance.joints.iter().map(|(component, (relay, _))| (component, relay));
            front.chain(joints).map(move |(component, relay)| (instance.number, component, relay))
        });
        let counted = all.flat_map(|(instance, component, relay)| {
            relay.counts().into_iter().map(move |count| MessageCount {
                component: component.clone(),
                instance: i64::from(instance),
                kind: format!("{:?}", count.kind).to_ascii_lowercase(),
                label: count.label,
                messages: i64::try_from(count.messages).unwrap_or(i64::MAX),
            })
        });
        counted.collect()
    }

    /// Ends every instance, and takes what is to be told of their lives.
    /// `grace` is how long they have for their goodbyes.
    pub(crate) async fn end(&self, grace: Duration) -> Vec<LifeRecord> {
        let ends = self.instances.iter().map(|instance| async move {
            // Taken out first, so that no borrow is held while it ends.
            let life = instance.life.borrow_mut().take();
            if let Some(life) = life {
                let by_us = life.program.end().is_none();
                let end = life.program.stop(grace).await.end;
                self.died(instance, &life, &end, by_us);
            }
        });
        join_all(ends).await;
        self.lives.take()
    }

    async fn kill(&self, instance: &Instance) {
        let life = instance.life.borrow_mut().take();
        if let Some(life) = life {
            let end = life.program.kill_all().await;
            self.died(instance, &life, &end, true);
        }
    }

    fn died(&self, instance: &Instance, life: &Life, end: &End, by_us: bool) {
        self.lateness.forget(&self.name, Some(instance.number));
        let output = end.output.text();
        let from = output.char_indices().rev().nth(OUTPUT_CHARS_MAX).map_or(0, |(at, _)| at);
        self.lives.borrow_mut().push(LifeRecord {
            component: self.name.clone(),
            instance: i64::from(instance.number),
            started_us: life.started_us,
            ready_us: life.ready_us.get(),
            ended_us: self.now_us(),
            how: end.to_string(),
            by_us,
            output: output[from..].to_string(),
        });
    }
}

/// A variable of an instance's environment and what is behind it.
pub(crate) struct Joint {
    pub variable: String,
    pub component: String,
    /// Where it is.
    pub address: Address,
    pub protocol: Protocol,
    /// Turns the joint's port into the variable's value.
    pub url: Box<dyn Fn(u16) -> String>,
}

fn open(behind: Address, protocol: Protocol) -> Result<Relay, BenchError> {
    Relay::open(Address::loopback(0), behind, protocol).map_err(|e| BenchError::Ours(e.to_string()))
}

/// A port that nothing listens on now, and that we have not given away before. It lies below those that the
/// system gives to connections: until the program listens there, no connection of somebody else's takes it.
fn free_port() -> io::Result<u16> {
    static GIVEN: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(crate::fresh_seed()));
    let first = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok();
    let first = first.and_then(|range| range.split_whitespace().next()?.parse::<u16>().ok());
    let span = u64::from(first.unwrap_or(FIRST_GIVEN).clamp(PORTS_FROM + 1, FIRST_GIVEN) - PORTS_FROM);
    let next = || PORTS_FROM + u16::try_from(GIVEN.fetch_add(1, Ordering::Relaxed) % span).unwrap_or(0);
    let found = (0..PORT_TRIES).map(|_| next()).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    // Where all of them are taken, or the range is another, the system's choice has to do.
    found.map_or_else(|| TcpListener::bind(("127.0.0.1", 0))?.local_addr().map(|at| at.port()), Ok)
}

/// Whether it ended because somebody outside ended its supervisor.
pub(crate) fn lost(end: &End) -> bool {
    end.how == How::Lost && !matches!(end.exceeded, Some(Exceeded::Memory { .. }))
}
