//! A short session with every kind of message, through a proxy that disturbs its first connection.
//! The client repeats the session until it is complete. Both sides check that their events keep the
//! promises of ARCHITECTURE.md.

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

/// A scripted session, and the faults of its first connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScriptedSession {
    pub(super) to_server: Faults,
    pub(super) to_client: Faults,
    /// True if received bytes may differ from the sent bytes. Then contents are not checked.
    pub(super) altered: bool,
}

/// The result of a run.
#[derive(Debug)]
pub(super) struct RunReport {
    /// Bytes transferred in each direction.
    pub(super) to_server: u64,
    pub(super) to_client: u64,
    /// Number of sessions until one was complete.
    pub(super) sessions: u32,
}

impl ScriptedSession {
    /// Creates a session with faults in one direction.
    pub(super) fn one_way(direction: Direction, faults: Faults) -> Self {
        match direction {
            Direction::ToServer => Self { to_server: faults, ..Self::default() },
            Direction::ToClient => Self { to_client: faults, ..Self::default() },
        }
    }

    /// Runs until the client is dead and the server has shut down. Panics if a promise is broken.
    pub(super) async fn run(self) -> RunReport {
        let server = server_with(ServerConfig {
            auth_timeout: Duration::from_secs(1),
            message_timeout: Duration::from_millis(500),
            ..Default::default()
        });
        let proxy = Proxy::with_faults(&server.url(), self.to_server, self.to_client).await;
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
        let client_log = ScriptedClient::new(client, self.altered).run().await;
        soon("the shutdown", handle.shutdown(Duration::from_secs(1))).await;
        let server_log = soon("the server's last event", serving).await.unwrap();

        if !self.altered {
            let processed: Vec<_> = client_log.failed.intersection(&server_log.requests).collect();
            assert!(processed.is_empty(), "reported as failed, but processed: {processed:?}");
            let statuses: Vec<_> = client_log.messages.iter().map(MessageSignal::status).collect();
            assert!(!statuses.contains(&MessageStatus::Sending), "{statuses:?}");
            let failed = |status: &&MessageStatus| matches!(status, MessageStatus::Failed(_));
            let sent = statuses.len() - statuses.iter().filter(failed).count();
            assert!(
                server_log.messages <= sent,
                "{statuses:?}, but {} arrived",
                server_log.messages
            );
        }
        RunReport {
            to_server: proxy.transferred(Direction::ToServer),
            to_client: proxy.transferred(Direction::ToClient),
            sessions: client_log.sessions,
        }
    }
}

/// The events that the server has received.
#[derive(Default)]
struct ServerLog {
    connected: BTreeSet<ClientId>,
    requests: BTreeSet<u32>,
    messages: usize,
}

/// Handles events until the shutdown, and checks the promises S1 and S2.
async fn serve(mut server: chat::Server, altered: bool) -> ServerLog {
    let mut log = ServerLog::default();
    while let Some((id, event)) = server.recv().await {
        if let chat::ServerEvent::Report(ServerReport::Connected(..)) = event {
            assert!(log.connected.insert(id), "{id} connected twice");
            let posted =
                chat::Posted { room: chat::RoomId(1), from: "all".into(), text: "hi".into() };
            server.send(id, posted);
            continue;
        }
        assert!(log.connected.contains(&id), "event of {id} without a session: {event:?}");
        match event {
            chat::ServerEvent::Report(_) => {
                log.connected.remove(&id);
            }
            chat::ServerEvent::Msg(_) => log.messages += 1,
            chat::ServerEvent::Request(request) => {
                let number = answer(request);
                assert!(altered || log.requests.last() < Some(&number), "out of order: {number}");
                log.requests.insert(number);
            }
        }
    }
    assert!(log.connected.is_empty(), "no Disconnected for {:?}", log.connected);
    log
}

/// Responds to, acknowledges or rejects a request, and returns its number.
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

