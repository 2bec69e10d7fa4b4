use std::{fmt, time::Duration};

use thiserror::Error;

use super::death::DeathReason;
use crate::{
    text::{after, error_chain},
    transport::ConnectError,
    wire::CloseReason,
};

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
        /// The reason why there is no session.
        reason: NotConnected,
    },
    /// The server has accepted the client. The client [can send](crate::ClientHandle::is_connected)
    /// once the application has received `Connected`.
    Accepted,
    /// The client does not connect any more.
    Dead(DeathReason),
}

/// The reason why a client has no session in which it can send.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum NotConnected {
    /// The first attempt to connect has not ended yet.
    #[error("the first attempt to connect has not ended yet")]
    Connecting,
    /// The last session ended.
    #[error("the session ended: {0}")]
    Lost(CloseReason),
    /// The last attempt to connect failed.
    #[error("{}", error_chain(.0))]
    Failed(ConnectError),
    /// The server has accepted the client, but the application has not received the event
    /// `Connected`.
    #[error(
        "the application has not received `Connected`: receive events while the call waits, in \
         another task, or discard them with `Client::into_handle`"
    )]
    ConnectedNotReceived,
}

impl NotConnected {
    /// Returns the time after which the client may connect again, if the server sent one.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Lost(reason) => reason.retry_after(),
            Self::Failed(error) => error.retry_after(),
            Self::Connecting | Self::ConnectedNotReceived => None,
        }
    }
}

impl fmt::Display for ClientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connecting { reason: NotConnected::Connecting, .. } => f.write_str("connecting"),
            Self::Connecting { attempt, delay, reason } => {
                write!(f, "not connected: {reason}; attempt {attempt} begins {}", after(*delay))
            }
            Self::Accepted => f.write_str("accepted by the server"),
            Self::Dead(reason) => write!(f, "ended: {reason}"),
        }
    }
}
