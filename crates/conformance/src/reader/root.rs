//! The root of a document: `info`, `servers`, `security`, `components`.

use serde_json::Value;

use super::{Found, Reader, Version};
use crate::{
    Defect,
    model::Model,
    source::{Source, join},
    words::{clip, shown},
};

/// The version of OpenAPI that a document is written in.
pub(crate) fn version(source: &Source) -> Result<Version, Defect> {
    let Some(root) = source.root.as_object() else {
        let what = format!(
            "an OpenAPI document is an object that begins with `openapi: 3.1.0`; this is {}",
            shown(&source.root)
        );
        return Err(source.defect("openapi", "", what));
    };
    let what = match root.get("openapi") {
        Some(Value::String(version)) if is_version(version, "3.0.") => return Ok(Version::V30),
        Some(Value::String(version)) if is_version(version, "3.1.") => return Ok(Version::V31),
        Some(Value::String(version)) => {
            format!("`{}` is no version that is read here: write 3.0.x or 3.1.x", clip(version))
        }
        Some(other) => {
            format!("the version must be text of three numbers, such as 3.1.0, and is {}", shown(other))
        }
        None if root.contains_key("swagger") => {
            "this is Swagger 2.0; write OpenAPI 3.0.x or 3.1.x".to_owned()
        }
        None => "`openapi: 3.1.0` (or another 3.0.x, 3.1.x) is missing at the root".to_owned(),
    };
    Err(source.defect("openapi", "/openapi", what))
}

fn is_version(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

impl<'a> Reader<'a> {
    /// Reads everything but the schemas themselves.
    pub(crate) fn read(&mut self) -> Model {
        let Some(map) = self.source.root.as_object() else { return Model::default() };
        let root = Found { pointer: String::new(), map };
        self.info(&root);
        let schemes = self.components(&root);
        self.security(&root, &schemes);
        let bases = self.servers(&root);
        let routes = self.paths(&root, &schemes);
        Model { bases, routes }
    }

    fn info(&mut self, root: &Found<'a>) {
        let Some(info) = self.member(root, "info") else {
            if !root.map.contains_key("info") {
                self.defect("info", "", "`info` with `title` and `version` is missing");
            }
            return;
        };
        for name in ["title", "version"] {
            let what = match info.map.get(name) {
                Some(Value::String(text)) if !text.trim().is_empty() => continue,
                Some(Value::Number(number)) => format!("`{name}` must be text; put quotes around {number}"),
                Some(_) => format!("`{name}` must be text that says something"),
                None => format!("`{name}` is missing"),
            };
            self.defect("info", &info.pointer, what);
        }
    }

    /// The paths of the servers' addresses: the templates of `paths` stand behind them.
    fn servers(&mut self, root: &Found<'a>) -> Vec<String> {
        let (servers, pointer) = self.list(root, "servers");
        let mut bases = vec![];
        for (index, server) in servers.iter().enumerate() {
            let at = format!("{pointer}/{index}");
            let Some(map) = self.object(&at, server) else { continue };
            let Some(url) = map.get("url").and_then(Value::as_str) else {
                self.defect("structure", &at, "a server has a `url` that is text");
                continue;
            };
            let mut url = url.to_owned();
            for (name, variable) in map.get("variables").and_then(Value::as_object).into_iter().flatten() {
                let value = variable.get("default").and_then(Value::as_str).unwrap_or_default();
                url = url.replace(&format!("{{{name}}}"), value);
                if url.len() > 4096 {
                    break;
                }
            }
            let path = match url.split_once("://") {
                Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
                None => &url,
            };
            let base = path.trim_end_matches('/').to_owned();
            if !bases.contains(&base) && bases.len() < 16 {
                bases.push(base);
            }
        }
        if bases.is_empty() {
            bases.push(String::new());
        }
        bases
    }

    /// Reads what is under `components`, used or not, and gives the names of the security schemes.
    fn components(&mut self, root: &Found<'a>) -> Vec<&'a str> {
        let Some(components) = self.member(root, "components") else { return vec![] };
        for (section, read) in [
            ("schemas", Self::schema_component as fn(&mut Self, &str, &'a Value)),
            ("parameters", Self::parameter_component),
            ("headers", Self::header_component),
            ("requestBodies", Self::body_component),
            ("responses", Self::answer_component),
        ] {
            let Some(found) = self.member(&components, section) else { continue };
            for (name, value) in found.map {
                read(self, &join(&found.pointer, name), value);
            }
        }
        let schemes = self.member(&components, "securitySchemes");
        schemes.map(|found| found.map.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    fn schema_component(&mut self, pointer: &str, _: &'a Value) {
        self.sites.add(pointer);
    }

    /// Every scheme that is asked for must be described.
    pub(super) fn security(&mut self, of: &Found<'a>, schemes: &[&str]) {
        let (items, pointer) = self.list(of, "security");
        for (index, item) in items.iter().enumerate() {
            if !self.spend() {
                break;
            }
            let at = format!("{pointer}/{index}");
            let Some(map) = self.object(&at, item) else { continue };
            if let Some(name) = map.keys().find(|name| !schemes.contains(&name.as_str())) {
                let what = format!("`{}` is not described under `components.securitySchemes`", clip(name));
                self.defect("security-scheme", &at, what);
            }
        }
    }
}
