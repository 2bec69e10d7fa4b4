//! Sessions of a client that reads nothing, so that all buffers between server and client are full.
//! The server can still close these sessions.

use std::time::Duration;

use simplenet::{CloseReason, DuplicateId, SendOutcome, ServerConfig};
use simplenet_tests::{
    chat,
    harness::{accept, client, ended, hello, pair, server_event, server_with, soon},
    raw,
    raw::{Hello, RawPeer, Received, code::VIOLATION, websocket},
};

/// The id of the client that reads nothing.
const BLOCKED: u128 = 1;

/// Creates a message whose text has `size` bytes.
fn posted(size: usize) -> chat::Posted {
    chat::Posted { room: chat::RoomId(1), from: String::new(), text: "x".repeat(size) }
}

/// Creates a message of half a megabyte.
fn large() -> chat::Posted {
    posted(500_000)
}

/// Creates a configuration with rare heartbeats, so that only the call under test wakes the
/// session.
fn rare_heartbeats() -> ServerConfig {
    ServerConfig {
        outbox_bytes: 64 << 20,
        heartbeat_interval: Duration::from_secs(600),
        keepalive_timeout: Duration::from_secs(3600),
        ..Default::default()
    }
}

/// Creates a server and an accepted client. The server queues 20 MB for the client, which reads
/// none of them.
async fn blocked(config: ServerConfig) -> (chat::Server, RawPeer) {
    blocked_by(config, &large()).await
}

/// Like [`blocked`], but with 20 MB of the given messages.
async fn blocked_by(config: ServerConfig, message: &chat::Posted) -> (chat::Server, RawPeer) {
    let mut server = server_with(config);
    let hello = Hello::new::<chat::Chat>(BLOCKED, raw::text("ann"));
    let peer = RawPeer::welcomed(&server.url(), &hello).await;
    accept(&mut server).await;
    for _ in 0..20_000_000 / message.text.len() {
        assert_eq!(server.send(BLOCKED, message.clone()), SendOutcome::Queued);
    }
    // The session has time to fill every buffer while another client connects, makes requests and
    // disconnects.
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

/// The server has read the WebSocket pings, and their answers wait for the end of the frame.
#[tokio::test]
async fn websocket_pings_do_not_interrupt_a_large_frame() {
    const SIZE: usize = 100_000;
    let (mut server, mut peer) = blocked_by(rare_heartbeats(), &posted(SIZE)).await;
    for _ in 0..10 {
        peer.send_websocket(websocket::PING, b"ping").await;
    }
    peer.send(&raw::request(7, &[0, 1])).await;
    match server_event(&mut server).await.1 {
        chat::ServerEvent::Request(chat::IncomingRequest::Join(_, token)) => token.ack(),
        other => panic!("{other:?}"),
    };
    for number in 0..20_000_000 / SIZE {
        match peer.receive().await {
            Received::Frame(frame) => {
                let text = &frame[frame.len().saturating_sub(SIZE)..];
                assert!(text.len() == SIZE && text.iter().all(|&byte| byte == b'x'), "{number}");
            }
            other => panic!("message {number}: {other:02x?}"),
        }
    }
    assert_eq!(peer.receive().await, Received::Frame(vec![0x45, 7]));
}

#[tokio::test]
async fn client_that_reads_nothing_can_be_kicked() {
    let (mut server, _peer) = blocked(rare_heartbeats()).await;
    let reason = CloseReason::kicked("slow");
    assert_eq!(server.disconnect(BLOCKED, reason.clone()), SendOutcome::Queued);
    assert_eq!(ended(&mut server).await, (BLOCKED.into(), reason));
}

#[tokio::test]
async fn client_that_reads_later_receives_the_close_reason() {
    let (mut server, mut peer) = blocked(rare_heartbeats()).await;
    // The client sends an invalid frame and half-closes its connection.
    peer.send(&[0xff]).await;
    peer.finish().await;
    let (_, reason) = ended(&mut server).await;
    assert!(matches!(reason, CloseReason::ProtocolViolation(_)), "{reason:?}");
    let received = peer.end().await;
    let close = received.iter().rposition(|byte| *byte == websocket::CLOSE).expect("a close");
    assert_eq!(received[close + 2..close + 4], VIOLATION.to_be_bytes());
}

#[tokio::test]
async fn client_that_reads_nothing_overflows_its_outbox() {
    let (mut server, _peer) = blocked(rare_heartbeats()).await;
    let mut sent = 0;
    while server.send(BLOCKED, large()) == SendOutcome::Queued {
        sent += 1;
        assert!(sent < 200, "{sent} messages are queued, beyond the bound of the outbox");
    }
    // The server drops the connection. It does not wait until the peer has read the rest.
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((BLOCKED.into(), CloseReason::SlowConsumer)));
}

#[tokio::test]
async fn client_that_reads_nothing_is_taken_over_at_once() {
    let config = ServerConfig { duplicate_id: DuplicateId::TakeOver, ..rare_heartbeats() };
    let (mut server, _peer) = blocked(config).await;
    let second = client(server.url(), BLOCKED).connect(hello());
    let end = tokio::time::timeout(Duration::from_secs(4), ended(&mut server)).await;
    assert_eq!(end, Ok((BLOCKED.into(), CloseReason::TakenOver)));
    assert_eq!(accept(&mut server).await.0, BLOCKED.into());
    soon("the welcome", second.ready()).await.unwrap();
}

#[tokio::test]
async fn shutdown_counts_clients_with_unread_messages_as_cut_off() {
    let (mut server, _peer) = blocked(rare_heartbeats()).await;
    let report = soon("the end", server.shutdown(Duration::from_millis(300))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
    assert_eq!(ended(&mut server).await.0, BLOCKED.into());
    assert!(soon("the end of the events", server.recv()).await.is_none());
    assert!(server.next().is_none(), "an event follows the end of the events");
}

#[tokio::test]
async fn shutdown_deadline_holds_for_a_client_that_reads_nothing() {
    let (server, _peer) = blocked(rare_heartbeats()).await;
    // The deadline of the shutdown is far longer than the time that a closing session has to write
    // its frames.
    let report = soon("the end", server.shutdown(Duration::from_secs(600))).await;
    assert_eq!((report.flushed, report.cut), (0, 1));
}
