use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    Heartbeat, Liveness, Outbox, Progress, PushError, RateLimitConfig, Session,
    in_flight::InFlight,
    liveness::{Beat, Pulse},
    rate::{Token, TokenBucket},
};
use crate::{
    CloseReason, SendOutcome,
    time::Instant,
    wire::{self, ClientFrame},
};

/// The server's side of one accepted connection.
#[derive(Debug)]
pub(crate) struct ServerSession {
    outbox: Outbox,
    liveness: Liveness,
    in_flight: InFlight<()>,
    limits: ServerSessionLimits,
    opened: bool,
    rate: Option<TokenBucket>,
    throttled_until: Option<Instant>,
    /// Set when the server goes away: why the session closes once its requests are answered.
    draining: Option<CloseReason>,
}

/// What the configuration grants one session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerSessionLimits {
    pub(crate) outbox_bytes: usize,
    pub(crate) max_in_flight: usize,
    pub(crate) heartbeat: Heartbeat,
    pub(crate) slow_consumer: SlowConsumer,
    pub(crate) rate: Option<RateLimitConfig>,
}

/// What happens to a client that does not take what is sent to it as fast as it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlowConsumer {
    /// The session ends; the client may reconnect. What was queued is dropped.
    #[default]
    Disconnect,
    /// Messages that find no room are dropped, one by one. Answers to requests are never dropped: one that finds no
    /// room ends the session.
    DropMessages,
}

/// What a client's frame means to the application.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ServerSessionEvent {
    Message(Bytes),
    Request(u64, Bytes),
}

impl ServerSession {
    /// Begins with the frame that accepts the client.
    pub(crate) fn new(limits: ServerSessionLimits, welcome: Bytes, now: Instant) -> Self {
        let mut outbox = Outbox::new(limits.outbox_bytes.saturating_add(welcome.len()));
        let accepted = outbox.push(welcome);
        debug_assert!(accepted.is_ok(), "the capacity has room for the welcome");
        Self {
            outbox,
            liveness: Liveness::new(limits.heartbeat, now),
            in_flight: InFlight::new(),
            rate: limits.rate.map(|limit| TokenBucket::new(limit, now)),
            throttled_until: None,
            limits,
            opened: false,
            draining: None,
        }
    }

    /// The application has taken `Connected`: from here on it can send.
    pub(crate) fn open(&mut self) {
        self.opened = true;
    }

    /// Whether the application can send.
    pub(crate) fn is_open(&self) -> bool {
        self.opened && !self.outbox.is_closed()
    }

    pub(crate) fn send(&mut self, frame: Bytes) -> SendOutcome {
        if self.opened { self.push(frame) } else { SendOutcome::NotConnected }
    }

    /// Sends whether the application has taken `Connected` or not.
    pub(crate) fn push(&mut self, frame: Bytes) -> SendOutcome {
        match (self.outbox.push(frame), self.limits.slow_consumer) {
            (Ok(_), _) => SendOutcome::Queued,
            (Err(PushError::Closed), _) => SendOutcome::NotConnected,
            (Err(PushError::Full), SlowConsumer::DropMessages) => SendOutcome::Overflow,
            (Err(PushError::Full), SlowConsumer::Disconnect) => self.overflow(),
        }
    }

    /// Answers a request with a response, an acknowledgement or a rejection.
    pub(crate) fn answer(&mut self, id: u64, frame: Bytes) -> SendOutcome {
        if self.in_flight.remove(id).is_none() {
            return SendOutcome::NotConnected;
        }
        let outcome = match self.outbox.push(frame) {
            Ok(_) => SendOutcome::Queued,
            Err(PushError::Closed) => SendOutcome::NotConnected,
            Err(PushError::Full) => self.overflow(),
        };
        self.close_if_drained();
        outcome
    }

    /// Tells the client that the server is going away, and closes the session once every request is answered. Later
    /// requests are rejected.
    pub(crate) fn drain(&mut self, retry_after: Option<Duration>) {
        if self.draining.is_none() {
            self.draining = Some(CloseReason::Draining { retry_after });
            if self.outbox.push(wire::draining(retry_after)) == Err(PushError::Full) {
                self.overflow();
            }
            self.close_if_drained();
        }
    }

