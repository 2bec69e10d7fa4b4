//! A client whose process is stopped while the server keeps sending.

use simplenet::{CloseReason, SendOutcome, ServerConfig, ServerReport};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, pair, server_event, server_with},
};

use super::process::Process;

/// The id of the client in the stopped process.
const STOPPED: u128 = 2;

const OUTBOX_BYTES: usize = 1 << 20;

/// More bytes than the outbox and the buffers of two sockets hold.
const BOUND: usize = OUTBOX_BYTES + (32 << 20);

#[tokio::test(flavor = "multi_thread")]
async fn stopped_client_process_is_disconnected() {
    const SIZE: usize = 10_000;
    let posted =
        || chat::Posted { room: chat::RoomId(1), from: String::new(), text: "x".repeat(SIZE) };
    let mut server = server_with(ServerConfig { outbox_bytes: OUTBOX_BYTES, ..Default::default() });
    let mut other = pair(&mut server, 1).await;
    let id = STOPPED.to_string();
    let mut process = Process::start(&["client", server.url().as_str(), &id]);
    assert_eq!(accept(&mut server).await.0, STOPPED.into());
    assert_eq!(process.line().await, "connected");

    process.signal("STOP");
    let mut sent = 0;
    loop {
        // Another client, which reads, still receives every message.
        assert_eq!(server.send(1, posted()), SendOutcome::Queued);
        assert!(matches!(client_event(&mut other).await, chat::ClientEvent::Msg(_)));
        match server.send(STOPPED, posted()) {
            SendOutcome::Queued => sent += SIZE,
            outcome => break assert_eq!(outcome, SendOutcome::Overflow),
        }
        assert!(sent < BOUND, "{sent} bytes are queued for a stopped process");
    }
    match server_event(&mut server).await {
        (id, chat::ServerEvent::Report(ServerReport::Disconnected(reason))) => {
            assert_eq!((id, reason), (STOPPED.into(), CloseReason::SlowConsumer));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(server.send(1, posted()), SendOutcome::Queued);
    assert!(matches!(client_event(&mut other).await, chat::ClientEvent::Msg(_)));

    // The client reconnects when its process continues.
    process.signal("CONT");
    assert_eq!(accept(&mut server).await.0, STOPPED.into());
    assert_eq!(process.line().await, "connected");
}
