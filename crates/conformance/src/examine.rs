//! One exchange, held against the document.

mod answer;
mod request;
mod value;

use std::fmt;

use crate::{
    model::{Model, Operation},
    schema::Compiled,
    words::clip,
};

/// Most deviations that one exchange is given.
const MAX_DEVIATIONS: usize = 20;

/// A request and what was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The method, in capitals.
    pub method: String,
    /// The path as it was sent, with its query.
    pub target: String,
    /// Names (in any case) and values of the request's headers.
    pub request_headers: Vec<(String, String)>,
    /// The request's body; empty without one.
    pub request_body: Vec<u8>,
    /// The status that was answered.
    pub status: u16,
    /// Names (in any case) and values of the answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body; empty without one.
    pub response_body: Vec<u8>,
}

/// One point in which an exchange does not fit the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The name of the rule in [`crate::RULES`].
    pub rule: &'static str,
    /// What was asked and answered: `POST /v1/payments 201`.
    pub exchange: String,
    /// The part that deviates: `response body /data/0/amount`, `response header Location`.
    pub place: String,
    /// What the document promises.
    pub expected: String,
    /// What was there instead, shortened.
    pub got: String,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, exchange, place, expected, got } = self;
        write!(f, "{exchange}, {place}: expected {expected}, got {got} [{rule}]")
    }
}

/// Collects what deviates in one exchange.
struct Findings {
    exchange: String,
    found: Vec<Deviation>,
}

impl Findings {
    fn note(&mut self, rule: &'static str, place: &str, expected: impl Into<String>, got: impl Into<String>) {
        debug_assert!(crate::rules::known(rule), "no rule {rule}");
        if self.found.len() < MAX_DEVIATIONS {
            let (exchange, place) = (self.exchange.clone(), place.to_owned());
            self.found.push(Deviation { rule, exchange, place, expected: expected.into(), got: got.into() });
        }
    }
}

/// The operation that an exchange is about, and the values of its path's variables.
struct Aim<'m> {
    operation: &'m Operation,
    variables: Vec<(&'m str, String)>,
}

enum Lookup<'m> {
    Found(Aim<'m>),
    /// The methods that are described for the path.
    NoMethod(Vec<&'m str>),
    NoPath,
}

/// Every deviation of `exchange`.
pub(crate) fn examine(model: &Model, compiled: &Compiled, exchange: &Exchange) -> Vec<Deviation> {
    let path = path_of(&exchange.target);
    let title = format!("{} {} {}", clip(&exchange.method), clip(path), exchange.status);
    let mut findings = Findings { exchange: title, found: vec![] };
    let status = exchange.status.to_string();
    match lookup(model, &exchange.method, path) {
        Lookup::NoPath if exchange.status == 404 => {}
        Lookup::NoPath => {
            findings.note("path-unknown", "status", "404, as the document has no such path", status);
        }
        Lookup::NoMethod(_) if exchange.status == 405 => {}
        Lookup::NoMethod(known) => {
            let expected = format!("405, as the document has only {} here", known.join(", "));
            findings.note("method-unknown", "status", expected, status);
        }
        Lookup::Found(aim) => {
            answer::examine(compiled, &aim, exchange, &mut findings);
            if (200..300).contains(&exchange.status) {
                request::examine(compiled, &aim, exchange, &mut findings);
            }
        }
    }
    findings.found
}

/// The path in a request target, which may be a whole address.
fn path_of(target: &str) -> &str {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    match path.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').map_or("/", |start| &rest[start..]),
        _ => path,
    }
}

/// The closest template that has the method; else the closest template.
fn lookup<'m>(model: &'m Model, method: &str, path: &str) -> Lookup<'m> {
    let mut known: Option<Vec<&str>> = None;
    for rest in model.bases.iter().filter_map(|base| path.strip_prefix(base.as_str())) {
        for route in &model.routes {
            let Some(variables) = route.template.matches(rest) else { continue };
            let find = |method: &str| route.operations.iter().find(|operation| operation.method == method);
            // HEAD is GET without the body (RFC 9110 §9.3.2), also where it is not described.
            if let Some(operation) = find(method).or_else(|| find("GET").filter(|_| method == "HEAD")) {
                return Lookup::Found(Aim { operation, variables });
            }
            known.get_or_insert_with(|| {
                route.operations.iter().map(|operation| operation.method.as_str()).collect()
            });
        }
    }
    known.map_or(Lookup::NoPath, Lookup::NoMethod)
}

/// The first header of a name.
fn header<'e>(headers: &'e [(String, String)], name: &str) -> Option<&'e str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
