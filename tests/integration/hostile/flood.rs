//! Peers that send without pause, read nothing, or ignore a close.

use simplenet::{CloseReason, ServerConfig, SlowConsumer};
use simplenet_tests::{
    chat,
    harness::soon,
    raw,
    raw::{Received, code::VIOLATION, websocket},
};

use super::{HOSTILE, TYPING, TestServer};

/// Number of frames. Their bytes fill every buffer between two programs.
const MANY: u64 = 100_000;

#[tokio::test]
async fn flood_of_pings_gets_a_pong_for_the_newest() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    for batch in 0..10 {
        let pings: Vec<u8> =
            (0..MANY / 10).flat_map(|n| peer.binary(&raw::ping(batch * MANY / 10 + n))).collect();
        assert!(peer.write(&pings).await, "a ping has ended the session");
        test_server.assert_serves().await;
    }
    peer.send(&raw::ping(u64::MAX)).await;
    let last = [&[0x11], &raw::varint(u64::MAX)[..]].concat();
    let mut pongs = 1;
    while peer.receive().await != Received::Frame(last.clone()) {
        pongs += 1;
    }
    assert!(pongs <= MANY, "{pongs} answers");
    test_server.assert_serves().await;
}

#[tokio::test]
async fn flood_of_websocket_pings_affects_only_its_session() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    let pings: Vec<u8> =
        (0..1000).flat_map(|_| websocket::frame(websocket::PING, b"ping", true)).collect();
    for _ in 0..50 {
        assert!(peer.write(&pings).await, "a ping has ended the session");
        test_server.assert_serves().await;
    }
    peer.send(&raw::message(TYPING)).await;
    test_server.expect_typing().await;
}

#[tokio::test]
async fn unsolicited_pongs_are_ignored() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    for nonce in [0, 1, u64::MAX] {
        peer.send(&[&[0x11], &raw::varint(nonce)[..]].concat()).await;
    }
    peer.send(&raw::message(TYPING)).await;
    test_server.expect_typing().await;
    assert_eq!(test_server.server.rtt(HOSTILE), None, "a pong without a ping was measured");
}

#[tokio::test]
async fn flood_of_messages_is_held_back_without_loss() {
    let config = ServerConfig { inbox_events: 64, ..Default::default() };
    let mut test_server = TestServer::with(config).await;
    let mut peer = test_server.hostile().await;
    let message = peer.binary(&raw::message(TYPING));
    let flood = message.repeat(1000);
    let mut flooding = tokio::spawn(async move {
        for _ in 0..MANY / 1000 {
            assert!(peer.write(&flood).await);
        }
        peer
    });
    // The flood fills only the hostile peer's share of the event queue, so the honest client is
    // still served.
    let call = test_server.honest.call(chat::Join { room: chat::RoomId(1) });
    let mut joined = false;
    let mut messages = 0;
    while messages < MANY {
        match simplenet_tests::harness::server_event(&mut test_server.server).await.1 {
            chat::ServerEvent::Msg(chat::ClientMsg::Typing(_)) => messages += 1,
            chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => {
                assert!(messages < MANY / 2, "served after {messages} messages of the flood");
                token.ack();
                joined = true;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(joined);
    assert!(matches!(soon("the ack", call).await, Err(simplenet::CallError::Acknowledged)));
    let mut peer = soon("the end of the flood", &mut flooding).await.unwrap();
    peer.send(&[0xff]).await;
    assert!(matches!(test_server.expect_disconnected().await, CloseReason::ProtocolViolation(_)));
    assert_eq!(peer.close().await.0, VIOLATION);
}

#[tokio::test]
async fn peer_that_reads_nothing_is_disconnected() {
    let config =
        ServerConfig { outbox_bytes: 64 * 1024, max_msg_size: 64 * 1024, ..Default::default() };
    assert_eq!(config.slow_consumer, SlowConsumer::Disconnect);
    let mut test_server = TestServer::with(config).await;
    let mut peer = test_server.hostile().await;
    let posted =
        || chat::Posted { room: chat::RoomId(1), from: "ann".into(), text: "x".repeat(30_000) };
    let mut sent = 0;
    while test_server.server.send(HOSTILE, posted()).is_queued() {
        sent += 1;
        assert!(sent < 10_000, "300 MB are queued for a peer that reads nothing");
        tokio::task::yield_now().await;
    }
    assert_eq!(test_server.expect_disconnected().await, CloseReason::SlowConsumer);
    test_server.assert_serves_alone().await;
    // The server closes the connection even if the peer never reads the reason.
    peer.end().await;
}

#[tokio::test]
async fn peer_that_ignores_the_close_is_cut_off() {
    let mut test_server = TestServer::new().await;
    let mut peer = test_server.hostile().await;
    peer.send(&[0xff]).await;
    assert!(matches!(test_server.expect_disconnected().await, CloseReason::ProtocolViolation(_)));
    assert!(matches!(peer.receive().await, Received::Close(VIOLATION, _)));
    // The peer does not close. It sends messages until the server drops the connection.
    let mut pace = tokio::time::interval(std::time::Duration::from_millis(10));
    soon("the drop of the connection", async {
        while peer.send(&raw::message(TYPING)).await {
            pace.tick().await;
        }
    })
    .await;
    test_server.assert_serves_alone().await;
}
