//! Starts the programs of a scenario, with what they speak to, and ends them.

use std::rc::Rc;
use std::time::Duration;

use relay::{Address, Protocol};

use super::{At, Blame, Halt, Run, Stop};
use crate::JudgeError;
use crate::bench::BenchError;
use crate::bench::gateway::Gateway;
use crate::bench::lateness::Lateness;
use crate::bench::recipe::Recipe;
use crate::bench::service::{Joint, Service, Trouble, lost};
use crate::bench::session::Refusal;
use crate::bench::workshop::said;

/// How long a program has for its goodbye.
pub(super) const GRACE: Duration = Duration::from_secs(5);
/// A program's connections break off a moment before its end is known.
const END_IS_KNOWN: Duration = Duration::from_millis(500);

/// The server that all databases of a run are in, as `lateness` calls it.
const DATABASE: &str = "postgres";

/// Codes of ours for what a program does wrong, in the place of an SQLSTATE.
pub(crate) const RECIPE: &str = "recipe";
pub(crate) const BUILD: &str = "build";
pub(crate) const START: &str = "start";
pub(crate) const ENDED: &str = "ended";

impl Run<'_> {
    /// Builds a program and starts its instances.
    pub(super) async fn start(&self, name: &str) -> Result<(), Halt> {
        let program = &self.drill.scenario.programs[name];
        let file = &self.drill.scenario.slots[&program.slot].file;
        let stop = |line, code: &str, what: String| {
            let refusal = Refusal { sqlstate: code.into(), message: what, position: None };
            Stop::halt(Blame::Submission, file, line, refusal)
        };
        let recipe = Recipe::read(self.handed_in.text(&program.slot).unwrap_or_default())
            .map_err(|e| stop(e.line, RECIPE, e.what))?;
        let none = Default::default();
        let files = self.handed_in.program(&program.slot).unwrap_or(&none);
        let built = self.bench.build(files, &recipe).await?;
        let workplace = built.map_err(|failed| match failed.machine {
            true => Stop::machine(file, failed.what),
            false => stop(None, BUILD, failed.what),
        })?;
        self.open_gateways(name);
        let mut joints = Vec::new();
        for instance in 1..=program.instances {
            let mut of_instance = Vec::new();
            for (variable, component) in &program.env {
                of_instance.push(self.joint(variable, component, instance).await?);
            }
            joints.push(of_instance);
        }
        let lateness = self.measure_lateness();
        let service = Service::new(name, self.started, workplace, &recipe, program, joints, lateness)?;
        let service = Rc::new(service);
        self.services.borrow_mut().insert(name.to_string(), Rc::clone(&service));
        service.start().await.map_err(|trouble| self.trouble(name, trouble))
    }

    /// The gateways that a program speaks to.
    fn open_gateways(&self, program: &str) {
        for component in self.drill.scenario.programs[program].env.values() {
            if self.drill.scenario.gateways.contains(component) {
                let mut gateways = self.gateways.borrow_mut();
                gateways.entry(component.clone()).or_insert_with(|| Gateway::new(self.started));
            }
        }
    }

    async fn joint(&self, variable: &str, component: &str, instance: u32) -> Result<Joint, JudgeError> {
        let (variable, name) = (variable.to_string(), component.to_string());
        if self.drill.scenario.gateways.contains(component) {
            let port = self.gateways.borrow_mut().get_mut(component).map(|g| g.open(i64::from(instance)));
            let port =
                port.transpose().map_err(|e| BenchError::Ours(format!("no port for the gateway: {e}")))?;
            let url = Box::new(|port| format!("http://127.0.0.1:{port}"));
            let address = Address::loopback(port.unwrap_or(0));
            return Ok(Joint { variable, component: name, address, protocol: Protocol::Http1, url });
        }
        if self.drill.scenario.redis.contains(component) {
            if !self.redis.borrow().contains_key(component) {
                let redis = self.bench.redis().await?;
                self.redis.borrow_mut().insert(component.to_string(), redis);
            }
            let socket = self.redis.borrow()[component].socket.clone();
            let url = Box::new(|port| format!("redis://127.0.0.1:{port}/0"));
            let address = Address::Unix(socket);
            return Ok(Joint { variable, component: name, address, protocol: Protocol::Resp, url });
        }
        let database = self.database(component).await.name;
        let user = self.role().name();
        let address = Address::Unix(self.bench.socket_dir().join(".s.PGSQL.5432"));
        let url = Box::new(move |port| format!("postgres://{user}@127.0.0.1:{port}/{database}"));
        Ok(Joint { variable, component: name, address, protocol: Protocol::Postgres, url })
    }

    pub(super) fn trouble(&self, program: &str, trouble: Trouble) -> Halt {
        match trouble {
            Trouble::Ours(error) => Halt::Ours(error.into()),
            Trouble::Program(what) => {
                let file = &self.drill.scenario.slots[&self.drill.scenario.programs[program].slot].file;
                let refusal = Refusal { sqlstate: START.into(), message: what, position: None };
                Stop::halt(Blame::Submission, file, None, refusal)
            }
        }
    }

    /// A program that ended by itself stops the run. Where a connection `broke_off`, its end may be known only
    /// in a moment.
    pub(super) async fn all_programs_run(&self, broke_off: bool) -> Result<(), Halt> {
        let wait = if broke_off { END_IS_KNOWN } else { Duration::ZERO };
        let services: Vec<_> =
            self.services.borrow().iter().map(|(n, s)| (n.clone(), Rc::clone(s))).collect();
        for (name, service) in &services {
            if let Some((instance, end)) = service.ended_by_itself(wait).await {
                let file = &self.drill.scenario.slots[&self.drill.scenario.programs[name].slot].file;
                if lost(&end) {
                    return Err(Stop::machine(file, format!("instance {instance} of your program {end}")));
                }
                let message = format!("instance {instance} {end}{}", said(&end.output));
                let refusal = Refusal { sqlstate: ENDED.into(), message, position: None };
                return Err(Stop::halt(Blame::Submission, file, None, refusal));
            }
        }
        Ok(())
    }

    /// Ends every program and writes down how they lived. `grace` is how long they have for their goodbyes.
    pub(crate) async fn end_programs(&self, grace: Duration) -> Result<(), JudgeError> {
        let services = self.services.take();
        self.gateways.borrow().values().for_each(Gateway::release);
        for service in services.values() {
            for life in service.end(grace).await {
                self.evidence.borrow_mut().life(&life)?;
            }
        }
        self.redis.take();
        self.lateness.take();
        self.note_calls()
    }

    /// Begins to measure how late the machine is, if that has not begun.
    fn measure_lateness(&self) -> Rc<Lateness> {
        let begin = || {
            let lateness = Lateness::measure(self.started);
            lateness.watch(DATABASE, None, self.bench.server_pid());
            Rc::new(lateness)
        };
        Rc::clone(self.lateness.borrow_mut().get_or_insert_with(begin))
    }

    /// Writes down how late the machine was since the last time.
    pub(super) fn note_lateness(&self, at: At) -> Result<(), JudgeError> {
        let seen = self.lateness.borrow().as_ref().map(|lateness| lateness.take());
        let mut evidence = self.evidence.borrow_mut();
        seen.iter().flatten().try_for_each(|it| evidence.late(at.phase, at.tick, it))?;
        Ok(())
    }

    /// Writes down how many messages of each kind have gone through the joints of every instance so far.
    pub(super) fn note_messages(&self, at: At) -> Result<(), JudgeError> {
        let mut evidence = self.evidence.borrow_mut();
        for service in self.services.borrow().values() {
            service.counts().iter().try_for_each(|count| evidence.messages(at.phase, at.tick, count))?;
        }
        Ok(())
    }

    /// Writes down what the gateways have recorded since the last time.
    pub(super) fn note_calls(&self) -> Result<(), JudgeError> {
        for gateway in self.gateways.borrow().values() {
            let (calls, charges) = gateway.take();
            let mut evidence = self.evidence.borrow_mut();
            calls.iter().try_for_each(|call| evidence.call(call))?;
            charges.iter().try_for_each(|charge| evidence.charge(charge))?;
        }
        Ok(())
    }
}
