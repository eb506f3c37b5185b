//! Prints what reading a document and examining 2,000 exchanges takes, and what hostile documents take.

use std::time::Instant;

use conformance::{Document, Exchange};

const PAYMENTS: &str = include_str!("../tests/conformance/payments.yaml");
const ROUNDS: usize = 400;

fn exchange(method: &str, target: &str, status: u16, request: &str, response: &str) -> Exchange {
    let media = if status < 400 { "application/json" } else { "application/problem+json" };
    Exchange {
        method: method.to_owned(),
        target: target.to_owned(),
        request_headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        request_body: request.as_bytes().to_vec(),
        status,
        response_headers: vec![
            ("Content-Type".to_owned(), media.to_owned()),
            ("Location".to_owned(), "/v1/payments/p1".to_owned()),
        ],
        response_body: response.as_bytes().to_vec(),
    }
}

fn exchanges() -> Vec<Exchange> {
    let new = r#"{"amount": 1250, "currency": "EUR", "card": "card_visa01", "reference": "order 7"}"#;
    let payment = r#"{"id": "p1", "amount": 1250, "currency": "EUR", "reference": "order 7",
        "status": "captured", "created_at": "2026-11-28T08:00:00Z"}"#;
    let problem = r#"{"type": "about:blank", "title": "No", "status": 422}"#;
    let page = format!(r#"{{"data": [{}], "next": null}}"#, vec![payment; 20].join(","));
    vec![
        exchange("POST", "/v1/payments", 201, new, payment),
        exchange("POST", "/v1/payments", 422, "{}", problem),
        exchange("GET", "/v1/payments/p1", 200, "", payment),
        exchange("GET", "/v1/payments?limit=20", 200, "", &page),
        exchange("GET", "/v1/payments/p1", 200, "", &payment.replace("1250", "\"x\"")),
    ]
}

fn hostile() -> Vec<(&'static str, String)> {
    let mut bomb = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..20 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    let wide: Vec<String> =
        (0..12_000).map(|index| format!("\"p{index}\": {{\"type\": \"string\"}}")).collect();
    let wide = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"t\", \"version\": \"1\"}}, \"paths\": {{}}, \
         \"components\": {{\"schemas\": {{\"A\": {{\"properties\": {{{}}}}}}}}}}}",
        wide.join(", ")
    );
    let small = |count: usize, schema: &dyn Fn(usize) -> String| {
        let schemas: Vec<String> =
            (0..count).map(|index| format!("    S{index}: {}", schema(index))).collect();
        let head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n";
        format!("{head}{}", schemas.join("\n"))
    };
    let long = "k".repeat(250);
    let mut deep = String::from("{type: object}");
    for _ in 0..20 {
        deep = format!("{{properties: {{{long}: {deep}}}}}");
    }
    let paths: Vec<String> =
        (0..6000).map(|index| format!("  /p{index}/{{a}}: {{$ref: '#/paths/~1p0~1{{a}}'}}")).collect();
    let paths = format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{}", paths.join("\n"));
    vec![
        ("10,000 small schemas", small(10_000, &|_| "{type: string, maxLength: 5}".to_owned())),
        (
            "8,000 references",
            small(8_000, &|index| {
                format!("{{properties: {{a: {{$ref: '#/components/schemas/S{}'}}}}}}", index / 90 * 90)
            }),
        ),
        ("9,000 broken schemas", small(9_000, &|index| format!("{{type: x{index}}}"))),
        ("9,000 broken references", small(9_000, &|index| format!("{{$ref: 'x{index}'}}"))),
        (
            "190 large patterns",
            small(190, &|index| format!("{{type: string, pattern: '^[\\p{{L}}{index}]{{1,20}}$'}}")),
        ),
        ("9,000 patterns", small(9_000, &|index| format!("{{type: string, pattern: '^a{index}'}}"))),
        ("deep long names", small(150, &|_| deep.clone())),
        ("6,000 paths in a circle", paths),
        ("9,000 examples", small(9_000, &|index| format!("{{type: string, example: {index}}}"))),
        ("alias bomb", bomb),
        ("10 MB", " ".repeat(10 << 20)),
        ("1 MB of [", "[".repeat(1_000_000)),
        ("1 MB of '- '", "- ".repeat(500_000)),
        ("1 MB of quotes", "\"".repeat(1_000_001)),
        ("1 MB of keys", "a:\n".repeat(300_000)),
        ("12,000 schemas", wide),
    ]
}

fn main() {
    let start = Instant::now();
    let document = match Document::read(PAYMENTS) {
        Ok(document) => document,
        Err(defects) => panic!("{defects:?}"),
    };
    println!("reading {} bytes: {:?}", PAYMENTS.len(), start.elapsed());
    let exchanges = exchanges();
    let start = Instant::now();
    let mut found = 0;
    for exchange in exchanges.iter().cycle().take(ROUNDS * exchanges.len()) {
        found += document.examine(exchange).len();
    }
    println!("{} exchanges: {:?}, {found} deviations", ROUNDS * exchanges.len(), start.elapsed());
    for (name, text) in hostile() {
        let start = Instant::now();
        let outcome = Document::read(&text).map(|document| document.defects().len());
        let outcome = outcome.map_err(|defects| defects[0].to_string());
        println!("{name}: {:?}, {outcome:?}", start.elapsed());
    }
}
