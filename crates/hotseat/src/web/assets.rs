//! Style sheet, scripts and icon, embedded in the binary, under names that change with their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file that pages ask for.
struct Asset {
    name: &'static str,
    kind: &'static str,
    /// Parts of it, in order.
    parts: &'static [&'static str],
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// In the order in which their rules apply.
const STYLES: [&str; 8] = [
    include_str!("../../assets/style/tokens.css"),
    include_str!("../../assets/style/base.css"),
    include_str!("../../assets/style/parts.css"),
    include_str!("../../assets/style/guide.css"),
    include_str!("../../assets/style/judging.css"),
    include_str!("../../assets/style/plan.css"),
    include_str!("../../assets/style/resume.css"),
    include_str!("../../assets/style/verdict.css"),
];

const ASSETS: [Asset; 8] = [
    Asset { name: "app.css", kind: CSS, parts: &STYLES },
    Asset { name: "answer.js", kind: SCRIPT, parts: &[include_str!("../../assets/answer.js")] },
    Asset { name: "judging.js", kind: SCRIPT, parts: &[include_str!("../../assets/judging.js")] },
    Asset { name: "keys.js", kind: SCRIPT, parts: &[include_str!("../../assets/keys.js")] },
    Asset { name: "pending.js", kind: SCRIPT, parts: &[include_str!("../../assets/pending.js")] },
    Asset { name: "plan.js", kind: SCRIPT, parts: &[include_str!("../../assets/plan.js")] },
    Asset { name: "resume.js", kind: SCRIPT, parts: &[include_str!("../../assets/resume.js")] },
    Asset { name: "icon.svg", kind: "image/svg+xml", parts: &[include_str!("../../assets/icon.svg")] },
];

/// Each asset's text, and a short hash of it.
static LOADED: LazyLock<Vec<(&'static Asset, String, String)>> = LazyLock::new(|| {
    let load = |asset: &'static Asset| {
        let text = asset.parts.concat();
        let hash = judge::hash(&[&text]);
        (asset, text, hash)
    };
    ASSETS.iter().map(load).collect()
});

/// The path of an asset as a page names it.
pub(super) fn path(name: &str) -> String {
    let mut path = format!("/assets/{name}");
    if let Some((_, _, hash)) = LOADED.iter().find(|(asset, ..)| asset.name == name) {
        // Writing into a String does not fail.
        let _ = write!(path, "?v={hash}");
    }
    path
}

/// `GET /assets/{name}`
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match LOADED.iter().find(|(asset, ..)| asset.name == name) {
        Some((asset, text, _)) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, text.as_str()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
