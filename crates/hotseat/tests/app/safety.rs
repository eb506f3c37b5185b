//! What other sites, bent names and rude clients must not achieve.

mod changing;
mod markup;
mod slow;

use crate::client::TestApp;
use crate::support::TestHome;

/// With an open app in a home of its own.
fn with_app(look: impl FnOnce(&TestApp)) {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    look(&app);
    app.end().exits_with(0);
}

#[test]
fn a_name_that_was_bent_to_loopback_gets_nothing() {
    with_app(|app| {
        let bent = format!("evil.example:{}", app.port);
        for host in [bent.as_str(), "evil.example", "127.0.0.1", "localhost.evil.example:7410", ""] {
            for path in ["/", "/data", "/api/v1/doctor", "/assets/app.css"] {
                let answer = app.send("GET", path, &[("Host", host)], "").is(421);
                assert!(!answer.body.contains("<html"), "{host} {path}");
            }
        }
        app.send("GET", "/data", &[("Host", &format!("localhost:{}", app.port))], "").is(200);
        assert_eq!(app.raw(b"GET / HTTP/1.0\r\n\r\n").status, 421, "no Host at all");
    });
}

#[test]
fn another_site_cannot_change_anything() {
    with_app(|app| {
        let foreign: [(&str, &str); 6] = [
            ("Origin", "http://evil.example"),
            ("Origin", "null"),
            ("Origin", "http://127.0.0.1:1"),
            ("Origin", "https://127.0.0.1"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ];
        for (name, value) in foreign {
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                for path in ["/plan", "/api/v1/plan", "/nowhere"] {
                    app.send(method, path, &[(name, value)], "{}").is(403);
                }
            }
        }
    });
}

#[test]
fn no_other_site_may_read_or_frame_a_page_and_nothing_inline_runs() {
    with_app(|app| {
        for path in ["/data", "/api", "/api/v1/doctor", "/assets/app.css", "/nowhere", "/api/v1/nowhere"] {
            let answer = app.send("GET", path, &[("Origin", "http://evil.example")], "");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
            let policy = answer.header("content-security-policy");
            for rule in
                ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
            {
                assert!(policy.contains(rule), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        }
        let asked = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "PUT")];
        let preflight = app.send("OPTIONS", "/api/v1/doctor", &asked, "");
        assert_eq!(preflight.header("access-control-allow-origin"), "");
    });
}

#[test]
fn paths_lead_to_nothing_outside() {
    with_app(|app| {
        for path in [
            "/assets/../../../../etc/passwd",
            "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
            "/assets/%2e%2e/%2e%2e/etc/passwd",
            "/assets//etc/passwd",
            "/assets/app.css%00",
            "/..%2f..%2fetc/passwd",
            "//etc/passwd",
            "/assets/\u{202e}",
        ] {
            let answer = app.get(path);
            assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
            assert!(!answer.body.contains("root:"), "{path}");
        }
    });
}

#[test]
fn what_is_too_large_is_refused_and_the_app_goes_on() {
    with_app(|app| {
        let head = app.raw(
            format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nX: {}\r\n\r\n", app.port, "x".repeat(1 << 20))
                .as_bytes(),
        );
        assert!([400, 431].contains(&head.status), "{head:?}");
        app.get("/data").is(200);
    });
}

#[test]
fn pages_and_resources_are_not_sent_twice() {
    with_app(|app| {
        let first = app.get("/api/v1/openapi.json").is(200);
        let tag = first.header("etag").to_string();
        assert!(!tag.is_empty());
        let second = app.send("GET", "/api/v1/openapi.json", &[("If-None-Match", &tag)], "").is(304);
        assert_eq!(second.body, "");
        app.send("GET", "/api/v1/openapi.json", &[("If-None-Match", "\"another\"")], "").is(200);
    });
}

#[test]
fn a_resource_that_is_not_there_is_a_problem_in_json_and_a_page_is_a_page() {
    with_app(|app| {
        for path in ["/api/v1/nowhere", "/api/v2/doctor"] {
            let problem = app.get(path).is(404);
            assert_eq!(problem.header("content-type"), "application/problem+json", "{path}");
            assert_eq!(problem.json()["status"], 404, "{path}");
        }
        let page = app.get("/nowhere").is(404).says(&["<html", "there is no such page"]);
        assert!(page.header("content-type").starts_with("text/html"));
    });
}
