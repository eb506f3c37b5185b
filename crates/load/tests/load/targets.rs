//! Load goes where a person said, and nowhere but to this machine unless they insist.

use load::{Target, TargetError};
use proptest::prelude::*;

fn parsed(url: &str) -> (String, String, String) {
    let (target, path) = Target::parse(url, false).expect(url);
    (target.address().to_string(), target.host().to_owned(), path)
}

#[test]
fn urls_of_this_machine_are_read() {
    for (url, address, host, path) in [
        ("http://127.0.0.1:8080/a/b?c=d&e", "127.0.0.1:8080", "127.0.0.1:8080", "/a/b?c=d&e"),
        ("http://127.9.9.9", "127.9.9.9:80", "127.9.9.9", "/"),
        ("HTTP://LocalHost:3000/#top", "127.0.0.1:3000", "LocalHost:3000", "/"),
        ("http://[::1]:81?q=1", "[::1]:81", "[::1]:81", "/?q=1"),
        ("http://[::1]/x%20y", "[::1]:80", "[::1]", "/x%20y"),
    ] {
        assert_eq!(parsed(url), (address.to_owned(), host.to_owned(), path.to_owned()), "{url}");
    }
}

#[test]
fn other_machines_are_refused_until_the_caller_insists() {
    for url in
        ["http://192.0.2.1/", "http://0.0.0.0:80/", "http://[2001:db8::1]:8080/", "http://example.test/"]
    {
        assert!(matches!(Target::parse(url, false), Err(TargetError::Remote(_))), "{url}");
    }
    let (target, _) = Target::parse("http://192.0.2.1:81/", true).expect("it is allowed");
    assert_eq!(target.address().to_string(), "192.0.2.1:81");
    let address = "192.0.2.1:80".parse().expect("an address");
    assert!(matches!(Target::local(address, "localhost"), Err(TargetError::Remote(_))));
}

#[test]
fn mistakes_are_named() {
    let message = |url: &str| Target::parse(url, false).expect_err(url).to_string();
    assert!(message("https://127.0.0.1/").contains("TLS"));
    for (url, word) in [
        ("127.0.0.1:8080", "scheme"),
        ("ftp://127.0.0.1/", "scheme"),
        ("http://", "host"),
        ("http://:80/", "host"),
        ("http://127.0.0.1:0/", "port"),
        ("http://127.0.0.1:65536/", "port"),
        ("http://127.0.0.1:+80/", "port"),
        ("http://[::1/", "malformed"),
        ("http://[::1]x/", "malformed"),
        ("http://me:secret@127.0.0.1/", "user name"),
        ("http://127.0.0.1/a b", "%XX"),
        ("http://127.0.0.1/a\r\nX: y", "%XX"),
    ] {
        let message = message(url);
        assert!(message.contains(word) && message.contains("http://127.0.0.1:8080/path"), "{message}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_only_loopback_is_loaded(
        url in prop_oneof!["http://[a-z0-9.:@/\\[\\]?#%-]{0,30}", "\\PC{0,40}", "http://[0-9]{1,3}\\.[0-9]\\.0\\.1(:[0-9]{0,6})?/?"],
    ) {
        if let Ok((target, path)) = Target::parse(&url, false) {
            prop_assert!(target.address().ip().is_loopback());
            prop_assert!(path.starts_with('/'));
            prop_assert!(load::Request::get(&path).is_ok());
        }
    }
}
