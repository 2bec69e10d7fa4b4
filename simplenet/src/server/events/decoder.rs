use std::{collections::VecDeque, sync::Arc, task::Poll};

use super::queue::{Batch, Queued, ServerQueue};
use crate::{
    backpressure::event_weight,
    channel::{ChannelPack, RawToken},
    driver::Application,
    server::{
        service::{AnyService, SessionQueue},
        sessions::RemoteClient,
        shared::Shared,
    },
    session::{ServerSession, ServerSessionEvent},
    wire::{self, CloseReason},
};

/// The destination of the events of one session.
pub(crate) enum Destination<C: ChannelPack> {
    /// The server's queue, from which the application receives the events.
    Queue,
    /// A service, through a separate queue for each session.
    Service(Arc<dyn AnyService<C>>, Arc<SessionQueue<C>>),
}

impl<C: ChannelPack> Destination<C> {
    pub(crate) fn new(service: Option<Arc<dyn AnyService<C>>>) -> Self {
        match service {
            Some(service) => Self::Service(service, Arc::new(SessionQueue::new())),
            None => Self::Queue,
        }
    }

    pub(crate) fn push(&self, queue: &ServerQueue<C>, batch: Batch<C>) {
        match self {
            Self::Queue => queue.push(batch),
            Self::Service(_, queue) => queue.push(batch),
        }
    }
}

/// Decodes the events of one session on the way to their destination.
pub(crate) struct EventDecoder<'a, C: ChannelPack> {
    shared: &'a Arc<Shared<C>>,
    client: &'a Arc<RemoteClient>,
    destination: &'a Destination<C>,
}

impl<'a, C: ChannelPack> EventDecoder<'a, C> {
    pub(crate) fn new(
        shared: &'a Arc<Shared<C>>,
        client: &'a Arc<RemoteClient>,
        destination: &'a Destination<C>,
    ) -> Self {
        Self { shared, client, destination }
    }

    /// Decodes an event, and returns it with its size. Returns `None` for an event that is not for
    /// the application.
    fn decode(
        &self,
        event: ServerSessionEvent<'_>,
    ) -> Result<Option<(Queued<C>, usize)>, CloseReason> {
        let limit = self.shared.config.max_msg_size;
        let malformed = |error| CloseReason::ProtocolViolation(format!("malformed: {error}"));
        Ok(Some(match event {
            ServerSessionEvent::Message(payload) => {
                let (message, size) = wire::decode_sized(payload, limit).map_err(malformed)?;
                (Queued::Msg(message), size)
            }
            ServerSessionEvent::Request(id, payload) => {
                // Create the token first. If the request cannot be decoded, the token is dropped,
                // which rejects the request.
                let token = RawToken::new(self.client.clone(), id);
                let (request, size) = wire::decode_sized(payload, limit).map_err(malformed)?;
                (Queued::Request(C::incoming(request, token)), size)
            }
            ServerSessionEvent::Token(token) => {
                self.shared.renew(self.client, token);
                return Ok(None);
            }
        }))
    }
}

impl<C: ChannelPack> Application<ServerSession> for EventDecoder<'_, C> {
    fn poll_room(&mut self) -> Poll<usize> {
        self.client.inbox.poll_room()
    }

    fn weigh(&self, length: usize) -> usize {
        event_weight(C::payloads().expected_from_client(length).max(length))
    }

    fn deliver(&mut self, events: Vec<ServerSessionEvent<'_>>) -> Result<(), CloseReason> {
        let mut decoded = VecDeque::with_capacity(events.len());
        let mut result = Ok(());
        let mut weight = 0;
        for event in events {
            match self.decode(event) {
                Ok(Some((event, size))) => {
                    weight += event_weight(size);
                    decoded.push_back(event);
                }
                Ok(None) => {}
                Err(reason) => {
                    result = Err(reason);
                    break;
                }
            }
        }
        if !decoded.is_empty() {
            self.client.inbox.charge(weight);
            let batch = Batch::new(self.client, decoded, weight);
            self.destination.push(&self.shared.queue, batch);
        }
        result
    }
}
