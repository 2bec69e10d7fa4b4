//! Sessions whose client reads nothing while all buffers on the path are full: they can still be closed.

use std::time::Duration;

use simplenet::{CloseReason, DuplicateId, SendOutcome, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{accept, client, ended, hello, pair, server_event, server_with, soon},
    raw,
    raw::{Hello, RawPeer, code::VIOLATION, websocket},
};

/// The id of the client that reads nothing.
const CLOGGED: u128 = 1;

/// A text of half a megabyte.
fn large() -> chat::Posted {
    chat::Posted { room: chat::RoomId(1), from: String::new(), text: "x".repeat(500_000) }
}

/// A configuration with rare heartbeats, so that only the call under test wakes the session.
fn patient() -> ServerConfig {
    ServerConfig {
        outbox_bytes: 64 << 20,
        heartbeat_interval: Duration::from_secs(600),
        keepalive_timeout: Duration::from_secs(3600),
        ..Default::default()
    }
}

/// Creates a server and an accepted client that stops reading while 20 MB are queued for it.
async fn blocked(config: ServerConfig) -> (chat::Server, RawPeer) {
    let mut server = server_with(config);
    let hello = Hello::new::<chat::Chat>(CLOGGED, raw::text("ann"));
    let peer = RawPeer::welcomed(&server.url(), &hello).await;
    accept(&mut server).await;
    for _ in 0..40 {
        assert_eq!(server.send(CLOGGED, large()), SendOutcome::Queued);
    }
    // The session fills every buffer while another client connects, makes a request and disconnects.
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
async fn client_that_reads_nothing_can_be_kicked() {
    let (mut server, _peer) = blocked(patient()).await;
    let reason = CloseReason::kicked("slow");
    assert_eq!(server.disconnect(CLOGGED, reason.clone()), SendOutcome::Queued);
    assert_eq!(ended(&mut server).await, (CLOGGED.into(), reason));
}

#[tokio::test]
async fn client_that_reads_later_receives_the_close_reason() {
    let (mut server, mut peer) = blocked(patient()).await;
    // An invalid frame, after which nothing else arrives.
    peer.send(&[0xff]).await;
    peer.finish().await;
    let (_, reason) = ended(&mut server).await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    let said = peer.end().await;
    let close = said.iter().rposition(|byte| *byte == websocket::CLOSE).expect("a close");
    assert_eq!(said[close + 2..close + 4], VIOLATION.to_be_bytes());
}

#[tokio::test]
async fn client_that_reads_nothing_overflows_its_outbox() {
    let (mut server, _peer) = blocked(patient()).await;
    let mut sent = 0;
    while server.send(CLOGGED, large()) == SendOutcome::Queued {
        sent += 1;
        assert!(sent < 200, "the outbox is bounded");
    }
    // The connection is dropped without waiting for the peer to read the rest.
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((CLOGGED.into(), CloseReason::SlowConsumer)));
}

#[tokio::test]
async fn client_that_reads_nothing_is_taken_over_at_once() {
    let config = ServerConfig { duplicate_id: DuplicateId::TakeOver, ..patient() };
    let (mut server, _peer) = blocked(config).await;
    let second = client(server.url(), CLOGGED).connect(hello());
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((CLOGGED.into(), CloseReason::TakenOver)));
    assert_eq!(accept(&mut server).await.0, CLOGGED.into());
    soon("the welcome", second.ready()).await.unwrap();
}

#[tokio::test]
async fn shutdown_counts_clients_with_unread_messages_as_cut_off() {
    let (mut server, _peer) = blocked(patient()).await;
    let report = soon("the end", server.shutdown(Duration::from_millis(300))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert_eq!(ended(&mut server).await.0, CLOGGED.into());
    assert!(soon("the end of the events", server.recv()).await.is_none());
    assert!(server.next().is_none(), "no event follows the last one");
}

#[tokio::test]
async fn shutdown_deadline_holds_for_a_client_that_reads_nothing() {
    let (server, _peer) = blocked(patient()).await;
    // Far longer than a closing session may take to write its frames.
    let report = soon("the end", server.shutdown(Duration::from_secs(600))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
}
