//! The number of queued frames, and small limits on the size of messages.

use simplenet::{
    ClientConfig, ClientReport, CloseReason, DeathReason, SendOutcome, ServerConfig, ServerReport,
    SlowConsumer,
};
use simplenet_tests::{
    chat, fragile,
    fragile_type::Fragile,
    harness::{accept, client, client_event, connected, hello, pair, server, server_with, soon},
    raw::{RawServer, Received, bytes, varint},
};

/// The test uses an in-memory transport, because the buffers of a socket would hold many small
/// frames.
#[tokio::test]
async fn outbox_is_bounded_for_tiny_frames() {
    const OUTBOX_BYTES: usize = 64 * 1024;
    /// The size of a frame with its length.
    const FRAME_BYTES: usize = 4;
    /// The capacity of the transport: 16 packed messages.
    const TRANSPORT_BYTES: usize = 16 * 8 * 1024;
    let config = ServerConfig {
        outbox_bytes: OUTBOX_BYTES,
        slow_consumer: SlowConsumer::DropMessages,
        ..Default::default()
    };
    let (mut server, connector) = fragile::Server::builder().config(config).bind_memory().unwrap();
    let config = ClientConfig { inbox_events: 1, ..Default::default() };
    let _slow = fragile::Client::in_memory(&connector).config(config).connect(());
    let (id, _) = soon("the client", server.recv()).await.unwrap();
    let mut queued = 0;
    // While the test yields, frames leave the outbox, until the transport is full as well.
    for _ in 0..100 {
        while server.send(id, fragile::Note { value: Fragile::Valid }) == SendOutcome::Queued {
            queued += 1;
            assert!(queued * FRAME_BYTES < 8 * OUTBOX_BYTES, "the outbox is not bounded");
        }
        tokio::task::yield_now().await;
    }
    let bytes = queued * FRAME_BYTES;
    assert!(bytes > OUTBOX_BYTES / 2, "{queued}");
    // The driver holds one message more.
    assert!(bytes < OUTBOX_BYTES + TRANSPORT_BYTES + 8 * 1024, "{queued} frames are queued");
}

#[tokio::test]
async fn small_message_limit_does_not_apply_to_a_hello() {
    let mut server = server_with(ServerConfig { max_msg_size: 64, ..Default::default() });
    let client = pair(&mut server, 1).await;
    client.send(chat::Typing);
    assert!(matches!(
        simplenet_tests::harness::server_event(&mut server).await.1,
        chat::ServerEvent::Msg(_)
    ));
}

#[tokio::test]
async fn hello_contains_the_message_limit_of_the_client() {
    let server = RawServer::bind().await;
    for (limit, value) in [(9, vec![9]), (1 << 20, vec![0xfc, 0, 0, 16, 0])] {
        let config = ClientConfig { max_msg_size: limit, ..Default::default() };
        let _client = client(server.url(), 1).config(config).connect(hello());
        let Received::Frame(frame) = server.upgraded().await.receive().await else {
            panic!("expected a hello")
        };
        let extensions = [varint(1_u32), varint(1_u32), bytes(&value)].concat();
        assert!(frame.ends_with(&extensions), "{frame:02x?}");
    }
}

#[tokio::test]
async fn small_message_limit_does_not_apply_to_a_refusal() {
    let server = server();
    let config = ClientConfig { max_msg_size: 64, ..Default::default() };
    let mut client = fragile::Client::builder(server.url()).config(config).connect(());
    match soon("the refusal", client.recv()).await {
        Some(fragile::ClientEvent::Report(ClientReport::IsDead(DeathReason::Refused(
            CloseReason::ProtocolMismatch(mismatch),
        )))) => assert!(!mismatch.changes.is_empty()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn flooding_client_does_not_keep_others_from_connecting() {
    const MANY: u32 = 50_000;
    let mut server = server_with(ServerConfig { inbox_events: 16, ..Default::default() });
    let config = ClientConfig { outbox_bytes: 64 << 20, ..Default::default() };
    let mut flooding = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut flooding).await;
    for _ in 0..MANY {
        flooding.send(chat::Typing);
    }
    let mut other = client(server.url(), 2).connect(hello());
    let mut messages = 0;
    loop {
        match simplenet_tests::harness::server_event(&mut server).await {
            (_, chat::ServerEvent::Msg(_)) => messages += 1,
            (id, chat::ServerEvent::Report(ServerReport::Connected(..))) => {
                assert_eq!(id, 2.into());
                break;
            }
            event => panic!("{event:?}"),
        }
    }
    assert!(messages < MANY / 2, "accepted after {messages} messages of the flood");
    assert!(matches!(
        client_event(&mut other).await,
        chat::ClientEvent::Report(ClientReport::Connected)
    ));
}
