//! The app in the browser: pages and an API over what the commands do, for this machine only.

mod api;
mod assets;
mod data;
mod door;
mod failed;
mod guard;
mod markdown;
mod page;
mod plan;
mod routes;
mod today;

use std::path::Path;
use std::sync::Arc;

use study::bank::Bank;

use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::use_cases::planning::{Change, Desk, Move, Planned, Seen, Stock};
use crate::use_cases::today::Recent;

pub(crate) use door::{Door, Opened, show};

/// What every page and every resource of the API looks at.
pub(crate) struct App {
    pub(crate) home: Home,
    pub(crate) pack: Pack,
    pub(crate) bank: Bank,
    pub(crate) learner: Learner,
    desk: Desk,
    recent: Recent,
    machine: data::Machine,
}

impl App {
    /// Opens the learner's store and the pack.
    pub(crate) async fn open(home: Home, pack: Option<&Path>) -> Result<Arc<App>, Failure> {
        let pack = Pack::open(pack)?;
        let bank = pack.bank()?;
        let learner = Learner::open(&home).await?;
        Ok(Arc::new(App {
            home,
            pack,
            bank,
            learner,
            desk: Desk::default(),
            recent: Recent::default(),
            machine: data::Machine::default(),
        }))
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

    /// Ends in good order what is still at work.
    async fn close(&self) {
        self.learner.store.clone().close().await;
    }
}
