//! Frames that end a session.

use simplenet::{CloseReason, SendOutcome, ServerConfig};
use simplenet_tests::{
    raw,
    raw::{RawPeer, Received, code::VIOLATION, websocket},
};

use super::{STRANGER, Stage, TYPING, hello, say};

/// What was sent before the violation reaches the application, what comes after it does not.
async fn violates(stage: &mut Stage, violation: &[u8]) {
    let mut peer = stage.stranger().await;
    let good = peer.binary(&raw::message(TYPING));
    peer.write(&[&good, violation, &good].concat()).await;
    stage.stranger_types().await;
    let reason = stage.stranger_ends().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{violation:02x?}: {reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION, "{violation:02x?}");
    stage.holds_alone().await;
}

#[tokio::test]
async fn frames_that_no_client_may_send_end_the_session() {
    let mut stage = Stage::new().await;
    let frames = [
        vec![],
        vec![0x00],
        vec![0xff, 0xff],
        // What only a server may say.
        vec![0x41, 0, 1, 0, 0, 0, 0],
        vec![0x42, 1, 0, 0, 0, 0, 0],
        vec![0x43, 0],
        raw::response(1, &[1, 1]),
        vec![0x45, 1],
        vec![0x46, 1],
        vec![0x47, 0],
        // Again.
        hello(STRANGER).encode(),
        // Bodies with a byte too few or too many.
        vec![0x03],
        vec![0x03, 0xfb, 0x01],
        vec![0x10],
        vec![0x10, 1, 0],
        vec![0x11],
        vec![0x11, 1, 0],
        vec![0x10, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    for frame in frames {
        let bytes = websocket::frame(websocket::BINARY, &frame, true);
        violates(&mut stage, &bytes).await;
    }
}

#[tokio::test]
async fn payloads_that_fit_no_type_end_the_session() {
    let mut stage = Stage::new().await;
    let said = say("hello");
    let frames = [
        raw::message(&[]),
        raw::message(&[7]),
        raw::message(&[0, 0]),
        raw::message(&[0xfc, 0, 0, 0, 0, 0]),
        raw::request(1, &[]),
        raw::request(1, &[2]),
        raw::request(1, &said[..said.len() - 1]),
        raw::request(1, &[&said[..], &[0]].concat()),
        // A text that is longer than the frame, longer than memory, and no text at all.
        raw::request(1, &[1, 1, 200, b'x']),
        raw::request(1, &[&[1, 1], &raw::varint(u64::MAX)[..], b"x"].concat()),
        raw::request(1, &[&[1, 1], &raw::bytes(&[0xff, 0xfe])[..]].concat()),
        // A room that is wider than its type.
        raw::request(1, &[&[0], &raw::varint(u64::MAX)[..]].concat()),
    ];
    for frame in frames {
        let bytes = websocket::frame(websocket::BINARY, &frame, true);
        violates(&mut stage, &bytes).await;
    }
}

#[tokio::test]
async fn what_is_no_binary_message_ends_the_session() {
    let mut stage = Stage::new().await;
    let good = raw::message(TYPING);
    let violations = [
        websocket::frame(websocket::TEXT, b"typing", true),
        websocket::frame(websocket::TEXT, &[0xff, 0xfe], true),
        websocket::frame(websocket::BINARY, &good, false),
        websocket::frame(websocket::BINARY | 0x40, &good, true),
        websocket::frame(0x83, &good, true),
        websocket::frame(websocket::ENDS, &good, true),
        websocket::frame(0x09, b"ping", true),
        websocket::frame(websocket::PING, &[0; 126], true),
        [
            websocket::frame(websocket::BINARY_BEGINS, &good[..1], true),
            websocket::frame(websocket::BINARY, &good, true),
        ]
        .concat(),
    ];
    for violation in violations {
        violates(&mut stage, &violation).await;
    }
}

#[tokio::test]
async fn a_message_in_parts_is_one_message() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    peer.send_websocket(websocket::BINARY_BEGINS, &[]).await;
    peer.send_websocket(websocket::CONTINUES, &[0x02]).await;
    peer.send_websocket(websocket::PING, b"").await;
    peer.send_websocket(websocket::ENDS, TYPING).await;
    stage.stranger_types().await;
}

#[tokio::test]
async fn an_id_in_flight_is_not_given_twice() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    peer.send(&raw::request(5, &say("once"))).await;
    let token = stage.stranger_says().await;
    assert_eq!(token.request_id().get(), 5);
    peer.send(&raw::request(5, &say("twice"))).await;
    let reason = stage.stranger_ends().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION);
    assert!(token.is_stale());
    assert_eq!(token.respond(simplenet_tests::chat::Said { seq: 1 }), SendOutcome::NotConnected);
    stage.holds_alone().await;
}

#[tokio::test]
async fn an_id_that_was_answered_is_free() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    for seq in 1..=3 {
        peer.send(&raw::request(5, &say("again"))).await;
        let token = stage.stranger_says().await;
        assert!(token.respond(simplenet_tests::chat::Said { seq: seq.into() }).is_queued());
        assert_eq!(peer.receive().await, Received::Frame(raw::response(5, &[1, seq])));
    }
    stage.holds().await;
}

#[tokio::test]
async fn more_requests_than_granted_end_the_session() {
    let mut stage = Stage::with(ServerConfig { max_in_flight: 3, ..Default::default() }).await;
    let mut peer = RawPeer::upgraded(&stage.server.url()).await;
    peer.send(&hello(STRANGER).encode()).await;
    let Received::Frame(welcome) = peer.receive().await else { panic!("no welcome") };
    // Kind, features, session, frames of 1 MiB, and the number of requests.
    assert_eq!(welcome[3..9], [0xfc, 0x00, 0x00, 0x10, 0x00, 3]);
    stage.stranger_connects().await;
    let requests: Vec<u8> =
        (1..=4).flat_map(|id| peer.binary(&raw::request(id, &say("more")))).collect();
    peer.write(&requests).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(stage.stranger_says().await);
    }
    let reason = stage.stranger_ends().await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    assert_eq!(peer.close().await.0, VIOLATION);
    assert!(tokens.iter().all(|token| token.is_stale()));
    stage.holds_alone().await;
}

#[tokio::test]
async fn as_many_requests_as_granted_are_served() {
    let mut stage = Stage::with(ServerConfig { max_in_flight: 3, ..Default::default() }).await;
    let mut peer = stage.stranger().await;
    for first in [1, 4, 7] {
        let mut tokens = Vec::new();
        for id in first..first + 3 {
            peer.send(&raw::request(id, &say("more"))).await;
            tokens.push(stage.stranger_says().await);
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
