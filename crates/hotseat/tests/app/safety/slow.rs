//! Clients that take their time.

use std::io::{Read, Write};

use super::with_app;

#[test]
fn a_client_that_never_ends_its_head_is_left() {
    with_app(|app| {
        let mut slow = app.connect();
        slow.write_all(b"GET /data HTTP/1.1\r\nHost: 127.").expect("it is open");
        let mut rest = Vec::new();
        // Ends with an answer or without one, long before our own limit.
        slow.read_to_end(&mut rest).expect("the app closes it");
        app.get("/data").is(200);
    });
}

#[test]
fn a_client_that_never_ends_its_body_is_left_and_has_changed_nothing() {
    with_app(|app| {
        let before = app.get("/api/v1/workspaces").body;
        let mut slow = app.connect();
        let head = format!(
            "POST /api/v1/workspaces HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
            Content-Length: 400\r\n\r\n{{\"drill\": ",
            app.port
        );
        slow.write_all(head.as_bytes()).expect("it is open");
        app.get("/data").is(200);
        let mut rest = String::new();
        slow.read_to_string(&mut rest).expect("the app closes it");
        let status = rest.split(' ').nth(1).and_then(|it| it.parse::<u16>().ok());
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{rest}");
        assert_eq!(app.get("/api/v1/workspaces").body, before);
    });
}

#[test]
fn a_thousand_open_connections_keep_nobody_out() {
    with_app(|app| {
        let open: Vec<_> = (0..1_000)
            .map(|number| {
                let mut stream = app.connect();
                if number % 2 == 0 {
                    stream.write_all(b"GET /data HTTP/1.1\r\n").expect("it is open");
                }
                stream
            })
            .collect();
        app.get("/data").is(200);
        drop(open);
        app.get("/data").is(200);
    });
}
