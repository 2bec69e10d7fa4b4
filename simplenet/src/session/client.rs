use std::{mem, time::Duration};

use super::{Core, Heartbeat, PushError, SendError, Session, in_flight::InFlight};
use crate::{
    time::Instant,
    wire::{self, CloseReason, OutgoingFrame, ServerFrame},
};

/// The client's side of one accepted connection.
///
/// `T` is the data that the caller attaches to a request. The session returns this data when the
/// request ends.
#[derive(Debug)]
pub(crate) struct ClientSession<T> {
    core: Core,
    pending: InFlight<Pending<T>>,
    /// A lower bound of the deadlines of all requests.
    next_deadline: Option<Instant>,
    limits: ClientSessionLimits,
    number: u64,
    opened: bool,
    draining: Option<CloseReason>,
    expiry: Option<Expiry>,
    /// Requests whose answers arrived but are lost.
    lost: Vec<EndedRequest<T>>,
}

/// The time at which the server ends the session unless it receives a fresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expiry {
    /// The time at which the server's notice arrived.
    pub(crate) told_at: Instant,
    pub(crate) expires_at: Instant,
}

/// The limits of a session, from the configuration and the server's welcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientSessionLimits {
    pub(crate) outbox_bytes: usize,
    pub(crate) max_in_flight: usize,
    /// The longest frame that the server accepts, in bytes.
    pub(crate) max_msg_size: usize,
    /// The longest frame that this client accepts, in bytes.
    pub(crate) max_incoming: usize,
    pub(crate) heartbeat: Heartbeat,
}

#[derive(Debug)]
struct Pending<T> {
    /// `None` once the request is expired or cancelled. The request still counts as in flight until
    /// its answer arrives.
    ticket: Option<T>,
    /// The number of the request's frame in the outbox. [`ClientSession::end`] compares it with the
    /// number of frames that the transport has received.
    number: u64,
    variant: Option<u32>,
    deadline: Option<Instant>,
}

/// An event of a client's session for the application.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ClientSessionEvent<'a, T> {
    Message(&'a [u8]),
    Response(u64, T, &'a [u8]),
    Ack(u64, T),
    Reject(u64, T),
    /// The request's deadline has passed.
    Expired(u64, T),
}

/// A request that has no answer at the end of its session.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EndedRequest<T> {
    pub(crate) id: u64,
    pub(crate) ticket: T,
    pub(crate) end: RequestEnd,
}

/// The outcome of a request that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestEnd {
    /// The request was never handed to the transport, so the server did not process it.
    SendFailed,
    /// The request was handed to the transport. It is unknown whether the server processed it.
    ResponseLost,
}

impl<T> ClientSession<T> {
    /// Creates a session. `number` identifies it among the sessions of the client.
    pub(crate) fn new(number: u64, limits: ClientSessionLimits, now: Instant) -> Self {
        Self {
            core: Core::new(limits.outbox_bytes, limits.max_incoming, limits.heartbeat, now),
            pending: InFlight::new(),
            next_deadline: None,
            limits,
            number,
            opened: false,
            draining: None,
            expiry: None,
            lost: Vec::new(),
        }
    }

    /// Creates a closed session, for a client that has no connection.
    pub(crate) fn closed(now: Instant) -> Self {
        let heartbeat = Heartbeat::new(Duration::MAX, Duration::MAX, Duration::MAX);
        let limits = ClientSessionLimits {
            outbox_bytes: 0,
            max_in_flight: 0,
            max_msg_size: 0,
            max_incoming: 0,
            heartbeat,
        };
        let mut session = Self::new(0, limits, now);
        session.core.outbox.close(CloseReason::ClosedByClient);
        session.core.outbox.progress().end();
        session
    }

    /// Allows the application to send. Called when the application has received the `Connected` of
    /// session `number`. Does nothing if `number` is the number of an earlier session.
    pub(crate) fn open(&mut self, number: u64) {
        self.opened |= number == self.number;
    }

    /// Allows sending at once, for a client whose application does not receive `Connected`.
    pub(crate) fn open_without_connected(&mut self) {
        self.opened = true;
    }

