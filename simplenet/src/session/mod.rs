//! The rules of a session, without IO.
//!
//! A session is one accepted connection. It begins with the welcome and ends exactly once. Each
//! side has a state machine, which reads no clock and draws no random numbers: time is an argument
//! of its methods. The methods of a state machine are of four kinds:
//!
//! - `handle_*` processes an input: a frame that has arrived, a deadline that has passed;
//! - `take_*` and `next_timeout` return work for the driver: frames to write, the next deadline;
//! - `send`, `request`, `answer`, `close` and similar methods are the calls of the application;
//! - the remaining methods are getters.

#[cfg(feature = "client")]
mod client;
mod core;
mod in_flight;
mod liveness;
mod outbox;
#[cfg(feature = "server")]
mod rate;
#[cfg(feature = "client")]
mod send_error;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
mod slow_consumer;
#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

pub(crate) use self::core::Core;
#[cfg(feature = "client")]
pub(crate) use client::{
    ClientSession, ClientSessionEvent, ClientSessionLimits, EndedRequest, Expiry, RequestEnd,
};
pub(crate) use liveness::{Heartbeat, Liveness};
pub(crate) use outbox::{Outbox, OutgoingMessage, Progress, PushError};
#[cfg(feature = "server")]
pub use rate::{RateExcess, RateLimitConfig};
#[cfg(feature = "client")]
pub use send_error::SendError;
#[cfg(feature = "server")]
pub(crate) use server::{ServerSession, ServerSessionEvent, ServerSessionLimits};
#[cfg(feature = "server")]
pub use slow_consumer::SlowConsumer;

use crate::time::Instant;

/// The interface of a session to its driver, for both sides.
pub(crate) trait Session {
    /// The events that a session emits for the application. An event borrows its payload from the
    /// received message.
    type Event<'a>;

    /// Returns the part that both sides have in common.
    fn core(&mut self) -> &mut Core;

    /// Processes a frame. Returns the event for the application, if the frame causes one.
    fn handle_frame<'a>(&mut self, now: Instant, frame: &'a [u8]) -> Option<Self::Event<'a>>;

    /// Processes the deadline that [`Session::next_timeout`] returned. Appends the resulting events
    /// to `events`.
    fn handle_timeout(&mut self, now: Instant, events: &mut Vec<Self::Event<'_>>);

    /// Returns the time at which [`Session::handle_timeout`] must be called.
    fn next_timeout(&self) -> Option<Instant>;

    /// Returns the time until which the driver must not read. Returns `None` while the peer keeps
    /// to its rate limit.
    fn throttled_until(&self) -> Option<Instant>;
}
