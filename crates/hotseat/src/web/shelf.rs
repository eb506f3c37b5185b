//! What pages ask for again and again: drills, their trust cards, this machine, and how runs were ruled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use judge::drill::Drill;

use super::App;
use crate::failure::Failure;
use crate::use_cases::drills::{self, DrillPage, Drills, Known, Machine, Standing};
use crate::use_cases::trust::{self, Trust};

/// Somebody may install PostgreSQL while the app runs.
const MACHINE_FRESH: Duration = Duration::from_secs(30);

/// Drills in memory, and what is known of them.
#[derive(Default)]
pub(crate) struct Shelf {
    read: OnceLock<FromPack>,
    machine: Mutex<Option<(Instant, Arc<Machine>)>>,
}

/// What the pack says.
struct FromPack {
    drills: Arc<Vec<Drill>>,
    trust: BTreeMap<String, Trust>,
}

impl App {
    /// Every drill of the pack.
    pub(super) fn drills(&self) -> Result<Arc<Vec<Drill>>, Failure> {
        Ok(Arc::clone(&self.read_pack()?.drills))
    }

    fn read_pack(&self) -> Result<&FromPack, Failure> {
        if let Some(known) = self.shelf.read.get() {
            return Ok(known);
        }
        let drills = Arc::new(drills::read(&self.pack)?);
        let trust = trust::cards(&self.pack)?;
        Ok(self.shelf.read.get_or_init(|| FromPack { drills, trust }))
    }

    /// The list of drills, with the learner's standing.
    pub(super) async fn list_of_drills(&self) -> Result<Drills, Failure> {
        let FromPack { drills, trust } = self.read_pack()?;
        let (machine, standing) = (self.shelf.machine().await?, self.standing().await);
        let known = Known { machine: &machine, trust, standing: &standing, home: &self.home };
        Ok(drills::list(drills, &known))
    }

    /// One drill with the learner's standing, if there is one of this name.
    pub(super) async fn page_of_drill(&self, name: &str) -> Result<Option<DrillPage>, Failure> {
        let FromPack { drills, trust } = self.read_pack()?;
        let Some(drill) = drills.iter().find(|drill| drill.name == name) else { return Ok(None) };
        let (machine, standing) = (self.shelf.machine().await?, self.standing().await);
        let known = Known { machine: &machine, trust, standing: &standing, home: &self.home };
        Ok(Some(drills::page(drill, &known)))
    }

    /// How runs were ruled, by drill.
    async fn standing(&self) -> BTreeMap<String, Standing> {
        let runs = self.runs.all().await;
        Standing::of(runs.iter().map(|run| (run.drill.as_str(), run.level.as_str(), run.ruling)))
    }
}

impl Shelf {
    async fn machine(&self) -> Result<Arc<Machine>, Failure> {
        let known = self.machine.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, machine)) = known
            && at.elapsed() < MACHINE_FRESH
        {
            return Ok(machine);
        }
        let machine =
            tokio::task::spawn_blocking(|| Arc::new(Machine::look())).await.map_err(Failure::bug)?;
        let fresh = (Instant::now(), Arc::clone(&machine));
        *self.machine.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(machine)
    }
}
