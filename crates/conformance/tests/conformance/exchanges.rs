//! Exchanges that deviate in one point.

use crate::fixture::{NEW, PAYMENT, PAYMENTS, PROBLEM, bare, deviations, get, post, read};
use conformance::Exchange;

fn with(mut exchange: Exchange, change: impl FnOnce(&mut Exchange)) -> Exchange {
    change(&mut exchange);
    exchange
}

fn set(exchange: &mut Exchange, name: &str, value: &str) {
    exchange.response_headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    exchange.response_headers.push((name.to_owned(), value.to_owned()));
}

fn media(exchange: Exchange, value: &str) -> Exchange {
    with(exchange, |exchange| set(exchange, "Content-Type", value))
}

#[test]
fn each_deviation_of_an_answer_is_caught_by_its_rule() {
    let document = read(PAYMENTS);
    let page = |data: &str| format!(r#"{{"data": {data}, "next": null}}"#);
    let busy = |seconds| with(post(NEW, 503, PROBLEM), |exchange| set(exchange, "Retry-After", seconds));
    for (rule, exchange) in [
        ("path-unknown", get("/nowhere", 200, "{}")),
        ("path-unknown", get("/v1/payments/", 200, &page("[]"))),
        ("path-unknown", get("/v1/payments/a/b", 400, PROBLEM)),
        ("method-unknown", bare("DELETE", "/v1/payments/p1", 204)),
        ("method-unknown", bare("PUT", "/v1/payments", 404)),
        ("status-unknown", get("/v1/payments/p1", 500, PROBLEM)),
        ("status-unknown", post(NEW, 200, PAYMENT)),
        ("content-type-unknown", media(get("/v1/payments/p1", 200, PAYMENT), "text/html")),
        ("content-type-unknown", media(get("/v1/payments/p1", 404, PROBLEM), "application/json")),
        ("content-type-unknown", media(get("/v1/payments/p1", 404, PROBLEM), "json")),
        ("content-type-unknown", get("/healthz", 200, "{}")),
        (
            "content-type-missing",
            with(get("/v1/payments/p1", 200, PAYMENT), |exchange| exchange.response_headers.clear()),
        ),
        ("body-missing", bare("GET", "/v1/payments/p1", 200)),
        (
            "body-unexpected",
            with(get("/v1/payments/p1", 200, PAYMENT), |exchange| exchange.method = "HEAD".to_owned()),
        ),
        ("body-not-json", get("/v1/payments/p1", 200, "<html>")),
        ("body-not-json", get("/v1/payments/p1", 200, "")),
        (
            "body-not-json",
            with(get("/v1/payments/p1", 200, ""), |exchange| exchange.response_body = vec![b'"', 0xff, b'"']),
        ),
        ("body-schema", get("/v1/payments/p1", 200, "[]")),
        ("body-schema", get("/v1/payments", 200, &page("{}"))),
        ("body-schema", get("/v1/payments/p1", 200, &PAYMENT.replace("1250", "12.5"))),
        ("body-schema", get("/v1/payments/p1", 200, &PAYMENT.replace("captured", "done"))),
        ("body-schema", get("/v1/payments/p1", 200, &PAYMENT.replace("2026-11-28T", "2026-11-28 at "))),
        ("body-schema", get("/v1/payments/p1", 200, &PAYMENT.replace("\"id\"", "\"card\": 1, \"id\""))),
        ("header-missing", with(post(NEW, 201, PAYMENT), |exchange| exchange.response_headers.truncate(1))),
        ("header-missing", post(NEW, 503, PROBLEM)),
        (
            "header-schema",
            with(post(NEW, 201, PAYMENT), |exchange| set(exchange, "location", "/payments/p1")),
        ),
        ("header-schema", busy("soon")),
        ("header-schema", busy("600")),
    ] {
        assert_eq!(deviations(&document, &exchange), [rule], "{exchange:?}");
    }
}

#[test]
fn a_request_that_does_not_fit_must_not_succeed() {
    let document = read(PAYMENTS);
    let page = r#"{"data": [], "next": null}"#;
    for exchange in [
        post(&NEW.replace("1250", "\"1250\""), 201, PAYMENT),
        post(&NEW.replace("1250", "null"), 201, PAYMENT),
        post(&NEW.replace("1250", "0"), 201, PAYMENT),
        post(&NEW.replace("1250", "1000001"), 201, PAYMENT),
        post(&NEW.replace("EUR", "CHF"), 201, PAYMENT),
        post(&NEW.replace("card_visa01", "visa"), 201, PAYMENT),
        post(&NEW.replace("\"amount\": 1250,", ""), 201, PAYMENT),
        post(&NEW.replace("\"amount\"", "\"more\": 1, \"amount\""), 201, PAYMENT),
        post(&NEW[1..], 201, PAYMENT),
        post("", 201, PAYMENT),
        with(post(NEW, 201, PAYMENT), |exchange| exchange.request_headers[0].1 = "text/plain".to_owned()),
        with(post(NEW, 201, PAYMENT), |exchange| {
            exchange.request_headers.push(("idempotency-key".to_owned(), "a b".to_owned()));
        }),
        get("/v1/payments?limit=0", 200, page),
        get("/v1/payments?limit=101", 200, page),
        get("/v1/payments?limit=ten", 200, page),
        get(&format!("/v1/payments/{}", "a".repeat(65)), 200, PAYMENT),
    ] {
        assert_eq!(deviations(&document, &exchange), ["accepted"], "{exchange:?}");
    }
    // Unknown query parameters, and a number written otherwise, are no contradiction.
    for target in ["/v1/payments?limt=0", "/v1/payments?limit=", "/v1/payments?limit=5&limit=500"] {
        assert_eq!(document.examine(&get(target, 200, page)), []);
    }
    assert_eq!(document.examine(&post(&NEW.replace("1250", "1250.0"), 201, PAYMENT)), []);
}

#[test]
fn deviations_say_what_was_expected_and_what_came() {
    let document = read(PAYMENTS);
    let long = "x".repeat(5000);
    let found =
        document.examine(&get("/v1/payments/p1", 200, &PAYMENT.replace("1250", &format!("{long:?}"))));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, "response body /amount");
    assert_eq!(found[0].expected, "an integer");
    assert!(found[0].got.len() < 100, "{}", found[0].got);
    assert!(
        found[0]
            .to_string()
            .starts_with("GET /v1/payments/p1 200, response body /amount: expected an integer")
    );
    // All errors of a body are named, up to a limit.
    let many = format!(r#"{{"data": [{}], "next": 1}}"#, vec!["1"; 500].join(","));
    let found = document.examine(&get("/v1/payments", 200, &many));
    assert!(found.len() > 5 && found.len() <= 20, "{}", found.len());
}

#[test]
fn the_closest_description_counts() {
    let text = PAYMENTS
        .replace("\"200\":\n          description: the service runs", "\"200\":\n          description: the service runs\n          content:\n            \"*/*\": {}\n            text/*: {schema: {type: string}}\n            application/json: {schema: {type: object, required: [up]}}\n        default: {description: else}");
    let document = read(&text);
    assert_eq!(deviations(&document, &get("/healthz", 200, "{}")), ["body-schema"]);
    assert_eq!(
        deviations(&document, &media(get("/healthz", 200, "{}"), "application/problem+json")),
        [""; 0]
    );
    assert_eq!(deviations(&document, &media(get("/healthz", 200, "up"), "text/plain")), [""; 0]);
    assert_eq!(deviations(&document, &bare("GET", "/healthz", 503)), [""; 0]);
    assert_eq!(deviations(&document, &bare("GET", "/healthz", 200)), ["body-missing"]);
}

/// Formats count in answers; about an accepted request they prove nothing.
#[test]
fn formats_and_lists_in_headers_are_read() {
    let text = PAYMENTS.replace(
        "          description: the service runs",
        "          description: the service runs\n          headers:\n            Expires-At: {schema: {type: string, format: date-time}}\n            Allow: {required: true, schema: {type: array, items: {enum: [GET, HEAD]}}}",
    ).replace("- name: cursor\n          in: query\n          schema:\n            type: string", "- name: cursor\n          in: query\n          schema:\n            type: string\n            format: uuid");
    let document = read(&text);
    let health = |name: &str, value: &str| {
        with(bare("GET", "/healthz", 200), |exchange| {
            set(exchange, "Allow", "GET, HEAD");
            set(exchange, name, value);
        })
    };
    assert_eq!(deviations(&document, &health("Expires-At", "2026-11-28T08:00:00Z")), [""; 0]);
    assert_eq!(deviations(&document, &health("Expires-At", "soon")), ["header-schema"]);
    assert_eq!(deviations(&document, &health("Allow", "GET, POST")), ["header-schema"]);
    let page = r#"{"data": [], "next": null}"#;
    assert_eq!(deviations(&document, &get("/v1/payments?cursor=soon", 200, page)), [""; 0]);
}
