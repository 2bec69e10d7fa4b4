//! A short session with every kind of message, repeated through a proxy until one session is complete. Both sides
//! check the promises for the events that they receive.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use simplenet::{
    ClientConfig, ClientId, ClientReport, DeathReason, MessageSignal, MessageStatus, RequestId,
    RequestSignal, RequestStatus, ServerConfig, ServerReport,
};
use simplenet_tests::{
    chat,
    harness::{client, hello, server_with, soon},
    proxy::{Direction, Faults, Proxy},
};

/// The fault of the first connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Script {
    pub(super) to_server: Faults,
    pub(super) to_client: Faults,
    /// True if bytes arrive unchanged or not at all. Otherwise the checks of contents do not apply.
    pub(super) altered: bool,
}

/// The result of a session.
#[derive(Debug)]
pub(super) struct Played {
    /// Bytes transferred in each direction.
    pub(super) to_server: u64,
    pub(super) to_client: u64,
    /// Number of sessions until one was complete.
    pub(super) sessions: u32,
}

impl Script {
    /// Faults in one direction.
    pub(super) fn one_way(direction: Direction, faults: Faults) -> Self {
        match direction {
            Direction::ToServer => Self { to_server: faults, ..Self::default() },
            Direction::ToClient => Self { to_client: faults, ..Self::default() },
        }
    }

    /// Runs the script until the client is dead and the server has shut down. Panics if a promise is broken.
    pub(super) async fn play(self) -> Played {
        let server = server_with(ServerConfig {
            auth_timeout: Duration::from_secs(1),
            message_timeout: Duration::from_millis(500),
            ..Default::default()
        });
        let proxy = Proxy::with(&server.url(), self.to_server, self.to_client).await;
        let handle = server.handle();
        let serving = tokio::spawn(serve(server, self.altered));
        let config = ClientConfig {
            reconnect_interval: Duration::from_millis(1),
            max_reconnect_interval: Duration::from_millis(5),
            connect_timeout: Duration::from_secs(2),
            message_timeout: Duration::from_millis(500),
            ..Default::default()
        };
        let client = client(proxy.url(), 1).config(config).connect(hello());
        let told = Player::new(client, self.altered).play().await;
        soon("the shutdown", handle.shutdown(Duration::from_secs(1))).await;
        let seen = soon("the server's last event", serving).await.unwrap();

        if !self.altered {
            let both: Vec<_> = told.failed.intersection(&seen.requests).collect();
            assert!(both.is_empty(), "reported as failed, but processed: {both:?}");
            let statuses: Vec<_> = told.messages.iter().map(MessageSignal::status).collect();
            assert!(!statuses.contains(&MessageStatus::Sending), "{statuses:?}");
            let maybe = statuses.iter().filter(|status| **status != MessageStatus::Failed).count();
            assert!(seen.messages <= maybe, "{statuses:?}, but {} arrived", seen.messages);
        }
        Played {
            to_server: proxy.carried(Direction::ToServer),
            to_client: proxy.carried(Direction::ToClient),
            sessions: told.sessions,
        }
    }
}

/// The events of the server.
#[derive(Default)]
struct Seen {
    connected: BTreeSet<ClientId>,
    requests: BTreeSet<u32>,
    messages: usize,
}

/// Serves until the shutdown, and checks S1 and S2.
async fn serve(mut server: chat::Server, altered: bool) -> Seen {
    let mut seen = Seen::default();
    while let Some((id, event)) = server.recv().await {
        if let chat::ServerEvent::Report(ServerReport::Connected(..)) = event {
            assert!(seen.connected.insert(id), "{id} connected twice");
            let posted =
                chat::Posted { room: chat::RoomId(1), from: "all".into(), text: "hi".into() };
            server.send(id, posted);
            continue;
        }
        assert!(seen.connected.contains(&id), "{id} without a session: {event:?}");
        match event {
            chat::ServerEvent::Report(_) => {
                seen.connected.remove(&id);
            }
            chat::ServerEvent::Msg(_) => seen.messages += 1,
            chat::ServerEvent::Request(request) => {
                let number = answer(request);
                assert!(altered || seen.requests.last() < Some(&number), "out of order: {number}");
                seen.requests.insert(number);
            }
        }
    }
    assert!(seen.connected.is_empty(), "never disconnected: {:?}", seen.connected);
    seen
}

