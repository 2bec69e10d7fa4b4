//! A table of URLs: the dialled host and port, the sent request target, `Host` and server name, and
//! the printed text; or the error.

use super::ServerUrl;
use crate::test;

/// The results of an accepted URL.
pub(crate) struct Accepted {
    pub(crate) printed: &'static str,
    pub(crate) dialled: (&'static str, u16),
    pub(crate) target: &'static str,
    pub(crate) host_header: &'static str,
    /// The server name in TLS and in the certificate. For an IP address, TLS sends no name.
    pub(crate) certified: &'static str,
}

/// Creates an accepted row: printed text, dialled host and port, request target, `Host`, and the
/// host in the certificate.
const fn row(
    printed: &'static str,
    dialled: (&'static str, u16),
    target: &'static str,
    host_header: &'static str,
    certified: &'static str,
) -> Result<Accepted, &'static str> {
    Ok(Accepted { printed, dialled, target, host_header, certified })
}

const CREDENTIALS: &str = "the URL contains a user name or password, which a WebSocket does not \
                           send: remove it, and authenticate by `ClientBuilder::auth`";
const CONTROL: &str = "the URL contains a line break or another control character: remove it";

#[rustfmt::skip]
pub(crate) const TABLE: &[(&str, Result<Accepted, &str>)] = &[
    // Ports.
    ("ws://127.0.0.1:9000", row("ws://127.0.0.1:9000/", ("127.0.0.1", 9000), "/", "127.0.0.1:9000", "127.0.0.1")),
    ("ws://example.org", row("ws://example.org/", ("example.org", 80), "/", "example.org", "example.org")),
    ("wss://example.org", row("wss://example.org/", ("example.org", 443), "/", "example.org", "example.org")),
    ("wss://example.org:443/", row("wss://example.org/", ("example.org", 443), "/", "example.org", "example.org")),
    ("ws://example.org:443/", row("ws://example.org:443/", ("example.org", 443), "/", "example.org:443", "example.org")),
    ("ws://example.org:/", row("ws://example.org/", ("example.org", 80), "/", "example.org", "example.org")),
    ("ws://example.org:0", Err("the URL `ws://example.org:0/` has port 0, on which no server listens: write the port of the server")),
    ("ws://example.org:65536", Err("the URL `ws://example.org:65536` has an invalid port: a port is a number from 1 to 65535")),
    ("ws://example.org:http", Err("the URL `ws://example.org:http` has an invalid port: a port is a number from 1 to 65535")),
    ("ws://example.org:-1", Err("the URL `ws://example.org:-1` has an invalid port: a port is a number from 1 to 65535")),
    // Path and query.
    ("ws://example.org/chat", row("ws://example.org/chat", ("example.org", 80), "/chat", "example.org", "example.org")),
    ("ws://example.org/chat/", row("ws://example.org/chat/", ("example.org", 80), "/chat/", "example.org", "example.org")),
    ("ws://example.org?room=1", row("ws://example.org/?..", ("example.org", 80), "/?room=1", "example.org", "example.org")),
    ("ws://example.org/chat?token=secret&x=1", row("ws://example.org/chat?..", ("example.org", 80), "/chat?token=secret&x=1", "example.org", "example.org")),
    ("ws://example.org/a b", row("ws://example.org/a%20b", ("example.org", 80), "/a%20b", "example.org", "example.org")),
    ("ws://example.org/a%20b%2Fc", row("ws://example.org/a%20b%2Fc", ("example.org", 80), "/a%20b%2Fc", "example.org", "example.org")),
    ("ws://example.org/ü?ü", row("ws://example.org/%C3%BC?..", ("example.org", 80), "/%C3%BC?%C3%BC", "example.org", "example.org")),
    ("ws://example.org/%zz", row("ws://example.org/%zz", ("example.org", 80), "/%zz", "example.org", "example.org")),
    ("ws://example.org/a/../b/./c", row("ws://example.org/b/c", ("example.org", 80), "/b/c", "example.org", "example.org")),
    ("ws://example.org/{a}[b]\"<c>`?{d}|^[e]\"<f>`", row("ws://example.org/%7Ba%7D[b]%22%3Cc%3E%60?..", ("example.org", 80), "/%7Ba%7D[b]%22%3Cc%3E%60?{d}|^[e]%22%3Cf%3E`", "example.org", "example.org")),
    ("ws://example.org/@user:name@", row("ws://example.org/@user:name@", ("example.org", 80), "/@user:name@", "example.org", "example.org")),
    ("ws://example.org/a?b?c", row("ws://example.org/a?..", ("example.org", 80), "/a?b?c", "example.org", "example.org")),
    ("ws:\\\\example.org\\chat", Err("the URL `ws:\\\\example.org\\chat` has no `//` behind its scheme: write `ws://example.org\\chat`")),
    ("ws://example.org\\chat", row("ws://example.org/chat", ("example.org", 80), "/chat", "example.org", "example.org")),
    // Fragments.
    ("ws://example.org/#top", Err("the URL `ws://example.org/#..` has a fragment, which the URL of a WebSocket must not have: remove the `#` and the text behind it, or write `%23`")),
    ("ws://example.org#", Err("the URL `ws://example.org/#..` has a fragment, which the URL of a WebSocket must not have: remove the `#` and the text behind it, or write `%23`")),
    ("ws://example.org/%23top", row("ws://example.org/%23top", ("example.org", 80), "/%23top", "example.org", "example.org")),
    // Names.
    ("WS://EXAMPLE.ORG/Chat", row("ws://example.org/Chat", ("example.org", 80), "/Chat", "example.org", "example.org")),
    ("wss://Bücher.example/", row("wss://xn--bcher-kva.example/", ("xn--bcher-kva.example", 443), "/", "xn--bcher-kva.example", "xn--bcher-kva.example")),
    ("wss://xn--bcher-kva.example/", row("wss://xn--bcher-kva.example/", ("xn--bcher-kva.example", 443), "/", "xn--bcher-kva.example", "xn--bcher-kva.example")),
    ("wss://example.org./", row("wss://example.org./", ("example.org.", 443), "/", "example.org.", "example.org")),
    ("ws://localhost:9000", row("ws://localhost:9000/", ("localhost", 9000), "/", "localhost:9000", "localhost")),
    ("ws://game_server:9000", row("ws://game_server:9000/", ("game_server", 9000), "/", "game_server:9000", "game_server")),
    ("ws://ex%61mple.org", row("ws://example.org/", ("example.org", 80), "/", "example.org", "example.org")),
    ("ws://exa mple.org", Err("the host of the URL `ws://exa mple.org` is neither a valid name nor an IP address")),
    ("ws://example.org:9000:9000", Err("the host of the URL `ws://example.org:9000:9000` contains colons: write an IPv6 address in brackets, as in `ws://[::1]:9000`")),
    ("ws://exa<mple.org", Err("the host of the URL `ws://exa<mple.org` is neither a valid name nor an IP address")),
    // IPv4.
    ("ws://127.1:9000", row("ws://127.0.0.1:9000/", ("127.0.0.1", 9000), "/", "127.0.0.1:9000", "127.0.0.1")),
    ("ws://2130706433", row("ws://127.0.0.1/", ("127.0.0.1", 80), "/", "127.0.0.1", "127.0.0.1")),
    ("ws://0x7f.0.0.1", row("ws://127.0.0.1/", ("127.0.0.1", 80), "/", "127.0.0.1", "127.0.0.1")),
    ("ws://127.0.0.1.", row("ws://127.0.0.1/", ("127.0.0.1", 80), "/", "127.0.0.1", "127.0.0.1")),
    ("ws://256.0.0.1", Err("the host of the URL `ws://256.0.0.1` is neither a valid name nor an IP address")),
    ("ws://1.2.3.4.5", Err("the host of the URL `ws://1.2.3.4.5` is neither a valid name nor an IP address")),
    ("ws://0.0.0.0:9000", Err("the URL `ws://0.0.0.0:9000/` has the host of a server that listens on all addresses: write `127.0.0.1` for a server on this machine, or else the name or address of its machine")),
    // IPv6.
    ("ws://[::1]:9000", row("ws://[::1]:9000/", ("::1", 9000), "/", "[::1]:9000", "::1")),
    ("wss://[2001:DB8::0:1]", row("wss://[2001:db8::1]/", ("2001:db8::1", 443), "/", "[2001:db8::1]", "2001:db8::1")),
    ("ws://[::ffff:127.0.0.1]", row("ws://[::ffff:7f00:1]/", ("::ffff:127.0.0.1", 80), "/", "[::ffff:7f00:1]", "::ffff:127.0.0.1")),
    ("ws://[fe80::1]:9000", row("ws://[fe80::1]:9000/", ("fe80::1", 9000), "/", "[fe80::1]:9000", "fe80::1")),
    ("ws://[::]:9000", Err("the URL `ws://[::]:9000/` has the host of a server that listens on all addresses: write `127.0.0.1` for a server on this machine, or else the name or address of its machine")),
    ("ws://::1:9000", Err("the host of the URL `ws://::1:9000` contains colons: write an IPv6 address in brackets, as in `ws://[::1]:9000`")),
    ("ws://fe80::1:9000", Err("the host of the URL `ws://fe80::1:9000` contains colons: write an IPv6 address in brackets, as in `ws://[::1]:9000`")),
    ("ws://[::1", Err("the host of the URL `ws://[::1` is neither a valid name nor an IP address")),
    ("ws://[fe80::1%]/", Err("the host of the URL `ws://[fe80::1%]/` is neither a valid name nor an IP address")),
    ("ws://[fe80::1%a/b]/", Err("the host of the URL `ws://[fe80::1%a/b]/` is neither a valid name nor an IP address")),
    // Credentials.
    ("ws://user:hunter2@example.org/", Err(CREDENTIALS)),
    ("ws://hunter2@example.org/", Err(CREDENTIALS)),
    ("ws://:hunter2@example.org/", Err(CREDENTIALS)),
    ("ws://@example.org/", Err(CREDENTIALS)),
    ("user:hunter2@example.org", Err(CREDENTIALS)),
    ("http://user:hunter2@example.org:99999", Err(CREDENTIALS)),
    ("ws://user:hunter2@:80", Err(CREDENTIALS)),
    ("ws://user:hunter2@example.org#x", Err(CREDENTIALS)),
    ("ws://a:hunter2@b@example.org", Err(CREDENTIALS)),
    ("ws:user:hunter2@example.org", Err(CREDENTIALS)),
    ("ws://user:hunter2/x@example.org", Err("the URL `..` has an invalid port: a port is a number from 1 to 65535")),
    ("example.org/?hunter2", Err("the URL `example.org/?..` has no scheme: write `ws://example.org/?..`, or `wss://` with TLS")),
    // Schemes.
    ("127.0.0.1:9000", Err("the URL `127.0.0.1:9000` has no scheme: write `ws://127.0.0.1:9000`, or `wss://` with TLS")),
    ("localhost:9000", Err("the URL `localhost:9000` has no scheme: write `ws://localhost:9000`, or `wss://` with TLS")),
    ("example.org", Err("the URL `example.org` has no scheme: write `ws://example.org`, or `wss://` with TLS")),
    ("//example.org/chat", Err("the URL `//example.org/chat` has no scheme: write `ws://example.org/chat`, or `wss://` with TLS")),
    ("[::1]:9000", Err("the URL `[::1]:9000` has no scheme: write `ws://[::1]:9000`, or `wss://` with TLS")),
    ("example.org/?next=ws://x", Err("the URL `example.org/?..` has no scheme: write `ws://example.org/?..`, or `wss://` with TLS")),
    ("ws:example.org", Err("the URL `ws:example.org` has no `//` behind its scheme: write `ws://example.org`")),
    ("wss:/example.org", Err("the URL `wss:/example.org` has no `//` behind its scheme: write `wss://example.org`")),
    ("http://example.org/chat", Err("the URL `http://example.org/chat` begins with `http://`: write `ws://example.org/chat`")),
    ("HTTPS://example.org", Err("the URL `HTTPS://example.org` begins with `https://`: write `wss://example.org`")),
    ("tcp://example.org:9000", Err("the URL `tcp://example.org:9000` begins with `tcp:`: write `ws://`, or `wss://` with TLS")),
    ("file:///chat", Err("the URL `file:///chat` begins with `file:`: write `ws://`, or `wss://` with TLS")),
    ("axum:", Err("the URL `axum:` is that of a server behind a route or in memory: write the URL of the route, as in `ws://127.0.0.1:9000/chat`, or use `Client::in_memory`")),
    // Hosts that are missing.
    ("", Err("the URL is empty: write it as in `ws://127.0.0.1:9000`")),
    (" \n", Err("the URL is empty: write it as in `ws://127.0.0.1:9000`")),
    ("ws://", Err("the URL `ws://` has no host: write it as in `ws://127.0.0.1:9000`")),
    ("ws:///chat", Err("the URL `ws:///chat` has no host: write it as in `ws://127.0.0.1:9000`")),
    ("ws://:9000", Err("the URL `ws://:9000` has no host: write it as in `ws://127.0.0.1:9000`")),
    ("ws://?x", Err("the URL `ws://?..` has no host: write it as in `ws://127.0.0.1:9000`")),
    ("/chat", Err("the URL `/chat` has no host: write it as in `ws://127.0.0.1:9000`")),
    (":9000", Err("the URL `:9000` has no host: write it as in `ws://127.0.0.1:9000`")),
    // White space and control characters.
    (" ws://example.org/chat \n", row("ws://example.org/chat", ("example.org", 80), "/chat", "example.org", "example.org")),
    ("ws://example.org/ch\nat", Err(CONTROL)),
    ("ws://exam\tple.org/", Err(CONTROL)),
    ("ws://example.org/\u{1b}[31m", Err(CONTROL)),
];

/// URLs with zones, which a browser cannot connect to.
#[rustfmt::skip]
pub(crate) const ZONES: &[(&str, Result<Accepted, &str>)] = &[
    ("ws://[fe80::1%2]:9000", row("ws://[fe80::1%2]:9000/", ("fe80::1%2", 9000), "/", "[fe80::1]:9000", "fe80::1")),
    ("ws://[fe80::1%252]:9000/chat", row("ws://[fe80::1%2]:9000/chat", ("fe80::1%2", 9000), "/chat", "[fe80::1]:9000", "fe80::1")),
    ("ws://[fe80::1%eth0]", row("ws://[fe80::1%eth0]/", ("fe80::1%eth0", 80), "/", "[fe80::1]", "fe80::1")),
    ("ws://[fe80::1%25eth0]", row("ws://[fe80::1%eth0]/", ("fe80::1%eth0", 80), "/", "[fe80::1]", "fe80::1")),
    ("ws://fe80--1s2.ipv6-literal.net:9000", row("ws://[fe80::1%2]:9000/", ("fe80::1%2", 9000), "/", "[fe80::1]:9000", "fe80::1")),
    ("ws://fe80--1.ipv6-literal.net:9000", row("ws://[fe80::1]:9000/", ("fe80::1", 9000), "/", "[fe80::1]:9000", "fe80::1")),
];

/// A name that is no valid Punycode, which a browser passes to the name lookup.
#[cfg(not(target_arch = "wasm32"))]
const PUNYCODE: (&str, Result<Accepted, &str>) = (
    "ws://xn--a.example",
    Err("the host of the URL `ws://xn--a.example` is neither a valid name nor an IP address"),
);

fn parse(url: impl AsRef<str>) -> Result<ServerUrl, String> {
    ServerUrl::parse(url.as_ref()).map_err(|error| error.to_string())
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn urls_are_accepted_or_refused_as_in_the_table() {
    for (text, expected) in TABLE.iter().chain(ZONES).chain([&PUNYCODE]) {
        match (parse(text), expected) {
            (Ok(url), Ok(accepted)) => {
                #[cfg(not(feature = "tls-rustls"))]
                let certified = accepted.certified;
                #[cfg(feature = "tls-rustls")]
                let certified = match url.certified_host().expect("a host") {
                    url::Host::Ipv6(address) => address.to_string(),
                    host => host.to_string(),
                };
                println!(
                    "{text:?}: dials {} port {}, sends GET {} Host: {}, certificate {certified}, \
                     prints {url}",
                    url.dialled_host(),
                    url.port(),
                    url.request_target(),
                    url.host_header(),
                );
                assert_eq!(url.to_string(), accepted.printed, "{text:?}");
                assert_eq!(format!("{url:?}"), accepted.printed, "{text:?}");
                let (host, port) = accepted.dialled;
                assert_eq!((&*url.dialled_host(), url.port()), (host, port), "{text:?}");
                assert_eq!(url.request_target(), accepted.target, "{text:?}");
                assert_eq!(url.host_header(), accepted.host_header, "{text:?}");
                assert_eq!(certified, accepted.certified, "{text:?}");
            }
            (Err(error), Err(expected)) => {
                println!("{text:?}: {error}");
                assert_eq!(error, *expected, "{text:?}");
            }
            (result, _) => panic!("{text:?}: {result:?}"),
        }
    }
}

/// The rules are those of every platform. A browser gets the same errors.
#[cfg(target_arch = "wasm32")]
#[test]
fn urls_are_accepted_or_refused_as_in_the_table() {
    for (text, expected) in TABLE {
        match (parse(text), expected) {
            (Ok(url), Ok(accepted)) => assert_eq!(url.to_string(), accepted.printed, "{text:?}"),
            (Err(error), Err(expected)) => assert_eq!(error, *expected, "{text:?}"),
            (result, _) => panic!("{text:?}: {result:?}"),
        }
    }
    for (text, _) in ZONES.iter().filter(|(text, _)| text.contains("[") || text.contains("s2")) {
        let error = parse(text).expect_err("refused");
        assert!(error.contains("a browser cannot connect"), "{text:?}: {error}");
    }
}

/// A [`url::Url`] has the same rules as a text.
#[test]
fn parsed_url_is_treated_like_a_text() {
    for (text, expected) in TABLE {
        let Ok(url) = url::Url::parse(text) else { continue };
        let printed = parse(&url).map(|url| url.to_string());
        match expected {
            Ok(accepted) => assert_eq!(printed, Ok(accepted.printed.to_owned()), "{text:?}"),
            // The parser of `Url` has removed these parts.
            Err(text) if text.contains("no host") || *text == CONTROL => {}
            Err(_) if text.contains("//@") => {}
            // The scheme of these texts is a host, or `//` is missing.
            Err(text) if text.contains("scheme: write") => {}
            Err(_) => {
                let error = printed.expect_err(text);
                assert!(!error.contains("hunter2"), "{error}");
            }
        }
    }
}

#[test]
fn errors_do_not_contain_credentials() {
    for (text, _) in TABLE.iter().filter(|(text, _)| text.contains("hunter2")) {
        let error = parse(text).expect_err(text);
        assert!(!error.contains("hunter2") && !error.contains("user:"), "{text:?}: {error}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn redirects_resolve_to_urls_of_servers() {
    let from = parse("wss://example.org/chat?x").expect("a URL");
    for (location, expected) in [
        ("/other", Some("wss://example.org/other")),
        ("other?token=1", Some("wss://example.org/other?..")),
        ("https://example.net/chat#top", Some("wss://example.net/chat")),
        ("http://example.net", Some("ws://example.net/")),
        ("wss://example.net:9000", Some("wss://example.net:9000/")),
        ("//example.net/chat", Some("wss://example.net/chat")),
        ("https://user:hunter2@example.net/", None),
        ("ftp://example.net/", None),
        ("https://", None),
        ("https://0.0.0.0/", None),
        ("javascript:alert(1)", None),
    ] {
        let target = from.redirected(location).map(|target| target.to_string());
        println!("Location: {location} -> {target:?}");
        assert_eq!(target.as_deref(), expected, "{location}");
    }
}

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
#[test]
fn url_of_a_listener_is_reachable_from_its_machine() {
    for (address, expected, dialled) in [
        ("127.0.0.1:9000", "ws://127.0.0.1:9000/", "127.0.0.1"),
        ("192.0.2.1:9000", "ws://192.0.2.1:9000/", "192.0.2.1"),
        ("0.0.0.0:9000", "ws://127.0.0.1:9000/", "127.0.0.1"),
        ("[::]:9000", "ws://[::1]:9000/", "::1"),
        ("[::1]:9000", "ws://[::1]:9000/", "::1"),
        ("[::1%1]:9000", "ws://[::1]:9000/", "::1"),
        ("[2001:db8::1%3]:9000", "ws://[2001:db8::1]:9000/", "2001:db8::1"),
        ("[::ffff:0.0.0.0]:9000", "ws://127.0.0.1:9000/", "127.0.0.1"),
        ("[::ffff:127.0.0.1]:9000", "ws://127.0.0.1:9000/", "127.0.0.1"),
        ("[fe80::1%2]:9000", "ws://fe80--1s2.ipv6-literal.net:9000/", "fe80::1%2"),
        ("[fe80::1]:9000", "ws://[fe80::1]:9000/", "fe80::1"),
    ] {
        let url = super::url_of_listener("ws", address.parse().expect("an address"));
        println!("listening on {address}: {url}");
        assert_eq!(url.as_str(), expected, "{address}");
        assert_eq!(parse(url).expect("a URL").dialled_host(), dialled, "{address}");
    }
}
