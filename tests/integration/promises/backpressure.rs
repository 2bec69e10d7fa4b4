//! Backpressure: bounded queues hold their producers back without loss.

use std::time::Duration;

use simplenet::{CallError, ClientConfig, CloseReason, SendOutcome, ServerConfig, ServerReport};
use simplenet_tests::{
    chat,
    harness::{accept, client, client_event, connected, hello, pair, server_event, server_with},
};

use crate::log_lines::LogLines;

fn posted(text: String) -> chat::Posted {
    chat::Posted { room: chat::RoomId(1), from: String::new(), text }
}

#[tokio::test]
async fn slow_server_application_loses_no_events() {
    let mut server = server_with(ServerConfig { inbox_events: 4, ..Default::default() });
    let config = ClientConfig { outbox_bytes: 16 << 20, ..Default::default() };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    const COUNT: u32 = 5_000;
    for number in 0..COUNT {
        client.request(chat::Say { room: chat::RoomId(number), text: "x".repeat(1000) });
        if number % 1000 == 999 {
            // The application handles 1000 requests at a time, within the limit of requests in
            // flight.
            for expected in number - 999..=number {
                match server_event(&mut server).await.1 {
                    chat::ServerEvent::Request(chat::IncomingRequest::Say(say, token)) => {
                        assert_eq!(say.room.0, expected);
                        token.ack();
                    }
                    other => panic!("{other:?}"),
                }
            }
            for _ in 0..1000 {
                assert!(matches!(client_event(&mut client).await, chat::ClientEvent::Ack(_)));
            }
        }
    }
}

#[tokio::test]
async fn slow_client_application_loses_no_events() {
    let mut server = server_with(ServerConfig { outbox_bytes: 64 << 20, ..Default::default() });
    let config = ClientConfig { inbox_events: 4, ..Default::default() };
    let mut client = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut client).await;
    const COUNT: usize = 5_000;
    for number in 0..COUNT {
        let outcome = server.send(1, posted(format!("{number:01000}")));
        assert_eq!(outcome, SendOutcome::Queued);
    }
    for number in 0..COUNT {
        match client_event(&mut client).await {
            chat::ClientEvent::Msg(chat::ServerMsg::Posted(posted)) => {
                assert_eq!(posted.text.parse(), Ok(number));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn client_that_stops_reading_is_disconnected_without_delaying_others() {
    let mut server = server_with(ServerConfig { outbox_bytes: 1 << 20, ..Default::default() });
    let config =
        ClientConfig { inbox_events: 1, reconnect_on_disconnect: false, ..Default::default() };
    let mut slow = client(server.url(), 1).config(config).connect(hello());
    accept(&mut server).await;
    connected(&mut slow).await;
    let mut other = pair(&mut server, 2).await;
    let mut sent = 0_usize;
    // The buffers of the sockets hold messages as well, so the outbox overflows late.
    while server.send(1, posted("x".repeat(10_000))) == SendOutcome::Queued {
        sent += 1;
        assert!(sent < 100_000, "{sent} messages are queued, beyond the bound of the outbox");
        assert_eq!(server.send(2, posted(String::new())), SendOutcome::Queued);
        client_event(&mut other).await;
    }
    match server_event(&mut server).await {
        (id, chat::ServerEvent::Report(ServerReport::Disconnected(reason))) => {
            assert_eq!((id, reason), (1.into(), CloseReason::SlowConsumer));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(server.broadcast(posted(String::new())).queued, 1);
}

#[tokio::test(start_paused = true)]
async fn server_whose_events_are_not_received_logs_a_warning_once() {
    let log = LogLines::capture();
    let (server, connector) = chat::Server::builder().bind_memory().unwrap();
    let client = chat::Client::in_memory(&connector).connect(hello()).into_handle();
    // The application receives no events, so the call has no answer.
    let call = client.call(chat::Join { room: chat::RoomId(1) }).timeout(Duration::from_secs(60));
    assert!(matches!(call.await, Err(CallError::TimedOut)));
    let warnings = log.at("WARN");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("call `recv` or `next`"), "{warnings:?}");
    drop(server);
}

#[tokio::test(start_paused = true)]
async fn server_whose_events_are_received_logs_no_warning() {
    let log = LogLines::capture();
    let (mut server, connector) = chat::Server::builder().bind_memory().unwrap();
    let client = chat::Client::in_memory(&connector).connect(hello()).into_handle();
    let receiving = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            server.recv().await;
        }
    };
    let call = client.call(chat::Join { room: chat::RoomId(1) }).timeout(Duration::from_secs(60));
    tokio::select! {
        () = receiving => {}
        result = call => assert!(matches!(result, Err(CallError::Rejected)), "{result:?}"),
    }
    assert_eq!(log.at("WARN"), [""; 0]);
}