/// The client of a scripted session.
struct ScriptedClient {
    client: chat::Client,
    altered: bool,
    connected: bool,
    /// True if the client has received a message of the server in this session.
    message_received: bool,
    number: u32,
    open: BTreeMap<RequestId, (u32, RequestSignal)>,
    log: ClientLog,
}

/// The outcomes of the client's messages and requests.
#[derive(Default)]
struct ClientLog {
    /// Requests that were not sent.
    failed: BTreeSet<u32>,
    messages: Vec<MessageSignal>,
    sessions: u32,
}

/// The time without an event after which the client closes, if bytes were altered. Without this
/// limit, both sides might wait for each other.
const EVENT_TIMEOUT: Duration = Duration::from_secs(1);

impl ScriptedClient {
    fn new(client: chat::Client, altered: bool) -> Self {
        Self {
            client,
            altered,
            connected: false,
            message_received: false,
            number: 0,
            open: BTreeMap::new(),
            log: ClientLog::default(),
        }
    }

    /// Runs until the client's last event, and checks the promises C2, C3, C5 and C8.
    async fn run(mut self) -> ClientLog {
        loop {
            let event = if self.altered && !self.client.is_closed() {
                match tokio::time::timeout(EVENT_TIMEOUT, self.client.recv()).await {
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
                    self.assert_death(&reason);
                    return self.log;
                }
                event => self.handle(event),
            }
            if self.connected && self.message_received && self.open.is_empty() {
                self.client.close();
            }
        }
    }

    fn handle(&mut self, event: chat::ClientEvent) {
        match event {
            chat::ClientEvent::Report(ClientReport::Connected) => {
                assert!(!self.connected && self.open.is_empty(), "an event of an ended session");
                self.connected = true;
                self.message_received = false;
                self.log.sessions += 1;
                self.send_requests();
            }
            chat::ClientEvent::Report(ClientReport::Retrying { .. }) => {
                assert!(!self.connected, "an attempt during a session");
            }
            chat::ClientEvent::Report(_) => {
                assert!(self.connected, "a session ended twice");
                self.connected = false;
            }
            chat::ClientEvent::Msg(_) => {
                assert!(self.connected, "a message without a session");
                self.message_received = true;
            }
            chat::ClientEvent::Response(_, id) => {
                self.complete_with_answer(id, RequestStatus::Responded);
            }
            chat::ClientEvent::Ack(id) => {
                self.complete_with_answer(id, RequestStatus::Acknowledged);
            }
            chat::ClientEvent::Reject(id) => self.complete_with_answer(id, RequestStatus::Rejected),
            chat::ClientEvent::SendFailed(id, error) => {
                let number = self.complete(id, RequestStatus::SendFailed(error));
                self.log.failed.insert(number);
            }
            chat::ClientEvent::ResponseLost(id) => {
                assert!(!self.connected, "ResponseLost within a session");
                self.complete(id, RequestStatus::ResponseLost);
            }
        }
    }

    /// Sends a message and three requests at the start of a session.
    fn send_requests(&mut self) {
        self.log.messages.push(self.client.send(chat::Typing));
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

    fn complete_with_answer(&mut self, id: RequestId, status: RequestStatus) {
        assert!(self.connected, "an answer without a session");
        assert!(
            self.altered || self.message_received,
            "an answer before the server's first message"
        );
        self.complete(id, status);
    }

    /// Removes an open request, checks its status, and returns its number.
    fn complete(&mut self, id: RequestId, status: RequestStatus) -> u32 {
        let (number, signal) = self.open.remove(&id).expect("the request is open");
        assert_eq!(signal.status(), status);
        number
    }

    fn assert_death(&self, reason: &DeathReason) {
        assert!(!self.connected && self.open.is_empty(), "dead during a session");
        let closed_by_self = matches!(reason, DeathReason::ClosedBySelf);
        assert!(closed_by_self || self.altered, "{reason}");
        assert!(
            !matches!(reason, DeathReason::RuntimeGone),
            "the client's task has ended too early"
        );
    }
}
