//! What all pages have in common: the frame around them, and how a template becomes an answer.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use super::failed::Failed;
use crate::failure::Failure;

/// What a page's handler gives back.
pub(super) type Page = Result<Response, Failed>;

/// The frame around a page: its title, and where in the menu it stands.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) title: String,
    /// The path of the menu's entry that is marked as here.
    pub(super) here: &'static str,
}

/// An entry of the menu.
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
}

const MENU: [Entry; 8] = [
    Entry { path: "/", name: "Today" },
    Entry { path: "/guide", name: "Guide" },
    Entry { path: "/review", name: "Review" },
    Entry { path: "/drills", name: "Drills" },
    Entry { path: "/plan", name: "Plan" },
    Entry { path: "/resume", name: "Résumé" },
    Entry { path: "/progress", name: "Progress" },
    Entry { path: "/data", name: "Data" },
];

impl Frame {
    pub(super) fn new(title: impl Into<String>, here: &'static str) -> Frame {
        Frame { title: title.into(), here }
    }

    pub(super) fn menu(&self) -> &'static [Entry] {
        &MENU
    }

    pub(super) fn asset(&self, name: &str) -> String {
        assets::path(name)
    }
}

/// A template as an answer.
pub(super) fn render(template: &impl Template) -> Page {
    let text = template.render().map_err(Failure::bug)?;
    Ok(Html(text).into_response())
}
