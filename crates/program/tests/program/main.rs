//! Programs of learners, well-meant and hostile, at every level that this machine allows.
//!
//! A level or a tool that is missing here is named on standard error as skipped. They need Linux.

#![cfg(target_os = "linux")]

mod attacks;
mod builds;
mod ends;
mod languages;
mod limits;
mod output;
mod starts;
mod support;
mod survivors;
