//! Half-closed peers, which have closed their writing half and still read. The session of such a
//! peer ends, but the peer receives the last frames of the server.

use simplenet::CloseReason;
use simplenet_tests::{
    raw,
    raw::{
        Hello, RawPeer, Received,
        code::{DUPLICATE, MISMATCH, TOO_BIG, VIOLATION},
        websocket,
    },
};

use super::{HONEST, HOSTILE, TYPING, TestServer, hello};

/// Number of repetitions. The server reads the frames and the end of the stream in one step or in
/// several, depending on timing.
const ROUNDS: usize = 50;

/// Connects a peer that sends these bytes at once and then closes its writing half.
async fn send_and_half_close(test_server: &TestServer, bytes: &[u8]) -> RawPeer {
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    peer.write(bytes).await;
    peer.finish().await;
    peer
}

fn binary(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, frame, true)
}

async fn assert_welcomed(peer: &mut RawPeer) {
    let welcome = peer.receive().await;
    assert!(matches!(&welcome, Received::Frame(frame) if frame[0] == 0x41), "{welcome:02x?}");
}

#[tokio::test]
async fn peer_that_half_closes_after_its_hello_is_welcomed() {
    let mut test_server = TestServer::new().await;
    for _ in 0..ROUNDS {
        let mut peer = send_and_half_close(&test_server, &binary(&hello(HOSTILE).encode())).await;
        assert_welcomed(&mut peer).await;
        assert_eq!(peer.receive().await, Received::End);
        test_server.expect_connected().await;
        let reason = test_server.expect_disconnected().await;
        assert!(matches!(reason, CloseReason::ConnectionLost(_)), "{reason:?}");
    }
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn half_closed_peer_receives_its_refusal() {
    let mut test_server = TestServer::new().await;
    let refused = [
        (hello(HONEST).encode(), DUPLICATE),
        (Hello { protocol: 0, ..hello(HOSTILE) }.encode(), MISMATCH),
        (raw::message(TYPING), VIOLATION),
    ];
    for (frame, code) in refused.iter().cycle().take(ROUNDS) {
        let mut peer = send_and_half_close(&test_server, &binary(frame)).await;
        let (refused, close) = peer.refused().await;
        assert_eq!((refused.code, close), (*code, *code));
        assert_eq!(peer.receive().await, Received::End);
    }
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn half_closed_peer_receives_the_close_reason() {
    let mut test_server = TestServer::new().await;
    let last_frames = [
        (binary(&raw::packed(&[0xff])), VIOLATION),
        (binary(&raw::packed(&raw::message(&[7]))), VIOLATION),
        (binary(&[]), VIOLATION),
        (websocket::frame(websocket::TEXT, b"typing", true), VIOLATION),
        (websocket::header(websocket::BINARY, 1 << 21, true), TOO_BIG),
    ];
    for (last, code) in last_frames.iter().cycle().take(ROUNDS) {
        let mut peer = RawPeer::welcomed(&test_server.server.url(), &hello(HOSTILE)).await;
        let valid = peer.binary(&raw::message(TYPING));
        peer.write(&[&valid, &last[..]].concat()).await;
        peer.finish().await;
        assert_eq!(peer.close().await.0, *code, "{last:02x?}");
        assert_eq!(peer.receive().await, Received::End);
        test_server.expect_connected().await;
        test_server.expect_typing().await;
        match test_server.expect_disconnected().await {
            CloseReason::ProtocolViolation(_) => assert_eq!(*code, VIOLATION, "{last:02x?}"),
            reason => assert_eq!((reason, *code), (CloseReason::MessageTooBig, TOO_BIG)),
        }
    }
    test_server.assert_serves_alone().await;
}
