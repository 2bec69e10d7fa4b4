use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use simplenet::ServerReport;

use crate::target::{ClientMsg, IncomingRequest, Said, Server, ServerEvent};

/// The application of the attacked server. It answers requests, and checks that every event belongs
/// to a session.
#[derive(Clone, Debug, Default)]
pub(super) struct Checker(Arc<Mutex<HashMap<u128, ClientEvents>>>);

/// The number of events of one client id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ClientEvents {
    /// True between `Connected` and `Disconnected`.
    pub(super) connected: bool,
    pub(super) sessions: usize,
    pub(super) messages: usize,
    pub(super) requests: usize,
}

impl Checker {
    /// Runs the application until the server ends.
    pub(super) async fn run(self, mut server: Server) {
        while let Some((id, event)) = server.recv().await {
            let mut clients = self.clients();
            let client = clients.entry(id.get()).or_default();
            match event {
                ServerEvent::Report(ServerReport::Connected(..)) => {
                    assert!(!client.connected, "{id} connected twice");
                    client.connected = true;
                    client.sessions += 1;
                    continue;
                }
                ServerEvent::Report(ServerReport::Disconnected(_)) => {
                    assert!(client.connected, "{id} disconnected without being connected");
                    client.connected = false;
                    continue;
                }
                ServerEvent::Msg(ClientMsg::Typing(_)) => client.messages += 1,
                ServerEvent::Msg(other) => {
                    panic!("the application received {other:?} from {id}")
                }
                ServerEvent::Request(IncomingRequest::Say(_, token)) => {
                    client.requests += 1;
                    token.respond(Said(client.requests as u64));
                }
            }
            assert!(client.connected, "{id} sent an event without a session");
        }
    }

    /// Returns the events of a client id so far.
    pub(super) fn events(&self, id: u128) -> ClientEvents {
        self.clients().get(&id).copied().unwrap_or_default()
    }

    /// Returns the number of sessions of all other client ids so far.
    pub(super) fn sessions_except(&self, id: u128) -> usize {
        self.clients()
            .iter()
            .filter(|(other, _)| **other != id)
            .map(|(_, events)| events.sessions)
            .sum()
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<u128, ClientEvents>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
