//! The rules of a session, without IO.
//!
//! A session is one accepted connection: it begins with the welcome and ends once. Its state machines read no clock
//! and draw no randomness; whoever drives them passes the time in. Their methods come in four kinds:
//!
//! - `handle_*` takes what happened outside: a frame came in, time has passed, the connection is gone;
//! - `take_*` and `next_timeout` give what is to be done outside: frames to write, when to come back;
//! - the application's calls: `send`, `request`, `answer`, `close`;
//! - getters.

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
    ClientSession, ClientSessionEvent, ClientSessionLimits, EndedRequest, RequestEnd,
};
pub(crate) use liveness::{Heartbeat, Liveness};
pub(crate) use outbox::{Outbox, Progress, PushError, weight};
#[cfg(feature = "server")]
pub use rate::{RateExcess, RateLimitConfig};
#[cfg(feature = "client")]
pub use send_error::SendError;
#[cfg(feature = "server")]
pub(crate) use server::{ServerSession, ServerSessionEvent, ServerSessionLimits};
#[cfg(feature = "server")]
pub use slow_consumer::SlowConsumer;

use bytes::Bytes;

use crate::time::Instant;

/// What the driver needs of a session, whichever side it is.
pub(crate) trait Session {
    /// What a frame may mean to the application.
    type Event;

    /// What both sides have alike.
    fn core(&mut self) -> &mut Core;

    /// A frame came in.
    fn handle_frame(&mut self, now: Instant, frame: Bytes) -> Option<Self::Event>;

    /// The time that [`Session::next_timeout`] named has come. What that means to the application goes to `events`.
    fn handle_timeout(&mut self, now: Instant, events: &mut Vec<Self::Event>);

    /// When [`Session::handle_timeout`] wants to be called.
    fn next_timeout(&self) -> Option<Instant>;

    /// Until when nothing should be read, for a peer that sends too fast.
    fn throttled_until(&self) -> Option<Instant>;
}
