//! A server that is killed under load and restarted.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use simplenet::{ClientConfig, ClientReport, RequestId, RequestSignal, RequestStatus, Url};
use simplenet_tests::{
    chat,
    harness::{client, client_event, hello, soon},
};

use super::process::Process;

const CLIENTS: u128 = 5;

/// Requests that each client keeps in flight.
const IN_FLIGHT: usize = 50;

/// Requests that each client makes after the restart.
const AFTER_RESTART: u32 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn killed_server_leaves_correct_statuses_and_all_clients_reconnect() {
    // The address is used by this test only, so no other program binds the port before the restart.
    let mut server = Process::start(&["server", "127.0.0.85:0"]);
    let url = server.url().await;
    let clients: Vec<_> =
        (0..CLIENTS).map(|id| tokio::spawn(LoadClient::new(id, url.clone()).run())).collect();
    let mut processed = Vec::new();
    while processed.len() < 1000 {
        processed.push(server.line().await);
    }
    processed.extend(server.kill().await);

    let address = url.socket_addrs(|| None).unwrap()[0].to_string();
    let mut server = Process::start(&["server", &address]);
    assert_eq!(server.url().await, url);
    let mut outcomes = BTreeMap::new();
    for (id, client) in (0..CLIENTS).zip(clients) {
        for (number, status) in soon("a client's end", client).await.unwrap() {
            outcomes.insert(format!("{id} {number}"), status);
        }
    }
    processed.extend(server.kill().await);

    let processed: BTreeSet<String> = processed.into_iter().collect();
    for (request, status) in &outcomes {
        match status {
            RequestStatus::Acknowledged => assert!(processed.contains(request), "{request}"),
            RequestStatus::SendFailed(_) => assert!(!processed.contains(request), "{request}"),
            RequestStatus::ResponseLost => {}
            other => panic!("{request} has the status {other:?}"),
        }
    }
    assert!(
        processed.iter().all(|request| outcomes.contains_key(request)),
        "a processed request has no outcome"
    );
}

/// A client that makes its next request as soon as it receives an answer.
struct LoadClient {
    client: chat::Client,
    sessions: u32,
    /// Remaining requests in the current session.
    remaining: u32,
    number: u32,
    open: BTreeMap<RequestId, (u32, RequestSignal)>,
    outcomes: BTreeMap<u32, RequestStatus>,
}

impl LoadClient {
    fn new(id: u128, url: Url) -> Self {
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(10),
            max_reconnect_interval: Duration::from_millis(100),
            ..Default::default()
        };
        Self {
            client: client(url, id).config(config).connect(hello()),
            sessions: 0,
            remaining: 0,
            number: 0,
            open: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Runs until the client is dead, and returns the outcome of each request, by its number.
    async fn run(mut self) -> BTreeMap<u32, RequestStatus> {
        loop {
            match client_event(&mut self.client).await {
                chat::ClientEvent::Report(ClientReport::Connected) => {
                    assert!(self.open.is_empty(), "a request of the old session has no outcome");
                    self.sessions += 1;
                    self.remaining = if self.sessions == 1 { u32::MAX } else { AFTER_RESTART };
                }
                chat::ClientEvent::Report(ClientReport::IsDead(_)) => break,
                chat::ClientEvent::Report(_) => self.remaining = 0,
                chat::ClientEvent::Ack(id) => self.complete(id, RequestStatus::Acknowledged),
                chat::ClientEvent::SendFailed(id, error) => {
                    self.complete(id, RequestStatus::SendFailed(error));
                }
                chat::ClientEvent::ResponseLost(id) => {
                    self.complete(id, RequestStatus::ResponseLost);
                }
                other => panic!("{other:?}"),
            }
            while self.remaining > 0 && self.open.len() < IN_FLIGHT {
                self.send_request();
            }
            if self.sessions == 2 && self.open.is_empty() {
                self.client.close();
            }
        }
        assert_eq!(self.sessions, 2);
        assert!(self.open.is_empty(), "a request has no outcome");
        self.outcomes
    }

    fn send_request(&mut self) {
        self.remaining -= 1;
        self.number += 1;
        let say = chat::Say { room: chat::RoomId(self.number), text: "x".repeat(100) };
        let signal = self.client.request(say);
        self.open.insert(signal.id(), (self.number, signal));
    }

    fn complete(&mut self, id: RequestId, status: RequestStatus) {
        let (number, signal) = self.open.remove(&id).expect("the request is open");
        assert_eq!(signal.status(), status);
        self.outcomes.insert(number, status);
    }
}
