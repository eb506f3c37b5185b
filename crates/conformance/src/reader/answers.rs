//! `responses`: what an operation may answer.

use serde_json::{Map, Value};

use super::{Found, Reader};
use crate::{
    model::{Answer, Content, Status},
    source::join,
    words::clip,
};

impl<'a> Reader<'a> {
    pub(super) fn answers(&mut self, operation: &Found<'a>, is_head: bool) -> Vec<Answer> {
        let responses = self.member(operation, "responses");
        let mut answers = vec![];
        for (key, value) in responses.iter().flat_map(|found| found.map) {
            let pointer = join(&join(&operation.pointer, "responses"), key);
            if key.starts_with("x-") {
                continue;
            }
            let Some(status) = Status::read(key) else {
                let what =
                    format!("`{}` is no status; write 201, a range such as 4XX, or default", clip(key));
                self.defect("status-key", &pointer, what);
                continue;
            };
            answers.extend(self.answer(&pointer, status, value, is_head));
        }
        if responses.as_ref().map_or(!operation.map.contains_key("responses"), |found| found.map.is_empty()) {
            self.defect(
                "responses",
                &operation.pointer,
                "the operation has no `responses`: what does it answer?",
            );
        }
        answers
    }

    fn answer(&mut self, pointer: &str, status: Status, value: &'a Value, is_head: bool) -> Option<Answer> {
        let found = self.resolve(pointer, value)?;
        let described = found.map.get("description").and_then(Value::as_str);
        if described.is_none_or(|text| text.trim().is_empty()) {
            self.defect(
                "response-description",
                &found.pointer,
                "`description` is missing: when is this the answer?",
            );
        }
        let headers = self.headers(&found);
        let contents = self.contents(&found);
        if status.is_bodiless() && !contents.is_empty() {
            self.defect(
                "status-without-body",
                &found.pointer,
                "HTTP allows no body with this status; take `content` out",
            );
        }
        if (status.is_class(4) || status.is_class(5)) && !is_head {
            self.error_schema(&found, &contents);
        }
        Some(Answer { status, headers, contents })
    }

    pub(super) fn answer_component(&mut self, pointer: &str, value: &'a Value) {
        self.answer(pointer, Status::Default, value, false);
    }

    /// A client must be able to read what went wrong.
    fn error_schema(&mut self, found: &Found<'a>, contents: &[Content]) {
        let is_described =
            found.map.get("content").is_some_and(|content| content.as_object() != Some(&Map::new()));
        if !is_described {
            let what =
                "an error answer without `content`: describe its body, for example application/problem+json";
            self.defect("error-schema", &found.pointer, what);
        }
        for content in contents.iter().filter(|content| content.schema.is_none()) {
            self.defect("error-schema", &content.pointer, "the body of an error needs a `schema`");
        }
    }
}
