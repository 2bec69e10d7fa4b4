//! The rules of a session, without IO.
//!
//! A session is one accepted connection: it begins with the welcome and ends once. Its state machines read no clock
//! and draw no randomness; whoever drives them passes the time in. Their methods come in four kinds:
//!
//! - `handle_*` takes what happened outside: a frame came in, time has passed, the connection is gone;
//! - `poll_*` and `take_*` give what is to be done outside: frames to write, the next timeout;
//! - the application's calls: `send`, `request`, `answer`, `close`;
//! - getters.

#[cfg(feature = "client")]
mod client;
mod in_flight;
mod liveness;
mod outbox;
#[cfg(feature = "server")]
mod rate;
#[cfg(feature = "server")]
mod server;
#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

#[cfg(feature = "client")]
pub use client::SendError;
#[cfg(feature = "client")]
pub(crate) use client::{
    ClientSession, ClientSessionEvent, ClientSessionLimits, EndedRequest, RequestEnd,
};
pub(crate) use liveness::{Heartbeat, Liveness};
pub(crate) use outbox::{Outbox, Progress, PushError};
#[cfg(feature = "server")]
pub use rate::{RateExcess, RateLimitConfig};
#[cfg(feature = "server")]
pub use server::SlowConsumer;
#[cfg(feature = "server")]
pub(crate) use server::{ServerSession, ServerSessionEvent, ServerSessionLimits};

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;

use crate::{CloseReason, time::Instant};

/// What the driver needs of a session, whichever side it is.
pub(crate) trait Session {
    /// What a frame may mean to the application.
    type Event;

    /// A frame came in.
    fn handle_frame(&mut self, now: Instant, frame: Bytes) -> Option<Self::Event>;

    /// Bytes came in that are no whole frame yet.
    fn handle_bytes(&mut self, now: Instant);

    /// The time that [`Session::next_timeout`] named has come. What that means to the application goes to `events`.
    fn handle_timeout(&mut self, now: Instant, events: &mut Vec<Self::Event>);

    /// When [`Session::handle_timeout`] wants to be called.
    fn next_timeout(&self) -> Option<Instant>;

    /// Whether the application keeps us from reading: silence is then our own doing.
    fn handle_reading(&mut self, now: Instant, paused: bool);

    /// Until when nothing should be read, for a peer that sends too fast.
    fn throttled_until(&self) -> Option<Instant>;

    /// Moves everything that waits to be written into `frames`; what must go ahead of it is returned.
    fn take_outgoing(&mut self, frames: &mut VecDeque<Bytes>) -> Option<Bytes>;

    /// Why this side closes the session, once everything that was to be written before has been taken.
    fn closing(&self) -> Option<&CloseReason>;

    /// Whether the session is over at once, without writing what still waits.
    fn is_aborted(&self) -> bool;

    /// Ends the session without writing what still waits.
    fn abort(&mut self, reason: CloseReason);

    /// What this side has to write.
    fn outbox(&mut self) -> &mut Outbox;

    /// How far writing has come.
    fn progress(&self) -> &Arc<Progress>;
}
