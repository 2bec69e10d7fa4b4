//! Connections from web pages: the server checks the `Origin` header of the browser.

use simplenet::{AllowedOrigins, ServerConfig};
use simplenet_tests::{
    harness::{pair, round_trip, server_with},
    raw::{RawPeer, websocket},
};

/// Returns the status of the response to an upgrade with these headers.
async fn status(server: &simplenet_tests::chat::Server, headers: &str) -> String {
    let mut peer = RawPeer::dial(&server.url()).await;
    let upgrade = websocket::UPGRADE.replacen("\r\n", &format!("\r\n{headers}"), 1);
    peer.write(upgrade.as_bytes()).await;
    peer.http_head().await.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_before_the_upgrade() {
    let allowed_origins =
        AllowedOrigins::only(["https://example.org", "http://*.games.example:8080"]).unwrap();
    let mut server = server_with(ServerConfig { allowed_origins, ..ServerConfig::default() });
    for (headers, expected) in [
        ("", "101"),
        ("Origin: https://example.org\r\n", "101"),
        ("origin:HTTPS://EXAMPLE.ORG:443\r\n", "101"),
        ("Origin: http://eu.games.example:8080\r\n", "101"),
        ("Origin: http://games.example:8080\r\n", "403"),
        ("Origin: http://eu.games.example\r\n", "403"),
        ("Origin: https://evil.example\r\n", "403"),
        ("Origin: https://example.org.evil.example\r\n", "403"),
        ("Origin: http://example.org\r\n", "403"),
        ("Origin: null\r\n", "403"),
        ("Origin:\r\n", "403"),
        ("Origin: https://example.org\r\nOrigin: https://example.org\r\n", "403"),
        ("Origin: https://example.org https://evil.example\r\n", "403"),
        ("X-Origin: https://evil.example\r\n", "101"),
    ] {
        assert_eq!(status(&server, headers).await, expected, "{headers:?}");
    }
    // A native client sends no origin.
    let client = pair(&mut server, 1).await;
    round_trip(&mut server, &client).await;
}

#[tokio::test]
async fn origin_is_compared_regardless_of_the_host_header() {
    let allowed_origins = AllowedOrigins::only(["https://example.org"]).unwrap();
    let server = server_with(ServerConfig { allowed_origins, ..ServerConfig::default() });
    let mut peer = RawPeer::dial(&server.url()).await;
    let upgrade = websocket::UPGRADE.replace("Host: localhost", "Host: evil.example");
    let upgrade = upgrade.replacen("\r\n", "\r\nOrigin: https://evil.example\r\n", 1);
    peer.write(upgrade.as_bytes()).await;
    assert!(peer.http_head().await.starts_with("HTTP/1.1 403 "));
    assert_eq!(peer.end().await, b"", "the response has a body");
}

#[tokio::test]
async fn any_origin_is_accepted_by_default() {
    let server = simplenet_tests::harness::server();
    for headers in ["Origin: https://evil.example\r\n", "Origin: null\r\n", ""] {
        assert_eq!(status(&server, headers).await, "101", "{headers:?}");
    }
}