    /// Returns whether the session can be used as soon as the application receives its `Connected`.
    pub(crate) fn awaits_opening(&self) -> bool {
        !self.opened && !self.core.outbox.is_closed()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.opened && !self.core.outbox.is_closed()
    }

    /// Queues a message, and returns the number of its frame, as counted by
    /// [`Progress`](super::Progress).
    pub(crate) fn send(&mut self, frame: &OutgoingFrame) -> Result<u64, SendError> {
        if self.core.outbox.is_closed() {
            return Err(SendError::NotConnected);
        }
        if !self.opened {
            return Err(SendError::ConnectedNotReceived);
        }
        if frame.is_too_large(self.limits.max_msg_size) {
            return Err(SendError::TooLarge);
        }
        self.core.outbox.push(frame).map_err(|error| match error {
            PushError::Closed => SendError::NotConnected,
            PushError::Full => SendError::Overflow,
        })
    }

    /// Queues a request. The session returns `ticket` when the request ends: with the answer, at
    /// the deadline, or from [`ClientSession::end`].
    pub(crate) fn request(
        &mut self,
        id: u64,
        frame: &OutgoingFrame,
        deadline: Option<Instant>,
        ticket: T,
    ) -> Result<u64, SendError> {
        if self.is_open() && self.pending.len() >= self.limits.max_in_flight {
            return Err(SendError::TooManyInFlight);
        }
        let variant = wire::request_variant(frame.frame());
        let number = self.send(frame)?;
        self.pending.insert(id, Pending { ticket: Some(ticket), number, variant, deadline });
        self.advance_deadline(deadline);
        Ok(number)
    }

    /// Queues a fresh token, even before the application has received `Connected`.
    pub(crate) fn renew(&mut self, frame: &OutgoingFrame) {
        if !self.core.outbox.is_closed() {
            self.core.outbox.push_unbounded(frame);
        }
    }

    /// Returns the expiry that the server has announced last. `None`: the session does not expire.
    pub(crate) fn expiry(&self) -> Option<Expiry> {
        self.expiry
    }

    /// Cancels a request, and returns its ticket. The answer is dropped when it arrives.
    pub(crate) fn cancel(&mut self, id: u64) -> Option<T> {
        self.pending.get_mut(id)?.ticket.take()
    }

    /// Sets the deadline for the answer to a request.
    pub(crate) fn set_deadline(&mut self, id: u64, deadline: Instant) {
        if let Some(pending) = self.pending.get_mut(id) {
            pending.deadline = Some(deadline);
            self.advance_deadline(Some(deadline));
        }
    }

    fn advance_deadline(&mut self, deadline: Option<Instant>) {
        self.next_deadline = [self.next_deadline, deadline].into_iter().flatten().min();
    }

    /// Emits an event for each request whose deadline has passed. An answer to such a request is
    /// dropped when it arrives.
    fn expire(&mut self, now: Instant, events: &mut Vec<ClientSessionEvent<'_, T>>) {
        self.next_deadline = None;
        for (id, pending) in self.pending.iter_mut() {
            match pending.deadline {
                Some(deadline) if deadline <= now => {
                    let expired = pending.ticket.take();
                    events.extend(expired.map(|ticket| ClientSessionEvent::Expired(id, ticket)));
                    pending.deadline = None;
                }
                later => {
                    self.next_deadline = [self.next_deadline, later].into_iter().flatten().min();
                }
            }
        }
    }

