//! Parameters of requests, and headers of answers.

use serde_json::Value;

use super::{Found, Reader};
use crate::{
    model::{Parameter, Place},
    source::join,
    words::clip,
};

impl<'a> Reader<'a> {
    /// The parameters, and whether all of them could be read.
    pub(super) fn parameters(&mut self, of: &Found<'a>) -> (Vec<Parameter>, bool) {
        let (items, pointer) = self.list(of, "parameters");
        let mut parameters: Vec<Parameter> = vec![];
        let mut is_whole = true;
        for (index, item) in items.iter().enumerate() {
            let at = format!("{pointer}/{index}");
            let Some(parameter) = self.parameter(&at, item) else {
                is_whole = false;
                continue;
            };
            if parameters.iter().any(|first| first.place == parameter.place && first.name == parameter.name) {
                let what = format!("`{}` is declared here a second time", clip(&parameter.name));
                self.defect("parameter-duplicate", &at, what);
            } else {
                parameters.push(parameter);
            }
        }
        (parameters, is_whole)
    }

    fn parameter(&mut self, pointer: &str, value: &'a Value) -> Option<Parameter> {
        let found = self.resolve(pointer, value)?;
        let place = match found.map.get("in").and_then(Value::as_str) {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            Some("cookie") => Place::Cookie,
            _ => {
                self.defect("parameter", &found.pointer, "`in` must be one of path, query, header, cookie");
                return None;
            }
        };
        let Some(name) = found.map.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) else {
            self.defect("parameter", &found.pointer, "a parameter needs a `name`");
            return None;
        };
        let required = self.flag(&found, "required");
        if place == Place::Path && !required {
            self.defect(
                "path-parameter-optional",
                &found.pointer,
                format!("`{}` stands in the path, so write `required: true`", clip(name)),
            );
        }
        Some(self.described(&found, place, name, required))
    }

    /// What parameters and headers share: a schema, or one content.
    fn described(&mut self, found: &Found<'a>, place: Place, name: &str, required: bool) -> Parameter {
        let content = found.map.get("content");
        let schema = found.map.get("schema").map(|_| self.sites.add(&join(&found.pointer, "schema")));
        if schema.is_some() == content.is_some() {
            self.defect(
                "parameter",
                &found.pointer,
                format!("`{}` needs a `schema` (or `content`, but not both)", clip(name)),
            );
        }
        if let Some(map) = content.and_then(Value::as_object)
            && map.len() != 1
        {
            self.defect(
                "parameter",
                &join(&found.pointer, "content"),
                "`content` of a parameter has exactly one media type",
            );
        }
        self.contents(found);
        if let Some(schema) = schema {
            self.samples_of(found, schema);
        }
        let usual = if matches!(place, Place::Query | Place::Cookie) { "form" } else { "simple" };
        let plain = found.map.get("style").and_then(Value::as_str).is_none_or(|style| style == usual);
        Parameter { place, name: name.to_owned(), required, schema, pointer: found.pointer.clone(), plain }
    }

    /// The headers of an answer. `Content-Type` is described by `content` and ignored here (OpenAPI says so).
    pub(super) fn headers(&mut self, of: &Found<'a>) -> Vec<Parameter> {
        let Some(headers) = self.member(of, "headers") else { return vec![] };
        let mut read = vec![];
        for (name, value) in headers.map {
            if !name.eq_ignore_ascii_case("content-type") {
                read.extend(self.header(&join(&headers.pointer, name), name, value));
            }
        }
        read
    }

    fn header(&mut self, pointer: &str, name: &str, value: &'a Value) -> Option<Parameter> {
        let found = self.resolve(pointer, value)?;
        let required = self.flag(&found, "required");
        Some(self.described(&found, Place::Header, name, required))
    }

    pub(super) fn parameter_component(&mut self, pointer: &str, value: &'a Value) {
        self.parameter(pointer, value);
    }

    pub(super) fn header_component(&mut self, pointer: &str, value: &'a Value) {
        self.header(pointer, "header", value);
    }
}
