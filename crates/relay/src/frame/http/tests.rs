//! Conversations between an HTTP client and a server, and what is heard of them.

use proptest::prelude::*;

use crate::frame::tests::{Heard, Script, hear, same_however_split};
use crate::message::Direction::{ToClient, ToUpstream};
use crate::message::{Kind, Protocol};

const ALL: [Kind; 5] = [Kind::Request, Kind::RequestEnd, Kind::Interim, Kind::Response, Kind::ResponseEnd];

fn heard(script: &[(&str, &str)]) -> Heard {
    let pieces = script.iter().flat_map(|(sent, answered)| {
        [(ToUpstream, sent.as_bytes().to_vec()), (ToClient, answered.as_bytes().to_vec())]
    });
    hear(Protocol::Http1, &pieces.collect())
}

fn told(script: &[(&str, &str)]) -> Vec<String> {
    let heard = heard(script);
    assert_eq!(heard.opaque, None);
    assert_eq!(heard.ended, heard.messages.len());
    heard.told(&ALL)
}

#[test]
fn pipelined_requests_and_their_responses() {
    let heard = told(&[(
        "POST /v1/payments HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloHEAD /a HTTP/1.1\r\n\r\nGET /b?c=1 HTTP/1.1\r\n\r\n",
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n\
         HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n",
    )]);
    assert_eq!(
        heard,
        [
            "Request POST /v1/payments",
            "RequestEnd POST /v1/payments",
            "Request HEAD /a",
            "RequestEnd HEAD /a",
            "Request GET /b?c=1",
            "RequestEnd GET /b?c=1",
            "Response 201 < POST /v1/payments",
            "ResponseEnd 201 < POST /v1/payments",
            "Response 200 < HEAD /a",
            "ResponseEnd 200 < HEAD /a",
            "Response 200 < GET /b?c=1",
            "ResponseEnd 200 < GET /b?c=1",
        ]
    );
}

#[test]
fn interim_responses_and_bare_ones() {
    let heard = told(&[
        (
            "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
        ),
        ("x", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n"),
        ("GET /b HTTP/1.1\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n"),
    ]);
    assert_eq!(
        heard,
        [
            "Request PUT /a",
            "Interim 100 < PUT /a",
            "RequestEnd PUT /a",
            "Response 204 < PUT /a",
            "ResponseEnd 204 < PUT /a",
            "Request GET /b",
            "RequestEnd GET /b",
            "Response 304 < GET /b",
            "ResponseEnd 304 < GET /b",
        ]
    );
}

#[test]
fn a_response_without_a_length_ends_with_its_stream() {
    let heard = told(&[("GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nall of it")]);
    assert_eq!(heard[2..], ["Response 200 < GET /", "ResponseEnd 200 < GET /"]);
}

#[test]
fn a_tunnel_is_opaque_behind_its_head() {
    let upgrade = "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    let tunnels = [
        (upgrade, "HTTP/1.1 101 Switching Protocols\r\n\r\n\u{1}\u{2}"),
        ("CONNECT a:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n\u{1}\u{2}"),
    ];
    for (asked, answered) in tunnels {
        let heard = heard(&[(asked, answered), ("\u{3}", "\u{4}")]);
        assert_eq!(heard.opaque, Some("the connection speaks another protocol from here on"));
        assert_eq!(heard.told(&[Kind::ResponseEnd]).len(), 1);
        assert!(heard.passed[1].ends_with(b"\x01\x02\x04"));
    }
}

#[test]
fn what_is_strange_is_passed_through() {
    let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(40_000));
    let strange = [
        "PRI * HTTP/2.0\r\n\r\n",
        "\u{16}\u{3}\u{1}",
        "hello\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        &long,
    ];
    for sent in strange {
        let heard = heard(&[(sent, "")]);
        assert!(heard.opaque.is_some(), "{sent:.80?}");
        assert_eq!(heard.passed[0], sent.as_bytes());
    }
}

fn body() -> impl Strategy<Value = (String, String)> {
    let text = prop_oneof!["[a-z\r\n]{0,20}", "[a-z]{3000}"];
    let chunks = prop::collection::vec(prop_oneof!["[a-z\r\n]{1,20}", "[a-z]{3000}"], 0..4);
    let chunked = (chunks, any::<bool>()).prop_map(|(chunks, trailer)| {
        let chunks = chunks.iter().map(|chunk| format!("{:X};e\r\n{chunk}\r\n", chunk.len()));
        let trailer = if trailer { "A: b\r\n" } else { "" };
        (
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("{}0\r\n{trailer}\r\n", chunks.collect::<String>()),
        )
    });
    prop_oneof![text.prop_map(|text| (format!("Content-Length: {}\r\n", text.len()), text)), chunked]
}

fn exchange() -> impl Strategy<Value = Script> {
    let method = prop::sample::select(vec!["GET", "POST", "HEAD"]);
    let status = prop::sample::select(vec!["200 OK", "204 No Content", "503 Service Unavailable"]);
    (method, body(), status, body(), any::<bool>()).prop_map(|(method, sent, status, answered, line)| {
        let line = if line { "\r\n" } else { "" };
        let bare = method == "HEAD" || status.starts_with("204");
        let request = format!("{line}{method} /v1/a HTTP/1.1\r\n{}\r\n{}", sent.0, sent.1);
        let body = if bare { "" } else { &answered.1 };
        let response = format!("HTTP/1.1 {status}\r\n{}\r\n{body}", answered.0);
        vec![(ToUpstream, request.into_bytes()), (ToClient, response.into_bytes())]
    })
}

proptest! {
    #[test]
    fn conversations_are_heard_however_they_are_split(
        exchanges in prop::collection::vec(exchange(), 1..6),
        lengths in prop::collection::vec(prop_oneof![1..8usize, 1..3_000usize], 1..12),
    ) {
        same_however_split(Protocol::Http1, &exchanges.concat(), &lengths);
    }
}
