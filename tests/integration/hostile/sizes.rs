//! Messages at the size limit, and above it.

use simplenet::{CloseReason, ServerConfig};
use simplenet_tests::{
    raw,
    raw::{RawPeer, Received, code::TOO_BIG, websocket},
};

use super::{HOSTILE, TYPING, TestServer, hello, say};

/// A message limit above the limit of a hello.
const LIMIT: usize = 128 * 1024;

/// A message limit below the limit of a hello.
const SMALL: usize = 1024;

async fn limited_to(max_msg_size: usize) -> TestServer {
    TestServer::with(ServerConfig { max_msg_size, ..Default::default() }).await
}

/// Encodes a valid frame of `size` bytes.
fn request_of(size: usize) -> Vec<u8> {
    let overhead = raw::request(1, &say(&"x".repeat(size))).len() - size;
    let frame = raw::request(1, &say(&"x".repeat(size - overhead)));
    assert_eq!(frame.len(), size);
    frame
}

#[tokio::test]
async fn largest_message_is_accepted() {
    let mut test_server = limited_to(LIMIT).await;
    let mut peer = test_server.hostile().await;
    peer.send(&request_of(LIMIT)).await;
    test_server.expect_say().await.ack();
    test_server.assert_serves().await;
}

/// Sends these bytes after a valid message, and asserts that the session ends with `MessageTooBig`.
async fn assert_too_big(limit: usize, oversized: &[u8]) {
    let mut test_server = limited_to(limit).await;
    let mut peer = test_server.hostile().await;
    let valid = peer.binary(&raw::message(TYPING));
    peer.write(&[&valid, oversized].concat()).await;
    test_server.expect_typing().await;
    assert_eq!(test_server.expect_disconnected().await, CloseReason::MessageTooBig);
    assert_eq!(peer.close().await.0, TOO_BIG);
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn oversized_fragmented_message_is_refused() {
    let fragments = [
        websocket::frame(websocket::BINARY_START, &[0x02; LIMIT - 1000], true),
        websocket::frame(websocket::CONTINUATION, &[0x02; 1001], true),
    ];
    assert_too_big(LIMIT, &fragments.concat()).await;
}

#[tokio::test]
async fn oversized_message_is_answered_with_the_reason() {
    assert_too_big(LIMIT, &websocket::frame(websocket::BINARY, &request_of(LIMIT + 1), true)).await;
}

#[tokio::test]
async fn message_limit_below_the_limit_of_a_hello_is_enforced() {
    let mut test_server = limited_to(SMALL).await;
    let mut peer = test_server.hostile().await;
    peer.send(&request_of(SMALL)).await;
    test_server.expect_say().await.ack();
    peer.send(&request_of(SMALL + 1)).await;
    assert_eq!(test_server.expect_disconnected().await, CloseReason::MessageTooBig);
    assert_eq!(peer.close().await.0, TOO_BIG);
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn oversized_message_header_is_refused() {
    for limit in [SMALL, LIMIT] {
        for size in [limit + 1, 2 * limit] {
            assert_too_big(limit, &websocket::header(websocket::BINARY, size as u64, true)).await;
        }
    }
}

#[tokio::test]
async fn close_frame_may_exceed_the_message_limit() {
    let mut test_server = limited_to(64).await;
    let mut peer = test_server.hostile().await;
    peer.send_websocket(websocket::CLOSE, &websocket::close(1000, &"x".repeat(123))).await;
    assert_eq!(test_server.expect_disconnected().await, CloseReason::ClosedByClient);
    test_server.assert_serves_alone().await;
}

/// A client must wait for the welcome. If it does not, the limits of a session apply to its frames.
#[tokio::test]
async fn frames_sent_with_the_hello_are_received_in_the_session() {
    let mut test_server = limited_to(SMALL).await;
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    let bytes = [hello(HOSTILE).encode(), raw::message(TYPING)].map(|frame| peer.binary(&frame));
    let oversized = websocket::header(websocket::BINARY, SMALL as u64 + 1, true);
    peer.write(&[bytes.concat(), oversized].concat()).await;
    test_server.expect_connected().await;
    test_server.expect_typing().await;
    assert_eq!(test_server.expect_disconnected().await, CloseReason::MessageTooBig);
    assert!(matches!(peer.receive().await, Received::Frame(welcome) if welcome[0] == 0x41));
    assert_eq!(peer.close().await.0, TOO_BIG);
    test_server.assert_serves_alone().await;
}
