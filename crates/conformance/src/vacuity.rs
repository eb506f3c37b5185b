//! Whether a document promises anything: one that allows every answer is kept by every service.

mod facts;
mod probes;

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    Defect,
    model::{Answer, Content, Model, Operation, SchemaId, Status},
    reader::Direction,
    schema::{Compiled, Schemas},
    source::join,
};
use facts::{Facts, accepts_anything, is_unconstrained};

const MAX_FOUND: usize = 200;
/// Lists in lists, alternatives in alternatives.
const MAX_DEPTH: usize = 8;

/// Every place where the document promises too little.
pub(crate) fn find(schemas: &Schemas<'_>, compiled: &Compiled, model: &Model) -> Vec<Defect> {
    let mut finder = Finder {
        schemas,
        compiled,
        found: vec![],
        told: HashSet::new(),
        probed: HashSet::new(),
        seen: HashSet::new(),
    };
    if model.routes.iter().all(|route| route.operations.is_empty()) {
        finder.note("no-operations", "/paths", "no operation is described, so no answer can be wrong");
    }
    for operation in model.routes.iter().flat_map(|route| &route.operations) {
        finder.operation(operation);
    }
    finder.found.sort_by_key(|defect| defect.line);
    finder.found
}

struct Finder<'s, 'a> {
    schemas: &'s Schemas<'a>,
    compiled: &'s Compiled,
    found: Vec<Defect>,
    told: HashSet<(&'static str, String)>,
    /// Schemas that values were tried on.
    probed: HashSet<(String, bool)>,
    /// Schemas that were looked at, as part of a request or an answer.
    seen: HashSet<(*const Value, bool)>,
}

impl<'a> Finder<'_, 'a> {
    fn note(&mut self, rule: &'static str, pointer: &str, what: &str) {
        if self.found.len() < MAX_FOUND && self.told.insert((rule, pointer.to_owned())) {
            self.found.push(self.schemas.source.defect(rule, pointer, what));
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let is_exact = |answer: &Answer| matches!(answer.status, Status::Exact(_));
        if !operation.answers.is_empty() && !operation.answers.iter().any(is_exact) {
            let what =
                "`default` and ranges fit nearly every status; name those that the operation answers with";
            self.note("only-default", &operation.pointer, what);
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            self.content(content, true);
        }
        for answer in &operation.answers {
            let is_success = answer.status.is_class(2) || answer.status == Status::Default;
            for content in &answer.contents {
                if content.schema.is_none() && content.media.is_json() && is_success {
                    self.note(
                        "success-no-schema",
                        &content.pointer,
                        "this JSON may be anything; describe it with a `schema`",
                    );
                }
                self.content(content, false);
            }
        }
    }

    fn content(&mut self, content: &Content, is_request: bool) {
        if content.media.is_anything() {
            self.note("content-any", &content.pointer, "a range of media types; name the one that is sent");
        }
        let Some(id) = content.schema else {
            if is_request && content.media.is_json() {
                self.note(
                    "body-any",
                    &content.pointer,
                    "this JSON may be anything; describe it with a `schema`",
                );
            }
            return;
        };
        if (content.media.is_json() || content.media.is_anything())
            && let Some(schema) = self.schemas.at(id)
        {
            let pointer = self.schemas.pointers[id].clone();
            self.body(schema, &pointer, is_request, 0);
            self.probe(id, schema, is_request);
        }
    }

    /// Tries values on a body's schema, where reading it found nothing.
    fn probe(&mut self, id: SchemaId, schema: &'a Value, is_request: bool) {
        let (_, pointer) = self.schemas.behind(schema, &self.schemas.pointers[id]);
        if !self.probed.insert((pointer.clone(), is_request)) {
            return;
        }
        let is_told = self.told.iter().any(|(_, at)| at.starts_with(&pointer));
        let direction = if is_request { Direction::Request } else { Direction::Answer };
        let Some(validator) = self.compiled.get(id, direction).filter(|_| !is_told) else { return };
        if probes::fits_anything(validator) {
            self.note("body-any", &pointer, "every JSON value fits this schema; name a type and its members");
        } else if probes::fits_any_object(validator) {
            self.note("body-bare-object", &pointer, "every object fits; describe its `properties`");
        }
    }

    fn body(&mut self, schema: &'a Value, pointer: &str, is_request: bool, depth: usize) {
        let (schema, pointer) = self.schemas.behind(schema, pointer);
        if depth > MAX_DEPTH || !self.seen.insert((std::ptr::from_ref(schema), is_request)) {
            return;
        }
        if accepts_anything(self.schemas, schema, 0) {
            self.note("body-any", &pointer, "every JSON value fits this schema; name a type and its members");
            return;
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
            for (index, branch) in branches.enumerate() {
                let at = format!("{pointer}/{keyword}/{index}");
                if !is_null(branch) {
                    self.body(branch, &at, is_request, depth + 1);
                }
            }
        }
        if let Some(items) = schema.get("items") {
            self.body(items, &join(&pointer, "items"), is_request, depth + 1);
        }
        let facts = Facts::of(self.schemas, schema, &pointer);
        self.object(&facts, &pointer, is_request);
    }

    fn object(&mut self, facts: &Facts<'a>, pointer: &str, is_request: bool) {
        if let Some(at) = &facts.catch_all {
            self.note(
                "body-catch-all",
                at,
                "members of any name and kind are invited; write `additionalProperties: false`",
            );
        }
        if facts.is_object && facts.properties.is_empty() && !facts.is_bounded {
            self.note("body-bare-object", pointer, "every object fits; describe its `properties`");
        }
        if facts.properties.is_empty() {
            return;
        }
        if !facts.requires_any {
            self.note("body-no-required", pointer, "nothing is `required`, so the empty object fits");
        }
        let hollow = |value: &Value| accepts_anything(self.schemas, value, 0);
        if facts.properties.iter().all(|value| hollow(value)) {
            self.note("body-hollow", pointer, "the members have names and nothing else; give them types");
            return;
        }
        if is_request && facts.properties.iter().all(|value| is_unconstrained(self.schemas, value)) {
            let what = "no member has limits, a pattern, a format or an enum: what does the service refuse?";
            self.note("request-unconstrained", pointer, what);
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}
