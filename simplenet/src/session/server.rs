use std::time::Duration;

use bytes::Bytes;

use super::{
    Core, Heartbeat, PushError, RateExcess, RateLimitConfig, Session, SlowConsumer,
    in_flight::InFlight,
    rate::{Token, TokenBucket},
};
use crate::{
    outcome::SendOutcome,
    time::Instant,
    wire::{self, ClientFrame, CloseReason, OutgoingFrame, SecretBytes},
};

/// The server's side of one accepted connection.
#[derive(Debug)]
pub(crate) struct ServerSession {
    core: Core,
    in_flight: InFlight<()>,
    limits: ServerSessionLimits,
    opened: bool,
    connected_handled: bool,
    rate: Option<TokenBucket>,
    throttled_until: Option<Instant>,
    /// The expiry of the client's credentials.
    expires_at: Option<Instant>,
    fresh_tokens: TokenBucket,
    /// The reason with which the session closes after its last answer. Set while the server drains.
    draining: Option<CloseReason>,
}

/// The limits of one session, from the configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerSessionLimits {
    pub(crate) outbox_bytes: usize,
    /// The longest frame that the server accepts, in bytes.
    pub(crate) max_incoming: usize,
    /// The longest frame that the server sends, in bytes.
    pub(crate) max_outgoing: usize,
    pub(crate) max_in_flight: usize,
    pub(crate) heartbeat: Heartbeat,
    pub(crate) slow_consumer: SlowConsumer,
    pub(crate) rate: Option<RateLimitConfig>,
}

/// An event of a server's session for the application.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ServerSessionEvent<'a> {
    Message(&'a [u8]),
    Request(u64, &'a [u8]),
    /// A fresh token, which the server must verify.
    Token(SecretBytes),
}

/// The rate limit of fresh tokens. Verifying a token costs the server more than sending one costs
/// the client.
const FRESH_TOKENS: RateLimitConfig =
    RateLimitConfig { per_second: 1, burst: 10, on_excess: RateExcess::Close };

impl ServerSession {
    /// Creates a session whose first message is `welcome`.
    pub(crate) fn new(limits: ServerSessionLimits, welcome: Bytes, now: Instant) -> Self {
        let mut core = Core::new(limits.outbox_bytes, limits.max_incoming, limits.heartbeat, now);
        core.outbox.push_message(welcome);
        Self {
            core,
            in_flight: InFlight::new(),
            rate: limits.rate.map(|limit| TokenBucket::new(limit, now)),
            throttled_until: None,
            expires_at: None,
            fresh_tokens: TokenBucket::new(FRESH_TOKENS, now),
            limits,
            opened: false,
            connected_handled: false,
            draining: None,
        }
    }

    /// Allows the application to send. Called when the application has received `Connected`.
    pub(crate) fn open(&mut self) {
        self.opened = true;
    }

    /// Records that the application has handled `Connected`. From then on, a draining session
    /// rejects requests. A rejection before that would overtake the messages that the application
    /// sends in response to `Connected`.
    pub(crate) fn connected_handled(&mut self) {
        self.connected_handled = true;
    }

    /// Sets the expiry of the session, and tells the client the remaining time. With `None`, the
    /// session does not expire.
    pub(crate) fn expire_at(&mut self, expires_at: Option<Instant>, now: Instant) {
        if expires_at.is_some() || self.expires_at.is_some() {
            let remaining = expires_at.map(|time| time.saturating_duration_since(now));
            self.push(&wire::expiry(remaining));
        }
        self.expires_at = expires_at;
    }

    /// Returns true if the application can send.
    pub(crate) fn is_open(&self) -> bool {
        self.opened && !self.core.outbox.is_closed()
    }

    pub(crate) fn send(&mut self, frame: &OutgoingFrame) -> SendOutcome {
        if self.opened { self.push(frame) } else { SendOutcome::NotConnected }
    }

    /// Queues a frame even before the application has received `Connected`.
    pub(crate) fn push(&mut self, frame: &OutgoingFrame) -> SendOutcome {
        if frame.is_too_large(self.limits.max_outgoing) && !self.core.outbox.is_closed() {
            return SendOutcome::TooLarge;
        }
        match (self.core.outbox.push(frame), self.limits.slow_consumer) {
            (Ok(_), _) => SendOutcome::Queued,
            (Err(PushError::Closed), _) => SendOutcome::NotConnected,
            (Err(PushError::Full), SlowConsumer::DropMessages) => SendOutcome::Overflow,
            (Err(PushError::Full), SlowConsumer::Disconnect) => self.overflow(),
        }
    }

    /// Answers a request with a response, an acknowledgement or a rejection. If the client does not
    /// accept so large a response, rejects the request instead.
    pub(crate) fn answer(&mut self, id: u64, frame: &OutgoingFrame) -> SendOutcome {
        if self.in_flight.remove(id).is_none() {
            return SendOutcome::NotConnected;
        }
        let pushed = if frame.is_too_large(self.limits.max_outgoing) {
            self.core.outbox.push(&wire::reject(id)).map(|_| SendOutcome::TooLarge)
        } else {
            self.core.outbox.push(frame).map(|_| SendOutcome::Queued)
        };
        let outcome = match pushed {
            Ok(outcome) => outcome,
            Err(PushError::Closed) => SendOutcome::NotConnected,
            Err(PushError::Full) => self.overflow(),
        };
        self.close_if_drained();
        outcome
    }

    /// Announces the shutdown to the client, and closes the session once every request is answered.
    ///
    /// Once the application has handled `Connected`, further requests are rejected. Until then, the
    /// application still receives requests.
    pub(crate) fn drain(&mut self, retry_after: Option<Duration>) {
        if self.draining.is_none() {
            self.draining = Some(CloseReason::Draining { retry_after });
            if !self.core.outbox.is_closed() {
                self.core.outbox.push_unbounded(&wire::draining(retry_after));
            }
            self.close_if_drained();
        }
    }

    /// Closes the session after all queued frames have been written.
    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.close(reason);
    }

    /// Returns the round-trip time of the last ping.
    pub(crate) fn rtt(&self) -> Option<Duration> {
        self.core.liveness.rtt()
    }

    /// Returns true if the request can still be answered.
    pub(crate) fn is_in_flight(&self, id: u64) -> bool {
        !self.core.outbox.is_closed() && self.in_flight.find(id).is_some()
    }

    fn close_if_drained(&mut self) {
        if self.in_flight.is_empty()
            && let Some(reason) = &self.draining
        {
            self.core.outbox.close(reason.clone());
        }
    }

    fn overflow(&mut self) -> SendOutcome {
        self.core.abort(CloseReason::SlowConsumer);
        SendOutcome::Overflow
    }

    fn violation(&mut self, text: impl Into<String>) {
        self.core.abort(CloseReason::ProtocolViolation(text.into()));
    }

    /// Charges a frame to the rate limit. Returns false if the session was closed because the frame
    /// exceeds the limit.
    fn take_token(&mut self, now: Instant) -> bool {
        let found = self.rate.as_mut().map_or(Token::Taken, |rate| rate.take(now));
        self.apply_rate_limit(found)
    }

    /// Throttles or closes the session if the result of the rate limit requires it. Returns false
    /// if the session was closed.
    fn apply_rate_limit(&mut self, found: Token) -> bool {
        match found {
            Token::Refused => self.core.abort(CloseReason::RateLimited { retry_after: None }),
            Token::TakenUntil(until) => self.throttled_until = Some(until),
            Token::Taken => {}
        }
        found != Token::Refused
    }

    fn handle_request<'a>(&mut self, id: u64, payload: &'a [u8]) -> Option<ServerSessionEvent<'a>> {
        if self.in_flight.len() >= self.limits.max_in_flight {
            self.violation(format!("more than {} requests in flight", self.limits.max_in_flight));
            return None;
        }
        if !self.in_flight.insert(id, ()) {
            self.violation(format!("request id {id} is already in flight"));
            return None;
        }
        if self.draining.is_some() && self.connected_handled {
            self.answer(id, &wire::reject(id));
            return None;
        }
        Some(ServerSessionEvent::Request(id, payload))
    }
}

