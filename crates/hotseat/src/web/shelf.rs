//! What pages ask for again and again: drills, their trust cards, this machine, and how runs were ruled.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use judge::drill::Drill;
use judge::verdict::Ruling;

use super::App;
use crate::failure::Failure;
use crate::home::Home;
use crate::use_cases::drills::{self, DrillPage, Drills, Known, Machine, Standing};
use crate::use_cases::trust::{self, Trust};

/// Somebody may install PostgreSQL while the app runs.
const MACHINE_FRESH: Duration = Duration::from_secs(30);

/// Drills in memory, and what is known of them.
#[derive(Default)]
pub(crate) struct Shelf {
    read: OnceLock<FromPack>,
    machine: Mutex<Option<(Instant, Arc<Machine>)>>,
    /// Level and ruling of a stored run, by its name; none if it cannot be read.
    ruled: Mutex<BTreeMap<String, Option<(String, Ruling)>>>,
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
        let (machine, standing) = (self.shelf.machine().await?, self.shelf.standing(&self.home).await?);
        let known = Known { machine: &machine, trust, standing: &standing, home: &self.home };
        Ok(drills::list(drills, &known))
    }

    /// One drill with the learner's standing, if there is one of this name.
    pub(super) async fn page_of_drill(&self, name: &str) -> Result<Option<DrillPage>, Failure> {
        let FromPack { drills, trust } = self.read_pack()?;
        let Some(drill) = drills.iter().find(|drill| drill.name == name) else { return Ok(None) };
        let (machine, standing) = (self.shelf.machine().await?, self.shelf.standing(&self.home).await?);
        let known = Known { machine: &machine, trust, standing: &standing, home: &self.home };
        Ok(Some(drills::page(drill, &known)))
    }

    /// Whether a level of a drill has been passed.
    pub(super) async fn has_passed(&self, drill: &str, level: &str) -> Result<bool, Failure> {
        let standing = self.shelf.standing(&self.home).await?;
        Ok(standing.get(drill).is_some_and(|it| it.passed.contains(level)))
    }

    /// The runs of a drill, the newest first, with level and ruling.
    pub(super) async fn runs_of(&self, drill: &str) -> Result<Vec<(String, String, Ruling)>, Failure> {
        self.shelf.look_at_runs(&self.home).await?;
        let ruled = self.shelf.ruled.lock().unwrap_or_else(PoisonError::into_inner);
        let number = |run: &str| run.strip_prefix(drill)?.strip_prefix('-')?.parse::<u64>().ok();
        let mut runs: Vec<(u64, (String, String, Ruling))> = ruled
            .iter()
            .filter_map(|(run, known)| {
                let (level, ruling) = known.clone()?;
                Some((number(run)?, (run.clone(), level, ruling)))
            })
            .collect();
        runs.sort_by_key(|(number, _)| Reverse(*number));
        Ok(runs.into_iter().map(|(_, run)| run).collect())
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

    async fn standing(&self, home: &Home) -> Result<BTreeMap<String, Standing>, Failure> {
        self.look_at_runs(home).await?;
        let ruled = self.ruled.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = ruled.iter().filter_map(|(run, known)| {
            let (level, ruling) = known.as_ref()?;
            Some((run.rsplit_once('-')?.0, level.as_str(), *ruling))
        });
        Ok(Standing::of(runs))
    }

    /// A stored run never changes, so each is read once.
    async fn look_at_runs(&self, home: &Home) -> Result<(), Failure> {
        let names: Vec<String> = home.run_names().into_iter().map(|(_, run)| run).collect();
        let new: Vec<String> = {
            let mut ruled = self.ruled.lock().unwrap_or_else(PoisonError::into_inner);
            if ruled.len() > names.len() {
                ruled.retain(|run, _| names.contains(run));
            }
            names.into_iter().filter(|run| !ruled.contains_key(run)).collect()
        };
        if new.is_empty() {
            return Ok(());
        }
        let home = home.clone();
        let read = move || -> Vec<_> {
            let ruling = |run: &String| home.verdict_of(run).map(|(_, it)| (it.level, it.ruling));
            new.into_iter().map(|run| (run.clone(), ruling(&run))).collect()
        };
        let read = tokio::task::spawn_blocking(read).await.map_err(Failure::bug)?;
        self.ruled.lock().unwrap_or_else(PoisonError::into_inner).extend(read);
        Ok(())
    }
}
