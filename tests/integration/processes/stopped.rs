//! A client whose process is stopped while the server goes on sending.

use simplenet::{CloseReason, SendOutcome, ServerConfig, ServerReport};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, pair, server_event, server_with},
};

use super::process::Process;

const STOPPED: u128 = 2;

const OUTBOX_BYTES: usize = 1 << 20;

/// More than the outbox and all that two sockets take in.
const BOUND: usize = OUTBOX_BYTES + (32 << 20);

#[tokio::test(flavor = "multi_thread")]
async fn who_is_stopped_is_sent_away_and_harms_nobody() {
    const SIZE: usize = 10_000;
    let posted =
        || chat::Posted { room: chat::RoomId(1), from: String::new(), text: "x".repeat(SIZE) };
    let mut server = server_with(ServerConfig { outbox_bytes: OUTBOX_BYTES, ..Default::default() });
    let mut other = pair(&mut server, 1).await;
    let id = STOPPED.to_string();
    let mut process = Process::start(&["client", server.url().as_str(), &id]);
    assert_eq!(accept(&mut server).await.0, STOPPED.into());
    assert_eq!(process.hears().await, "connected");

    process.signal("STOP");
    let mut sent = 0;
    loop {
        // Whoever reads gets every message, at once.
        assert_eq!(server.send(1, posted()), SendOutcome::Queued);
        assert!(matches!(client_event(&mut other).await, chat::ClientEvent::Msg(_)));
        match server.send(STOPPED, posted()) {
            SendOutcome::Queued => sent += SIZE,
            outcome => break assert_eq!(outcome, SendOutcome::Overflow),
        }
        assert!(sent < BOUND, "{sent} bytes wait for a process that does not run");
    }
    match server_event(&mut server).await {
        (id, chat::ServerEvent::Report(ServerReport::Disconnected(reason))) => {
            assert_eq!((id, reason), (STOPPED.into(), CloseReason::SlowConsumer));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(server.send(1, posted()), SendOutcome::Queued);
    assert!(matches!(client_event(&mut other).await, chat::ClientEvent::Msg(_)));

    // Once it runs again, it comes back.
    process.signal("CONT");
    assert_eq!(accept(&mut server).await.0, STOPPED.into());
    assert_eq!(process.hears().await, "connected");
}
