//! Documents that are wrong in one place.

use crate::fixture::{broken, changed, read};

/// Each change breaks the one rule that is named.
#[test]
fn each_mistake_is_caught_by_its_rule() {
    for (rule, from, to) in ROOT.iter().chain(PATHS).chain(ANSWERS) {
        let text = changed(from, to);
        assert_eq!(broken(&text), [*rule], "{from:?} became {to:?}");
    }
}

type Change = (&'static str, &'static str, &'static str);

const ROOT: &[Change] = &[
    ("openapi", "openapi: 3.1.0", "openapi: 3.1"),
    ("openapi", "openapi: 3.1.0", "openapi: 2.0.0"),
    ("openapi", "openapi: 3.1.0", "swagger: '2.0'"),
    ("info", "  title: Payments\n", ""),
    ("info", "version: \"1.0\"", "version: 1.0"),
    ("paths", "paths:", "x-paths:"),
    ("structure", "servers:\n  - url:", "servers:\n    url:"),
    ("structure", "required: true\n        content", "required: \"yes\"\n        content"),
    ("structure", "    get:\n      operationId: health", "    fetch:\n      operationId: health"),
    ("syntax", "info:", "info: ["),
    ("syntax", "info:", "info: !mine"),
    ("duplicate-key", "  title: Payments", "  title: Payments\n  title: Orders"),
    ("security-scheme", "operationId: health", "security: [{token: []}]"),
];

const PATHS: &[Change] = &[
    ("path-template", "/healthz:", "healthz:"),
    ("path-template", "/healthz:", "/healthz{:"),
    ("path-template", "/healthz:", "/healthz?full:"),
    (
        "path-duplicate",
        "/healthz:",
        "/v1/payments/{other}:\n    get:\n      parameters: [{name: other, in: path, required: true, schema: {type: string}}]\n      responses: {\"204\": {description: none}}\n  /healthz:",
    ),
    (
        "path-ambiguous",
        "/healthz:",
        "/v1/{what}/mine:\n    get:\n      parameters: [{name: what, in: path, required: true, schema: {type: string}}]\n      responses: {\"204\": {description: none}}\n  /healthz:",
    ),
    ("path-parameter-missing", "/healthz:", "/health/{of}:"),
    (
        "path-parameter-unused",
        "operationId: health",
        "parameters: [{name: id, in: path, required: true, schema: {type: string}}]",
    ),
    ("path-parameter-optional", "in: path\n      required: true", "in: path"),
    ("parameter", "in: query", "in: body"),
    ("parameter", "- name: limit\n          in", "- in"),
    (
        "parameter",
        "- name: cursor\n          in: query\n          schema:\n            type: string",
        "- name: cursor\n          in: query",
    ),
    ("parameter-duplicate", "- name: cursor\n          in: query", "- name: limit\n          in: query"),
    ("operation-id", "operationId: getPayment", "operationId: listPayments"),
    ("body-on-get", "operationId: health", "requestBody: {content: {text/plain: {schema: {type: string}}}}"),
    ("request-body", "components:\n", "components:\n  requestBodies: {None: {content: {}}}\n"),
];

const ANSWERS: &[Change] = &[
    ("responses", "      responses:\n        \"200\":\n          description: the service runs\n", ""),
    ("response-description", "          description: the service runs\n", "          x-note: none\n"),
    ("status-key", "\"4XX\":", "\"4xx\":"),
    ("status-key", "\"201\":", "created:"),
    ("status-without-body", "\"503\":", "\"304\":"),
    (
        "error-schema",
        "      content:\n        application/problem+json:\n          schema:\n            $ref: \"#/components/schemas/Problem\"\n  schemas",
        "  schemas",
    ),
    (
        "error-schema",
        "application/problem+json:\n              schema:\n                $ref: \"#/components/schemas/Problem\"",
        "application/problem+json: {}",
    ),
    (
        "media-type",
        "        application/problem+json:\n          schema",
        "        problem json:\n          schema",
    ),
    ("ref", "$ref: \"#/components/parameters/Id\"", "$ref: \"#/components/parameters/Nobody\""),
    ("ref", "$ref: \"#/components/schemas/Payment\"", "$ref: \"#/components/schemas/Pay\""),
    ("ref", "$ref: \"#/components/schemas/Payment\"", "$ref: \"#/components/responses/Problem\""),
    ("ref", "$ref: \"#/components/schemas/Payment\"", "$ref: \"#Payment\""),
    ("ref-remote", "$ref: \"#/components/schemas/Payment\"", "$ref: \"http://127.0.0.1:1/x.json\""),
    ("ref-remote", "$ref: \"#/components/parameters/Id\"", "$ref: \"../secret.yaml#/x\""),
    ("ref-remote", "$ref: \"#/components/schemas/Payment\"", "$ref: \"file:///secret.yaml\""),
    (
        "ref-cycle",
        "  schemas:\n",
        "  schemas:\n    A: {$ref: \"#/components/schemas/B\"}\n    B: {allOf: [{$ref: \"#/components/schemas/A\"}]}\n",
    ),
    (
        "ref-cycle",
        "  responses:\n    Problem:",
        "  responses:\n    A: {$ref: \"#/components/responses/A\"}\n    Problem:",
    ),
];

/// A defect says where it is, in lines and in names.
#[test]
fn a_defect_says_where_it_is() {
    let text = changed("\"4XX\":", "\"4xx\":");
    let line = text.lines().position(|line| line.contains("4xx")).expect("the line") + 1;
    let document = read(&text);
    let [defect] = document.defects() else { panic!("{:?}", document.defects()) };
    assert_eq!(defect.line, Some(line));
    assert_eq!(defect.place, "paths./v1/payments.post.responses.4xx");
    assert!(defect.to_string().contains("range such as 4XX"), "{defect}");
}

#[test]
fn a_broken_document_is_still_held_against_exchanges() {
    let document = read(&changed("  title: Payments\n", ""));
    let exchange = crate::fixture::get("/v1/payments/p1", 200, "{}");
    assert!(document.examine(&exchange).iter().all(|deviation| deviation.rule == "body-schema"));
    assert_eq!(document.examine(&exchange).len(), 6);
}
