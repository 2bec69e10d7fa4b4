//! Sessions whose client takes nothing while there is more to write than every buffer on the way can hold: they end
//! when they are told to.

use std::time::Duration;

use simplenet::{CloseReason, DuplicateId, SendOutcome, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{accept, client, ended, hello, pair, server_event, server_with, soon},
    raw,
    raw::{Hello, RawPeer, code::VIOLATION, websocket},
};

/// The client that takes nothing.
const CLOGGED: u128 = 1;

/// Half a megabyte.
fn large() -> chat::Posted {
    chat::Posted { room: chat::RoomId(1), from: String::new(), text: "x".repeat(500_000) }
}

/// Nothing but the call itself wakes the session: its heartbeats are far away.
fn patient() -> ServerConfig {
    ServerConfig {
        outbox_bytes: 64 << 20,
        heartbeat_interval: Duration::from_secs(600),
        keepalive_timeout: Duration::from_secs(3600),
        ..Default::default()
    }
}

/// A server, and a client that has been welcomed and reads no more, while 20 MB wait for it.
async fn clogged(config: ServerConfig) -> (chat::Server, RawPeer) {
    let mut server = server_with(config);
    let hello = Hello::new::<chat::Chat>(CLOGGED, raw::text("ann"));
    let peer = RawPeer::welcomed(&server.url(), &hello).await;
    accept(&mut server).await;
    for _ in 0..40 {
        assert_eq!(server.send(CLOGGED, large()), SendOutcome::Queued);
    }
    // While another client comes, asks and goes, the session has filled every buffer.
    let other = pair(&mut server, 2).await;
    for _ in 0..10 {
        let call = other.call(chat::Join { room: chat::RoomId(1) });
        match server_event(&mut server).await.1 {
            chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token.ack(),
            other => panic!("{other:?}"),
        };
        assert!(soon("the answer", call).await.is_err());
    }
    drop(other);
    assert_eq!(ended(&mut server).await.0, 2.into());
    (server, peer)
}

#[tokio::test]
async fn a_client_that_takes_nothing_can_be_sent_away() {
    let (mut server, _peer) = clogged(patient()).await;
    let reason = CloseReason::kicked("slow");
    assert_eq!(server.disconnect(CLOGGED, reason.clone()), SendOutcome::Queued);
    assert_eq!(ended(&mut server).await, (CLOGGED.into(), reason));
}

#[tokio::test]
async fn a_client_that_takes_nothing_can_read_later_why_it_was_sent_away() {
    let (mut server, mut peer) = clogged(patient()).await;
    // No frame of the protocol, and behind it nothing more will come.
    peer.send(&[0xff]).await;
    peer.finish().await;
    let (_, reason) = ended(&mut server).await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    let said = peer.end().await;
    let close = said.iter().rposition(|byte| *byte == websocket::CLOSE).expect("a close");
    assert_eq!(said[close + 2..close + 4], VIOLATION.to_be_bytes());
}

#[tokio::test]
async fn a_client_that_takes_nothing_overflows_at_once() {
    let (mut server, _peer) = clogged(patient()).await;
    let mut sent = 0;
    while server.send(CLOGGED, large()) == SendOutcome::Queued {
        sent += 1;
        assert!(sent < 200, "the outbox is bounded");
    }
    // It is given up without the wait for a peer to take what is left.
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((CLOGGED.into(), CloseReason::SlowConsumer)));
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_taken_over_at_once() {
    let config = ServerConfig { duplicate_id: DuplicateId::TakeOver, ..patient() };
    let (mut server, _peer) = clogged(config).await;
    let second = client(server.url(), CLOGGED).connect(hello());
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((CLOGGED.into(), CloseReason::TakenOver)));
    assert_eq!(accept(&mut server).await.0, CLOGGED.into());
    soon("the welcome", second.ready()).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_counts_who_did_not_take_everything_as_cut() {
    let (mut server, _peer) = clogged(patient()).await;
    let report = soon("the end", server.shutdown(Duration::from_millis(300))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert_eq!(ended(&mut server).await.0, CLOGGED.into());
    assert!(soon("the end of the events", server.recv()).await.is_none());
    assert!(server.next().is_none(), "nothing comes after the end");
}

#[tokio::test]
async fn a_shutdown_waits_no_longer_for_who_takes_nothing_than_for_anybody() {
    let (server, _peer) = clogged(patient()).await;
    // Far more time than a session is given to write what is left.
    let report = soon("the end", server.shutdown(Duration::from_secs(600))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
}
