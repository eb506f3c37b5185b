//! The list of drills.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::App;
use super::page::{Frame, Page, render};
use crate::use_cases::drills::DrillRow;

#[derive(Template)]
#[template(path = "drills.html")]
struct DrillsPage {
    frame: Frame,
    drills: Vec<DrillRow>,
    /// Levels passed, and levels there are.
    passed: usize,
    levels: usize,
}

/// `GET /drills`
pub(super) async fn page(State(app): State<Arc<App>>) -> Page {
    let drills = app.list_of_drills().await?.drills;
    let levels = drills.iter().flat_map(|drill| &drill.levels);
    let (passed, levels) = (levels.clone().filter(|level| level.passed).count(), levels.count());
    render(&DrillsPage { frame: Frame::new("Drills", "/drills"), drills, passed, levels })
}
