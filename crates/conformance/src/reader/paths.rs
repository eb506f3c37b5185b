//! `paths`: the templates and what stands under each.

use std::collections::HashMap;

use super::{Found, Reader};
use crate::{model::Route, source::join, template::Template, words::clip};

/// Pairs of templates are compared for ambiguity up to this many paths.
const MAX_COMPARED: usize = 500;

impl<'a> Reader<'a> {
    pub(super) fn paths(&mut self, root: &Found<'a>, schemes: &[&str]) -> Vec<Route> {
        let Some(paths) = self.member(root, "paths") else {
            if !root.map.contains_key("paths") {
                self.defect("paths", "", "`paths` is missing: what does the service answer to?");
            }
            return vec![];
        };
        let mut routes = vec![];
        let mut operation_ids = HashMap::new();
        for (text, value) in paths.map {
            let pointer = join(&paths.pointer, text);
            if text.starts_with("x-") {
                continue;
            }
            let template = match Template::read(text) {
                Ok(template) => template,
                Err(what) => {
                    self.defect("path-template", &pointer, what);
                    continue;
                }
            };
            let Some(item) = self.resolve(&pointer, value) else { continue };
            let operations = self.operations(&item, &template, schemes, &mut operation_ids);
            routes.push(Route { template, operations });
        }
        self.compare(&paths.pointer, &routes);
        routes.sort_by_cached_key(|route| route.template.vagueness());
        routes
    }

    fn compare(&mut self, pointer: &str, routes: &[Route]) {
        let mut shapes: HashMap<String, &str> = HashMap::new();
        for route in routes {
            let text = &route.template.text;
            if let Some(first) = shapes.insert(route.template.shape(), text) {
                let what =
                    format!("`{}` and `{}` are the same path under two names", clip(first), clip(text));
                self.defect("path-duplicate", &join(pointer, text), what);
            }
        }
        for (index, route) in routes.iter().take(MAX_COMPARED).enumerate() {
            let other =
                routes[..index].iter().find(|other| route.template.is_ambiguous_with(&other.template));
            if let Some(other) = other {
                let (mine, theirs) = (&route.template.text, &other.template.text);
                let what = format!(
                    "some paths fit both `{}` and `{}`, and neither is the closer one",
                    clip(theirs),
                    clip(mine)
                );
                self.defect("path-ambiguous", &join(pointer, mine), what);
            }
        }
    }
}
