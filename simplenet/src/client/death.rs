use thiserror::Error;

use crate::{transport::ConnectError, wire::CloseReason};

/// Why a client is dead: it does not connect any more.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum DeathReason {
    /// It was closed or dropped.
    #[error("closed by this side")]
    ClosedBySelf,
    /// The server refuses it for a reason that will not pass, such as a different schema.
    #[error("refused: {0}")]
    Refused(CloseReason),
    /// Its token has expired, and it has no other: connect with a fresh one, or by an
    /// [`AuthProvider`](crate::AuthProvider).
    #[error("its token has expired: connect with a fresh one, or by a provider")]
    TokenExpired,
    /// Its session ended, and it is not to connect again: for a terminal reason, or by its configuration.
    #[error("the session ended: {0}")]
    SessionEnded(CloseReason),
    /// All attempts failed that its configuration allows.
    #[error("gave up after {attempts} attempts, the last one: {last}")]
    GaveUp {
        /// How many.
        attempts: u32,
        /// How the last one ended.
        last: ConnectError,
    },
    /// It could never connect with these settings.
    #[error("cannot connect with these settings: {0}")]
    Settings(String),
    /// The runtime that it ran on has shut down.
    #[error("its runtime has shut down")]
    RuntimeGone,
}
