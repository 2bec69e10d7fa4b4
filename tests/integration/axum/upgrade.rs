//! What the route answers to those who ask for a WebSocket, and to those who do not.

use simplenet::{AllowedOrigins, ServerConfig};
use simplenet_tests::raw::{RawPeer, websocket};

use super::App;

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";

/// The head of the answer to a request for the chat, in lower case.
async fn answer(app: &App, method: &str, headers: &[&str]) -> String {
    let mut peer = RawPeer::dial(&app.url).await;
    let request = format!("{method} /chat HTTP/1.1\r\nHost: localhost\r\n{}\r\n", headers.concat());
    peer.write(request.as_bytes()).await;
    peer.http_head().await.to_lowercase()
}

#[tokio::test]
async fn what_is_no_upgrade_is_told_why() {
    let mut app = App::new().await;
    let honest = app.pair(1).await;
    let upgrade_required = "http/1.1 426 ";
    let speaks_13 = "sec-websocket-version: 13\r\n";
    let table: [(&str, &[&str], &str, &str); 11] = [
        ("GET", &[], upgrade_required, "upgrade: websocket\r\n"),
        ("GET", &[VERSION, KEY], upgrade_required, "connection: upgrade\r\n"),
        ("GET", &["Connection: Upgrade\r\n", VERSION, KEY], upgrade_required, speaks_13),
        ("GET", &["Connection: Upgrade\r\nUpgrade: h2c\r\n", VERSION, KEY], upgrade_required, ""),
        ("GET", &["Upgrade: websocket\r\n", VERSION, KEY], upgrade_required, ""),
        ("GET", &[UPGRADE, KEY], upgrade_required, speaks_13),
        ("GET", &[UPGRADE, KEY, "Sec-WebSocket-Version: 8\r\n"], upgrade_required, speaks_13),
        ("GET", &[UPGRADE, VERSION], "http/1.1 400 ", ""),
        ("GET", &[UPGRADE, VERSION, "Sec-WebSocket-Key: short\r\n"], "http/1.1 400 ", ""),
        ("HEAD", &[UPGRADE, VERSION, KEY], "http/1.1 405 ", "allow: get\r\n"),
        ("DELETE", &[UPGRADE, VERSION, KEY], "http/1.1 405 ", "allow: get\r\n"),
    ];
    for (method, headers, status, header) in table {
        let answer = answer(&app, method, headers).await;
        assert!(answer.starts_with(status), "{method} {headers:?}: {answer}");
        assert!(answer.contains(header), "{method} {headers:?}: {answer}");
    }
    app.serves(&honest).await;
    app.is_well().await;
}

#[tokio::test]
async fn an_old_http_is_no_place_for_a_websocket() {
    let app = App::new().await;
    let mut peer = RawPeer::dial(&app.url).await;
    let request = format!("GET /chat HTTP/1.0\r\n{UPGRADE}{VERSION}{KEY}\r\n");
    peer.write(request.as_bytes()).await;
    assert!(peer.http_head().await.starts_with("HTTP/1.0 400 "));
}

#[tokio::test]
async fn the_subprotocol_is_echoed_where_it_was_offered() {
    let app = App::new().await;
    let offers = [
        ("", false),
        ("Sec-WebSocket-Protocol: simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other, simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other\r\n", false),
    ];
    for (offer, echoed) in offers {
        let answer = answer(&app, "GET", &[UPGRADE, VERSION, KEY, offer]).await;
        assert!(answer.starts_with("http/1.1 101 "), "{answer}");
        let accept = format!("sec-websocket-accept: {}\r\n", websocket::ACCEPT.to_lowercase());
        assert!(answer.contains(&accept), "{answer}");
        let echo = answer.contains("sec-websocket-protocol: simplenet\r\n");
        assert_eq!(echo, echoed, "{offer}: {answer}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_kept_away() {
    let allowed_origins = AllowedOrigins::only(["https://example.org"]).unwrap();
    let app = App::with(ServerConfig { allowed_origins, ..Default::default() }).await;
    let table = [
        ("Origin: https://example.org\r\n", "http/1.1 101 "),
        ("Origin: https://example.net\r\n", "http/1.1 403 "),
        ("Origin: https://example.org\r\nOrigin: https://example.net\r\n", "http/1.1 403 "),
        ("", "http/1.1 101 "),
    ];
    for (origin, status) in table {
        let answer = answer(&app, "GET", &[UPGRADE, VERSION, KEY, origin]).await;
        assert!(answer.starts_with(status), "{origin}: {answer}");
    }
}
