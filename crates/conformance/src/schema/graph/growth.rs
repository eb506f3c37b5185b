//! How the work on a body grows with its nesting, when schemas contain themselves.
//!
//! A schema that holds the same member against itself twice doubles the work with every level of a body.
//! Honest recursive schemas hold each member against themselves once; for the others the depth of bodies is
//! bounded, so that examining one ends.

use std::collections::HashMap;

use super::Node;

/// Schemas that may be held against one body, about.
const MAX_WORK: f64 = 3e7;
/// Deepest nesting of a body that is held against any schema.
const MAX_DEPTH: usize = 64;

/// The deepest nesting of bodies; `weight` is what all schemas come to, written out.
pub(super) fn max_depth(nodes: &[Node<'_>], weight: usize) -> usize {
    let groups = groups(nodes);
    let mut known = vec![None; nodes.len()];
    let mut growth = 1_usize;
    for id in 0..nodes.len() {
        let ways = ways(nodes, &groups, id, &mut known);
        let any: usize =
            ways.iter().filter(|(inside, _)| inside.contains("/*")).map(|(_, count)| count).sum();
        let named = ways.iter().filter(|(inside, _)| !inside.contains("/*")).map(|(_, count)| *count);
        growth = growth.max(named.max().unwrap_or(0).saturating_add(any));
    }
    if growth < 2 {
        return MAX_DEPTH;
    }
    let levels = (MAX_WORK / weight.max(1) as f64).max(1.0).ln() / (growth as f64).ln();
    (levels as usize).clamp(2, MAX_DEPTH)
}

/// How often each part of a value is held against schemas that contain this one in turn.
type Ways = HashMap<String, usize>;

fn ways(nodes: &[Node<'_>], groups: &[usize], id: usize, known: &mut Vec<Option<Ways>>) -> Ways {
    if let Some(ways) = &known[id] {
        return ways.clone();
    }
    let mut ways = Ways::new();
    for edge in nodes[id].edges.iter().filter(|edge| groups[edge.to] == groups[id]) {
        if edge.inside.is_empty() {
            for (inside, count) in self::ways(nodes, groups, edge.to, known) {
                let sum = ways.entry(inside).or_default();
                *sum = sum.saturating_add(count);
            }
        } else {
            *ways.entry(edge.inside.clone()).or_default() += 1;
        }
    }
    known[id] = Some(ways.clone());
    ways
}

/// Numbers the schemas so that those that contain each other have the same number (Tarjan's strongly
/// connected components). Chains of references are short by then, so recursion is safe.
fn groups(nodes: &[Node<'_>]) -> Vec<usize> {
    let unseen = usize::MAX;
    let count = nodes.len();
    let mut search = Search {
        nodes,
        order: vec![unseen; count],
        low: vec![unseen; count],
        group: vec![unseen; count],
        stack: vec![],
        next: 0,
    };
    for id in 0..count {
        if search.order[id] == unseen {
            search.visit(id);
        }
    }
    search.group
}

struct Search<'g, 'a> {
    nodes: &'g [Node<'a>],
    order: Vec<usize>,
    low: Vec<usize>,
    group: Vec<usize>,
    stack: Vec<usize>,
    next: usize,
}

impl Search<'_, '_> {
    fn visit(&mut self, id: usize) {
        (self.order[id], self.low[id]) = (self.next, self.next);
        self.next += 1;
        self.stack.push(id);
        for edge in &self.nodes[id].edges {
            if self.order[edge.to] == usize::MAX {
                self.visit(edge.to);
                self.low[id] = self.low[id].min(self.low[edge.to]);
            } else if self.group[edge.to] == usize::MAX {
                self.low[id] = self.low[id].min(self.order[edge.to]);
            }
        }
        if self.low[id] == self.order[id] {
            while let Some(member) = self.stack.pop() {
                self.group[member] = id;
                if member == id {
                    break;
                }
            }
        }
    }
}
