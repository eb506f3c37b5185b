//! Every schema compiled, for requests and for answers.

use jsonschema::{Draft, PatternCache, PatternOptions, Registry, ValidationOptions, Validator};
use serde_json::{Map, Value, json};

use super::{Schemas, translate::translate};
use crate::{
    model::SchemaId,
    reader::{Direction, Reader},
    words::{clip, explain},
};

/// A name for the document inside the validator; nothing is ever fetched by it.
const BASE: &str = "urn:hotseat:schemas";
/// Steps that a pattern may go back before it is given up.
const BACKTRACK_LIMIT: usize = 50_000;
/// Bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// The compiled schemas, by number.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// Deepest nesting of a body that may be held against these schemas.
    pub(crate) max_depth: usize,
    answer: Vec<Option<Validator>>,
    /// None when requests see the same schemas as answers.
    request: Option<Vec<Option<Validator>>>,
}

impl Compiled {
    pub(super) fn new(reader: &mut Reader<'_>, schemas: &Schemas<'_>, max_depth: usize) -> Self {
        let answer = compile(reader, schemas, Direction::Answer);
        let request = schemas.is_directed.then(|| compile(reader, schemas, Direction::Request));
        Self { max_depth, answer, request }
    }

    /// None when the schema is broken, which is a defect of the document and not of an exchange.
    pub(crate) fn get(&self, id: SchemaId, direction: Direction) -> Option<&Validator> {
        let validators = match direction {
            Direction::Request => self.request.as_ref().unwrap_or(&self.answer),
            Direction::Answer => &self.answer,
        };
        validators.get(id)?.as_ref()
    }
}

fn options<'i>(patterns: &PatternCache) -> ValidationOptions<'i> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_cache(patterns.clone())
        .with_pattern_options(
            PatternOptions::fancy_regex()
                .backtrack_limit(BACKTRACK_LIMIT)
                .size_limit(PATTERN_BYTES)
                .dfa_size_limit(PATTERN_BYTES),
        )
}

fn compile(reader: &mut Reader<'_>, schemas: &Schemas<'_>, direction: Direction) -> Vec<Option<Validator>> {
    let mut definitions = Map::new();
    let mut broken = vec![false; schemas.pointers.len()];
    for (id, pointer) in schemas.pointers.iter().enumerate() {
        let mut schema = translate(schemas, id, direction);
        broken[id] = invalid(reader, pointer, &schema, &schemas.patterns);
        if broken[id] {
            schema = Value::Bool(true);
        }
        definitions.insert(id.to_string(), schema);
    }
    let root = json!({ "$defs": definitions });
    let registry =
        Registry::new().draft(Draft::Draft202012).add(BASE, &root).and_then(|builder| builder.prepare());
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => {
            reader.defect(
                "schema",
                "",
                format!("the schemas cannot be compiled: {}", clip(&error.to_string())),
            );
            return vec![];
        }
    };
    let options = options(&schemas.patterns).with_registry(&registry);
    let mut validators = vec![];
    for (id, is_broken) in broken.iter().enumerate() {
        let built = (!is_broken).then(|| options.build(&json!({ "$ref": format!("{BASE}#/$defs/{id}") })));
        validators.push(match built {
            Some(Err(error)) if !broken.contains(&true) => {
                reader.defect(
                    "schema",
                    &schemas.pointers[id],
                    format!("the schema cannot be compiled: {}", clip(&error.to_string())),
                );
                None
            }
            Some(built) => built.ok(),
            None => None,
        });
    }
    validators
}

/// Holds a schema against the rules for schemas. Patterns are tried out, too.
fn invalid(reader: &mut Reader<'_>, pointer: &str, schema: &Value, patterns: &PatternCache) -> bool {
    let meta = jsonschema::draft202012::meta::validator();
    let mut is_broken = false;
    for error in meta.iter_errors(schema).take(20) {
        let (expected, got) = explain(&error);
        let at = format!("{pointer}{}", error.instance_path().as_str());
        reader.defect("schema", &at, format!("a schema wants {expected} here, and there is {got}"));
        is_broken = true;
    }
    if !is_broken {
        super::walk::walk(schema, pointer, false, &mut |stop| {
            let pattern = stop.value.get("pattern").and_then(Value::as_str);
            let names = stop.value.get("patternProperties").and_then(Value::as_object);
            for pattern in
                pattern.into_iter().chain(names.into_iter().flat_map(Map::keys).map(String::as_str))
            {
                if options(patterns).build(&json!({ "pattern": pattern })).is_err() {
                    let what = format!("`{}` is no regular expression that can be compiled", clip(pattern));
                    reader.defect("pattern", stop.pointer, what);
                    is_broken = true;
                }
            }
        });
    }
    is_broken
}
