//! Turns: a flood of one client does not delay the events of the others.

use std::time::Duration;

use simplenet::{AuthRequest, MemoryConnector, ServerConfig, ServerReport};
use simplenet_tests::{
    chat::{self, ClientMsg, IncomingRequest, Say, ServerEvent},
    harness::hello,
};

/// The most events of one client in one round: a turn of 64, and a last batch of up to 64.
const TURN: usize = 128;
const FLOODS: u128 = 5;
/// The ids of the honest client and of the newcomer.
const HONEST: u128 = 100;
const NEWCOMER: u128 = 101;

fn server(inbox_events: usize) -> (chat::Server, MemoryConnector) {
    let config = ServerConfig { inbox_events, ..Default::default() };
    chat::Server::builder().config(config).bind_memory().unwrap()
}

fn connect(connector: &MemoryConnector, id: u128) -> chat::Client {
    chat::Client::in_memory(connector)
        .auth(AuthRequest::None { client_id: id.into() })
        .connect(hello())
}

/// Connects a client, and receives the `Connected` of both sides.
async fn pair(server: &mut chat::Server, connector: &MemoryConnector, id: u128) -> chat::Client {
    let mut client = connect(connector, id);
    server.recv().await.unwrap();
    client.recv().await.unwrap();
    client
}

/// Returns once no task can continue. The clock of these tests is paused, so it advances only then.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// Connects the clients that flood. Each sends more messages than the server's queue can hold.
async fn flood(server: &mut chat::Server, connector: &MemoryConnector) -> Vec<chat::Client> {
    let mut floods = Vec::new();
    for id in 0..FLOODS {
        floods.push(pair(server, connector, id).await);
    }
    for client in &floods {
        for _ in 0..100_000 {
            client.send(chat::Typing);
        }
    }
    settle().await;
    floods
}

/// Counts the events that the application receives before one for which `is_meant` returns true.
fn events_before(
    server: &mut chat::Server,
    is_meant: impl Fn(u128, &ServerEvent) -> bool,
) -> usize {
    let mut events = 0;
    loop {
        let (id, event) = server.next().expect("the meant event is not queued");
        if is_meant(id.get(), &event) {
            return events;
        }
        events += 1;
    }
}

fn is_connected(event: &ServerEvent) -> bool {
    matches!(event, ServerEvent::Report(ServerReport::Connected(..)))
}

#[tokio::test(start_paused = true)]
async fn s8_request_beside_floods_waits_for_one_turn_of_each() {
    let (mut server, connector) = server(65_536);
    let honest = pair(&mut server, &connector, HONEST).await;
    let _floods = flood(&mut server, &connector).await;
    // The application has taken a full round when the request arrives. Then the request waits for
    // the rest of this round and for the next one.
    for taken in [0, 1] {
        for _ in 0..taken {
            server.next();
        }
        honest.request(Say { room: chat::RoomId(1), text: String::new() });
        settle().await;
        let events = events_before(&mut server, |id, event| {
            id == HONEST && matches!(event, ServerEvent::Request(IncomingRequest::Say(..)))
        });
        assert!(events > FLOODS as usize, "the floods are not in the queue");
        assert!(events <= 2 * FLOODS as usize * TURN, "{events} events before the request");
    }
}

#[tokio::test(start_paused = true)]
async fn s8_newcomer_beside_floods_connects_within_one_turn_of_each() {
    let (mut server, connector) = server(65_536);
    let _floods = flood(&mut server, &connector).await;
    server.next();
    let mut newcomer = connect(&connector, NEWCOMER);
    settle().await;
    let events = events_before(&mut server, |id, event| id == NEWCOMER && is_connected(event));
    assert!(events > FLOODS as usize, "the floods are not in the queue");
    assert!(events <= 2 * FLOODS as usize * TURN, "{events} events before the newcomer");
    settle().await;
    assert!(newcomer.next().is_some(), "the newcomer is not accepted");
}

#[tokio::test(start_paused = true)]
async fn s8_newcomer_is_accepted_while_floods_fill_the_queue() {
    let (mut server, connector) = server(64);
    let _floods = flood(&mut server, &connector).await;
    for id in 0..8 {
        let mut newcomer = connect(&connector, NEWCOMER + id);
        settle().await;
        assert!(newcomer.next().is_some(), "newcomer {id} is not accepted");
        newcomer.send(chat::Typing);
        settle().await;
    }
    let events = events_before(&mut server, |id, event| {
        id == NEWCOMER + 7 && matches!(event, ServerEvent::Msg(ClientMsg::Typing(_)))
    });
    assert!(events <= (2 * FLOODS as usize + 8) * TURN, "{events} events before the newcomer");
}

#[tokio::test(start_paused = true)]
async fn s8_next_session_of_a_flooding_id_follows_its_flood() {
    let (mut server, connector) = server(65_536);
    let mut floods = flood(&mut server, &connector).await;
    floods.remove(0).close();
    // The close is cut off, because the server does not read the rest of the flood.
    tokio::time::sleep(Duration::from_secs(300)).await;
    let _again = connect(&connector, 0);
    settle().await;
    let mut received = Vec::new();
    while let Some((id, event)) = server.next() {
        if id.get() == 0 {
            let is_connected = is_connected(&event);
            received.push(event);
            if is_connected {
                break;
            }
        }
    }
    let disconnected = received
        .iter()
        .position(|event| matches!(event, ServerEvent::Report(ServerReport::Disconnected(_))));
    assert!(received.len() > 1_000, "the flood is not in the queue");
    assert_eq!(disconnected, Some(received.len() - 2), "Connected overtook the flood");
}

#[tokio::test(start_paused = true)]
async fn s8_events_without_a_flood_arrive_in_the_order_in_which_they_were_sent() {
    let (mut server, connector) = server(65_536);
    let mut clients = Vec::new();
    for id in 0..FLOODS {
        clients.push(pair(&mut server, &connector, id).await);
    }
    let order: Vec<_> = (0..60).map(|number| number * 7 % FLOODS).collect();
    for &id in &order {
        clients[id as usize].send(chat::Typing);
        settle().await;
    }
    let received: Vec<_> = std::iter::from_fn(|| server.next()).map(|(id, _)| id.get()).collect();
    assert_eq!(received, order);
}

#[tokio::test(start_paused = true)]
async fn s8_heavy_message_costs_as_many_turns_as_it_weighs() {
    let (mut server, connector) = server(65_536);
    let heavy = pair(&mut server, &connector, 1).await;
    let light = pair(&mut server, &connector, 2).await;
    // Each request weighs as much as ten turns.
    for _ in 0..2 {
        heavy.request(Say { room: chat::RoomId(1), text: "x".repeat(640 * 1024) });
        settle().await;
    }
    for _ in 0..2_000 {
        light.send(chat::Typing);
    }
    settle().await;
    let is_request = |_, event: &ServerEvent| matches!(event, ServerEvent::Request(_));
    assert_eq!(events_before(&mut server, is_request), 0);
    let messages = events_before(&mut server, is_request);
    assert!((10 * TURN / 2..=10 * TURN).contains(&messages), "{messages}");
}
