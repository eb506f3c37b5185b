//! The schemas of a document: found, checked, brought to one dialect and compiled once.

mod check;
mod compile;
mod gather;
mod graph;
mod samples;
mod translate;
mod walk;

pub(crate) use compile::Compiled;
pub(crate) use walk::children;

use std::collections::HashMap;

use jsonschema::PatternCache;
use serde_json::Value;

use crate::{
    model::SchemaId,
    reader::{Reader, Version},
    source::Source,
};

/// The schemas with what is needed to follow references between them.
pub(crate) struct Schemas<'a> {
    pub(crate) source: &'a Source,
    pub(crate) version: Version,
    /// Where each `$ref` leads. Those that lead nowhere, or in a circle, are not here.
    pub(crate) refs: HashMap<&'a str, SchemaId>,
    /// The pointer of each schema that has a number.
    pub(crate) pointers: Vec<String>,
    /// Patterns that were compiled already.
    pub(crate) patterns: PatternCache,
    /// Whether requests and answers see different schemas (`readOnly`, `writeOnly`).
    pub(crate) is_directed: bool,
}

impl<'a> Schemas<'a> {
    /// Finds every schema that `reader` came across, and compiles them. Adds defects to the reader's.
    pub(crate) fn compile(reader: &mut Reader<'a>) -> (Self, Compiled) {
        let mut gathered = gather::gather(reader);
        let max_depth = graph::check(reader, &mut gathered);
        let schemas = Self {
            source: reader.source,
            version: reader.version,
            refs: gathered.refs,
            pointers: reader.sites.pointers.clone(),
            patterns: PatternCache::default(),
            is_directed: gathered.is_directed,
        };
        check::check(reader, &schemas, gathered.initial);
        let Some(max_depth) = max_depth else { return (schemas, Compiled::default()) };
        let compiled = Compiled::new(reader, &schemas, max_depth);
        samples::check(reader, &compiled);
        (schemas, compiled)
    }

    pub(crate) fn at(&self, id: SchemaId) -> Option<&'a Value> {
        self.source.at(self.pointers.get(id)?)
    }

    /// The schema behind its `$ref`s, with its pointer. In 3.1, keywords beside a `$ref` are kept by
    /// stopping there.
    pub(crate) fn behind(&self, value: &'a Value, pointer: &str) -> (&'a Value, String) {
        let (mut value, mut pointer) = (value, pointer.to_owned());
        for _ in 0..32 {
            let only_ref =
                self.version == Version::V30 || value.as_object().is_some_and(|map| map.len() == 1);
            let Some(id) = self.reference(value).filter(|_| only_ref) else { break };
            let Some(next) = self.at(id) else { break };
            (value, pointer) = (next, self.pointers[id].clone());
        }
        (value, pointer)
    }

    /// Where the `$ref` of a schema leads, if it has one that leads somewhere.
    pub(crate) fn reference(&self, value: &Value) -> Option<SchemaId> {
        self.refs.get(value.get("$ref")?.as_str()?).copied()
    }
}

/// What the first walk over all schemas brings home.
pub(crate) struct Gathered<'a> {
    refs: HashMap<&'a str, SchemaId>,
    is_directed: bool,
    /// How many different patterns there are.
    patterns: usize,
    /// How many schemas had a number before references added theirs.
    initial: usize,
}
