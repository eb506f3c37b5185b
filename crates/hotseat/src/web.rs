//! The app in the browser: pages and an API over what the commands do, for this machine only.

mod answer;
mod api;
mod archive;
mod assets;
mod data;
mod door;
mod drill;
mod drills;
mod evidence;
mod failed;
mod guard;
mod guide;
mod judging;
mod live;
mod markdown;
mod marking;
mod own_question;
mod page;
mod plan;
mod progress;
mod question;
mod resume;
mod review;
mod routes;
mod runs;
mod shelf;
mod sitting;
mod studio;
mod today;
mod verdict;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use study::bank::Bank;

use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::use_cases::planning::{Change, Desk, Move, Planned, Seen, Stock};
use crate::use_cases::runs::{RunSummary, Runs};

pub(crate) use door::{Door, Opened, show};

/// What every page and every resource of the API looks at.
pub(crate) struct App {
    pub(crate) home: Home,
    pub(crate) pack: Pack,
    pub(crate) bank: Bank,
    pub(crate) learner: Learner,
    pub(crate) runs: Runs,
    archive: archive::Archive,
    judgings: judging::Room,
    shelf: shelf::Shelf,
    studio: studio::Studio,
    desk: Desk,
    machine: data::Machine,
    /// The runs that are in the learner's store already.
    joined: Mutex<Option<Arc<Vec<RunSummary>>>>,
}

impl App {
    /// Opens the learner's store and the pack.
    pub(crate) async fn open(home: Home, pack: Option<&Path>) -> Result<Arc<App>, Failure> {
        let pack = Pack::open(pack)?;
        let bank = pack.bank()?;
        let learner = Learner::open(&home).await?;
        let (runs, archive) = (Runs::new(&home), archive::Archive::new());
        let (judgings, shelf, studio) = Default::default();
        Ok(Arc::new(App {
            home,
            pack,
            bank,
            learner,
            runs,
            archive,
            judgings,
            shelf,
            studio,
            desk: Desk::default(),
            joined: Mutex::default(),
            machine: data::Machine::default(),
        }))
    }

    /// Takes runs into the learner's store that were judged elsewhere, in a terminal, since the last look.
    async fn catch_up(&self) -> Result<(), Failure> {
        let runs = self.runs.all().await;
        let lock = || self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        if lock().as_ref().is_some_and(|joined| Arc::ptr_eq(joined, &runs)) {
            return Ok(());
        }
        self.learner.join_runs(&self.home).await?;
        *lock() = Some(runs);
        Ok(())
    }

    /// What the pack has to read, to answer and to do.
    fn stock(&self) -> Result<Arc<Stock>, Failure> {
        self.desk.stock(&self.pack, &self.bank)
    }

    /// The plan as it stands now; nothing is kept by looking at it.
    async fn plan(&self) -> Result<Arc<Seen>, Failure> {
        self.desk.look(&self.pack, &self.bank, &self.learner).await
    }

    /// Makes a plan anew and keeps it.
    async fn replan(&self, change: Change) -> Result<Planned, Failure> {
        self.desk.replan(&self.pack, &self.bank, &self.learner, change).await
    }

    /// Puts something on another day of the plan and keeps that.
    async fn move_to(&self, wish: &Move) -> Result<Planned, Failure> {
        self.desk.move_to(&self.pack, &self.bank, &self.learner, wish).await
    }

    /// Tells what is at work to end, so that those who listen hear of it.
    fn end(&self) {
        self.judgings.end();
    }

    /// Ends in good order what is still at work.
    async fn close(&self) {
        self.end();
        self.judgings.ended().await;
        self.learner.store.clone().close().await;
    }
}
