//! Messages that are larger than they may be.

use simplenet::{CloseReason, ServerConfig};
use simplenet_tests::{
    raw,
    raw::{RawPeer, Received, code::TOO_BIG, websocket},
};

use super::{STRANGER, Stage, TYPING, hello, say};

/// More than a hello may have.
const LIMIT: usize = 128 * 1024;

/// Less than a hello may have.
const SMALL: usize = 1024;

async fn limited_to(max_msg_size: usize) -> Stage {
    Stage::with(ServerConfig { max_msg_size, ..Default::default() }).await
}

/// A frame of so many bytes that the server would understand.
fn request_of(size: usize) -> Vec<u8> {
    let around = raw::request(1, &say(&"x".repeat(size))).len() - size;
    let frame = raw::request(1, &say(&"x".repeat(size - around)));
    assert_eq!(frame.len(), size);
    frame
}

#[tokio::test]
async fn the_largest_message_is_taken() {
    let mut stage = limited_to(LIMIT).await;
    let mut peer = stage.stranger().await;
    peer.send(&request_of(LIMIT)).await;
    stage.stranger_says().await.ack();
    stage.holds().await;
}

/// The bytes announce too much, and the session ends without waiting for it.
async fn too_big(limit: usize, announced: &[u8]) {
    let mut stage = limited_to(limit).await;
    let mut peer = stage.stranger().await;
    let good = peer.binary(&raw::message(TYPING));
    peer.write(&[&good, announced].concat()).await;
    stage.stranger_types().await;
    assert_eq!(stage.stranger_ends().await, CloseReason::MessageTooBig);
    assert_eq!(peer.close().await.0, TOO_BIG);
    stage.holds_alone().await;
}

#[tokio::test]
async fn so_is_one_that_grows_too_large_in_parts() {
    let parts = [
        websocket::frame(websocket::BINARY_BEGINS, &[0x02; LIMIT - 1000], true),
        websocket::frame(websocket::CONTINUES, &[0x02; 1001], true),
    ];
    too_big(LIMIT, &parts.concat()).await;
}

#[tokio::test]
async fn one_that_comes_all_the_same_gets_its_reason() {
    too_big(LIMIT, &websocket::frame(websocket::BINARY, &request_of(LIMIT + 1), true)).await;
}

#[tokio::test]
async fn a_limit_below_that_of_a_hello_holds_as_well() {
    let mut stage = limited_to(SMALL).await;
    let mut peer = stage.stranger().await;
    peer.send(&request_of(SMALL)).await;
    stage.stranger_says().await.ack();
    peer.send(&request_of(SMALL + 1)).await;
    assert_eq!(stage.stranger_ends().await, CloseReason::MessageTooBig);
    assert_eq!(peer.close().await.0, TOO_BIG);
    stage.holds_alone().await;
}

#[tokio::test]
async fn the_header_of_a_message_is_enough_to_refuse_it() {
    for limit in [SMALL, LIMIT] {
        for size in [limit + 1, 2 * limit] {
            too_big(limit, &websocket::header(websocket::BINARY, size as u64, true)).await;
        }
    }
}

#[tokio::test]
async fn a_close_may_be_longer_than_any_message() {
    let mut stage = limited_to(64).await;
    let mut peer = stage.stranger().await;
    peer.send_websocket(websocket::CLOSE, &websocket::close(1000, &"x".repeat(123))).await;
    assert_eq!(stage.stranger_ends().await, CloseReason::ClosedByClient);
    stage.holds_alone().await;
}

/// Nobody may, but whoever does is held to the limits of a session by then.
#[tokio::test]
async fn what_is_said_together_with_the_hello_is_heard_in_the_session() {
    let mut stage = limited_to(SMALL).await;
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    let words = [hello(STRANGER).encode(), raw::message(TYPING)].map(|frame| peer.binary(&frame));
    let more = websocket::header(websocket::BINARY, SMALL as u64 + 1, true);
    peer.write(&[words.concat(), more].concat()).await;
    stage.stranger_connects().await;
    stage.stranger_types().await;
    assert_eq!(stage.stranger_ends().await, CloseReason::MessageTooBig);
    assert!(matches!(peer.receive().await, Received::Frame(welcome) if welcome[0] == 0x41));
    assert_eq!(peer.close().await.0, TOO_BIG);
    stage.holds_alone().await;
}
