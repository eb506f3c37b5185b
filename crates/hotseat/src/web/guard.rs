//! What keeps other sites, and names that were bent to point here, away from an app that runs programs.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::failed::{ApiFailed, Failed};
use crate::failure::Failure;

/// Nothing from elsewhere, nothing inline; forms only to here, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The port that the app listens on, to which Host and Origin are held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port(pub u16);

/// Lets pass what names this very app and comes from it, and sends headers along that keep it so.
pub(super) async fn guard(State(Port(port)): State<Port>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut answer = if !is_us(headers.get(header::HOST), "", port) {
        // A name that somebody pointed at loopback (DNS rebinding) stands in Host.
        refused(&request, StatusCode::MISDIRECTED_REQUEST, format!("this is http://127.0.0.1:{port}/"))
    } else if changes(request.method()) && is_foreign(headers, port) {
        refused(&request, StatusCode::FORBIDDEN, "another site may not do that here".into())
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What a learner wrote is nobody's to keep; assets say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache, private"));
    answer
}

/// Whoever is refused gets no page, which would tell about the app.
fn refused(request: &Request, status: StatusCode, why: String) -> Response {
    if request.uri().path().starts_with("/api/") {
        return ApiFailed(Failed::with(status, Failure::usage(why))).into_response();
    }
    (status, format!("{why}\n")).into_response()
}

/// Whether a request changes something; those that do not may come from a link on any site.
fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser says where a request comes from. A program that says nothing is no browser.
fn is_foreign(headers: &HeaderMap, port: u16) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let origin = headers.get(header::ORIGIN);
    origin.is_some() && !is_us(origin, "http://", port)
        || site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

/// Whether a header names this app: `prefix`, one of loopback's names, and the port.
fn is_us(value: Option<&HeaderValue>, prefix: &str, port: u16) -> bool {
    let authority =
        value.and_then(|value| value.to_str().ok()?.strip_prefix(prefix)?.strip_suffix(&port.to_string()));
    matches!(authority, Some("127.0.0.1:" | "localhost:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_host(value: &str) -> bool {
        is_us(Some(&HeaderValue::from_str(value).expect("a header")), "", 7410)
    }

    #[test]
    fn only_loopback_with_the_port_is_us() {
        assert!(is_host("127.0.0.1:7410") && is_host("localhost:7410"));
        for other in ["", "127.0.0.1", "127.0.0.1:74101", "evil.example:7410", "localhost.evil.example:7410"]
        {
            assert!(!is_host(other), "{other}");
        }
        assert!(!is_us(None, "", 7410));
    }

    #[test]
    fn a_browser_on_another_site_is_foreign_and_a_program_is_not() {
        let of = |name: &'static str, value: &str| {
            HeaderMap::from_iter([(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).expect("a header"),
            )])
        };
        for value in ["null", "http://evil.example", "https://127.0.0.1:7410", "http://127.0.0.1:80"] {
            assert!(is_foreign(&of("origin", value), 7410), "{value}");
        }
        assert!(is_foreign(&of("sec-fetch-site", "cross-site"), 7410));
        assert!(is_foreign(&of("sec-fetch-site", "same-site"), 7410));
        assert!(!is_foreign(&of("origin", "http://127.0.0.1:7410"), 7410));
        assert!(!is_foreign(&HeaderMap::new(), 7410));
    }
}
