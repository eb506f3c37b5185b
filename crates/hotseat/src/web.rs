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
mod page;
mod progress;
mod question;
mod review;
mod routes;
mod runs;
mod shelf;
mod sitting;
mod verdict;

use std::path::Path;
use std::sync::Arc;

use study::bank::Bank;

use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;
use crate::use_cases::runs::Runs;

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
}

impl App {
    /// Opens the learner's store and the pack.
    pub(crate) async fn open(home: Home, pack: Option<&Path>) -> Result<Arc<App>, Failure> {
        let pack = Pack::open(pack)?;
        let bank = pack.bank()?;
        let learner = Learner::open(&home).await?;
        let (runs, archive) = (Runs::new(&home), archive::Archive::new());
        let (judgings, shelf) = Default::default();
        Ok(Arc::new(App { home, pack, bank, learner, runs, archive, judgings, shelf }))
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
