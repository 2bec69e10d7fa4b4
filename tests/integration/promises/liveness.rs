//! Sessions that must survive the passage of time. The clock is paused, and advances whenever all
//! tasks wait.

use std::time::Duration;

use simplenet::{
    AuthRequest, ClientConfig, RateExcess, RateLimitConfig, SendOutcome, ServerConfig,
};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, hello, server_event},
};

/// Creates a server and a client over memory.
async fn pair(server: ServerConfig, client: ClientConfig) -> (chat::Server, chat::Client) {
    let (mut server, connector) = chat::Server::builder().config(server).bind_memory().unwrap();
    let mut client = chat::Client::in_memory(&connector)
        .auth(AuthRequest::None { client_id: 1.into() })
        .config(client)
        .connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    (server, client)
}

/// Asserts that neither side receives an event within `time`.
async fn assert_no_events(time: Duration, server: &mut chat::Server, client: &mut chat::Client) {
    tokio::select! {
        event = server.recv() => panic!("{event:?}"),
        event = client.recv() => panic!("{event:?}"),
        () = tokio::time::sleep(time) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn idle_session_outlives_a_keepalive_below_its_heartbeat() {
    let config = ServerConfig {
        keepalive_timeout: Duration::from_secs(1),
        heartbeat_interval: Duration::from_secs(10),
        ..Default::default()
    };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    assert_no_events(Duration::from_secs(60), &mut server, &mut client).await;
    assert!(client.rtt().is_some(), "no heartbeat was answered");
}

#[tokio::test(start_paused = true)]
async fn message_timeout_does_not_run_between_messages() {
    let config = ServerConfig { message_timeout: Duration::from_secs(1), ..Default::default() };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    client.send(chat::Typing);
    server_event(&mut server).await;
    assert_no_events(Duration::from_secs(60), &mut server, &mut client).await;
}

#[tokio::test(start_paused = true)]
async fn heartbeats_do_not_count_towards_the_rate_limit() {
    let rate = RateLimitConfig { per_second: 1, burst: 1, on_excess: RateExcess::Close };
    let config = ServerConfig {
        heartbeat_interval: Duration::from_millis(100),
        rate_limit_config: Some(rate),
        ..Default::default()
    };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    assert_no_events(Duration::from_secs(60), &mut server, &mut client).await;
}

#[tokio::test(start_paused = true)]
async fn client_held_back_by_a_full_event_queue_stays_connected_without_loss() {
    const MANY: u32 = 500;
    let config = ServerConfig { inbox_events: 4, ..Default::default() };
    let keepalive = config.keepalive_timeout;
    let (mut server, mut client) =
        pair(config, ClientConfig { inbox_events: 4, ..Default::default() }).await;
    for number in 0..MANY {
        client.request(chat::Join { room: chat::RoomId(number) });
        let left = chat::Left(chat::RoomId(number), String::new());
        assert_eq!(server.send(1, left), SendOutcome::Queued);
    }
    // Neither application receives an event for longer than the keepalive timeout.
    tokio::time::sleep(10 * keepalive).await;
    for expected in 0..MANY {
        match server_event(&mut server).await.1 {
            chat::ServerEvent::Request(chat::IncomingRequest::Join(join, token)) => {
                assert_eq!(join.room.0, expected);
                token.ack();
            }
            other => panic!("{other:?}"),
        }
    }
    let (mut messages, mut acks) = (0, 0);
    while messages < MANY || acks < MANY {
        match client_event(&mut client).await {
            chat::ClientEvent::Msg(chat::ServerMsg::Left(left)) => {
                assert_eq!(left.0.0, messages);
                messages += 1;
            }
            chat::ClientEvent::Ack(_) => acks += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_no_events(10 * keepalive, &mut server, &mut client).await;
}

/// The test must finish within one second, before a heartbeat is due. So only the space that was
/// freed in the event queue can resume reading.
#[tokio::test(start_paused = true)]
async fn free_space_resumes_reading_at_once() {
    const MANY: u32 = 500;
    let config = ServerConfig { inbox_events: 4, ..Default::default() };
    let (mut server, mut client) =
        pair(config, ClientConfig { inbox_events: 4, ..Default::default() }).await;
    let started = tokio::time::Instant::now();
    for _ in 0..MANY {
        client.send(chat::Typing);
    }
    for _ in 0..MANY {
        server_event(&mut server).await;
    }
    for number in 0..MANY {
        server.send(1, chat::Left(chat::RoomId(number), String::new()));
    }
    for _ in 0..MANY {
        client_event(&mut client).await;
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}
