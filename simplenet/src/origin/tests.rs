use proptest::prelude::*;

use super::{AllowedOrigins, OriginError, OriginPattern, OriginRefused};
use crate::test;

fn check(allowed: &[&str], headers: &[&str]) -> Result<(), OriginRefused> {
    let allowed = AllowedOrigins::only(allowed).unwrap();
    allowed.check(headers.iter().map(|header| header.as_bytes()))
}

fn matches(pattern: &str, origin: &str) -> bool {
    check(&[pattern], &[origin]).is_ok()
}

#[test]
fn exact_pattern_matches_its_own_origin_only() {
    let allowed = "https://example.org";
    assert!(matches(allowed, allowed));
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
        assert_eq!(check(&[allowed], &[other]), Err(OriginRefused::NotAllowed), "{other}");
    }
}

#[test]
fn origins_are_compared_in_canonical_form() {
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
        assert!(matches(pattern, origin), "{pattern} {origin}");
    }
    assert!(!matches("https://example.org:80", "https://example.org"));
    assert!(!matches("http://example.org:443", "http://example.org"));
    assert!(!matches("tauri://localhost", "https://localhost"));
}

#[test]
fn wildcard_matches_whole_labels_only() {
    let pattern = "https://*.example.org";
    for origin in [
        "https://eu.example.org",
        "https://a.b.example.org",
        "https://EU.example.org:443",
        "https://xn--bcher-kva.example.org",
    ] {
        assert!(matches(pattern, origin), "{origin}");
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
        assert!(!matches(pattern, origin), "{origin}");
    }
    assert!(matches("http://*.localhost:8080", "http://game.localhost:8080"));
}

#[test]
fn missing_origin_is_accepted_and_several_are_refused() {
    let allowed = "https://example.org";
    assert_eq!(check(&[allowed], &[]), Ok(()));
    assert_eq!(check(&[], &[]), Ok(()));
    assert_eq!(check(&[allowed], &[allowed, allowed]), Err(OriginRefused::Several));
    assert_eq!(check(&[allowed], &["https://evil.net", allowed]), Err(OriginRefused::Several));
    assert_eq!(check(&[], &[allowed]), Err(OriginRefused::NotAllowed));
}

#[test]
fn malformed_origin_header_is_refused() {
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
        let refused = check(&["https://example.org"], &[header]);
        assert_eq!(refused, Err(OriginRefused::Malformed), "{header:?}");
    }
    let allowed = AllowedOrigins::only(["https://example.org"]).unwrap();
    assert_eq!(allowed.check([&b"https://\xff.org"[..]]), Err(OriginRefused::Malformed));
}

#[test]
fn any_accepts_all_headers() {
    let headers = ["null", "nonsense", "https://evil.net"];
    assert_eq!(AllowedOrigins::Any.check(headers.map(str::as_bytes)), Ok(()));
}

#[test]
fn invalid_pattern_is_refused_with_its_error() {
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
fn pattern_text_is_canonical_and_round_trips() {
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
    fn arbitrary_patterns_and_headers_do_not_panic(pattern in ".*", header in any::<Vec<u8>>()) {
        let _ = AllowedOrigins::only([pattern]).map(|allowed| allowed.check([&header[..]]));
    }

    #[test]
    fn subdomain_ends_in_a_dot_and_the_domain(name in "[a-z]{1,3}(\\.[a-z]{1,3}){0,3}") {
        let matched = matches("https://*.a.b", &format!("https://{name}"));
        prop_assert_eq!(matched, name.ends_with(".a.b"));
    }
}
