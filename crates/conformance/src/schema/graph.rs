//! How schemas refer to each other: circles without end, and sizes that explode.

mod growth;

use std::collections::HashSet;

use super::{Gathered, walk::walk};
use crate::{
    model::SchemaId,
    reader::{Reader, Version},
};

/// Most schemas in all, with every reference written out once for each use.
const MAX_WEIGHT: usize = 300_000;
/// Most different patterns: compiling one may take milliseconds.
const MAX_PATTERNS: usize = 200;
/// Deepest nesting of schemas in schemas, with references written out.
const MAX_DEPTH: usize = 96;
/// Deepest nesting of schemas that describe the same value (`allOf` in `allOf`, `$ref` to `$ref`).
const MAX_IN_PLACE: usize = 24;

/// One schema as a node of the graph.
struct Node<'a> {
    size: usize,
    depth: usize,
    in_place_depth: usize,
    edges: Vec<Edge<'a>>,
}

struct Edge<'a> {
    to: SchemaId,
    reference: &'a str,
    /// The way into the value, as in [`super::walk::Stop`]; empty for the same value.
    inside: String,
    /// How deep in its schema the reference stands.
    depth: usize,
}

/// What a schema comes to with its references written out.
#[derive(Clone, Copy, Default)]
struct Extent {
    weight: usize,
    depth: usize,
    in_place: usize,
}

#[derive(Clone, Copy)]
enum Mark {
    Unseen,
    Open,
    Done(Extent),
}

struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    marks: Vec<Mark>,
    too_deep: Option<SchemaId>,
    circles: Vec<(SchemaId, &'a str)>,
}

/// Takes references out that only lead back to themselves, and gives the depth to which bodies may be
/// nested. None, with a defect, when the schemas are too large or too deep to be compiled.
pub(super) fn check<'a>(reader: &mut Reader<'a>, gathered: &mut Gathered<'a>) -> Option<usize> {
    let mut graph = build(reader, gathered);
    graph.find_circles();
    let circles = std::mem::take(&mut graph.circles);
    let cut: HashSet<&str> = circles.iter().map(|(_, reference)| *reference).collect();
    for node in &mut graph.nodes {
        node.edges.retain(|edge| !cut.contains(edge.reference));
    }
    for (id, reference) in circles {
        gathered.refs.remove(reference);
        let pointer = reader.sites.pointers[id].clone();
        let what = "to know what fits this schema one must already know what fits it: it refers to itself";
        reader.defect("ref-cycle", &pointer, what);
    }
    graph.marks.fill(Mark::Unseen);
    let mut total = 0_usize;
    for id in 0..graph.nodes.len() {
        let extent = graph.extent(id, 0, false);
        total = total.saturating_add(extent.weight);
        if extent.depth > MAX_DEPTH || extent.in_place > MAX_IN_PLACE {
            graph.too_deep.get_or_insert(id);
        }
    }
    if let Some(id) = graph.too_deep {
        let pointer = reader.sites.pointers[id].clone();
        let what = format!(
            "schemas in schemas in schemas: more than {MAX_DEPTH} levels, or {MAX_IN_PLACE} that describe the \
             same value, with each `$ref` written out"
        );
        reader.defect("nesting", &pointer, what);
        return None;
    }
    if gathered.patterns > MAX_PATTERNS {
        let what = format!("{} different patterns; at most {MAX_PATTERNS} are compiled", gathered.patterns);
        reader.defect("size", "", what);
        return None;
    }
    if total > MAX_WEIGHT {
        let what = format!("more than {MAX_WEIGHT} schemas, with each `$ref` written out");
        reader.defect("size", "/components/schemas", what);
        return None;
    }
    Some(growth::max_depth(&graph.nodes, total))
}

fn build<'a>(reader: &Reader<'a>, gathered: &Gathered<'a>) -> Graph<'a> {
    let ref_is_alone = reader.version == Version::V30;
    let mut nodes = vec![];
    for pointer in &reader.sites.pointers {
        let mut node = Node { size: 0, depth: 0, in_place_depth: 0, edges: vec![] };
        if let Some(root) = reader.source.at(pointer) {
            walk(root, "", ref_is_alone, &mut |stop| {
                node.size += 1;
                node.depth = node.depth.max(stop.depth);
                if stop.inside.is_empty() {
                    node.in_place_depth = node.in_place_depth.max(stop.depth);
                }
                let reference = stop.value.get("$ref").and_then(|reference| reference.as_str());
                let Some((reference, &to)) = reference.and_then(|text| gathered.refs.get_key_value(text))
                else {
                    return;
                };
                let inside = stop.inside.to_owned();
                node.edges.push(Edge { to, reference, inside, depth: stop.depth });
            });
        }
        nodes.push(node);
    }
    let marks = vec![Mark::Unseen; nodes.len()];
    Graph { nodes, marks, too_deep: None, circles: vec![] }
}

impl<'a> Graph<'a> {
    fn find_circles(&mut self) {
        for id in 0..self.nodes.len() {
            self.extent(id, 0, true);
        }
    }

    /// Follows references from `id`; only those about the same value, and noting circles, if
    /// `only_in_place`.
    fn extent(&mut self, id: SchemaId, hops: usize, only_in_place: bool) -> Extent {
        if let Mark::Done(extent) = self.marks[id] {
            return extent;
        }
        if hops > MAX_DEPTH {
            self.too_deep.get_or_insert(id);
            return Extent::default();
        }
        self.marks[id] = Mark::Open;
        let node = &self.nodes[id];
        let mut extent = Extent { weight: node.size, depth: node.depth, in_place: node.in_place_depth };
        for index in 0..self.nodes[id].edges.len() {
            let Edge { to, reference, ref inside, depth } = self.nodes[id].edges[index];
            let is_in_place = inside.is_empty();
            if only_in_place && !is_in_place {
                continue;
            }
            if matches!(self.marks[to], Mark::Open) {
                if only_in_place {
                    self.circles.push((id, reference));
                }
                extent.weight = extent.weight.saturating_add(1);
                continue;
            }
            let inner = self.extent(to, hops + 1, only_in_place);
            extent.weight = extent.weight.saturating_add(inner.weight);
            extent.depth = extent.depth.max(depth.saturating_add(inner.depth));
            if is_in_place {
                extent.in_place = extent.in_place.max(depth.saturating_add(inner.in_place));
            }
        }
        self.marks[id] = Mark::Done(extent);
        extent
    }
}
