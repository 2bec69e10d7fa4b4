use proptest::prelude::*;

use super::{AllowedOrigins, OriginError, OriginPattern, OriginRefused};
use crate::test;

fn judge(allowed: &[&str], headers: &[&str]) -> Result<(), OriginRefused> {
    let allowed = AllowedOrigins::only(allowed).unwrap();
    allowed.judge(headers.iter().map(|header| header.as_bytes()))
}

fn admits(pattern: &str, origin: &str) -> bool {
    judge(&[pattern], &[origin]).is_ok()
}

#[test]
fn an_exact_origin_admits_itself_alone() {
    let ours = "https://example.org";
    assert!(admits(ours, ours));
    for other in [
        "http://example.org",
        "https://example.org:8443",
        "https://www.example.org",
        "https://example.org.evil.net",
        "https://evil.net",
        "https://example.orgs",
        "https://anexample.org",
        "https://example.org.",
        "https://exampleXorg",
    ] {
        assert_eq!(judge(&[ours], &[other]), Err(OriginRefused::NotAllowed), "{other}");
    }
}

#[test]
fn origins_are_compared_by_what_they_mean() {
    for (pattern, origin) in [
        ("https://example.org", "HTTPS://EXAMPLE.org"),
        ("HTTPS://Example.ORG", "https://example.org"),
        ("https://example.org", "https://example.org:443"),
        ("https://example.org:443", "https://example.org"),
        ("http://example.org:80", "http://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://*.bücher.example", "https://shop.xn--bcher-kva.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[0:0::1]:8080"),
        ("http://[::1]", "http://[::1]"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("tauri://localhost", "tauri://localhost"),
        ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
    ] {
        assert!(admits(pattern, origin), "{pattern} {origin}");
    }
    assert!(!admits("https://example.org:80", "https://example.org"));
    assert!(!admits("http://example.org:443", "http://example.org"));
    assert!(!admits("tauri://localhost", "https://localhost"));
}

#[test]
fn a_wildcard_stands_for_whole_labels() {
    let ours = "https://*.example.org";
    for origin in [
        "https://eu.example.org",
        "https://a.b.example.org",
        "https://EU.example.org:443",
        "https://xn--bcher-kva.example.org",
    ] {
        assert!(admits(ours, origin), "{origin}");
    }
    for origin in [
        "https://example.org",
        "https://.example.org",
        "https://anexample.org",
        "https://an-example.org",
        "https://eu.example.org.evil.net",
        "https://eu.example.org:8443",
        "http://eu.example.org",
        "https://evil.net",
        "https://org",
        "https://*.example.org",
    ] {
        assert!(!admits(ours, origin), "{origin}");
    }
    assert!(admits("http://*.localhost:8080", "http://game.localhost:8080"));
}

#[test]
fn who_names_no_origin_may_connect_and_who_names_several_may_not() {
    let ours = "https://example.org";
    assert_eq!(judge(&[ours], &[]), Ok(()));
    assert_eq!(judge(&[], &[]), Ok(()));
    assert_eq!(judge(&[ours], &[ours, ours]), Err(OriginRefused::Several));
    assert_eq!(judge(&[ours], &["https://evil.net", ours]), Err(OriginRefused::Several));
    assert_eq!(judge(&[], &[ours]), Err(OriginRefused::NotAllowed));
}

#[test]
fn what_is_no_origin_is_refused() {
    for header in [
        "null",
        "NULL",
        "",
        "*",
        "example.org",
        "//example.org",
        "https:example.org",
        "https://",
        "https:///",
        "https://example.org/",
        "https://example.org https://example.org",
        "https://example.org,https://example.org",
        "https://evil.net\\@example.org",
        "https://user@example.org",
        "https://example.org#evil",
        "https://example%2eorg",
        "https://example.org:",
        "https://example.org:+443",
        "https://example.org:443:443",
        "https://example.org:65979",
        " https://example.org",
        "file://",
        "wss://example.org",
    ] {
        let refused = judge(&["https://example.org"], &[header]);
        assert_eq!(refused, Err(OriginRefused::Malformed), "{header:?}");
    }
    let allowed = AllowedOrigins::only(["https://example.org"]).unwrap();
    assert_eq!(allowed.judge([&b"https://\xff.org"[..]]), Err(OriginRefused::Malformed));
}

#[test]
fn any_origin_is_any() {
    let headers = ["null", "nonsense", "https://evil.net"];
    assert_eq!(AllowedOrigins::Any.judge(headers.map(str::as_bytes)), Ok(()));
}

#[test]
fn nonsense_cannot_be_allowed() {
    use OriginError as E;
    let text = |text: &str| text.to_owned();
    for (pattern, error) in [
        ("", E::Scheme(text(""))),
        ("example.org", E::Scheme(text("example.org"))),
        ("1http://example.org", E::Scheme(text("1http://example.org"))),
        ("*", E::Wildcard(text("*"))),
        ("*://example.org", E::Wildcard(text("*://example.org"))),
        ("https://*", E::Wildcard(text("https://*"))),
        ("https://*example.org", E::Wildcard(text("https://*example.org"))),
        ("https://a.*.example.org", E::Wildcard(text("https://a.*.example.org"))),
        ("https://*.*.example.org", E::Wildcard(text("https://*.*.example.org"))),
        ("https://*.127.0.0.1", E::Wildcard(text("https://*.127.0.0.1"))),
        ("https://*.", E::Host(text("https://*."))),
        ("https://", E::Host(text("https://"))),
        ("https://exa<mple.org", E::Host(text("https://exa<mple.org"))),
        ("https://[::1", E::Host(text("https://[::1"))),
        ("https://example.org/", E::MoreThanOrigin(text("https://example.org/"))),
        ("https://example.org/game", E::MoreThanOrigin(text("https://example.org/game"))),
        ("https://me@example.org", E::MoreThanOrigin(text("https://me@example.org"))),
        ("https://example.org:https", E::Port(text("https://example.org:https"))),
        ("https://example.org:65536", E::Port(text("https://example.org:65536"))),
        ("https://example.org:", E::Port(text("https://example.org:"))),
        ("wss://example.org", E::WebSocket(text("wss://example.org"))),
        ("ws://*.example.org", E::WebSocket(text("ws://*.example.org"))),
        ("null", E::Null),
    ] {
        assert_eq!(pattern.parse::<OriginPattern>(), Err(error), "{pattern:?}");
    }
}

#[test]
fn patterns_are_written_as_they_are_read() {
    for (pattern, written) in [
        ("HTTPS://Example.org:443", "https://example.org"),
        ("https://*.Bücher.example:8443", "https://*.xn--bcher-kva.example:8443"),
        ("http://[0::1]:80", "http://[::1]"),
    ] {
        let parsed: OriginPattern = pattern.parse().unwrap();
        assert_eq!(parsed.to_string(), written);
        assert_eq!(written.parse(), Ok(parsed));
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_judged(pattern in ".*", header in any::<Vec<u8>>()) {
        let _ = AllowedOrigins::only([pattern]).map(|allowed| allowed.judge([&header[..]]));
    }

    #[test]
    fn what_is_below_a_domain_ends_in_a_dot_and_it(name in "[a-z]{1,3}(\\.[a-z]{1,3}){0,3}") {
        let admitted = admits("https://*.a.b", &format!("https://{name}"));
        prop_assert_eq!(admitted, name.ends_with(".a.b"));
    }
}
