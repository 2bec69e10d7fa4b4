use std::time::Duration;

use super::death::DeathReason;
use crate::{transport::ConnectError, wire::CloseReason};

/// The state of a client's connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientState {
    /// The client has no session and tries to connect.
    Connecting {
        /// The number of the present or next attempt, counted from 1 since the last session.
        attempt: u32,
        /// The wait before the attempt.
        delay: Duration,
        /// The reason why there is no session. `None` until the first attempt has ended.
        reason: Option<NotConnected>,
    },
    /// The server has accepted the client. The client [can send](crate::ClientHandle::is_connected)
    /// once the application has received `Connected`.
    Accepted,
    /// The client does not connect any more.
    Dead(DeathReason),
}

/// The reason why a client that still tries to connect has no session.
#[derive(Clone, Debug)]
pub enum NotConnected {
    /// The last session ended.
    Lost(CloseReason),
    /// The last attempt failed.
    Failed(ConnectError),
}
