//! The plan as the app shows it: worked out anew only when something has changed that it depends on.

use std::sync::{Arc, OnceLock};

use study::bank::Bank;
use tokio::sync::Mutex;

use super::{Change, Known, Move, Planned, Settings, Stock, beside, move_to, replan};
use crate::failure::Failure;
use crate::learner::Learner;
use crate::pack::Pack;

/// What plans are made from in one app, and the last one that was worked out.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    stock: OnceLock<Arc<Stock>>,
    last: Mutex<Option<Arc<Seen>>>,
    /// Whoever changes the plan has read it before, so they take turns.
    changing: Mutex<()>,
}

/// The plan at a moment.
#[derive(Debug)]
pub(crate) struct Seen {
    pub known: Known,
    pub settings: Settings,
    /// None if no plan was ever made; the reason if there cannot be one with these settings.
    pub planned: Option<Result<Planned, String>>,
}

impl Desk {
    /// What the pack has to read, to answer and to do.
    pub(crate) fn stock(&self, pack: &Pack, bank: &Bank) -> Result<Arc<Stock>, Failure> {
        if let Some(known) = self.stock.get() {
            return Ok(Arc::clone(known));
        }
        let stock = Arc::new(Stock::of(pack, bank)?);
        Ok(Arc::clone(self.stock.get_or_init(|| stock)))
    }

    /// The plan as it stands now. Nothing is kept by looking at it.
    pub(crate) async fn look(
        &self,
        pack: &Pack,
        bank: &Bank,
        learner: &Learner,
    ) -> Result<Arc<Seen>, Failure> {
        let stock = self.stock(pack, bank)?;
        let known = Known::read(learner, &stock.works).await?;
        let mut last = self.last.lock().await;
        if let Some(seen) = last.as_ref().filter(|seen| seen.known == known) {
            return Ok(Arc::clone(seen));
        }
        let work_out = move || {
            let settings = Settings::changed(known.old.as_ref(), known.today, Change::default());
            let planned = known.old.is_some().then(|| {
                Planned::of(&known, &stock.works, &settings).map_err(|failure| failure.what().to_string())
            });
            Ok(Arc::new(Seen { known, settings, planned }))
        };
        let seen = beside(work_out).await?;
        *last = Some(Arc::clone(&seen));
        Ok(seen)
    }

    /// Makes a plan anew and keeps it.
    pub(crate) async fn replan(
        &self,
        pack: &Pack,
        bank: &Bank,
        learner: &Learner,
        change: Change,
    ) -> Result<Planned, Failure> {
        let _turn = self.changing.lock().await;
        replan(learner, &self.stock(pack, bank)?, change).await
    }

    /// Puts something on another day and keeps that.
    pub(crate) async fn move_to(
        &self,
        pack: &Pack,
        bank: &Bank,
        learner: &Learner,
        wish: &Move,
    ) -> Result<Planned, Failure> {
        let _turn = self.changing.lock().await;
        move_to(learner, &self.stock(pack, bank)?, wish).await
    }
}
