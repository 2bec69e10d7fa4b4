//! Runtimes that end before their clients and servers.

use std::time::Duration;

use simplenet::{ClientReport, ClientState, DeathReason};
use simplenet_tests::{
    chat,
    harness::{DEADLINE, client, hello, soon},
};
use tokio::runtime::Runtime;

/// Shuts the runtime down, and waits for its tasks.
fn shut_down(runtime: Runtime) {
    runtime.shutdown_timeout(DEADLINE);
}

#[test]
fn c5_events_are_complete_when_the_clients_runtime_ends() {
    let servers = Runtime::new().unwrap();
    let server =
        chat::Server::builder().runtime(servers.handle().clone()).bind("127.0.0.1:0").unwrap();
    let clients = Runtime::new().unwrap();
    let mut client = client(server.url(), 1).runtime(clients.handle().clone()).connect(hello());
    servers.block_on(soon("the welcome", client.ready())).unwrap();
    shut_down(clients);
    // The application receives all events, even its `Connected`, after the end of the runtime.
    let events: Vec<_> = std::iter::from_fn(|| client.next()).collect();
    match &events[..] {
        [
            chat::ClientEvent::Report(ClientReport::Connected),
            chat::ClientEvent::Report(ClientReport::Disconnected(_)),
            chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::RuntimeGone)),
        ] => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn client_on_an_ended_runtime_is_dead() {
    let clients = Runtime::new().unwrap();
    let handle = clients.handle().clone();
    shut_down(clients);
    let url = "ws://127.0.0.1:1";
    let mut client = client(url, 1).runtime(handle).connect(hello());
    assert!(matches!(client.state(), ClientState::Dead(DeathReason::RuntimeGone)));
    match client.next() {
        Some(chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::RuntimeGone))) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn server_events_end_when_its_runtime_ends() {
    let servers = Runtime::new().unwrap();
    let mut server =
        chat::Server::builder().runtime(servers.handle().clone()).bind("127.0.0.1:0").unwrap();
    assert!(!server.is_dead());
    shut_down(servers);
    assert!(server.is_dead());
    let runtime = Runtime::new().unwrap();
    assert!(runtime.block_on(soon("the end of the events", server.recv())).is_none());
    runtime.shutdown_timeout(Duration::ZERO);
}