impl Session for ServerSession {
    type Event<'a> = ServerSessionEvent<'a>;

    fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    fn handle_frame<'a>(
        &mut self,
        now: Instant,
        frame: &'a [u8],
    ) -> Option<ServerSessionEvent<'a>> {
        if !self.core.handle_frame(now, frame) {
            return None;
        }
        match ClientFrame::decode(frame) {
            Ok(ClientFrame::Message(payload)) => {
                self.take_token(now).then_some(ServerSessionEvent::Message(payload))
            }
            Ok(ClientFrame::Request(id, payload)) => {
                if self.take_token(now) {
                    self.handle_request(id, payload)
                } else {
                    None
                }
            }
            Ok(ClientFrame::Token(token)) => {
                let found = self.fresh_tokens.take(now);
                (self.apply_rate_limit(found) && self.take_token(now))
                    .then_some(ServerSessionEvent::Token(token))
            }
            Ok(ClientFrame::Ping(nonce)) => {
                self.core.liveness.handle_ping(nonce);
                None
            }
            Ok(ClientFrame::Pong(nonce)) => {
                self.core.liveness.handle_pong(now, nonce);
                None
            }
            Err(error) => {
                self.core.abort(error.into());
                None
            }
        }
    }

    fn handle_timeout(&mut self, now: Instant, _: &mut Vec<ServerSessionEvent<'_>>) {
        self.throttled_until = self.throttled_until.filter(|&until| now < until);
        if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            self.close(CloseReason::AuthenticationExpired);
        }
        self.core.handle_timeout(now);
    }

    fn next_timeout(&self) -> Option<Instant> {
        let silence = self.core.next_timeout()?;
        [Some(silence), self.throttled_until, self.expires_at].into_iter().flatten().min()
    }

    fn throttled_until(&self) -> Option<Instant> {
        self.throttled_until
    }
}
