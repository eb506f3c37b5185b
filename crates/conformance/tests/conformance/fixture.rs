//! The document, exchanges with the service, and changes to both.

use conformance::{Document, Exchange};

/// A document of OpenAPI 3.1 with nothing wrong.
pub(crate) const PAYMENTS: &str = include_str!("payments.yaml");

/// A payment as the service gives it.
pub(crate) const PAYMENT: &str = r#"{"id": "p1", "amount": 1250, "currency": "EUR", "reference": "order 7",
    "status": "captured", "created_at": "2026-11-28T08:00:00Z"}"#;

/// A request for a payment.
pub(crate) const NEW: &str =
    r#"{"amount": 1250, "currency": "EUR", "card": "card_visa01", "reference": "order 7"}"#;

/// An error as the service gives it.
pub(crate) const PROBLEM: &str = r#"{"type": "about:blank", "title": "No", "status": 422}"#;

/// The same document in OpenAPI 3.0.
pub(crate) fn payments_30() -> String {
    let mut text = PAYMENTS.replace("openapi: 3.1.0", "openapi: 3.0.3");
    for indent in ["          ", "                    "] {
        let old = format!("\n{indent}type: [string, \"null\"]");
        text = text.replace(&old, &format!("\n{indent}type: string\n{indent}nullable: true"));
    }
    text.replace("          exclusiveMinimum: 0", "          minimum: 0\n          exclusiveMinimum: true")
}

/// The document with `from` (which must be in it) replaced by `to`, once.
pub(crate) fn changed(from: &str, to: &str) -> String {
    assert!(PAYMENTS.contains(from), "the fixture has no {from:?}");
    PAYMENTS.replacen(from, to, 1)
}

pub(crate) fn read(text: &str) -> Document {
    match Document::read(text) {
        Ok(document) => document,
        Err(defects) => panic!("unreadable: {defects:#?}"),
    }
}

/// A small document around one JSON schema of an answer (3.1).
pub(crate) fn around(schema: &str) -> String {
    format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"t\", \"version\": \"1\"}}, \"paths\": {{\"/a\": \
         {{\"get\": {{\"responses\": {{\"200\": {{\"description\": \"d\", \"content\": {{\"application/json\": \
         {{\"schema\": {schema}}}}}}}}}}}}}}}}}"
    )
}

/// The names of the rules that a document breaks, sorted, each once.
pub(crate) fn broken(text: &str) -> Vec<&'static str> {
    let mut names: Vec<_> = match Document::read(text) {
        Ok(document) => document.defects().iter().map(|defect| defect.rule).collect(),
        Err(defects) => defects.iter().map(|defect| defect.rule).collect(),
    };
    names.sort_unstable();
    names.dedup();
    names
}

/// The names of the rules that an exchange breaks.
pub(crate) fn deviations(document: &Document, exchange: &Exchange) -> Vec<&'static str> {
    document.examine(exchange).iter().map(|deviation| deviation.rule).collect()
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An answer without a body to a request without one.
pub(crate) fn bare(method: &str, target: &str, status: u16) -> Exchange {
    Exchange { method: method.to_owned(), target: target.to_owned(), status, ..Exchange::default() }
}

/// An answer in JSON.
pub(crate) fn get(target: &str, status: u16, body: &str) -> Exchange {
    let media = if status < 400 { "application/json" } else { "application/problem+json" };
    Exchange {
        response_headers: headers(&[("content-type", media)]),
        response_body: body.as_bytes().to_vec(),
        ..bare("GET", target, status)
    }
}

/// A payment that was asked for with `body` and answered with `status`.
pub(crate) fn post(body: &str, status: u16, answer: &str) -> Exchange {
    let mut exchange = get("/v1/payments", status, answer);
    exchange.method = "POST".to_owned();
    exchange.request_headers = headers(&[("Content-Type", "application/json; charset=utf-8")]);
    exchange.request_body = body.as_bytes().to_vec();
    if status == 201 {
        exchange.response_headers.push(("Location".to_owned(), "/v1/payments/p1".to_owned()));
    }
    exchange
}
