//! Invalid frames and excessive requests within a session.

use simplenet::{CloseReason, SendOutcome, ServerConfig};
use simplenet_tests::{
    attack::values,
    raw,
    raw::{RawPeer, Received, code::VIOLATION, websocket},
};

use super::{HOSTILE, TYPING, TestServer, hello, say};

/// Encodes a message with one frame.
fn message(frame: &[u8]) -> Vec<u8> {
    websocket::frame(websocket::BINARY, &raw::packed(frame), true)
}

/// Sends the violation between two valid messages. Asserts that the session ends, and that the
/// application receives only the first message.
async fn assert_violation(test_server: &mut TestServer, violation: &[u8]) {
    let mut peer = test_server.hostile().await;
    let valid = peer.binary(&raw::message(TYPING));
    peer.write(&[&valid, violation, &valid].concat()).await;
    test_server.expect_typing().await;
    let reason = test_server.expect_disconnected().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{violation:02x?}: {reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION, "{violation:02x?}");
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn misdirected_or_malformed_frame_from_a_client_ends_the_session() {
    let mut test_server = TestServer::new().await;
    let malformed = [
        // A second hello.
        hello(HOSTILE).encode(),
        // Bodies with a missing or an extra byte.
        vec![0x03],
        vec![0x03, 0xfb, 0x01],
        vec![0x10],
        vec![0x10, 1, 0],
        vec![0x11],
        vec![0x11, 1, 0],
        vec![0x10, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    for frame in values::misdirected_frames().iter().chain(&malformed) {
        assert_violation(&mut test_server, &message(frame)).await;
    }
}

#[tokio::test]
async fn frames_before_a_malformed_one_are_received() {
    let mut test_server = TestServer::new().await;
    let valid = raw::packed(&raw::message(TYPING));
    for malformed in [&[0][..], &[2, 0x02], &[0xfb, 1], &[0xff], &[1, 0xff]] {
        let mut peer = test_server.hostile().await;
        let message = [&valid, &valid, malformed].concat();
        peer.send_websocket(websocket::BINARY, &message).await;
        test_server.expect_typing().await;
        test_server.expect_typing().await;
        let reason = test_server.expect_disconnected().await;
        assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{malformed:?}: {reason:?}");
        assert_eq!(peer.close().await.0, VIOLATION, "{malformed:?}");
    }
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn empty_message_ends_the_session() {
    let mut test_server = TestServer::new().await;
    let empty = websocket::frame(websocket::BINARY, &[], true);
    assert_violation(&mut test_server, &empty).await;
}

#[tokio::test]
async fn invalid_payloads_end_the_session() {
    let mut test_server = TestServer::new().await;
    let payload = say("hello");
    let mut frames = vec![
        raw::message(&[]),
        raw::message(&[7]),
        raw::message(&[0, 0]),
        raw::message(&[0xfc, 0, 0, 0, 0, 0]),
        raw::request(1, &[]),
        raw::request(1, &[2]),
        raw::request(1, &payload[..payload.len() - 1]),
        raw::request(1, &[&payload[..], &[0]].concat()),
        // A text that is not UTF-8.
        raw::request(1, &[&[1, 1], &raw::bytes(&[0xff, 0xfe])[..]].concat()),
        // A room id that is too large for its type.
        raw::request(1, &[&[0], &raw::varint(u64::MAX)[..]].concat()),
    ];
    let claims = values::CLAIMED_LENGTHS.map(raw::varint);
    frames.extend(claims.map(|claim| raw::request(1, &[&[1, 1], &claim[..], b"x"].concat())));
    for frame in frames {
        assert_violation(&mut test_server, &message(&frame)).await;
    }
}

#[tokio::test]
async fn non_binary_message_ends_the_session() {
    let mut test_server = TestServer::new().await;
    for violation in values::non_binary_messages(&raw::packed(&raw::message(TYPING))) {
        assert_violation(&mut test_server, &violation).await;
    }
}

#[tokio::test]
async fn fragmented_message_is_received_as_one() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    let message = raw::packed(&raw::message(TYPING));
    peer.send_websocket(websocket::BINARY_START, &[]).await;
    peer.send_websocket(websocket::CONTINUATION, &message[..1]).await;
    peer.send_websocket(websocket::PING, b"").await;
    peer.send_websocket(websocket::CONTINUATION_END, &message[1..]).await;
    test_server.expect_typing().await;
}

#[tokio::test]
async fn request_id_in_flight_cannot_be_reused() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    peer.send(&raw::request(5, &say("once"))).await;
    let token = test_server.expect_say().await;
    assert_eq!(token.request_id().get(), 5);
    peer.send(&raw::request(5, &say("twice"))).await;
    let reason = test_server.expect_disconnected().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION);
    assert!(token.is_stale());
    assert_eq!(token.respond(simplenet_tests::chat::Said { seq: 1 }), SendOutcome::NotConnected);
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn answered_request_id_can_be_reused() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    for seq in 1..=3 {
        peer.send(&raw::request(5, &say("again"))).await;
        let token = test_server.expect_say().await;
        assert!(token.respond(simplenet_tests::chat::Said { seq: seq.into() }).is_queued());
        assert_eq!(peer.receive().await, Received::Frame(raw::response(5, &[1, seq])));
    }
    test_server.assert_serves().await;
}

#[tokio::test]
async fn requests_beyond_the_limit_end_the_session() {
    let mut test_server =
        TestServer::with(ServerConfig { max_in_flight: 3, ..Default::default() }).await;
    let mut peer = RawPeer::upgraded(&test_server.server.url()).await;
    peer.send(&hello(HOSTILE).encode()).await;
    let Received::Frame(welcome) = peer.receive().await else { panic!("no welcome") };
    // The kind, the features and the session take one byte each. The limits come next: at most 1
    // MiB per client frame, and three requests in flight.
    assert_eq!(welcome[3..9], [0xfc, 0x00, 0x00, 0x10, 0x00, 3]);
    test_server.expect_connected().await;
    let requests: Vec<u8> =
        (1..=4).flat_map(|id| peer.binary(&raw::request(id, &say("more")))).collect();
    peer.write(&requests).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(test_server.expect_say().await);
    }
    let reason = test_server.expect_disconnected().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION);
    assert!(tokens.iter().all(|token| token.is_stale()));
    test_server.assert_serves_alone().await;
}

#[tokio::test]
async fn requests_up_to_the_limit_are_served() {
    let mut test_server =
        TestServer::with(ServerConfig { max_in_flight: 3, ..Default::default() }).await;
    let mut peer = test_server.hostile().await;
    for first in [1, 4, 7] {
        let mut tokens = Vec::new();
        for id in first..first + 3 {
            peer.send(&raw::request(id, &say("more"))).await;
            tokens.push(test_server.expect_say().await);
        }
        for token in tokens {
            let id = token.request_id().get();
            assert!(token.ack().is_queued());
            assert_eq!(
                peer.receive().await,
                Received::Frame([&[0x45], &raw::varint(id)[..]].concat())
            );
        }
    }
}
