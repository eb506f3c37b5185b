//! drill.toml as it is written, before its names are resolved.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

/// The newest `format` of drill.toml that this version reads.
pub(super) const FORMAT: u32 = 1;

/// A word of drill.toml that names something else in it, with its place for error messages.
pub(super) type Name = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub format: Spanned<u32>,
    pub version: u32,
    pub title: String,
    pub summary: String,
    pub topics: Vec<String>,
    pub minutes: u32,
    #[serde(default)]
    pub questions: Vec<String>,
    #[serde(default = "hang_s")]
    pub hang_s: u64,
    pub components: BTreeMap<String, RawComponent>,
    pub slots: BTreeMap<String, RawSlot>,
    pub levels: BTreeMap<String, Spanned<RawLevel>>,
    #[serde(default)]
    pub parameters: BTreeMap<String, RawParameters>,
    #[serde(default)]
    pub probes: BTreeMap<String, RawProbe>,
    #[serde(default)]
    pub faults: BTreeMap<String, RawFault>,
    pub phases: Vec<RawPhase>,
}

fn hang_s() -> u64 {
    120
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawComponent {
    pub kind: Name,
    pub seed: Option<Name>,
    #[serde(default)]
    pub with: BTreeMap<String, i64>,
    pub slot: Option<Name>,
    pub instances: Option<Spanned<u32>>,
    pub ready_s: Option<Spanned<u64>>,
    #[serde(default)]
    pub env: BTreeMap<String, Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFault {
    pub on: Name,
    pub at: Name,
    pub to: String,
    #[serde(default = "first")]
    pub nth: u64,
    pub does: Name,
    pub victim: Option<Name>,
}

fn first() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSlot {
    pub file: Name,
    pub takes: Name,
    pub on: Vec<Name>,
    pub over: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLevel {
    pub title: String,
    pub slots: Vec<Name>,
    pub par: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParameters {
    pub on: Name,
    pub sql: Name,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProbe {
    pub on: Vec<Name>,
    pub run: Name,
    pub each: Option<Name>,
    #[serde(default)]
    pub mode: RawMode,
    #[serde(default = "rows_max")]
    pub rows_max: u64,
}

fn rows_max() -> u64 {
    10_000
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawMode {
    #[default]
    Rows,
    Plan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPhase {
    pub name: String,
    #[serde(default = "once")]
    pub repeat: u32,
    #[serde(default)]
    pub steps: Vec<Spanned<RawStep>>,
    pub load: Option<RawLoad>,
    pub requests: Option<RawRequests>,
    #[serde(default)]
    pub levels: Vec<Name>,
    #[serde(default)]
    pub decides: Vec<Name>,
}

fn once() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub accept: Option<Name>,
    pub run: Option<Name>,
    pub start: Option<Name>,
    pub probe: Option<Name>,
    pub on: Option<Name>,
    pub only: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLoad {
    pub run: Spanned<RawScripts>,
    pub on: Name,
    pub each: Name,
    pub clients: Option<Spanned<usize>>,
    pub interleave: Option<Name>,
    pub cut: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequests {
    pub each: Name,
    pub on: Name,
    pub clients: Option<Spanned<usize>>,
    pub together: Option<Name>,
    pub rate: Option<Spanned<u32>>,
}

/// One script for every operation, or one for each value of the column `does`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawScripts {
    One(String),
    ByWord(BTreeMap<String, String>),
}

/// The 1-based line on which a span of `source` begins.
pub(super) fn line(source: &str, span: &Range<usize>) -> usize {
    source[..span.start.min(source.len())].matches('\n').count() + 1
}
