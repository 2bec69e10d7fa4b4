//! Runtimes that end before those who run on them.

use std::time::Duration;

use simplenet::{ClientReport, ClientState, DeathReason};
use simplenet_tests::{
    chat,
    harness::{DEADLINE, client, hello, soon},
};
use tokio::runtime::Runtime;

fn ends(runtime: Runtime) {
    runtime.shutdown_timeout(DEADLINE);
}

#[test]
fn c5_the_events_of_a_client_whose_runtime_ends_are_complete() {
    let servers = Runtime::new().unwrap();
    let server =
        chat::Server::builder().runtime(servers.handle().clone()).bind("127.0.0.1:0").unwrap();
    let clients = Runtime::new().unwrap();
    let mut client = client(server.url(), 1).runtime(clients.handle().clone()).connect(hello());
    servers.block_on(soon("the welcome", client.ready())).unwrap();
    ends(clients);
    // Not even its Connected had been taken.
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
fn a_client_on_a_runtime_that_has_ended_is_dead() {
    let clients = Runtime::new().unwrap();
    let handle = clients.handle().clone();
    ends(clients);
    let url = "ws://127.0.0.1:1".parse().unwrap();
    let mut client = client(url, 1).runtime(handle).connect(hello());
    assert!(matches!(client.state(), ClientState::Dead(DeathReason::RuntimeGone)));
    match client.next() {
        Some(chat::ClientEvent::Report(ClientReport::IsDead(DeathReason::RuntimeGone))) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_whose_runtime_ends_is_dead_and_its_events_end() {
    let servers = Runtime::new().unwrap();
    let mut server =
        chat::Server::builder().runtime(servers.handle().clone()).bind("127.0.0.1:0").unwrap();
    assert!(!server.is_dead());
    ends(servers);
    assert!(server.is_dead());
    let runtime = Runtime::new().unwrap();
    assert!(runtime.block_on(soon("the end of the events", server.recv())).is_none());
    runtime.shutdown_timeout(Duration::ZERO);
}
