//! Whatever comes in, nothing panics.

use std::sync::LazyLock;

use conformance::{Document, Exchange};
use proptest::prelude::*;

use crate::fixture::{NEW, PAYMENT, PAYMENTS, read};

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| read(PAYMENTS));

/// Reads a text and, if it is a document, holds an exchange against it.
fn digest(text: &str) {
    let exchange = crate::fixture::post(NEW, 201, PAYMENT);
    match Document::read(text) {
        Ok(document) => drop(document.examine(&exchange)),
        Err(defects) => assert!(!defects.is_empty()),
    }
}

fn header() -> impl Strategy<Value = (String, String)> {
    (
        "(?i)(content-type|location|idempotency-key|cookie|retry-after)",
        ".{0,30}|application/json|[0-9-]{1,20}",
    )
}

prop_compose! {
    fn exchange()(
        method in "GET|POST|HEAD|PUT|[A-Z]{0,8}|.{0,5}",
        target in "/v1/payments(/[a-z%0-9]{0,5})?(\\?(limit|cursor|a)=.{0,5}){0,2}|/healthz|.{0,40}",
        request_headers in prop::collection::vec(header(), 0..4),
        request_body in prop_oneof![prop::collection::vec(any::<u8>(), 0..60), Just(NEW.as_bytes().to_vec())],
        status in prop_oneof![any::<u16>(), prop::sample::select(vec![200, 201, 204, 404, 405, 422, 503])],
        response_headers in prop::collection::vec(header(), 0..4),
        response_body in prop_oneof![prop::collection::vec(any::<u8>(), 0..60), Just(PAYMENT.as_bytes().to_vec())],
    ) -> Exchange {
        Exchange { method, target, request_headers, request_body, status, response_headers, response_body }
    }
}

/// A document with some of its lines lost, doubled, moved or damaged.
fn damaged() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..5_u8, any::<prop::sample::Index>(), "[ -~é]{0,6}");
    prop::collection::vec(edit, 1..5).prop_map(|edits| {
        let mut lines: Vec<String> = PAYMENTS.lines().map(str::to_owned).collect();
        for (at, kind, other, text) in edits {
            let (at, other) = (at.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[other].clone()),
                2 => lines.swap(at, other),
                3 => lines[at].push_str(&text),
                _ => lines[at] = lines[at].replacen(|letter: char| letter.is_alphabetic(), &text, 1),
            }
        }
        lines.join("\n")
    })
}

/// Schemas of random keywords, with references among them.
fn schema() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "{}",
        "true",
        "false",
        "null",
        "1",
        "[]",
        r#"{"type": "string"}"#,
        r#"{"type": ["integer", "null"]}"#,
        r#"{"type": "object", "nullable": true}"#,
        r##"{"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema"}"##,
        r##"{"$ref": "#/paths"}"##,
        r#"{"enum": [1, "a"]}"#,
        r#"{"format": "date", "type": "integer"}"#,
    ]);
    let keyword = "allOf|anyOf|oneOf|not|items|properties|additionalProperties|required|enum|if|then|type|pattern|\
                   prefixItems|patternProperties|minimum|exclusiveMinimum|example|examples|default|const|\\$defs|contains";
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, move |inner| {
        prop::collection::vec((keyword, inner, 0..3_u8), 1..4).prop_map(|members| {
            let mut out = std::collections::BTreeMap::new();
            for (name, value, shape) in members {
                out.insert(
                    name,
                    match shape {
                        0 => value,
                        1 => format!("[{value}, {value}]"),
                        _ => format!(r#"{{"a": {value}}}"#),
                    },
                );
            }
            let members: Vec<String> = out.iter().map(|(name, value)| format!("{name:?}: {value}")).collect();
            format!("{{{}}}", members.join(", "))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_exchange_is_examined(exchange in exchange()) {
        let found = DOCUMENT.examine(&exchange);
        prop_assert!(found.len() <= 20);
        for deviation in found {
            prop_assert!(conformance::rule(deviation.rule).is_some());
            prop_assert!(deviation.to_string().len() < 2000, "{deviation}");
        }
    }

    #[test]
    fn any_text_is_read(text in ".{0,200}|[\\[\\]{}:,&*!|>'\"%@`#?\\- \n\ta-c0-9]{0,80}") {
        digest(&text);
    }

    #[test]
    fn damaged_documents_are_read(text in damaged()) {
        digest(&text);
    }

    #[test]
    fn any_schema_is_read(schema in schema(), is_old in any::<bool>(), body in "[\\[\\]{}:,\"a1]{0,12}|1|\"a\"|\\{\"a\": 1\\}") {
        let mut text = crate::fixture::around(&schema);
        if is_old {
            text = text.replace("3.1.0", "3.0.3");
        }
        if let Ok(document) = Document::read(&text) {
            drop(document.examine(&crate::fixture::get("/a", 200, &body)));
        }
    }
}
