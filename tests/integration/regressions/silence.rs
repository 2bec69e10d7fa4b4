//! Time that passes must not end what is well. The clock is paused, and jumps whenever everybody waits.

use std::time::Duration;

use simplenet::{
    AuthRequest, ClientConfig, RateExcess, RateLimitConfig, SendOutcome, ServerConfig,
};
use simplenet_tests::{
    chat,
    harness::{accept, client_event, connected, hello, server_event},
};

/// A server and a client without sockets.
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

/// Nothing happens for so long.
async fn passes(time: Duration, server: &mut chat::Server, client: &mut chat::Client) {
    tokio::select! {
        event = server.recv() => panic!("{event:?}"),
        event = client.recv() => panic!("{event:?}"),
        () = tokio::time::sleep(time) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_session_outlives_a_keepalive_shorter_than_its_heartbeat() {
    let config = ServerConfig {
        keepalive_timeout: Duration::from_secs(1),
        heartbeat_interval: Duration::from_secs(10),
        ..Default::default()
    };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    passes(Duration::from_secs(60), &mut server, &mut client).await;
    assert!(client.rtt().is_some(), "heartbeats go to and fro");
}

#[tokio::test(start_paused = true)]
async fn the_time_for_a_message_does_not_run_between_messages() {
    let config = ServerConfig { message_timeout: Duration::from_secs(1), ..Default::default() };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    client.send(chat::Typing);
    server_event(&mut server).await;
    passes(Duration::from_secs(60), &mut server, &mut client).await;
}

#[tokio::test(start_paused = true)]
async fn heartbeats_do_not_count_as_messages() {
    let rate = RateLimitConfig { per_second: 1, burst: 1, on_excess: RateExcess::Close };
    let config = ServerConfig {
        heartbeat_interval: Duration::from_millis(100),
        rate_limit_config: Some(rate),
        ..Default::default()
    };
    let (mut server, mut client) = pair(config, ClientConfig::default()).await;
    passes(Duration::from_secs(60), &mut server, &mut client).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_kept_waiting_by_a_full_inbox_is_not_dropped_and_loses_nothing() {
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
    // A level loads on both sides, for longer than anybody's silence is accepted.
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
    passes(10 * keepalive, &mut server, &mut client).await;
}

/// Neither side writes anything that would have the other look again.
#[tokio::test(start_paused = true)]
async fn what_waits_for_room_does_not_wait_for_a_heartbeat() {
    const MANY: u32 = 500;
    let config = ServerConfig { inbox_events: 4, ..Default::default() };
    let (mut server, mut client) =
        pair(config, ClientConfig { inbox_events: 4, ..Default::default() }).await;
    let began = tokio::time::Instant::now();
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
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}
