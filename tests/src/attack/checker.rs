use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use simplenet::ServerReport;

use crate::target::{ClientMsg, IncomingRequest, Said, Server, ServerEvent};

/// The application of the attacked server: it answers requests, and checks that every event belongs to a session.
#[derive(Clone, Debug, Default)]
pub(super) struct Checker(Arc<Mutex<HashMap<u128, Life>>>);

/// The events of one client id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Life {
    /// True while there is a session.
    pub(super) present: bool,
    pub(super) sessions: usize,
    pub(super) messages: usize,
    pub(super) requests: usize,
}

impl Checker {
    /// Runs the application until the server ends.
    pub(super) async fn preside(self, mut server: Server) {
        while let Some((id, event)) = server.recv().await {
            let mut lives = self.lives();
            let life = lives.entry(id.get()).or_default();
            match event {
                ServerEvent::Report(ServerReport::Connected(..)) => {
                    assert!(!life.present, "{id} is connected twice");
                    life.present = true;
                    life.sessions += 1;
                    continue;
                }
                ServerEvent::Report(ServerReport::Disconnected(_)) => {
                    assert!(life.present, "{id} is disconnected without being connected");
                    life.present = false;
                    continue;
                }
                ServerEvent::Msg(ClientMsg::Typing(_)) => life.messages += 1,
                ServerEvent::Msg(other) => {
                    panic!("{id} sent {other:?}, which reached the application")
                }
                ServerEvent::Request(IncomingRequest::Say(_, token)) => {
                    life.requests += 1;
                    token.respond(Said(life.requests as u64));
                }
            }
            assert!(life.present, "{id} sent an event without a session");
        }
    }

    /// Returns the events of an id so far.
    pub(super) fn life(&self, id: u128) -> Life {
        self.lives().get(&id).copied().unwrap_or_default()
    }

    /// Returns the events of all other ids so far.
    pub(super) fn sessions_but(&self, id: u128) -> usize {
        self.lives().iter().filter(|(other, _)| **other != id).map(|(_, life)| life.sessions).sum()
    }

    fn lives(&self) -> MutexGuard<'_, HashMap<u128, Life>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
