//! Requests and mixes: what is sent is what was asked for, and the same for the same seed.

use std::sync::Arc;

use load::{Mix, MixError, Request, RequestError, Requests, Template};

use crate::server::{OK, Server, open_loop, perform};

fn shop(seed: u64) -> Mix {
    let entries = vec![
        (3, Template::get("/items/${draw:100}?n=${index}")),
        (1, Template::post_json("/orders", r#"{"n": ${index}, "item": ${draw:100}}"#)),
    ];
    Mix::new(seed, entries).expect("it can be drawn from")
}

/// What the server sees of a run, by the number that each request carries.
fn seen(seed: u64) -> (Vec<String>, Vec<u32>) {
    let server = Server::answering(OK);
    let mut plan = server.plan(open_loop(1000.0, 200));
    plan.requests = Requests::mix(shop(seed));
    let (records, report) = perform(&plan);
    assert_eq!(report.outcomes.done, 200, "{report:?}");
    server.is_left_alone();
    let number = |request: &String| {
        let digits = request.split_once("n=").or(request.split_once("\"n\": ")).expect("it has one").1;
        let end = digits.find(|c: char| !c.is_ascii_digit()).expect("more follows");
        digits[..end].parse::<u64>().expect("digits")
    };
    let mut requests = server.requests();
    requests.sort_by_key(number);
    (requests, records.iter().map(|record| record.tag).collect())
}

#[test]
fn one_seed_gives_the_same_requests_in_the_same_order() {
    let (first, tags) = seen(7);
    assert_eq!((&first, &tags), (&seen(7).0, &seen(7).1));
    assert_ne!(first, seen(8).0);
    assert!(first[0].ends_with(if tags[0] == 0 { "n=0 HTTP/1.1|" } else { "}" }), "{}", first[0]);
    let orders = tags.iter().filter(|tag| **tag == 1).count();
    assert!((25..=75).contains(&orders), "a quarter of 200: {orders}");
}

#[test]
fn a_mix_names_what_is_wrong() {
    let error = |entries| Mix::new(1, entries).map(drop);
    assert_eq!(error(vec![]), Err(MixError::Empty));
    assert_eq!(error(vec![(0, Template::get("/"))]), Err(MixError::Empty));
    let blank = |blank: &str| Err(MixError::Blank { number: 2, blank: blank.to_owned() });
    let second = |path: &str| error(vec![(1, Template::get("/")), (1, Template::get(path))]);
    assert_eq!(second("/${name}"), blank("name"));
    assert_eq!(second("/${draw:0}"), blank("draw:0"));
    assert!(matches!(second("no/slash"), Err(MixError::Request { number: 2, .. })));
    assert!(matches!(second("/$%7B{}${"), Ok(())), "a blank that is not closed is none");
}

#[test]
fn a_request_cannot_be_split_in_two() {
    let post = |headers: &[(&str, &str)]| Request::new("POST", "/", headers, b"").map(drop);
    assert!(matches!(Request::get("/a b"), Err(RequestError::Path(_))));
    assert!(matches!(Request::get("/\r\nX: y"), Err(RequestError::Path(_))));
    assert!(matches!(Request::get("http://elsewhere/"), Err(RequestError::Path(_))));
    assert!(matches!(Request::new("GET /x", "/", &[], b""), Err(RequestError::Method(_))));
    assert!(matches!(Request::new("", "/", &[], b""), Err(RequestError::Method(_))));
    assert!(matches!(post(&[("A", "b\r\nC: d")]), Err(RequestError::Header(_))));
    assert!(matches!(post(&[("A:", "b")]), Err(RequestError::Header(_))));
    assert!(matches!(post(&[("content-length", "3")]), Err(RequestError::Reserved(_))));
    assert!(matches!(post(&[("host", "elsewhere")]), Err(RequestError::Reserved(_))));
    assert!(post(&[("Authorization", "Bearer x\ty")]).is_ok());
}

#[test]
fn callers_make_requests_one_by_one() {
    let server = Server::answering(OK);
    let mut plan = server.plan(open_loop(100.0, 100));
    plan.requests = Requests::each(|| {
        (0..10_u32).map(|number| {
            let body = format!("order {number}");
            let request = Request::new("PUT", "/orders", &[("X-Key", "k")], body.as_bytes());
            Arc::new(request.expect("it can be sent").tagged(number * 10))
        })
    });
    let (records, _) = perform(&plan);
    let mut requests = server.requests();
    requests.sort();
    let expected: Vec<String> =
        (0..10).map(|number| format!("PUT /orders HTTP/1.1|order {number}")).collect();
    assert_eq!(requests, expected);
    assert!(records.iter().all(|record| u64::from(record.tag) == record.index * 10));
}
