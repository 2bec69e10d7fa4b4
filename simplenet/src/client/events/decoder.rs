use std::{collections::VecDeque, task::Poll};

use super::{ClientEvent, queue::Queued};
use crate::{
    channel::ChannelPack,
    client::{
        requests::{CallError, RequestStatus, Waiter},
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
    /// Requests whose answer could not be decoded, or arrived in one batch after a payload that
    /// could not be decoded.
    unanswered: Vec<EndedRequest<Waiter<C>>>,
}

impl<'a, C: ChannelPack> EventDecoder<'a, C> {
    pub(crate) fn new(shared: &'a Shared<C>) -> Self {
        Self { shared, events: VecDeque::new(), unanswered: Vec::new() }
    }

    /// Returns the requests that the session has ended, but whose end was not reported.
    pub(crate) fn into_unanswered(self) -> Vec<EndedRequest<Waiter<C>>> {
        self.unanswered
    }

    fn handle(&mut self, event: ClientSessionEvent<'_, Waiter<C>>) -> Result<(), CloseReason> {
        let malformed = |error| CloseReason::ProtocolViolation(format!("malformed: {error}"));
        match event {
            ClientSessionEvent::Message(payload) => {
                let (message, size) = wire::decode_sized(payload).map_err(malformed)?;
                self.events.push_back(Queued::new(ClientEvent::Msg(message), size));
            }
            ClientSessionEvent::Response(id, waiter, payload) => {
                match wire::decode_sized(payload) {
                    Ok((response, size)) => self.respond(id, waiter, response, size),
                    Err(error) => {
                        self.unanswered.push(lost(id, waiter));
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

    fn respond(&mut self, id: u64, waiter: Waiter<C>, response: C::ServerResponse, size: usize) {
        match waiter {
            Waiter::Event(cell) => {
                cell.set(RequestStatus::Responded);
                let event = ClientEvent::Response(response, RequestId::new(id));
                self.events.push_back(Queued::new(event, size));
            }
            // The call may have been dropped.
            Waiter::Call(call) => drop(call.send(Ok(response))),
        }
    }

    fn end(
        &mut self,
        id: u64,
        waiter: Waiter<C>,
        (status, event): (RequestStatus, fn(RequestId) -> ClientEvent<C>),
        error: CallError,
    ) {
        match waiter {
            Waiter::Event(cell) => {
                cell.set(status);
                self.events.push_back(Queued::new(event(RequestId::new(id)), 0));
            }
            Waiter::Call(call) => drop(call.send(Err(error))),
        }
    }
}

impl<C: ChannelPack> Application<ClientSession<Waiter<C>>> for EventDecoder<'_, C> {
    fn poll_room(&mut self) -> Poll<usize> {
        self.shared.events.poll_room()
    }

    fn deliver(
        &mut self,
        events: Vec<ClientSessionEvent<'_, Waiter<C>>>,
    ) -> Result<(), CloseReason> {
        let mut result = Ok(());
        for event in events {
            if result.is_ok() {
                result = self.handle(event);
            } else if let ClientSessionEvent::Response(id, waiter, _)
            | ClientSessionEvent::Ack(id, waiter)
            | ClientSessionEvent::Reject(id, waiter)
            | ClientSessionEvent::Expired(id, waiter) = event
            {
                self.unanswered.push(lost(id, waiter));
            }
        }
        self.shared.events.push(&mut self.events);
        result
    }
}

fn lost<C: ChannelPack>(id: u64, waiter: Waiter<C>) -> EndedRequest<Waiter<C>> {
    EndedRequest { id, ticket: waiter, end: RequestEnd::ResponseLost }
}
