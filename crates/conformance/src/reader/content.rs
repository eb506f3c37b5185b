//! `content`: media types with their schemas and examples.

use serde_json::Value;

use super::{Found, Reader};
use crate::{
    media::MediaRange,
    model::{Content, SchemaId},
    source::join,
    words::clip,
};

impl<'a> Reader<'a> {
    pub(super) fn contents(&mut self, of: &Found<'a>) -> Vec<Content> {
        let Some(content) = self.member(of, "content") else { return vec![] };
        let mut read = vec![];
        for (name, value) in content.map {
            if !self.spend() {
                break;
            }
            let pointer = join(&content.pointer, name);
            let Some(media) = MediaRange::read(name) else {
                self.defect(
                    "media-type",
                    &pointer,
                    format!("`{}` is no media type such as application/json", clip(name)),
                );
                continue;
            };
            let Some(map) = self.object(&pointer, value) else { continue };
            let found = Found { pointer, map };
            let schema = map.get("schema").map(|_| self.sites.add(&join(&found.pointer, "schema")));
            if let Some(schema) = schema
                && (media.is_json() || media.is_anything())
            {
                self.samples_of(&found, schema);
            }
            read.push(Content { media, schema, pointer: found.pointer });
        }
        read
    }

    /// `example` and `examples` beside a schema.
    pub(super) fn samples_of(&mut self, of: &Found<'a>, schema: SchemaId) {
        if let Some(value) = of.map.get("example") {
            self.sample(join(&of.pointer, "example"), value, schema);
        }
        let Some(examples) = self.member(of, "examples") else { return };
        for (name, example) in examples.map {
            let Some(found) = self.resolve(&join(&examples.pointer, name), example) else { continue };
            let value: Option<&'a Value> = found.map.get("value");
            if let Some(value) = value {
                self.sample(join(&found.pointer, "value"), value, schema);
            }
        }
    }
}
