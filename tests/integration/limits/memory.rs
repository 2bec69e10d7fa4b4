//! The weight of queued events. An event weighs its encoded length or its size in memory, whichever
//! is larger.

use simplenet::{
    AuthRequest, ClientConfig, MemoryConnector, SendOutcome, ServerConfig, SlowConsumer,
};
use simplenet_tests::{
    harness::soon,
    target::{Client, ClientEvent, Hello, IncomingRequest, Say, Server, ServerEvent, Sparse},
};

/// Creates a message that has a thousand bytes on the wire and about 258 KiB in memory.
fn sparse() -> Sparse {
    Sparse(vec![None; 1_000])
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
        "the first request weighs 879, but does not fill the queue"
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
