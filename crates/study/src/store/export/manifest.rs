//! What an export consists of, so that a damaged one is noticed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The version of the layout that docs/export.md describes.
pub(in crate::store) const FORMAT: u32 = 1;
pub(in crate::store) const MANIFEST: &str = "manifest.json";

/// How many of each an export holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Answers, each with its feedback.
    pub answers: u64,
    /// Cards.
    pub cards: u64,
    /// Reviews of cards.
    pub reviews: u64,
    /// Drill attempts.
    pub attempts: u64,
    /// Items of the plan.
    pub plan_items: u64,
    /// Questions about the learner's own runs; not named where there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub own_questions: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::store) struct Manifest {
    pub(in crate::store) format: u32,
    pub(in crate::store) counts: Exported,
    /// By path.
    pub(in crate::store) files: Vec<Entry>,
}

/// Any manifest, as far as every version can read it.
#[derive(Debug, Deserialize)]
pub(in crate::store) struct AnyManifest {
    pub(in crate::store) format: u32,
}

/// A file of the export, but for the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::store) struct Entry {
    /// Below the export's folder, with `/` between the parts.
    pub(in crate::store) path: String,
    pub(in crate::store) bytes: u64,
    /// In hexadecimal digits.
    pub(in crate::store) sha256: String,
}

pub(in crate::store) fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