/// Answers requests in alternating ways, and returns the number of the request.
fn answer(request: chat::IncomingRequest) -> u32 {
    match request {
        chat::IncomingRequest::Join(join, token) => {
            token.respond(Err(chat::JoinError::Full));
            join.room.0
        }
        chat::IncomingRequest::Say(say, token) => {
            if say.text == "acknowledge" {
                token.ack();
            }
            say.room.0
        }
    }
}

/// The client's side.
struct Player {
    client: chat::Client,
    altered: bool,
    connected: bool,
    /// True once the server's first message of this session has arrived.
    greeted: bool,
    number: u32,
    open: BTreeMap<RequestId, (u32, RequestSignal)>,
    told: Told,
}

/// The statuses of the client's messages.
#[derive(Default)]
struct Told {
    /// Requests that were not sent.
    failed: BTreeSet<u32>,
    messages: Vec<MessageSignal>,
    sessions: u32,
}

/// After altered bytes, both sides may wait for each other.
const PATIENCE: Duration = Duration::from_secs(1);

impl Player {
    fn new(client: chat::Client, altered: bool) -> Self {
        Self {
            client,
            altered,
            connected: false,
            greeted: false,
            number: 0,
            open: BTreeMap::new(),
            told: Told::default(),
        }
    }

    /// Runs until the client's last event, and checks C2, C3, C5 and C8.
    async fn play(mut self) -> Told {
        loop {
            let event = if self.altered && !self.client.is_closed() {
                match tokio::time::timeout(PATIENCE, self.client.recv()).await {
                    Ok(event) => event,
                    Err(_) => {
                        self.client.close();
                        continue;
                    }
                }
            } else {
                soon("an event of the client", self.client.recv()).await
            };
            match event.expect("IsDead is the last event") {
                chat::ClientEvent::Report(ClientReport::IsDead(reason)) => {
                    self.dies(&reason);
                    return self.told;
                }
                event => self.handle(event),
            }
            if self.connected && self.greeted && self.open.is_empty() {
                self.client.close();
            }
        }
    }

    fn handle(&mut self, event: chat::ClientEvent) {
        match event {
            chat::ClientEvent::Report(ClientReport::Connected) => {
                assert!(!self.connected && self.open.is_empty(), "an event of an ended session");
                self.connected = true;
                self.greeted = false;
                self.told.sessions += 1;
                self.ask();
            }
            chat::ClientEvent::Report(_) => {
                assert!(self.connected, "a session ended twice");
                self.connected = false;
            }
            chat::ClientEvent::Msg(_) => {
                assert!(self.connected, "a message without a session");
                self.greeted = true;
            }
            chat::ClientEvent::Response(_, id) => self.answered(id, RequestStatus::Responded),
            chat::ClientEvent::Ack(id) => self.answered(id, RequestStatus::Acknowledged),
            chat::ClientEvent::Reject(id) => self.answered(id, RequestStatus::Rejected),
            chat::ClientEvent::SendFailed(id) => {
                let number = self.ends(id, RequestStatus::SendFailed);
                self.told.failed.insert(number);
            }
            chat::ClientEvent::ResponseLost(id) => {
                assert!(!self.connected, "lost although the session continues");
                self.ends(id, RequestStatus::ResponseLost);
            }
        }
    }

    /// Sends a message and three requests at the start of a session.
    fn ask(&mut self) {
        self.told.messages.push(self.client.send(chat::Typing));
        let say = |number, text: &str| chat::Say { room: chat::RoomId(number), text: text.into() };
        let number = self.number;
        let signals = [
            self.client.request(say(number + 1, "acknowledge")),
            self.client.request(chat::Join { room: chat::RoomId(number + 2) }),
            self.client.request(say(number + 3, "reject")),
        ];
        for signal in signals {
            self.number += 1;
            self.open.insert(signal.id(), (self.number, signal));
        }
    }

    fn answered(&mut self, id: RequestId, status: RequestStatus) {
        assert!(self.connected, "an answer without a session");
        assert!(self.altered || self.greeted, "an answer before the server's first message");
        self.ends(id, status);
    }

    fn ends(&mut self, id: RequestId, status: RequestStatus) -> u32 {
        let (number, signal) = self.open.remove(&id).expect("a request ends once");
        assert_eq!(signal.status(), status);
        number
    }

    fn dies(&self, reason: &DeathReason) {
        assert!(!self.connected && self.open.is_empty(), "dead during a session");
        let by_itself = matches!(reason, DeathReason::ClosedBySelf);
        assert!(by_itself || self.altered, "{reason}");
        assert!(!matches!(reason, DeathReason::RuntimeGone), "its task ended");
    }
}
