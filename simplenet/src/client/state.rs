use std::time::Duration;

use super::death::DeathReason;
use crate::transport::ConnectError;
use crate::wire::CloseReason;

/// What a client is doing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientState {
    /// It has no session and is working on one.
    Connecting {
        /// The attempt under way or to come, counted from 1 since the last session.
        attempt: u32,
        /// How long it waits before the attempt.
        delay: Duration,
        /// Why it has no session, if it had one or has tried before.
        reason: Option<NotConnected>,
    },
    /// It has been welcomed by the server.
    Connected,
    /// It will not connect any more.
    Dead(DeathReason),
}

/// Why a client that is still trying has no session.
#[derive(Clone, Debug)]
pub enum NotConnected {
    /// The last session ended.
    Lost(CloseReason),
    /// The last attempt failed.
    Failed(ConnectError),
}
