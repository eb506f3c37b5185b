//! Which statement a name stands for: statements that were parsed, and portals that were bound.

use std::collections::HashMap;
use std::sync::Arc;

/// How many names of each kind are kept for one connection; a client with more is not told apart.
const NAMES_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Prepared {
    statements: HashMap<Box<[u8]>, Arc<str>>,
    portals: HashMap<Box<[u8]>, Arc<str>>,
}

impl Prepared {
    pub(super) fn parse(&mut self, statement: &[u8], text: Arc<str>) {
        keep(&mut self.statements, statement, text);
    }

    /// The text of the statement that the portal is made from.
    pub(super) fn bind(&mut self, portal: &[u8], statement: &[u8]) -> Option<Arc<str>> {
        let text = self.statements.get(statement).cloned();
        match &text {
            Some(text) => keep(&mut self.portals, portal, text.clone()),
            // An older portal of that name is gone all the same.
            None => drop(self.portals.remove(portal)),
        }
        text
    }

    pub(super) fn portal(&self, portal: &[u8]) -> Option<Arc<str>> {
        self.portals.get(portal).cloned()
    }

    pub(super) fn close_statement(&mut self, statement: &[u8]) {
        self.statements.remove(statement);
    }

    pub(super) fn close_portal(&mut self, portal: &[u8]) {
        self.portals.remove(portal);
    }
}

/// Forgets all when there are too many: names that are in use come back with the next Parse or Bind.
fn keep(names: &mut HashMap<Box<[u8]>, Arc<str>>, name: &[u8], text: Arc<str>) {
    if let Some(known) = names.get_mut(name) {
        *known = text;
        return;
    }
    if names.len() >= NAMES_MAX {
        names.clear();
    }
    names.insert(name.into(), text);
}
