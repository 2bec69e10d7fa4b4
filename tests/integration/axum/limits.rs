//! The limits of a server behind a route.

use std::time::Duration;

use simplenet::{CloseReason, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{accept, ended},
    raw,
    raw::{Hello, RawPeer, Received, websocket},
};

use super::App;

fn raw_hello() -> Hello {
    Hello::new::<chat::Chat>(666, raw::text("mallory"))
}

/// Sends a valid upgrade request, and returns the peer and the head of the response.
async fn upgrade_response(app: &App) -> (RawPeer, String) {
    let mut peer = RawPeer::dial(&app.url).await;
    peer.write(websocket::upgrade(app.url.path()).as_bytes()).await;
    let head = peer.http_head().await.to_lowercase();
    (peer, head)
}

#[tokio::test]
async fn route_without_capacity_responds_with_unavailable() {
    let config = ServerConfig {
        max_pending: 1,
        retry_after: Some(Duration::from_millis(2500)),
        ..ServerConfig::default()
    };
    let mut app = App::with(config).await;
    let (mut first, head) = upgrade_response(&app).await;
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    // Besides the pending connections, the route queues up to `max_pending` requests. It refuses a
    // request if the queue is full.
    let mut waiting = Vec::new();
    let refusal = loop {
        let (peer, head) = upgrade_response(&app).await;
        if !head.starts_with("http/1.1 101 ") {
            break head;
        }
        waiting.push(peer);
        assert!(waiting.len() <= 2, "no request is refused while two connections wait");
    };
    assert!(refusal.starts_with("http/1.1 503 "), "{refusal}");
    assert!(refusal.contains("retry-after: 3\r\n"), "{refusal}");
    app.assert_page_and_health().await;

    // The server accepts the queued connections one by one.
    first.send(&raw_hello().encode()).await;
    accept(&mut app.server).await;
    for (id, peer) in waiting.iter_mut().enumerate() {
        let hello = Hello::new::<chat::Chat>(id as u128, raw::text("ann"));
        peer.send(&hello.encode()).await;
        accept(&mut app.server).await;
    }
    let client = app.pair(100).await;
    app.assert_serves(&client).await;
}

#[tokio::test]
async fn full_server_refuses_clients_after_the_upgrade() {
    let config = ServerConfig { max_connections: 1, ..ServerConfig::default() };
    let mut app = App::with(config).await;
    let client = app.pair(1).await;
    let mut peer = RawPeer::upgraded(&app.url).await;
    peer.send(&raw_hello().encode()).await;
    let (refused, code) = peer.refused().await;
    assert_eq!((refused.code, code), (4050, 4050));
    app.assert_serves(&client).await;
}

#[tokio::test]
async fn connections_per_address_are_limited() {
    let config = ServerConfig { max_connections_per_ip: Some(1), ..ServerConfig::default() };
    let mut app = App::with(config).await;
    let client = app.pair(1).await;
    let mut peer = RawPeer::upgraded(&app.url).await;
    assert_eq!(peer.receive().await, Received::End);
    app.assert_serves(&client).await;
}

#[tokio::test]
async fn missing_hello_times_out() {
    let config =
        ServerConfig { auth_timeout: Duration::from_millis(300), ..ServerConfig::default() };
    let mut app = App::with(config).await;
    let client = app.pair(1).await;
    let mut peer = RawPeer::upgraded(&app.url).await;
    let (refused, code) = peer.refused().await;
    assert_eq!((refused.code, code), (4053, 4053));
    app.assert_serves(&client).await;
}

#[tokio::test]
async fn oversized_message_is_refused_by_its_header() {
    let mut app = App::with(ServerConfig { max_msg_size: 1024, ..ServerConfig::default() }).await;
    let client = app.pair(1).await;
    let mut peer = RawPeer::upgraded(&app.url).await;
    peer.write(&websocket::header(websocket::BINARY, 64 * 1024 + 1, true)).await;
    let (refused, code) = peer.refused().await;
    assert_eq!((refused.code, code), (4057, 4057));

    let mut peer = RawPeer::welcomed(&app.url, &raw_hello()).await;
    accept(&mut app.server).await;
    peer.write(&websocket::header(websocket::BINARY, 16 * 1024 + 1, true)).await;
    assert_eq!(ended(&mut app.server).await, (666.into(), CloseReason::MessageTooBig));
    assert_eq!(peer.close().await.0, 4057);
    app.assert_serves(&client).await;
}

/// Sends empty fragments, and asserts that the server stops reading them before 20 MB are sent.
async fn assert_empty_fragments_are_limited(peer: &mut RawPeer) {
    peer.send_websocket(websocket::BINARY_START, &[]).await;
    let fragments = websocket::frame(websocket::CONTINUATION, &[], true).repeat(10_000);
    let mut written = 0;
    while peer.write(&fragments).await {
        written += fragments.len();
        assert!(written < 20_000_000, "the server reads more than the buffers hold");
    }
}

#[tokio::test]
async fn received_bytes_are_limited_below_the_websocket() {
    let mut app = App::new().await;
    let client = app.pair(1).await;
    let mut peer = RawPeer::welcomed(&app.url, &raw_hello()).await;
    accept(&mut app.server).await;
    assert_empty_fragments_are_limited(&mut peer).await;
    assert_eq!(ended(&mut app.server).await, (666.into(), CloseReason::MessageTooBig));

    // The limit also applies before the hello.
    let mut peer = RawPeer::upgraded(&app.url).await;
    assert_empty_fragments_are_limited(&mut peer).await;
    app.assert_serves(&client).await;
}

#[tokio::test]
async fn bytes_sent_with_the_upgrade_are_received() {
    let mut app = App::new().await;
    let mut peer = RawPeer::dial(&app.url).await;
    let upgrade = websocket::upgrade(app.url.path()).into_bytes();
    peer.write(&[upgrade, peer.binary(&raw_hello().encode())].concat()).await;
    assert!(peer.http_head().await.starts_with("HTTP/1.1 101 "));
    assert!(matches!(peer.receive().await, Received::Frame(frame) if frame[0] == 0x41));
    assert_eq!(accept(&mut app.server).await.0, 666.into());
}
