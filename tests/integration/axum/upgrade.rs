//! The route's responses to WebSocket requests and to other requests.

use axum::{
    body::Body,
    http::{self, Request},
};
use futures_util::{SinkExt, StreamExt};
use hyper::{body::Incoming, client::conn::http2, ext::Protocol};
use hyper_util::rt::{TokioExecutor, TokioIo};
use simplenet::{AllowedOrigins, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{accept, ended, soon},
    raw,
    raw::{Hello, RawPeer, websocket},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

use super::App;

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";

/// Returns the head of the response to a request for the chat, in lower case.
async fn response_head(app: &App, method: &str, headers: &[&str]) -> String {
    let mut peer = RawPeer::dial(&app.url).await;
    let request = format!("{method} /chat HTTP/1.1\r\nHost: localhost\r\n{}\r\n", headers.concat());
    peer.write(request.as_bytes()).await;
    peer.http_head().await.to_lowercase()
}

#[tokio::test]
async fn request_without_upgrade_is_answered_with_the_reason() {
    let mut app = App::new().await;
    let client = app.pair(1).await;
    let upgrade_required = "http/1.1 426 ";
    let supports_13 = "sec-websocket-version: 13\r\n";
    let table: [(&str, &[&str], &str, &str); 11] = [
        ("GET", &[], upgrade_required, "upgrade: websocket\r\n"),
        ("GET", &[VERSION, KEY], upgrade_required, "connection: upgrade\r\n"),
        ("GET", &["Connection: Upgrade\r\n", VERSION, KEY], upgrade_required, supports_13),
        ("GET", &["Connection: Upgrade\r\nUpgrade: h2c\r\n", VERSION, KEY], upgrade_required, ""),
        ("GET", &["Upgrade: websocket\r\n", VERSION, KEY], upgrade_required, ""),
        ("GET", &[UPGRADE, KEY], upgrade_required, supports_13),
        ("GET", &[UPGRADE, KEY, "Sec-WebSocket-Version: 8\r\n"], upgrade_required, supports_13),
        ("GET", &[UPGRADE, VERSION], "http/1.1 400 ", ""),
        ("GET", &[UPGRADE, VERSION, "Sec-WebSocket-Key: short\r\n"], "http/1.1 400 ", ""),
        ("HEAD", &[UPGRADE, VERSION, KEY], "http/1.1 405 ", "allow: get\r\n"),
        ("DELETE", &[UPGRADE, VERSION, KEY], "http/1.1 405 ", "allow: get\r\n"),
    ];
    for (method, headers, status, header) in table {
        let head = response_head(&app, method, headers).await;
        assert!(head.starts_with(status), "{method} {headers:?}: {head}");
        assert!(head.contains(header), "{method} {headers:?}: {head}");
    }
    app.assert_serves(&client).await;
    app.assert_page_and_health().await;
}

#[tokio::test]
async fn http_1_0_cannot_be_upgraded() {
    let app = App::new().await;
    let mut peer = RawPeer::dial(&app.url).await;
    let request = format!("GET /chat HTTP/1.0\r\n{UPGRADE}{VERSION}{KEY}\r\n");
    peer.write(request.as_bytes()).await;
    assert!(peer.http_head().await.starts_with("HTTP/1.0 400 "));
}

#[tokio::test]
async fn offered_subprotocol_is_echoed() {
    let app = App::new().await;
    let offers = [
        ("", false),
        ("Sec-WebSocket-Protocol: simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other, simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: simplenet\r\n", true),
        ("Sec-WebSocket-Protocol: other\r\n", false),
    ];
    for (offer, echoed) in offers {
        let head = response_head(&app, "GET", &[UPGRADE, VERSION, KEY, offer]).await;
        assert!(head.starts_with("http/1.1 101 "), "{head}");
        let accept = format!("sec-websocket-accept: {}\r\n", websocket::ACCEPT.to_lowercase());
        assert!(head.contains(&accept), "{head}");
        let echo = head.contains("sec-websocket-protocol: simplenet\r\n");
        assert_eq!(echo, echoed, "{offer}: {head}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_by_the_route() {
    let allowed_origins = AllowedOrigins::only(["https://example.org"]).unwrap();
    let app = App::with(ServerConfig { allowed_origins, ..Default::default() }).await;
    let table = [
        ("Origin: https://example.org\r\n", "http/1.1 101 "),
        ("Origin: https://example.net\r\n", "http/1.1 403 "),
        ("Origin: https://example.org\r\nOrigin: https://example.net\r\n", "http/1.1 403 "),
        ("", "http/1.1 101 "),
    ];
    for (origin, status) in table {
        let head = response_head(&app, "GET", &[UPGRADE, VERSION, KEY, origin]).await;
        assert!(head.starts_with(status), "{origin}: {head}");
    }
}

/// Sends a request for the chat over HTTP/2, and returns the response.
async fn connect(app: &App, method: &str, version: &str) -> http::Response<Incoming> {
    let address = app.url.socket_addrs(|| None).unwrap()[0];
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut requests, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let request = |path: &str| Request::builder().uri(format!("http://{address}{path}"));
    // After the first response, the client has received the settings of the server.
    let page = request("/").body(Body::empty()).unwrap();
    assert_eq!(requests.send_request(page).await.unwrap().status(), 200);

    let mut chat = request("/chat").method(method).header("sec-websocket-version", version);
    if method == "CONNECT" {
        chat = chat.extension(Protocol::from_static("websocket"));
    }
    let chat = chat.header("sec-websocket-protocol", "simplenet").body(Body::empty()).unwrap();
    soon("the response", requests.send_request(chat)).await.unwrap()
}

#[tokio::test]
async fn http_2_stream_becomes_a_websocket() {
    let mut app = App::new().await;
    let response = connect(&app, "CONNECT", "13").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["sec-websocket-protocol"], "simplenet");
    let stream = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let hello = Hello::new::<chat::Chat>(7, raw::text("ann")).encode();
    socket.send(Message::binary(hello)).await.unwrap();
    match soon("a welcome", socket.next()).await {
        Some(Ok(Message::Binary(frame))) => assert_eq!(frame[0], 0x41),
        other => panic!("{other:?}"),
    }
    assert_eq!(accept(&mut app.server).await.0, 7.into());
    drop(socket);
    assert_eq!(ended(&mut app.server).await.0, 7.into());

    assert_eq!(connect(&app, "CONNECT", "8").await.status(), 426);
    assert_eq!(connect(&app, "GET", "13").await.status(), 426);
    app.assert_page_and_health().await;
}