    /// Closes the session after all queued frames have been written.
    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.close(reason);
    }

    /// Records requests that were answered, but whose answers cannot be delivered. They end with
    /// the session.
    pub(crate) fn lose(&mut self, requests: Vec<EndedRequest<T>>) {
        self.lost.extend(requests);
    }

    /// Ends the session after its connection has closed. Returns the requests that have no answer,
    /// in the order in which the application made them.
    pub(crate) fn end(&mut self, reason: CloseReason) -> Vec<EndedRequest<T>> {
        self.core.outbox.abort(reason);
        self.next_deadline = None;
        let progress = self.core.outbox.progress();
        progress.end();
        let handed = progress.handed();
        let mut ended = mem::take(&mut self.lost);
        ended.extend(self.pending.take().into_iter().filter_map(|(id, pending)| {
            let end = if pending.number <= handed {
                RequestEnd::ResponseLost
            } else {
                RequestEnd::SendFailed
            };
            Some(EndedRequest { id, ticket: pending.ticket?, end })
        }));
        ended
    }

    /// Returns the reason of the server's `Draining` frame, if the server sent one and `reason` is
    /// less specific. Otherwise returns `reason`.
    pub(crate) fn refine_reason(&self, reason: CloseReason) -> CloseReason {
        match (&self.draining, &reason) {
            (
                Some(draining),
                CloseReason::Draining { .. }
                | CloseReason::ShutDown
                | CloseReason::ConnectionLost(_),
            ) => draining.clone(),
            _ => reason,
        }
    }

    pub(crate) fn rtt(&self) -> Option<Duration> {
        self.core.liveness.rtt()
    }

    fn violation(&mut self, text: impl Into<String>) {
        self.core.abort(CloseReason::ProtocolViolation(text.into()));
    }

    /// Removes an answered request. Returns its ticket, or `None` if the request is expired or
    /// cancelled.
    ///
    /// An answer to an unknown request violates the protocol. So does a response whose type does
    /// not match the request.
    fn remove_answered(&mut self, id: u64, payload: Option<&[u8]>) -> Option<T> {
        let Some(index) = self.pending.find(id) else {
            self.violation(format!("answer to request {id}, which is not in flight"));
            return None;
        };
        if let Some(payload) = payload
            && self
                .pending
                .at(index)
                .is_some_and(|pending| pending.variant != wire::variant_index(payload))
        {
            self.violation(format!("response to request {id} has the type of another request"));
            return None;
        }
        self.pending.remove_at(index)?.ticket
    }
}

impl<T> Session for ClientSession<T> {
    type Event<'a> = ClientSessionEvent<'a, T>;

    fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    fn handle_frame<'a>(
        &mut self,
        now: Instant,
        frame: &'a [u8],
    ) -> Option<ClientSessionEvent<'a, T>> {
        if !self.core.handle_frame(now, frame) {
            return None;
        }
        match ServerFrame::decode(frame) {
            Ok(ServerFrame::Message(payload)) => Some(ClientSessionEvent::Message(payload)),
            Ok(ServerFrame::Response(id, payload)) => {
                let ticket = self.remove_answered(id, Some(payload))?;
                Some(ClientSessionEvent::Response(id, ticket, payload))
            }
            Ok(ServerFrame::Ack(id)) => {
                Some(ClientSessionEvent::Ack(id, self.remove_answered(id, None)?))
            }
            Ok(ServerFrame::Reject(id)) => {
                Some(ClientSessionEvent::Reject(id, self.remove_answered(id, None)?))
            }
            Ok(ServerFrame::Ping(nonce)) => {
                self.core.liveness.handle_ping(nonce);
                None
            }
            Ok(ServerFrame::Pong(nonce)) => {
                self.core.liveness.handle_pong(now, nonce);
                None
            }
            Ok(ServerFrame::Draining { retry_after }) => {
                self.draining = Some(CloseReason::Draining { retry_after });
                None
            }
            Ok(ServerFrame::Expiry { remaining }) => {
                self.expiry =
                    remaining.map(|remaining| Expiry { told_at: now, expires_at: now + remaining });
                None
            }
            Err(error) => {
                self.core.abort(error.into());
                None
            }
        }
    }

    fn handle_timeout(&mut self, now: Instant, events: &mut Vec<ClientSessionEvent<'_, T>>) {
        if self.next_deadline.is_some_and(|deadline| deadline <= now) {
            self.expire(now, events);
        }
        self.core.handle_timeout(now);
    }

    fn next_timeout(&self) -> Option<Instant> {
        let silence = self.core.next_timeout();
        [silence, self.next_deadline].into_iter().flatten().min()
    }

    fn throttled_until(&self) -> Option<Instant> {
        None
    }
}
