//! Messages at the size limit, and above it.

use simplenet::{CloseReason, ServerConfig};
use simplenet_tests::{
    raw,
    raw::{code::TOO_BIG, websocket},
};

use super::{TYPING, TestServer, say};

/// A message limit above the limit of a hello.
const LIMIT: usize = 128 * 1024;

/// A message limit below the size up to which frames are packed.
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
        websocket::frame(websocket::CONTINUATION, &[0x02; 1006], true),
    ];
    assert_too_big(LIMIT, &fragments.concat()).await;
}

#[tokio::test]
async fn oversized_message_is_answered_with_the_reason() {
    for (limit, size) in [(SMALL, SMALL + 1), (SMALL, 16 * 1024 - 3), (LIMIT, LIMIT + 1)] {
        let message = raw::packed(&request_of(size));
        assert_too_big(limit, &websocket::frame(websocket::BINARY, &message, true)).await;
    }
}

#[tokio::test]
async fn packed_message_may_exceed_the_limit_of_a_frame() {
    let mut test_server = limited_to(SMALL).await;
    let mut peer = test_server.hostile().await;
    let frames: Vec<u8> = (1..=16)
        .flat_map(|id| raw::packed(&raw::request(id, &say(&"x".repeat(SMALL - 20)))))
        .collect();
    assert!((15 * SMALL..=16 * 1024).contains(&frames.len()), "{} bytes", frames.len());
    peer.send_websocket(websocket::BINARY, &frames).await;
    for _ in 1..=16 {
        test_server.expect_say().await.ack();
    }
    test_server.assert_serves().await;
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
    // A message has at most 16 KiB, or one frame with its length of up to five bytes.
    for (limit, longest) in [(SMALL, 16 * 1024), (LIMIT, LIMIT + 5)] {
        for size in [longest + 1, 2 * longest] {
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
