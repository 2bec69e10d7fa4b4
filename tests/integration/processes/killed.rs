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
const AFTERWARDS: u32 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn killed_server_leaves_true_statuses_and_all_clients_reconnect() {
    // An address of its own, so that no other program takes the port meanwhile.
    let mut server = Process::start(&["server", "127.0.0.85:0"]);
    let url = server.url().await;
    let clients: Vec<_> =
        (0..CLIENTS).map(|id| tokio::spawn(Load::new(id, url.clone()).run())).collect();
    let mut processed = Vec::new();
    while processed.len() < 1000 {
        processed.push(server.hears().await);
    }
    processed.extend(server.kill().await);

    let address = url.socket_addrs(|| None).unwrap()[0].to_string();
    let mut server = Process::start(&["server", &address]);
    assert_eq!(server.url().await, url);
    let mut ends = BTreeMap::new();
    for (id, client) in (0..CLIENTS).zip(clients) {
        for (number, status) in soon("a client's end", client).await.unwrap() {
            ends.insert(format!("{id} {number}"), status);
        }
    }
    processed.extend(server.kill().await);

    let processed: BTreeSet<String> = processed.into_iter().collect();
    for (request, status) in &ends {
        match status {
            RequestStatus::Acknowledged => assert!(processed.contains(request), "{request}"),
            RequestStatus::SendFailed => assert!(!processed.contains(request), "{request}"),
            RequestStatus::ResponseLost => {}
            other => panic!("{request} ended as {other:?}"),
        }
    }
    assert!(
        processed.iter().all(|request| ends.contains_key(request)),
        "a response without a request"
    );
}

/// A client that makes its next request as soon as it receives an answer.
struct Load {
    client: chat::Client,
    sessions: u32,
    /// Remaining requests in the current session.
    left: u32,
    number: u32,
    open: BTreeMap<RequestId, (u32, RequestSignal)>,
    ends: BTreeMap<u32, RequestStatus>,
}

impl Load {
    fn new(id: u128, url: Url) -> Self {
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(10),
            max_reconnect_interval: Duration::from_millis(100),
            ..Default::default()
        };
        Self {
            client: client(url, id).config(config).connect(hello()),
            sessions: 0,
            left: 0,
            number: 0,
            open: BTreeMap::new(),
            ends: BTreeMap::new(),
        }
    }

    /// The outcome of each request, by its number.
    async fn run(mut self) -> BTreeMap<u32, RequestStatus> {
        loop {
            match client_event(&mut self.client).await {
                chat::ClientEvent::Report(ClientReport::Connected) => {
                    assert!(self.open.is_empty(), "requests of the old session without an outcome");
                    self.sessions += 1;
                    self.left = if self.sessions == 1 { u32::MAX } else { AFTERWARDS };
                }
                chat::ClientEvent::Report(ClientReport::IsDead(_)) => break,
                chat::ClientEvent::Report(_) => self.left = 0,
                chat::ClientEvent::Ack(id) => self.ends(id, RequestStatus::Acknowledged),
                chat::ClientEvent::SendFailed(id) => self.ends(id, RequestStatus::SendFailed),
                chat::ClientEvent::ResponseLost(id) => self.ends(id, RequestStatus::ResponseLost),
                other => panic!("{other:?}"),
            }
            while self.left > 0 && self.open.len() < IN_FLIGHT {
                self.ask();
            }
            if self.sessions == 2 && self.open.is_empty() {
                self.client.close();
            }
        }
        assert_eq!(self.sessions, 2);
        assert!(self.open.is_empty(), "requests without an outcome");
        self.ends
    }

    fn ask(&mut self) {
        self.left -= 1;
        self.number += 1;
        let say = chat::Say { room: chat::RoomId(self.number), text: "x".repeat(100) };
        let signal = self.client.request(say);
        self.open.insert(signal.id(), (self.number, signal));
    }

    fn ends(&mut self, id: RequestId, status: RequestStatus) {
        let (number, signal) = self.open.remove(&id).expect("a request ends once");
        assert_eq!(signal.status(), status);
        self.ends.insert(number, status);
    }
}
