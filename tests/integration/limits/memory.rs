//! The weight of queued events. An event weighs its encoded length or its size in memory, whichever
//! is larger.

use std::time::Duration;

use simplenet::{
    AuthRequest, ClientConfig, MemoryConnector, MessageStatus, SendError, SendOutcome,
    ServerConfig, SlowConsumer,
};
use simplenet_tests::{
    harness::soon,
    target::{
        Client, ClientEvent, ClientMsg, Hello, IncomingRequest, Say, Server, ServerEvent,
        ServerMsg, Sparse,
    },
};

/// Creates a message that has a thousand bytes on the wire and about 258 KiB in memory.
fn sparse() -> Sparse {
    Sparse(vec![None; 1_000])
}

/// Creates the inventory of a game, with 4,096 empty slots: 4 KiB on the wire and 1 MiB in memory.
fn inventory() -> Sparse {
    Sparse(vec![None; 4_096])
}

/// Creates a message of 200 KB that exceeds the memory budget of 33 MiB.
fn beyond_the_budget() -> Sparse {
    Sparse(vec![None; 200_000])
}

#[tokio::test]
async fn inventory_of_empty_slots_arrives_in_both_directions() {
    let mut server = Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = Client::builder(server.url()).connect(Hello { name: "".into() });
    let (id, _) = soon("the client", server.recv()).await.unwrap();
    assert!(server.send(id, inventory()).is_queued());
    assert!(matches!(soon("a report", client.recv()).await, Some(ClientEvent::Report(_))));
    assert!(matches!(
        soon("the inventory", client.recv()).await,
        Some(ClientEvent::Msg(ServerMsg::Sparse(slots))) if slots == inventory()
    ));
    client.send(inventory());
    assert!(matches!(
        soon("the inventory", server.recv()).await,
        Some((_, ServerEvent::Msg(ClientMsg::Sparse(slots)))) if slots == inventory()
    ));
}

#[tokio::test]
async fn value_beyond_the_budget_is_not_sent_and_the_session_lives_on() {
    let mut server = Server::builder().bind("127.0.0.1:0").unwrap();
    let mut client = Client::builder(server.url()).connect(Hello { name: "".into() });
    // The budget follows the limit of the receiver, which is smaller for this client.
    let config = ClientConfig { max_msg_size: 10_000, ..Default::default() };
    let mut small = Client::builder(server.url()).config(config).connect(Hello { name: "".into() });
    let (first, _) = soon("a client", server.recv()).await.unwrap();
    let (second, _) = soon("a client", server.recv()).await.unwrap();
    for client in [&mut client, &mut small] {
        assert!(matches!(soon("a report", client.recv()).await, Some(ClientEvent::Report(_))));
    }
    let small_id = small.id();
    assert_eq!(server.send(first, beyond_the_budget()), SendOutcome::TooLarge);
    assert_eq!(server.send(second, beyond_the_budget()), SendOutcome::TooLarge);
    let outcome = server.broadcast(beyond_the_budget());
    assert_eq!((outcome.queued, outcome.too_large), (0, 2));
    // 5,500 slots need 1.45 MB, and the budget is 1.37 MB.
    let slots = || Sparse(vec![None; 5_500]);
    assert_eq!(server.send(small_id, slots()), SendOutcome::TooLarge);
    let outcome = server.broadcast(slots());
    assert_eq!((outcome.queued, outcome.too_large), (1, 1));
    assert!(server.send(small_id, inventory()).is_queued());
    let received = soon("the inventory", small.recv()).await;
    assert!(matches!(received, Some(ClientEvent::Msg(ServerMsg::Sparse(_)))), "{received:?}");

    let status = client.send(beyond_the_budget()).status();
    assert_eq!(status, MessageStatus::Failed(SendError::TooLarge));
    client.send(inventory());
    let received = soon("the inventory", server.recv()).await;
    assert!(matches!(received, Some((_, ServerEvent::Msg(ClientMsg::Sparse(_))))), "{received:?}");
}

/// Creates a server whose event queue has space for 64 events of less than 1 KiB each. The test
/// receives no events until the queue is full.
fn server() -> (Server, MemoryConnector) {
    let config = ServerConfig { inbox_events: 64, ..Default::default() };
    Server::builder().config(config).bind_memory().unwrap()
}

/// Connects a client that makes a single attempt.
fn connect(connector: &MemoryConnector, id: u128, name: &str) -> Client {
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    Client::in_memory(connector)
        .auth(AuthRequest::None { client_id: id.into() })
        .config(config)
        .connect(Hello { name: name.into() })
}

