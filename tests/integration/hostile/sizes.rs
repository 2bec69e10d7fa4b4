//! Messages that are larger than they may be.

use simplenet::{CloseReason, ServerConfig};
use simplenet_tests::{
    raw,
    raw::{code::TOO_BIG, websocket},
};

use super::{Stage, TYPING, say};

/// More than a hello may have: that much any connection must take.
const LIMIT: usize = 128 * 1024;

async fn limited() -> Stage {
    Stage::with(ServerConfig { max_msg_size: LIMIT, ..Default::default() }).await
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
    let mut stage = limited().await;
    let mut peer = stage.stranger().await;
    peer.send(&request_of(LIMIT)).await;
    stage.stranger_says().await.ack();
    stage.holds().await;
}

/// The bytes announce too much, and the session ends without waiting for it.
async fn too_big(announced: &[u8]) {
    let mut stage = limited().await;
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
    too_big(&parts.concat()).await;
}

#[tokio::test]
async fn one_that_comes_all_the_same_gets_its_reason() {
    too_big(&websocket::frame(websocket::BINARY, &request_of(LIMIT + 1), true)).await;
}

#[tokio::test]
async fn a_limit_below_that_of_a_hello_holds_as_well() {
    let config = ServerConfig { max_msg_size: 4096, ..Default::default() };
    let mut stage = Stage::with(config).await;
    let mut peer = stage.stranger().await;
    peer.send(&request_of(4096)).await;
    stage.stranger_says().await.ack();
    peer.send(&request_of(4097)).await;
    assert_eq!(stage.stranger_ends().await, CloseReason::MessageTooBig);
    assert_eq!(peer.close().await.0, TOO_BIG);
    stage.holds_alone().await;
}
