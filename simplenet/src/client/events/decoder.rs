use std::{collections::VecDeque, task::Poll};

use super::{ClientEvent, queue::Queued};
use crate::{
    backpressure::event_weight,
    channel::ChannelPack,
    client::{
        requests::{Answer, CallError, CallKey, RequestStatus, Waiter},
        shared::Shared,
    },
    driver::Application,
    request_id::RequestId,
    session::{ClientSession, ClientSessionEvent, EndedRequest, RequestEnd},
    wire::{self, CloseReason},
};

/// Decodes the events of a session for the application and for waiting calls.
pub(crate) struct EventDecoder<'a, C: ChannelPack> {
    shared: &'a Shared<C>,
    events: VecDeque<Queued<C>>,
    ended_calls: Vec<(CallKey, Answer<C::ServerResponse>)>,
}

impl<'a, C: ChannelPack> EventDecoder<'a, C> {
    pub(crate) fn new(shared: &'a Shared<C>) -> Self {
        Self { shared, events: VecDeque::new(), ended_calls: Vec::new() }
    }

    /// Handles an event. If an answer cannot be decoded, adds its request to `lost`.
    fn handle(
        &mut self,
        event: ClientSessionEvent<'_, Waiter>,
        lost: &mut Vec<EndedRequest<Waiter>>,
    ) -> Result<(), CloseReason> {
        let limit = self.shared.config.max_msg_size;
        let malformed = |error| CloseReason::ProtocolViolation(format!("malformed: {error}"));
        match event {
            ClientSessionEvent::Message(payload) => {
                let (message, size) = wire::decode_sized(payload, limit).map_err(malformed)?;
                self.events.push_back(Queued::new(ClientEvent::Msg(message), size));
            }
            ClientSessionEvent::Response(id, waiter, payload) => {
                match wire::decode_sized(payload, limit) {
                    Ok((response, size)) => self.respond(id, waiter, response, size),
                    Err(error) => {
                        lost.push(lost_request(id, waiter));
                        return Err(malformed(error));
                    }
                }
            }
            ClientSessionEvent::Ack(id, waiter) => self.end(
                id,
                waiter,
                (RequestStatus::Acknowledged, ClientEvent::Ack),
                CallError::Acknowledged,
            ),
            ClientSessionEvent::Expired(id, waiter) => self.end(
                id,
                waiter,
                (RequestStatus::ResponseLost, ClientEvent::ResponseLost),
                CallError::TimedOut,
            ),
            ClientSessionEvent::Reject(id, waiter) => self.end(
                id,
                waiter,
                (RequestStatus::Rejected, ClientEvent::Reject),
                CallError::Rejected,
            ),
        }
        Ok(())
    }

    fn respond(&mut self, id: u64, waiter: Waiter, response: C::ServerResponse, size: usize) {
        match waiter {
            Waiter::Event(cell) => {
                cell.set(RequestStatus::Responded);
                let event = ClientEvent::Response(response, RequestId::new(id));
                self.events.push_back(Queued::new(event, size));
            }
            Waiter::Call(key) => self.ended_calls.push((key, Ok(response))),
        }
    }

    fn end(
        &mut self,
        id: u64,
        waiter: Waiter,
        (status, event): (RequestStatus, fn(RequestId) -> ClientEvent<C>),
        error: CallError,
    ) {
        match waiter {
            Waiter::Event(cell) => {
                cell.set(status);
                self.events.push_back(Queued::new(event(RequestId::new(id)), 0));
            }
            Waiter::Call(key) => self.ended_calls.push((key, Err(error))),
        }
    }
}

impl<C: ChannelPack> Application<ClientSession<Waiter>> for EventDecoder<'_, C> {
    fn poll_room(&mut self) -> Poll<usize> {
        self.shared.events.poll_room()
    }

    fn weigh(&self, length: usize) -> usize {
        event_weight(C::payloads().expected_from_server(length).max(length))
    }

    fn deliver(&mut self, events: Vec<ClientSessionEvent<'_, Waiter>>) -> Result<(), CloseReason> {
        let mut result = Ok(());
        // Requests whose answer cannot be decoded, or arrived after a payload that cannot.
        let mut lost = Vec::new();
        for event in events {
            if result.is_ok() {
                result = self.handle(event, &mut lost);
            } else if let ClientSessionEvent::Response(id, waiter, _)
            | ClientSessionEvent::Ack(id, waiter)
            | ClientSessionEvent::Reject(id, waiter)
            | ClientSessionEvent::Expired(id, waiter) = event
            {
                lost.push(lost_request(id, waiter));
            }
        }
        if !lost.is_empty() {
            self.shared.link.lock().lose(lost);
        }
        self.shared.events.push(&mut self.events);
        self.shared.calls.end(&mut self.ended_calls);
        result
    }
}

fn lost_request(id: u64, waiter: Waiter) -> EndedRequest<Waiter> {
    EndedRequest { id, ticket: waiter, end: RequestEnd::ResponseLost }
}
