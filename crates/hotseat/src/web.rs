//! The app in the browser: pages and an API over what the commands do, for this machine only.

mod answer;
mod api;
mod assets;
mod data;
mod door;
mod failed;
mod guard;
mod guide;
mod markdown;
mod marking;
mod page;
mod progress;
mod question;
mod review;
mod routes;
mod sitting;

use std::path::Path;
use std::sync::Arc;

use study::bank::Bank;

use crate::failure::Failure;
use crate::home::Home;
use crate::learner::Learner;
use crate::pack::Pack;

pub(crate) use door::{Door, Opened, show};

/// What every page and every resource of the API looks at.
pub(crate) struct App {
    pub(crate) home: Home,
    pub(crate) pack: Pack,
    pub(crate) bank: Bank,
    pub(crate) learner: Learner,
}

impl App {
    /// Opens the learner's store and the pack.
    pub(crate) async fn open(home: Home, pack: Option<&Path>) -> Result<Arc<App>, Failure> {
        let pack = Pack::open(pack)?;
        let bank = pack.bank()?;
        let learner = Learner::open(&home).await?;
        Ok(Arc::new(App { home, pack, bank, learner }))
    }

    /// Ends in good order what is still at work.
    async fn close(&self) {
        self.learner.store.clone().close().await;
    }
}
