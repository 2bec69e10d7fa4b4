//! Large messages, many messages, and their limits.

use std::time::Duration;

use simplenet::{
    Bytes, ClientConfig, ClientReport, ClientState, CloseReason, MessageSignal, MessageStatus,
    NotConnected, RequestStatus, SendError,
};
use simplenet_web_tests::{
    client, client_with, connected, event, page, receive_connected, soon, state, until, within,
};
use wasm_bindgen_test::wasm_bindgen_test;

const MIB: usize = 1024 * 1024;

#[wasm_bindgen_test]
async fn large_messages_round_trip() {
    let config = ClientConfig { max_msg_size: 4 * MIB, ..Default::default() };
    let client = connected(client_with("open", config)).await;
    for size in [0, 1, 65_535, 65_536, 100_000, MIB, 3 * MIB] {
        let bytes: Bytes = (0..size).map(|index| (index % 251) as u8).collect();
        let echoed = soon("an echo", client.call(page::Echo { bytes: bytes.clone() })).await;
        assert!(echoed.is_ok_and(|echoed| echoed.bytes == bytes), "{size} bytes");
    }
}

#[wasm_bindgen_test]
async fn message_beyond_the_servers_limit_is_not_sent() {
    let client = connected(client("open")).await;
    let request = client.request(page::Echo { bytes: vec![0; 5 * MIB].into() });
    assert_eq!(request.status(), RequestStatus::SendFailed(SendError::TooLarge));
    assert!(soon("an answer", client.call(page::WhoAmI)).await.is_ok(), "the session continues");
}

#[wasm_bindgen_test]
async fn message_beyond_the_clients_limit_is_not_sent() {
    let config = ClientConfig { max_msg_size: 100_000, ..Default::default() };
    let mut client = connected(client_with("open", config)).await;
    client.send(page::Command::Flood { messages: 1, size: 200_000 });
    client.send(page::Command::Flood { messages: 1, size: 90_000 });
    match event(&mut client).await {
        page::ClientEvent::Msg(page::ServerMsg::Filler(filler)) => {
            assert_eq!(filler.bytes.len(), 90_000, "the server knows the limit");
        }
        other => panic!("{other:?}"),
    }
}

/// A browser has no backpressure, so a client that receives no events loses its session. After the
/// client has received the queued events, it reconnects.
#[wasm_bindgen_test]
async fn unread_flood_ends_the_session_and_the_client_reconnects() {
    const EVENTS: usize = 64;
    let config = ClientConfig { inbox_events: EVENTS, max_msg_size: 100_000, ..Default::default() };
    let mut client = connected(client_with("open", config)).await;
    client.send(page::Command::Flood { messages: 100_000, size: 50 });
    let lost = state(&client, "the end of the session", |state| {
        matches!(state, ClientState::Connecting { reason: NotConnected::Lost(_), .. })
    })
    .await;
    match lost {
        ClientState::Connecting { reason: NotConnected::Lost(reason), .. } => {
            assert_eq!(reason, CloseReason::SlowConsumer);
        }
        other => panic!("{other:?}"),
    }
    // While the application receives nothing, no new session begins.
    let reconnected = async {
        while !matches!(client.state(), ClientState::Accepted) {
            gloo_timers::future::TimeoutFuture::new(5).await;
        }
    };
    assert!(within(Duration::from_millis(300), reconnected).await.is_none());

    let mut events = 0;
    loop {
        match event(&mut client).await {
            page::ClientEvent::Msg(page::ServerMsg::Filler(_)) => events += 1,
            page::ClientEvent::Report(ClientReport::Disconnected(reason)) => {
                break assert_eq!(reason, CloseReason::SlowConsumer);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((EVENTS / 2..=EVENTS).contains(&events), "{events} events");
    receive_connected(&mut client).await;
}

/// A client that receives its events receives all of them, regardless of their number.
#[wasm_bindgen_test]
async fn flood_of_received_events_is_complete() {
    const MESSAGES: usize = 20_000;
    let mut client = connected(client("open")).await;
    client.send(page::Command::Flood { messages: MESSAGES as u32, size: 1000 });
    for _ in 0..MESSAGES {
        match event(&mut client).await {
            page::ClientEvent::Msg(page::ServerMsg::Filler(filler)) => {
                assert_eq!(filler.bytes.len(), 1000);
            }
            other => panic!("{other:?}"),
        }
    }
}

/// This server reads one message per second, so the client queues the rest within its limits.
#[wasm_bindgen_test]
async fn outbox_of_a_slow_server_is_bounded() {
    const SIZE: usize = MIB / 2;
    let config = ClientConfig { outbox_bytes: 4 * MIB, ..Default::default() };
    let client = connected(client_with("slow", config)).await;
    let send = || client.request(page::Echo { bytes: vec![0; SIZE].into() });
    let mut accepted = 0;
    // More bytes than the sockets and buffers on the path hold.
    let overflowed = soon("the limit of the outbox", async {
        for _ in 0..100 {
            match send().status() {
                RequestStatus::SendFailed(_) => return true,
                _ => accepted += 1,
            }
            gloo_timers::future::TimeoutFuture::new(5).await;
        }
        false
    })
    .await;
    assert!(overflowed, "{accepted} requests of {SIZE} bytes were accepted");
    assert!(accepted >= 8, "only {accepted} requests were accepted");
}

/// When the session ends, messages in the browser's buffer count as lost, because they may have
/// arrived. Messages in the outbox have failed. This server reads so slowly that the close does not
/// wait.
#[wasm_bindgen_test]
async fn statuses_report_the_progress_of_each_message() {
    let config = ClientConfig { outbox_bytes: 64 * MIB, ..Default::default() };
    let client = connected(client_with("slow", config)).await;
    let sent: Vec<_> = (0..1000)
        .map(|number| {
            client.request(page::Echo { bytes: vec![0; MIB / 32].into() });
            client.send(page::Note { number })
        })
        .collect();
    use MessageStatus::{Failed, Lost, Sending, Sent};
    let count = |status| sent.iter().filter(|sent| sent.status() == status).count();
    soon("full sockets and buffers", async {
        let mut previous = 0;
        while previous == 0 || count(Sent) > previous {
            previous = count(Sent);
            gloo_timers::future::TimeoutFuture::new(500).await;
        }
    })
    .await;
    client.close();
    until("the end of the session", || count(Sending) == 0).await;
    let ends = [Sent, Lost, Failed(SendError::SessionEnded)];
    let counts = ends.map(count);
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
    let rank = |sent: &MessageSignal| ends.iter().position(|end| *end == sent.status());
    assert!(sent.is_sorted_by_key(rank), "the statuses are not in order");
}