/// Connects up to 30 clients one by one. Each sends messages and disconnects. Returns the number of
/// accepted clients.
async fn accepted_clients(
    connector: &MemoryConnector,
    name: &str,
    send: impl Fn(&Client),
) -> usize {
    for id in 0..30 {
        let mut client = connect(connector, id, name);
        if client.ready().await.is_err() {
            return id as usize;
        }
        assert!(matches!(client.recv().await, Some(ClientEvent::Report(_))));
        send(&client);
        client.close();
        while client.recv().await.is_some() {}
        // The server notices the end late, because it does not read while the inbox is full.
        tokio::time::sleep(Duration::from_secs(300)).await;
    }
    30
}

/// The clock is paused in these tests, so a client that is not accepted times out at once.
#[tokio::test(start_paused = true)]
async fn event_queue_is_bounded_in_bytes_across_sessions() {
    let (mut server, connector) = server();
    let send = |client: &Client| drop(client.request(Say("x".repeat(900_000))));
    assert_eq!(
        accepted_clients(&connector, "", send).await,
        1,
        "the first request weighs 879, and its client has left"
    );
    let mut bytes = 0;
    while let Some((_, event)) = server.next() {
        if let ServerEvent::Request(IncomingRequest::Say(say, _)) = event {
            bytes += say.0.len();
        }
    }
    assert_eq!(bytes, 900_000, "an accepted event is lost");
    assert!(connect(&connector, 100, "").ready().await.is_ok(), "the event queue is still full");
}

#[tokio::test(start_paused = true)]
async fn connect_messages_are_bounded_across_sessions() {
    let (mut server, connector) = server();
    let name = "x".repeat(50_000);
    assert_eq!(
        accepted_clients(&connector, &name, |_| {}).await,
        2,
        "each session weighs 50, but two do not reach the limit of 64"
    );
    let mut events = 0;
    while server.next().is_some() {
        events += 1;
    }
    assert_eq!(events, 4, "an accepted event is lost");
    assert_eq!(
        accepted_clients(&connector, &name, |_| {}).await,
        2,
        "the event queue has less space than before"
    );
}

#[tokio::test(start_paused = true)]
async fn event_queue_is_bounded_in_memory_across_sessions() {
    let (mut server, connector) = server();
    let send = |client: &Client| drop(client.send(sparse()));
    assert_eq!(
        accepted_clients(&connector, "", send).await,
        1,
        "the limit counts the encoded size, which permits 22 clients"
    );
    while server.next().is_some() {}
    assert!(connect(&connector, 100, "").ready().await.is_ok(), "the event queue is still full");
}

/// The frames of a WebSocket message are not decoded as one batch if their values may be large.
#[tokio::test]
async fn frames_of_one_batch_are_bounded_in_memory() {
    let (mut server, connector) = server();
    let mut client = connect(&connector, 1, "");
    assert!(client.ready().await.is_ok());
    assert!(matches!(client.recv().await, Some(ClientEvent::Report(_))));
    for _ in 0..16 {
        client.send(sparse());
    }
    // While the test yields, the server reads until the inbox of the client is full.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let mut messages = 0;
    while let Some((_, event)) = server.next() {
        messages += usize::from(matches!(event, ServerEvent::Msg(_)));
    }
    assert_eq!(messages, 1, "one message fills the inbox of the client");
}

#[tokio::test]
async fn event_queue_of_a_client_is_bounded_in_memory() {
    let config = ServerConfig {
        outbox_bytes: 64 * 1024,
        slow_consumer: SlowConsumer::DropMessages,
        ..Default::default()
    };
    let (mut server, connector) = Server::builder().config(config).bind_memory().unwrap();
    let config = ClientConfig { inbox_events: 2_000, ..Default::default() };
    let mut client =
        Client::in_memory(&connector).config(config).connect(Hello { name: "".into() });
    let (id, _) = soon("the client", server.recv()).await.unwrap();
    let mut queued = 0;
    // While the test yields, messages move to the client, until its event queue is full and the
    // client stops reading.
    for _ in 0..100 {
        while server.send(id, sparse()) == SendOutcome::Queued {
            queued += 1;
            assert!(queued < 2_000, "messages do not weigh their size in memory");
        }
        tokio::task::yield_now().await;
    }
    // A batch, the transport, and the outbox hold about 64 messages each.
    assert!(queued < 300, "{queued} messages are queued");
    assert!(matches!(client.recv().await, Some(ClientEvent::Report(_))));
    for _ in 0..queued {
        assert!(matches!(soon("a message", client.recv()).await, Some(ClientEvent::Msg(_))));
    }
}
