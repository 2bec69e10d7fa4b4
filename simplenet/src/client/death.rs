use thiserror::Error;

use crate::{text::error_chain, transport::ConnectError, wire::CloseReason};

/// The reason why a client is dead: it does not connect any more.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum DeathReason {
    /// The client was closed or dropped.
    #[error("closed by this side")]
    ClosedBySelf,
    /// The server refused the client for a permanent reason, such as a different schema.
    #[error("refused: {0}")]
    Refused(CloseReason),
    /// The server rejected the client's request before the handshake, in a way that every later
    /// attempt would repeat, see [`ConnectError::is_terminal`].
    #[error("cannot connect: {}", error_chain(.0))]
    CannotConnect(ConnectError),
    /// The client's only token has expired: the server ended the session for this reason, or
    /// refused the token, which has expired by the clock of this machine, too. Or the client has
    /// had the token for its whole lifetime and five minutes more. A client with an
    /// [`AuthProvider`](crate::AuthProvider) gets fresh tokens.
    #[error("the token has expired: connect with a fresh token, or use an AuthProvider")]
    TokenExpired,
    /// The session ended for a permanent reason, or the configuration forbids reconnecting.
    #[error("the session ended: {0}")]
    SessionEnded(CloseReason),
    /// All attempts that the configuration allows have failed.
    #[error("gave up after {attempts} attempts, the last one: {}", error_chain(last))]
    GaveUp {
        /// The number of failed attempts.
        attempts: u32,
        /// The error of the last attempt.
        last: ConnectError,
    },
    /// The client could never connect with these settings.
    #[error("cannot connect with these settings: {0}")]
    Settings(String),
    /// The client's runtime has shut down.
    #[error("the runtime of the client has shut down")]
    RuntimeGone,
}

impl DeathReason {
    /// Returns the reason without any text of the peer, for the log.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Refused(reason) => format!("refused: {}", reason.summary()),
            Self::SessionEnded(reason) => format!("the session ended: {}", reason.summary()),
            Self::GaveUp { attempts, last } => {
                format!("gave up after {attempts} attempts, the last one: {}", last.summary())
            }
            Self::CannotConnect(error) => format!("cannot connect: {}", error.summary()),
            Self::ClosedBySelf | Self::TokenExpired | Self::Settings(_) | Self::RuntimeGone => {
                self.to_string()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use super::*;
    use crate::test;

    #[test]
    fn message_contains_the_sources_of_the_last_error() {
        let source = Arc::new(io::Error::other("connection refused"));
        let last = ConnectError::Unreachable { address: "localhost:9000".into(), source };
        assert_eq!(
            DeathReason::GaveUp { attempts: 2, last }.to_string(),
            "gave up after 2 attempts, the last one: cannot reach localhost:9000: connection refused"
        );
    }
}