    /// Ends the session after everything queued has been written.
    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.outbox.close(reason);
    }

    /// The time of the last heartbeat to the client and back.
    pub(crate) fn rtt(&self) -> Option<Duration> {
        self.liveness.rtt()
    }

    /// Whether the request can still be answered.
    pub(crate) fn is_in_flight(&self, id: u64) -> bool {
        !self.outbox.is_closed() && self.in_flight.get(id).is_some()
    }

    fn close_if_drained(&mut self) {
        if self.in_flight.is_empty()
            && let Some(reason) = &self.draining
        {
            self.outbox.close(reason.clone());
        }
    }

    fn overflow(&mut self) -> SendOutcome {
        self.abort(CloseReason::SlowConsumer);
        SendOutcome::Overflow
    }

    fn violation(&mut self, what: impl Into<String>) {
        self.abort(CloseReason::ProtocolViolation(what.into()));
    }

    fn handle_request(&mut self, id: u64, payload: Bytes) -> Option<ServerSessionEvent> {
        if self.in_flight.len() >= self.limits.max_in_flight {
            self.violation(format!("more than {} requests in flight", self.limits.max_in_flight));
            return None;
        }
        if !self.in_flight.insert(id, ()) {
            self.violation(format!("request id {id} is already in flight"));
            return None;
        }
        if self.draining.is_some() {
            self.answer(id, wire::reject(id));
            return None;
        }
        Some(ServerSessionEvent::Request(id, payload))
    }
}

impl Session for ServerSession {
    type Event = ServerSessionEvent;

    fn handle_frame(&mut self, now: Instant, frame: Bytes) -> Option<ServerSessionEvent> {
        if self.outbox.is_closed() {
            return None;
        }
        self.liveness.handle_frame(now);
        match self.rate.as_mut().map(|rate| rate.take(now)) {
            Some(Token::Refused) => {
                self.abort(CloseReason::RateLimited { retry_after: None });
                return None;
            }
            Some(Token::TakenUntil(until)) => self.throttled_until = Some(until),
            Some(Token::Taken) | None => {}
        }
        match ClientFrame::decode(frame) {
            Ok(ClientFrame::Message(payload)) => Some(ServerSessionEvent::Message(payload)),
            Ok(ClientFrame::Request(id, payload)) => self.handle_request(id, payload),
            Ok(ClientFrame::Ping(nonce)) => {
                self.liveness.handle_ping(nonce);
                None
            }
            Ok(ClientFrame::Pong(nonce)) => {
                self.liveness.handle_pong(now, nonce);
                None
            }
            Err(error) => {
                self.abort(error.into());
                None
            }
        }
    }

    fn handle_bytes(&mut self, now: Instant) {
        self.liveness.handle_bytes(now);
    }

    fn handle_timeout(&mut self, now: Instant, _: &mut Vec<ServerSessionEvent>) {
        self.throttled_until = self.throttled_until.filter(|&until| now < until);
        if self.liveness.handle_timeout(now) == Pulse::Silent {
            self.abort(CloseReason::Timeout);
        }
    }

    fn next_timeout(&self) -> Option<Instant> {
        let silence = (!self.outbox.is_closed()).then(|| self.liveness.next_timeout())?;
        Some(self.throttled_until.map_or(silence, |until| until.min(silence)))
    }

    fn handle_reading(&mut self, now: Instant, paused: bool) {
        self.liveness.handle_reading(now, paused);
    }

    fn throttled_until(&self) -> Option<Instant> {
        self.throttled_until
    }

    fn take_outgoing(&mut self, frames: &mut VecDeque<Bytes>) -> Option<Bytes> {
        self.outbox.take(frames);
        Some(match self.liveness.take_beat()? {
            Beat::Ping(nonce) => wire::ping(nonce),
            Beat::Pong(nonce) => wire::pong(nonce),
        })
    }

    fn closing(&self) -> Option<&CloseReason> {
        self.outbox.closing()
    }

    fn is_aborted(&self) -> bool {
        self.outbox.is_aborted()
    }

    fn abort(&mut self, reason: CloseReason) {
        self.outbox.abort(reason);
    }

    fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    fn progress(&self) -> &Arc<Progress> {
        self.outbox.progress()
    }
}
