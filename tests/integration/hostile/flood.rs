//! Peers that send without end, or take nothing.

use simplenet::{CloseReason, ServerConfig, SlowConsumer};
use simplenet_tests::{
    chat,
    harness::soon,
    raw,
    raw::{Received, code::VIOLATION, websocket},
};

use super::{STRANGER, Stage, TYPING};

/// Enough to fill every buffer between two programs.
const MANY: u64 = 100_000;

#[tokio::test]
async fn a_flood_of_pings_is_answered_with_the_newest() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    for batch in 0..10 {
        let pings: Vec<u8> =
            (0..MANY / 10).flat_map(|n| peer.binary(&raw::ping(batch * MANY / 10 + n))).collect();
        assert!(peer.write(&pings).await, "a ping is no offence");
        stage.holds().await;
    }
    peer.send(&raw::ping(u64::MAX)).await;
    let last = [&[0x11], &raw::varint(u64::MAX)[..]].concat();
    let mut pongs = 1;
    while peer.receive().await != Received::Frame(last.clone()) {
        pongs += 1;
    }
    assert!(pongs <= MANY, "{pongs} answers");
    stage.holds().await;
}

#[tokio::test]
async fn a_flood_of_websocket_pings_harms_nobody() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    let pings: Vec<u8> =
        (0..1000).flat_map(|_| websocket::frame(websocket::PING, b"ping", true)).collect();
    for _ in 0..50 {
        assert!(peer.write(&pings).await, "a ping is no offence");
        stage.holds().await;
    }
    peer.send(&raw::message(TYPING)).await;
    stage.stranger_types().await;
}

#[tokio::test]
async fn pongs_that_nobody_asked_for_mean_nothing() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    for nonce in [0, 1, u64::MAX] {
        peer.send(&[&[0x11], &raw::varint(nonce)[..]].concat()).await;
    }
    peer.send(&raw::message(TYPING)).await;
    stage.stranger_types().await;
    assert_eq!(stage.server.rtt(STRANGER), None, "no round trip was measured");
}

#[tokio::test]
async fn a_flood_of_messages_waits_for_the_application_and_loses_nothing() {
    let config = ServerConfig { inbox_events: 64, ..Default::default() };
    let mut stage = Stage::with(config).await;
    let mut peer = stage.stranger().await;
    let message = peer.binary(&raw::message(TYPING));
    let flood = message.repeat(1000);
    let mut flooder = tokio::spawn(async move {
        for _ in 0..MANY / 1000 {
            assert!(peer.write(&flood).await);
        }
        peer
    });
    // While the flooder holds its share of the inbox, somebody else's requests still come through.
    let call = stage.honest.call(chat::Join { room: chat::RoomId(1) });
    let mut joined = false;
    let mut messages = 0;
    while messages < MANY {
        match simplenet_tests::harness::server_event(&mut stage.server).await.1 {
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
    let mut peer = soon("the flooder", &mut flooder).await.unwrap();
    peer.send(&[0xff]).await;
    assert!(matches!(stage.stranger_ends().await, CloseReason::ProtocolViolation(_)));
    assert_eq!(peer.close().await.0, VIOLATION);
}

#[tokio::test]
async fn who_takes_nothing_is_not_written_to_for_ever() {
    let config =
        ServerConfig { outbox_bytes: 64 * 1024, max_msg_size: 64 * 1024, ..Default::default() };
    assert_eq!(config.slow_consumer, SlowConsumer::Disconnect);
    let mut stage = Stage::with(config).await;
    let mut peer = stage.stranger().await;
    let posted =
        || chat::Posted { room: chat::RoomId(1), from: "ann".into(), text: "x".repeat(30_000) };
    let mut sent = 0;
    while stage.server.send(STRANGER, posted()).is_queued() {
        sent += 1;
        assert!(sent < 10_000, "300 MB wait for a peer that takes nothing");
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.stranger_ends().await, CloseReason::SlowConsumer);
    stage.holds_alone().await;
    // It ends, whether or not it ever reads the reason.
    peer.end().await;
}

#[tokio::test]
async fn who_ignores_the_close_is_cut_off() {
    let mut stage = Stage::new().await;
    let mut peer = stage.stranger().await;
    peer.send(&[0xff]).await;
    assert!(matches!(stage.stranger_ends().await, CloseReason::ProtocolViolation(_)));
    assert!(matches!(peer.receive().await, Received::Close(VIOLATION, _)));
    // No close in return, only more messages.
    let mut pace = tokio::time::interval(std::time::Duration::from_millis(10));
    soon("the cut", async {
        while peer.send(&raw::message(TYPING)).await {
            pace.tick().await;
        }
    })
    .await;
    stage.holds_alone().await;
}
