//! What is right is left alone.

use crate::fixture::{NEW, PAYMENT, PAYMENTS, PROBLEM, bare, deviations, get, payments_30, post, read};
use conformance::{About, RULES};

#[test]
fn a_good_document_has_no_defects_and_promises_enough() {
    for text in [PAYMENTS.to_owned(), payments_30()] {
        let document = read(&text);
        assert_eq!(document.defects(), []);
        assert_eq!(document.vacuities(), []);
        assert_eq!(document.operations().count(), 4);
    }
}

#[test]
fn good_exchanges_do_not_deviate() {
    let document = read(PAYMENTS);
    let page = format!(r#"{{"data": [{PAYMENT}], "next": null}}"#);
    let mut unavailable = post(NEW, 503, PROBLEM);
    unavailable.response_headers.push(("Retry-After".to_owned(), "2".to_owned()));
    let mut with_charset = get("/v1/payments/p1", 200, PAYMENT);
    with_charset.response_headers[0].1 = "Application/JSON; charset=utf-8".to_owned();
    for exchange in [
        post(NEW, 201, PAYMENT),
        post(r#"{"amount": 10.5}"#, 422, PROBLEM),
        post("{", 400, PROBLEM),
        post(NEW, 409, PROBLEM),
        post(NEW, 422, PROBLEM),
        unavailable,
        with_charset,
        get("/v1/payments?limit=20&cursor=a%20b&unknown=1", 200, &page),
        get("/v1/payments?limit=0", 400, PROBLEM),
        get("http://127.0.0.1:8080/v1/payments/p%201", 200, PAYMENT),
        get("/v1/payments/p1", 404, PROBLEM),
        bare("GET", "/healthz", 200),
        bare("HEAD", "/healthz", 200),
        bare("HEAD", "/v1/payments/p1", 200),
        bare("GET", "/nowhere", 404),
        bare("GET", "/v1/payments/", 404),
        bare("DELETE", "/v1/payments/p1", 405),
    ] {
        assert_eq!(document.examine(&exchange), [], "{exchange:?}");
    }
}

#[test]
fn json_is_read_as_well_as_yaml() {
    let json = r#"{"openapi": "3.1.0", "info": {"title": "smile \ud83d\ude00", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"204": {"description": "none"}}}}}}"#;
    let document = read(json);
    assert_eq!(document.defects(), []);
    assert_eq!(deviations(&document, &bare("GET", "/a", 204)), [""; 0]);
}

#[test]
fn each_rule_has_one_name_and_a_sentence() {
    for (index, rule) in RULES.iter().enumerate() {
        assert!(RULES[..index].iter().all(|other| other.name != rule.name), "{} stands twice", rule.name);
        assert!(rule.what.ends_with('.'), "{} has no sentence", rule.name);
        assert_eq!(conformance::rule(rule.name), Some(rule));
    }
    let musts = RULES.iter().filter(|rule| rule.about == About::Document).count();
    assert!(musts >= 25, "{musts} rules about documents");
}

#[test]
fn the_path_of_the_server_stands_before_the_templates() {
    let text = PAYMENTS
        .replace("http://127.0.0.1:8080", "http://127.0.0.1:{port}/v1/")
        .replace("  /v1/payments", "  /payments")
        .replace("  /healthz", "  /health");
    let document = read(&text);
    assert_eq!(document.examine(&get("/v1/payments/p1", 200, PAYMENT)), []);
    assert_eq!(deviations(&document, &get("/payments/p1", 200, PAYMENT)), ["path-unknown"]);
}

#[test]
fn a_document_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&read(PAYMENTS));
}
