//! The weight of queued events: their encoded length or their size in memory.

use simplenet::{
    AuthRequest, ClientConfig, MemoryConnector, SendOutcome, ServerConfig, SlowConsumer,
};
use simplenet_tests::{
    harness::soon,
    target::{Client, ClientEvent, Hello, IncomingRequest, Say, Server, ServerEvent, Sparse},
};

/// Encodes a message of a thousand bytes on the wire and about 258 KiB in memory.
fn sparse() -> Sparse {
    Sparse(vec![None; 1_000])
}

/// Creates a server whose application receives nothing, with space for 64 events below a KiB.
fn server() -> (Server, MemoryConnector) {
    let config = ServerConfig { inbox_events: 64, ..Default::default() };
    Server::builder().config(config).bind_memory().unwrap()
}

fn join(connector: &MemoryConnector, id: u128, name: &str) -> Client {
    let config = ClientConfig { max_initial_connect_attempts: Some(1), ..Default::default() };
    Client::in_memory(connector)
        .auth(AuthRequest::None { client_id: id.into() })
        .config(config)
        .connect(Hello { name: name.into() })
}

/// Starts up to 30 sessions one by one, each of which sends messages and disconnects. Returns the number of
/// accepted ones.
async fn admitted(connector: &MemoryConnector, name: &str, say: impl Fn(&Client)) -> usize {
    for id in 0..30 {
        let mut client = join(connector, id, name);
        if client.ready().await.is_err() {
            return id as usize;
        }
        assert!(matches!(client.recv().await, Some(ClientEvent::Report(_))));
        say(&client);
        client.close();
        while client.recv().await.is_some() {}
    }
    30
}

/// The clock is paused here and below, so a client that is not accepted times out at once.
#[tokio::test(start_paused = true)]
async fn event_queue_is_bounded_in_bytes_across_sessions() {
    let (mut server, connector) = server();
    let say = |client: &Client| drop(client.request(Say("x".repeat(900_000))));
    assert_eq!(admitted(&connector, "", say).await, 1, "an event weighs one per KiB");
    let mut left = 0;
    while let Some((_, event)) = server.next() {
        if let ServerEvent::Request(IncomingRequest::Say(say, _)) = event {
            left += say.0.len();
        }
    }
    assert_eq!(left, 900_000, "accepted events are not lost");
    assert!(join(&connector, 100, "").ready().await.is_ok(), "there is free space again");
}

#[tokio::test(start_paused = true)]
async fn connect_messages_are_bounded_across_sessions() {
    let (mut server, connector) = server();
    let name = "x".repeat(50_000);
    assert_eq!(
        admitted(&connector, &name, |_| {}).await,
        2,
        "49 and the end of the session, twice"
    );
    let mut events = 0;
    while server.next().is_some() {
        events += 1;
    }
    assert_eq!(events, 4, "accepted events are not lost");
    assert_eq!(admitted(&connector, &name, |_| {}).await, 2, "there is as much free space again");
}

#[tokio::test(start_paused = true)]
async fn event_queue_is_bounded_in_memory_across_sessions() {
    let (mut server, connector) = server();
    let say = |client: &Client| drop(client.send(sparse()));
    assert_eq!(admitted(&connector, "", say).await, 1, "by its bytes alone, 22 would be accepted");
    while server.next().is_some() {}
    assert!(join(&connector, 100, "").ready().await.is_ok(), "there is free space again");
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
    // All messages that fit have been moved on, and the client reads no more.
    for _ in 0..100 {
        while server.send(id, sparse()) == SendOutcome::Queued {
            queued += 1;
            assert!(queued < 2_000, "each message counts its size in memory");
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
