//! Settings and data: where things lie, what this machine has, and taking everything along.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::App;
use super::page::{Frame, Page, render};
use crate::use_cases::doctor::{Doctor, examine};

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage<'a> {
    frame: Frame,
    doctor: Doctor,
    home: std::path::Display<'a>,
}

/// `GET /data`
pub(super) async fn page(State(app): State<Arc<App>>) -> Page {
    let doctor = examine().await;
    render(&DataPage {
        frame: Frame::new("Settings and data", "/data"),
        doctor,
        home: app.home.dir.display(),
    })
}
