//! What this hotseat is, what its pack has, and where things of the learner's lie.

use std::path::PathBuf;

use serde::Serialize;
use study::bank::Bank;
use study::store::Counts;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::home::Home;
use crate::learner::{Learner, STORE_VARIABLE};
use crate::pack::Pack;

/// What this hotseat is and holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct About {
    /// The version of this shape.
    pub schema: u32,
    /// The version of hotseat.
    pub version: &'static str,
    pub pack: PackAbout,
    /// How much of yours it holds.
    pub counts: Counts,
    pub places: Places,
}

/// What the pack has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackAbout {
    /// Its folder; null for the one in the binary.
    #[schema(value_type = Option<String>)]
    pub path: Option<PathBuf>,
    pub questions: usize,
    /// Pages of advice.
    pub advice: usize,
    pub drills: usize,
}

/// Where things lie.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Places {
    /// Everything that is yours, unless another place is named here.
    #[schema(value_type = String)]
    pub data: PathBuf,
    /// Answers, reviews and the plan: a file, or an address without its password.
    pub store: String,
    /// Stored runs, one folder each.
    #[schema(value_type = String)]
    pub runs: PathBuf,
    /// Databases that drills are copied from; deleted, they are made anew.
    #[schema(value_type = String)]
    pub bench: PathBuf,
}

/// Looks it up.
pub(crate) async fn about(
    home: &Home,
    pack: &Pack,
    bank: &Bank,
    learner: &Learner,
) -> Result<About, Failure> {
    Ok(About {
        schema: 1,
        version: env!("CARGO_PKG_VERSION"),
        pack: PackAbout {
            path: pack.path.clone(),
            questions: bank.questions.len(),
            advice: bank.advice.len(),
            drills: pack.drills().len(),
        },
        counts: learner.store.counts().await?,
        places: Places {
            data: home.dir.clone(),
            store: store(home),
            runs: home.dir.join("runs"),
            bench: judge::bench::bench_dir(&home.dir),
        },
    })
}

/// Where the store is; nobody needs to see its password.
fn store(home: &Home) -> String {
    let named = std::env::var(STORE_VARIABLE).ok().filter(|at| !at.is_empty());
    let at = named.unwrap_or_else(|| home.dir.join("learner.sqlite").display().to_string());
    match at.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (user, rest))) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{rest}")
        }
        None => at,
    }
}
