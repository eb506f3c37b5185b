//! Reads the parts of a document into the model and notes every rule that they break.

mod answers;
mod content;
mod operations;
mod parameters;
mod paths;
mod root;

pub(crate) use root::version;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{
    Defect,
    model::SchemaId,
    source::{Source, target},
    words,
};

/// Most defects that are kept; whoever has more will come again.
const MAX_DEFECTS: usize = 200;
/// Longest chain of `$ref`s to `$ref`s.
const MAX_HOPS: usize = 16;
/// Most objects that are read, counting one again for each place that refers to it.
const MAX_WORK: usize = 200_000;

/// The flavour of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V30,
    V31,
}

/// Who sends a value: `readOnly` members are not sent in requests, `writeOnly` ones not in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Answer,
}

/// A value that an author gave as an example for a schema.
pub(crate) struct Sample<'a> {
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
    pub(crate) schema: SchemaId,
}

/// The places of schemas, each with a number.
#[derive(Default)]
pub(crate) struct Sites {
    pub(crate) pointers: Vec<String>,
    ids: HashMap<String, SchemaId>,
}

impl Sites {
    pub(crate) fn add(&mut self, pointer: &str) -> SchemaId {
        if let Some(&id) = self.ids.get(pointer) {
            return id;
        }
        self.pointers.push(pointer.to_owned());
        self.ids.insert(pointer.to_owned(), self.pointers.len() - 1);
        self.pointers.len() - 1
    }
}

/// A value behind all its `$ref`s.
#[derive(Clone)]
pub(crate) struct Found<'a> {
    pub(crate) pointer: String,
    pub(crate) map: &'a Map<String, Value>,
}

pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source,
    pub(crate) version: Version,
    pub(crate) defects: Vec<Defect>,
    /// The rules and places of the defects: each is told once.
    told: HashSet<(&'static str, String, String)>,
    pub(crate) sites: Sites,
    pub(crate) samples: Vec<Sample<'a>>,
    sampled: HashSet<String>,
    work: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a Source, version: Version) -> Self {
        Self {
            source,
            version,
            defects: vec![],
            told: HashSet::new(),
            sites: Sites::default(),
            samples: vec![],
            sampled: HashSet::new(),
            work: 0,
        }
    }

    pub(crate) fn defect(&mut self, rule: &'static str, pointer: &str, what: impl Into<String>) {
        // A document that is too large is told so even after many other defects.
        let is_wanted = self.defects.len() < MAX_DEFECTS || (rule == "size" && !self.is_exhausted());
        let what = what.into();
        if is_wanted && self.told.insert((rule, pointer.to_owned(), what.clone())) {
            self.defects.push(self.source.defect(rule, pointer, what));
        }
    }

    /// Counts one more part that is read; false when that is too many.
    fn spend(&mut self) -> bool {
        self.work += 1;
        if self.work > MAX_WORK {
            let what = format!("more than {MAX_WORK} parts, with every `$ref` written out");
            self.defect("size", "", what);
        }
        self.work <= MAX_WORK
    }

    fn is_exhausted(&self) -> bool {
        self.defects.iter().any(|defect| defect.rule == "size")
    }

    /// Keeps an example to be held against its schema.
    pub(crate) fn sample(&mut self, pointer: String, value: &'a Value, schema: SchemaId) {
        if self.sampled.insert(pointer.clone()) {
            self.samples.push(Sample { pointer, value, schema });
        }
    }

    /// The object at `pointer`; a defect, if there is something else.
    fn object(&mut self, pointer: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
        let map = value.as_object();
        if map.is_none() {
            self.defect(
                "structure",
                pointer,
                format!("an object belongs here, and there is {}", words::shown(value)),
            );
        }
        map
    }

    /// The member `name` of an object as an object, if there is such a member.
    fn member(&mut self, of: &Found<'a>, name: &str) -> Option<Found<'a>> {
        let pointer = crate::source::join(&of.pointer, name);
        let map = self.object(&pointer, of.map.get(name)?)?;
        Some(Found { pointer, map })
    }

    /// The member `name` of an object as a list, if there is such a member.
    fn list(&mut self, of: &Found<'a>, name: &str) -> (&'a [Value], String) {
        let pointer = crate::source::join(&of.pointer, name);
        match of.map.get(name) {
            None => (&[], pointer),
            Some(Value::Array(items)) => (items, pointer),
            Some(other) => {
                self.defect(
                    "structure",
                    &pointer,
                    format!("a list belongs here, and there is {}", words::shown(other)),
                );
                (&[], pointer)
            }
        }
    }

    /// The member `name` as a boolean, false without one.
    fn flag(&mut self, of: &Found<'a>, name: &str) -> bool {
        match of.map.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                let pointer = crate::source::join(&of.pointer, name);
                self.defect(
                    "structure",
                    &pointer,
                    format!("true or false belongs here, and there is {}", words::shown(other)),
                );
                false
            }
        }
    }

    /// The object at `pointer`, or where its `$ref`s lead to.
    fn resolve(&mut self, pointer: &str, value: &'a Value) -> Option<Found<'a>> {
        if !self.spend() {
            return None;
        }
        let (mut at, mut value) = (pointer.to_owned(), value);
        for _ in 0..MAX_HOPS {
            let map = self.object(&at, value)?;
            let Some(reference) = map.get("$ref") else { return Some(Found { pointer: at, map }) };
            let Some(reference) = reference.as_str() else {
                self.defect("ref", &at, "the value of `$ref` must be text");
                return None;
            };
            let next = match target(reference) {
                Ok(next) => next,
                Err((rule, what)) => {
                    self.defect(rule, &at, what);
                    return None;
                }
            };
            let Some(found) = self.source.at(&next) else {
                self.defect("ref", &at, format!("there is no `{}` in this document", words::clip(reference)));
                return None;
            };
            (at, value) = (next, found);
        }
        self.defect(
            "ref-cycle",
            pointer,
            format!("after {MAX_HOPS} `$ref`s there is still only another `$ref`"),
        );
        None
    }
}
