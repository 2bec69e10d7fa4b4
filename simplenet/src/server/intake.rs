use std::{collections::VecDeque, sync::Arc, task::Poll};

use super::{
    ServerEvent, Shared,
    inbox::{Inbox, Queued},
    remote_client::RemoteClient,
    request_token::RawToken,
    service::{AnyService, SessionQueue},
};
use crate::{ChannelPack, CloseReason, driver::Application, session::ServerSessionEvent, wire};

/// Where the events of one session go.
pub(super) enum Destination<C: ChannelPack> {
    /// To whoever takes the server's events.
    Inbox,
    /// To a service, without a queue that all sessions share.
    Service(Arc<dyn AnyService<C>>, Arc<SessionQueue<C>>),
}

impl<C: ChannelPack> Destination<C> {
    pub(super) fn of(shared: &Shared<C>) -> Self {
        match shared.service() {
            Some(service) => Self::Service(service, Arc::new(SessionQueue::new())),
            None => Self::Inbox,
        }
    }

    pub(super) fn push(&self, inbox: &Inbox<C>, events: &mut VecDeque<Queued<C>>) {
        match self {
            Self::Inbox => inbox.push(events),
            Self::Service(_, queue) => queue.push(events),
        }
    }
}

/// Decodes a session's events on their way to where they go.
pub(super) struct Intake<'a, C: ChannelPack> {
    shared: &'a Arc<Shared<C>>,
    client: &'a Arc<RemoteClient>,
    destination: &'a Destination<C>,
    events: VecDeque<Queued<C>>,
}

impl<'a, C: ChannelPack> Intake<'a, C> {
    pub(super) fn new(
        shared: &'a Arc<Shared<C>>,
        client: &'a Arc<RemoteClient>,
        destination: &'a Destination<C>,
    ) -> Self {
        Self { shared, client, destination, events: VecDeque::new() }
    }

    /// `None` for what the application has no part in.
    fn decode(&self, event: ServerSessionEvent) -> Result<Option<Queued<C>>, CloseReason> {
        let malformed = |error| CloseReason::ProtocolViolation(format!("malformed: {error}"));
        let (event, size) = match event {
            ServerSessionEvent::Message(payload) => {
                let (message, size) = wire::decode_sized(&payload).map_err(malformed)?;
                (ServerEvent::Msg(message), size)
            }
            ServerSessionEvent::Request(id, payload) => {
                // First of all, so that the request ends even if it cannot be decoded.
                let token = RawToken::new(self.client.clone(), id);
                let (request, size) = wire::decode_sized(&payload).map_err(malformed)?;
                (ServerEvent::Request(C::incoming(request, token)), size)
            }
            ServerSessionEvent::Token(token) => {
                self.shared.renew(self.client, token);
                return Ok(None);
            }
        };
        Ok(Some(Queued::new(self.client, event, size)))
    }
}

impl<C: ChannelPack> Application<ServerSessionEvent> for Intake<'_, C> {
    fn poll_room(&mut self) -> Poll<usize> {
        self.client.queued.poll_room(self.shared.inbox.share())
    }

    fn deliver(&mut self, events: &mut Vec<ServerSessionEvent>) -> Result<(), CloseReason> {
        let mut result = Ok(());
        let mut weight = 0;
        for event in events.drain(..) {
            match self.decode(event) {
                Ok(Some(queued)) => {
                    weight += queued.weight_in_share();
                    self.events.push_back(queued);
                }
                Ok(None) => {}
                Err(reason) => {
                    result = Err(reason);
                    break;
                }
            }
        }
        self.client.queued.charge(weight);
        self.destination.push(&self.shared.inbox, &mut self.events);
        result
    }
}
