//! The operations of a path.

use std::collections::HashMap;

use serde_json::Value;

use super::{Found, Reader};
use crate::{
    model::{Body, Operation, Parameter, Place},
    source::{join, place},
    template::Template,
    words::clip,
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl<'a> Reader<'a> {
    pub(super) fn operations(
        &mut self,
        item: &Found<'a>,
        template: &Template,
        schemes: &[&str],
        operation_ids: &mut HashMap<&'a str, String>,
    ) -> Vec<Operation> {
        let (shared, is_whole) = self.parameters(item);
        let mut operations = vec![];
        for (name, value) in item.map {
            let at = join(&item.pointer, name);
            if !METHODS.contains(&name.as_str()) {
                let known =
                    ["summary", "description", "servers", "parameters", "$ref"].contains(&name.as_str());
                if !known && !name.starts_with("x-") {
                    let what = format!(
                        "`{}` is no method; write one of {} in small letters",
                        clip(name),
                        METHODS.join(", ")
                    );
                    self.defect("structure", &at, what);
                }
                continue;
            }
            let Some(map) = self.object(&at, value).filter(|_| self.spend()) else { continue };
            let found = Found { pointer: at, map };
            self.operation_id(&found, operation_ids);
            self.security(&found, schemes);
            let operation = self.operation(&found, name, template, (&shared, is_whole));
            operations.push(operation);
        }
        if operations.is_empty() {
            self.path_parameters_unused(template, &shared);
        }
        operations
    }

    fn operation(
        &mut self,
        found: &Found<'a>,
        method: &str,
        template: &Template,
        (shared, is_whole): (&[Parameter], bool),
    ) -> Operation {
        let (mut parameters, is_own_whole) = self.parameters(found);
        for parameter in shared {
            let overridden =
                parameters.iter().any(|own| own.place == parameter.place && own.name == parameter.name);
            if !overridden {
                parameters.push(parameter.clone());
            }
        }
        if is_whole && is_own_whole {
            self.path_parameters_missing(&found.pointer, template, &parameters);
        }
        self.path_parameters_unused(template, &parameters);
        let body = found.map.get("requestBody").and_then(|value| {
            let pointer = join(&found.pointer, "requestBody");
            if matches!(method, "get" | "head" | "trace") {
                let what = format!(
                    "HTTP gives a body of {} no meaning; use query parameters, or POST",
                    method.to_uppercase()
                );
                self.defect("body-on-get", &pointer, what);
            }
            self.body(&pointer, value)
        });
        let method = method.to_uppercase();
        let answers = self.answers(found, method == "HEAD");
        let name = format!("{method} {}", template.text);
        Operation { method, name, pointer: found.pointer.clone(), parameters, body, answers }
    }

    fn operation_id(&mut self, found: &Found<'a>, operation_ids: &mut HashMap<&'a str, String>) {
        let Some(id) = found.map.get("operationId") else { return };
        let Some(id) = id.as_str() else {
            self.defect("structure", &join(&found.pointer, "operationId"), "`operationId` must be text");
            return;
        };
        if let Some(first) = operation_ids.insert(id, found.pointer.clone())
            && first != found.pointer
        {
            let what = format!("`{}` is already the name of {}", clip(id), place(&first));
            self.defect("operation-id", &join(&found.pointer, "operationId"), what);
        }
    }

    pub(super) fn body(&mut self, pointer: &str, value: &'a Value) -> Option<Body> {
        let found = self.resolve(pointer, value)?;
        let required = self.flag(&found, "required");
        let contents = self.contents(&found);
        if contents.is_empty()
            && found
                .map
                .get("content")
                .is_none_or(|content| content.as_object().is_some_and(|map| map.is_empty()))
        {
            self.defect(
                "request-body",
                &found.pointer,
                "a request body needs `content` with at least one media type",
            );
        }
        Some(Body { required, contents })
    }

    pub(super) fn body_component(&mut self, pointer: &str, value: &'a Value) {
        self.body(pointer, value);
    }

    fn path_parameters_missing(&mut self, pointer: &str, template: &Template, parameters: &[Parameter]) {
        for name in template.variables() {
            let is_it = |parameter: &Parameter| parameter.place == Place::Path && parameter.name == name;
            if !parameters.iter().any(is_it) {
                let what = format!(
                    "`{{{}}}` in the path is not declared under `parameters` with `in: path`",
                    clip(name)
                );
                self.defect("path-parameter-missing", pointer, what);
            }
        }
    }

    fn path_parameters_unused(&mut self, template: &Template, parameters: &[Parameter]) {
        for parameter in parameters.iter().filter(|parameter| parameter.place == Place::Path) {
            if !template.variables().any(|name| name == parameter.name) {
                let what = format!(
                    "`{}` is declared and does not stand in `{}`",
                    clip(&parameter.name),
                    clip(&template.text)
                );
                self.defect("path-parameter-unused", &parameter.pointer, what);
            }
        }
    }
}
